/* SPDX-License-Identifier: MPL-2.0 */
/* Three options and no more: whatever can be configured stands in the site file, where -n and a
 * reload see it, too. */
#include "daemon/capubd_arguments.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/command_line.h"
#include "site/site.h"

enum setting_index { SETTING_CONFIG, SETTING_FOREGROUND, SETTING_CHECK, SETTING_COUNT };

#define AT(member) UCPROV_FIELD(struct capubd_arguments, member)

static const struct ucprov_setting settings[SETTING_COUNT] = {
    [SETTING_CONFIG] = {.name = "config",
                        .letter = 'c',
                        .kind = UCPROV_SETTING_FILE,
                        .field = AT(site_file),
                        .metavar = "FILE",
                        .help = "site file",
                        .fallback = UCPROV_SITE_FILE},
    [SETTING_FOREGROUND] = {.name = "foreground",
                            .letter = 'd',
                            .field = AT(foreground),
                            .help = "stay in the foreground, and log to standard error"},
    [SETTING_CHECK] = {.name = "check",
                       .letter = 'n',
                       .field = AT(check),
                       .help = "check what is configured, say so, and exit"},
};

static const struct ucprov_mode modes[] = {
    {-1, "serving in the background"}, {SETTING_FOREGROUND, NULL}, {SETTING_CHECK, NULL}};

static const struct ucprov_command_line command_line = {
    .program = PROGRAM,
    .usage = "[-c\tFILE] [-d | -n]",
    .intro = "Serves the root chain to phones, as group \"ca\" of the site file says.",
    .outro = "SIGHUP rereads everything; what is wrong is refused, and the old serves on.\n"
             "Exit status: 0 fine, 1 what is configured cannot be served, 2 wrong usage or could "
             "not run.",
    .settings = settings,
    .setting_count = SETTING_COUNT,
    .modes = modes,
    .mode_count = sizeof(modes) / sizeof(modes[0]),
};

/* A path that holds after the daemon has left its folder. */
static const char *
make_absolute(const char *path)
{
    static char absolute[PATH_MAX];
    if (realpath(path, absolute) == NULL) {
        strncpy(absolute, path, sizeof(absolute) - 1); /* reading it will say what is wrong */
    }
    return absolute;
}

int
capubd_arguments_read(int argc, char **argv, struct capubd_arguments *arguments)
{
    struct ucprov_given given;
    *arguments = (struct capubd_arguments){0};
    int status = ucprov_command_line_read(&command_line, argc, argv, arguments, &given);
    if (status < 0 && ucprov_is_given(&given, SETTING_CONFIG)) {
        arguments->site_file = make_absolute(arguments->site_file);
    }
    return status;
}
