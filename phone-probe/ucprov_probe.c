/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-probe: behaves as a Lync phone, and says what a Lync phone would see. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/program.h"

#include "commands.h"
#include "probe_output.h"

static bool
wants_nagios(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--nagios") == 0) {
            return true;
        }
    }
    return false;
}

static int
print_probe(const struct probe *probe)
{
    if (probe->arguments->json) {
        return probe_print_json(probe);
    }
    return probe->arguments->nagios ? probe_print_nagios(probe) : probe_print_text(probe);
}

/* Runs, and prints what came of it. Returns the exit status. */
static int
run_probe(const struct probe_arguments *arguments)
{
    struct probe probe;
    int status = UCPROV_EXIT_ERROR;

    if (probe_run(&probe, arguments) == 0) {
        if (print_probe(&probe) == 0) {
            status = arguments->nagios ? probe_nagios_status(&probe) : probe_exit_status(&probe);
        }
    } else if (arguments->nagios) {
        puts("UCPROV UNKNOWN - it could not run");
        status = NAGIOS_UNKNOWN;
    }
    probe_close(&probe);
    return status;
}

static int
be_a_phone(int argc, char **argv)
{
    struct probe_arguments arguments;
    int status = probe_arguments_read(&arguments, argc, argv);

    if (status == UCPROV_EXIT_ERROR && wants_nagios(argc, argv)) {
        puts("UCPROV UNKNOWN - wrong usage");
        return NAGIOS_UNKNOWN;
    }
    return status < 0 ? run_probe(&arguments) : status;
}

int
main(int argc, char **argv)
{
    ucprov_program_begin(argc, argv);
    return ucprov_program_end(PROGRAM,
                              ucprov_command_run(&probe_command_line, argc, argv, be_a_phone));
}
