/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-ca: makes certificates that Lync Phone Edition takes, and judges those that others made.
 */
#include <signal.h>
#include <stdio.h>

#include "base/command_line.h"
#include "base/program.h"

#include "tool/ca_command.h"

static const struct ucprov_command commands[] = {
    {"init", ca_init,
     "makes a root CA and an issuing CA, for a laboratory or a site without a PKI"},
    {"issue", ca_issue,
     "makes a server's certificate with every name that the site's phones ask for"},
    {"csr", ca_csr, "makes a request for the same, for another CA"},
    {"check", ca_check, "says what phones make of a certificate, or of a server"},
    {"learn", ca_learn, "learns the answer with the root chain from a genuine one"},
};

static const struct ucprov_command_line command_line = {
    .program = PROGRAM,
    .usage = "COMMAND ...",
    .intro = "Makes certificates that Lync Phone Edition takes, and judges those that others made.",
    .outro = "Exit status: 0 fine, 1 a finding or a refusal, 2 wrong usage or could not run.",
    .commands = commands,
    .command_count = sizeof(commands) / sizeof(commands[0]),
};

int
main(int argc, char **argv)
{
    /* A limit on the size of files is an error to clean up after, not to die of. */
    signal(SIGXFSZ, SIG_IGN);
    ucprov_program_begin(argc, argv);
    int status = ucprov_command_run(&command_line, argc, argv, NULL);
    return ucprov_program_end(PROGRAM, status);
}
