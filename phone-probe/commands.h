/* SPDX-License-Identifier: MPL-2.0 */
/* What ucprov-probe does besides being a phone. Each takes its name as argv[0], and returns the
 * exit status. */
#ifndef PROBE_COMMANDS_H
#define PROBE_COMMANDS_H

/* explain STATUS...: what the status means that a phone shows while it updates. */
int explain_command(int argc, char **argv);

/* audit FILE...: the phones in an update server's logs. Exit status 1: one is too old. */
int audit_command(int argc, char **argv);

#endif
