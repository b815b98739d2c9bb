/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-ca: makes certificates that Lync Phone Edition takes, and judges those that others made.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/command_line.h"
#include "base/nearest.h"
#include "base/printable.h"

#include "tool/ca_command.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
};

static const struct command commands[] = {
    {"init", ca_init},   {"issue", ca_issue}, {"csr", ca_csr},
    {"check", ca_check}, {"learn", ca_learn},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const char help[] =
    "Usage: ucprov-ca COMMAND ...\n"
    "\n"
    "Makes certificates that Lync Phone Edition takes, and judges those that others made.\n"
    "\n"
    "  init    makes a root CA and an issuing CA, for a laboratory or a site without a PKI\n"
    "  issue   makes a server's certificate with every name that the site's phones ask for\n"
    "  csr     makes a request for the same, for another CA\n"
    "  check   says what phones make of a certificate, or of a server\n"
    "  learn   learns the answer with the root chain from a genuine one\n"
    "\n"
    "  -h, --help     also behind a command\n"
    "  -V, --version\n"
    "\n"
    "Exit status: 0 fine, 1 a finding or a refusal, 2 wrong usage or could not run.";

static const struct ucprov_command_line command_line = {PROGRAM, help, NULL, 0, NULL};

static int
refuse_command(const char *name)
{
    char quote[80];
    struct ucprov_suggestion near;
    ucprov_complain(
        PROGRAM, "\"%s\": no such command%s",
        ucprov_escape(quote, sizeof(quote), name, strlen(name)),
        ucprov_suggest(&near, name, UCPROV_WORDS_IN(commands, COMMANDS, name), "; try --help"));
    return UCPROV_EXIT_ERROR;
}

static int
run_command(int argc, char **argv)
{
    static char program[] = PROGRAM; /* for getopt's messages */
    if (argc < 2) {
        ucprov_complain(PROGRAM, "which command? init, issue, csr, check or learn; try --help");
        return UCPROV_EXIT_ERROR;
    }
    if (argv[1][0] == '-') {
        unsigned given;
        int status = ucprov_command_line_read(&command_line, argc, argv, NULL, &given);
        if (status < 0) {
            ucprov_complain(PROGRAM, "a command comes first; try --help");
        }
        return status < 0 ? UCPROV_EXIT_ERROR : status;
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            argv[1] = program;
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    return refuse_command(argv[1]);
}

int
main(int argc, char **argv)
{
    /* A limit on the size of files is an error to clean up after, not to die of. */
    signal(SIGXFSZ, SIG_IGN);
    int status = run_command(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        perror(PROGRAM ": standard output");
        return UCPROV_EXIT_ERROR;
    }
    return status;
}
