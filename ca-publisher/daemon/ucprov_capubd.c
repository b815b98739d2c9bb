/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-capubd: serves the root chain to phones. */
#include "base/program.h"

#include "daemon/capubd_arguments.h"
#include "daemon/daemon.h"

int
main(int argc, char **argv)
{
    struct capubd_arguments arguments;
    int status = capubd_arguments_read(argc, argv, &arguments);
    if (status < 0) {
        status = arguments.check ? daemon_check(&arguments) : daemon_run(&arguments);
    }
    return ucprov_program_end(PROGRAM, status);
}
