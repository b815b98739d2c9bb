/* SPDX-License-Identifier: MPL-2.0 */
/* What ucprov-ca can do: each a function of its own command line. */
#ifndef CA_COMMAND_H
#define CA_COMMAND_H

#include "base/exit_status.h"

#define PROGRAM "ucprov-ca"

/* Each takes argv from its own name on ("init", ...), and returns the status to exit with. */
int ca_init(int argc, char **argv);
int ca_issue(int argc, char **argv);
int ca_csr(int argc, char **argv);
int ca_check(int argc, char **argv);
int ca_learn(int argc, char **argv);

#endif
