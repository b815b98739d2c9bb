/* SPDX-License-Identifier: MPL-2.0 */
/* What ucprov-ca can do: each a function of its own command line. */
#ifndef CA_COMMAND_H
#define CA_COMMAND_H

#define PROGRAM "ucprov-ca"

enum ca_status { /* as in the manual page */
                 CA_FINE = 0,
                 CA_FINDING = 1, /* a finding, or a refusal */
                 CA_TROUBLE = 2, /* wrong usage, or could not run */
};

/* Each takes argv from its own name on ("init", ...), and returns the status to exit with. */
int ca_init(int argc, char **argv);
int ca_issue(int argc, char **argv);
int ca_csr(int argc, char **argv);
int ca_check(int argc, char **argv);
int ca_learn(int argc, char **argv);

#endif
