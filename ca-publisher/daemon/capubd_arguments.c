/* SPDX-License-Identifier: MPL-2.0 */
/* Three options and no more: whatever can be configured stands in the site file, where -n and a
 * reload see it, too. */
#include "daemon/capubd_arguments.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/command_line.h"
#include "site/site.h"

static const char help[] =
    "Usage: " PROGRAM " [-c FILE] [-d | -n]\n"
    "Serves the root chain to phones, as group \"ca\" of the site file says.\n"
    "\n"
    "  -c, --config=FILE   the site file (" UCPROV_SITE_FILE ")\n"
    "  -d, --foreground    stay in the foreground, and log to standard error\n"
    "  -n, --check         check what is configured, say so, and exit\n"
    "  -h, --help          print this\n"
    "  -V, --version       print the version\n"
    "\n"
    "SIGHUP rereads everything; what is wrong is refused, and the old serves on.\n"
    "Exit status: 0 fine, 1 what is configured cannot be served, 2 wrong usage or\n"
    "could not run.";

/* A path that holds after the daemon has left its folder. */
static bool
take_config(void *context, const char *value)
{
    struct capubd_arguments *arguments = context;
    static char absolute[PATH_MAX];
    if (realpath(value, absolute) == NULL) {
        strncpy(absolute, value, sizeof(absolute) - 1); /* reading it will say what is wrong */
    }
    arguments->site_file = absolute;
    return true;
}

static bool
take_foreground(void *context, const char *value)
{
    (void)value;
    ((struct capubd_arguments *)context)->foreground = true;
    return true;
}

static bool
take_check(void *context, const char *value)
{
    (void)value;
    ((struct capubd_arguments *)context)->check = true;
    return true;
}

static const struct ucprov_setting settings[] = {
    {"config", 'c', true, 0, take_config},
    {"foreground", 'd', false, 0, take_foreground},
    {"check", 'n', false, 0, take_check},
};

static const struct ucprov_command_line command_line = {PROGRAM, help, settings,
                                                        sizeof(settings) / sizeof(*settings), NULL};

int
capubd_arguments_read(int argc, char **argv, struct capubd_arguments *arguments)
{
    unsigned given;
    *arguments = (struct capubd_arguments){.site_file = UCPROV_SITE_FILE};
    int status = ucprov_command_line_read(&command_line, argc, argv, arguments, &given);
    if (status >= 0) {
        return status;
    }
    if (arguments->check && arguments->foreground) {
        ucprov_complain(PROGRAM, "-n only checks; it does not go with -d");
        return UCPROV_EXIT_ERROR;
    }
    return -1;
}
