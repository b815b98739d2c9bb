/* SPDX-License-Identifier: MPL-2.0 */
/* Each option with the modes that it goes with (print, check, update), and the complaints about
 * --previous, which depends on a format. */
#include "zone_arguments.h"

#include "option/name.h"
#include "site/site.h"

/* What is done; a command line says one of them. */
enum mode { MODE_WRITE = 1, MODE_CHECK = 2, MODE_UPDATE = 4 };

enum setting_index {
    SETTING_CONFIG,
    SETTING_POOL,
    SETTING_DOMAIN,
    SETTING_FORMAT,
    SETTING_OUTPUT,
    SETTING_PREVIOUS,
    SETTING_CHECK,
    SETTING_UPDATE,
    SETTING_TSIG,
    SETTING_DRY_RUN,
    SETTING_REMOVE,
    SETTING_JSON,
    SETTING_COUNT,
};

#define AT(member) UCPROV_FIELD(struct zone_arguments, member)

static const struct ucprov_setting settings[SETTING_COUNT] = {
    [SETTING_CONFIG] = {.name = "config",
                        .letter = 'c',
                        .kind = UCPROV_SETTING_FILE,
                        .field = AT(file),
                        .metavar = "FILE",
                        .help = "site file",
                        .fallback = UCPROV_SITE_FILE},
    [SETTING_POOL] = {.name = "pool",
                      .kind = UCPROV_SETTING_TEXT,
                      .field = AT(pool),
                      .metavar = "NAME",
                      .help = "every domain served by this pool (fail-over)"},
    [SETTING_DOMAIN] = {.name = "domain",
                        .kind = UCPROV_SETTING_TEXT,
                        .field = AT(domain),
                        .metavar = "D",
                        .help = "this domain alone",
                        .check = ucprov_name_check},
    [SETTING_FORMAT] = {.name = "format",
                        .kind = UCPROV_SETTING_CHOICE,
                        .field = AT(format_place),
                        .modes = MODE_WRITE,
                        .metavar = "FORMAT",
                        .heading = "",
                        .fallback = FORMAT_DEFAULT,
                        .unit = "a format",
                        .choices = UCPROV_WORDS_IN(formats, SIZE_MAX, name)},
    [SETTING_OUTPUT] = {.name = "output",
                        .letter = 'o',
                        .kind = UCPROV_SETTING_FOLDER,
                        .field = AT(directory),
                        .modes = MODE_WRITE,
                        .metavar = "DIRECTORY",
                        .help = "a file a domain, instead of standard output"},
    [SETTING_PREVIOUS] = {.name = "previous",
                          .kind = UCPROV_SETTING_FILE,
                          .field = AT(previous),
                          .modes = MODE_WRITE,
                          .metavar = "FILE",
                          .help = "with --format\tzone: the zone's file so far, for its serial"},
    [SETTING_CHECK] = {.name = "check",
                       .kind = UCPROV_SETTING_TEXT,
                       .field = AT(server.check),
                       .metavar = "SERVER",
                       .help = "ask a resolver what a phone would ask, and compare",
                       .heading = ""},
    [SETTING_UPDATE] = {.name = "update",
                        .kind = UCPROV_SETTING_TEXT,
                        .field = AT(server.update),
                        .metavar = "SERVER",
                        .help = "bring its zones up to date (RFC 2136)"},
    [SETTING_TSIG] = {.name = "tsig",
                      .kind = UCPROV_SETTING_FILE,
                      .field = AT(server.tsig_file),
                      .modes = MODE_UPDATE,
                      .metavar = "FILE",
                      .help = "key that signs updates, in BIND's format"},
    [SETTING_DRY_RUN] = {.name = "dry-run",
                         .field = AT(server.dry_run),
                         .modes = MODE_UPDATE,
                         .help = "show what would be sent, and send nothing"},
    [SETTING_REMOVE] = {.name = "remove",
                        .field = AT(server.remove),
                        .modes = MODE_UPDATE,
                        .help = "take the records out again"},
    [SETTING_JSON] = {.name = "json",
                      .letter = 'j',
                      .field = AT(format_place),
                      .help = "the same as --format json; what --check or --update found as JSON",
                      .heading = "",
                      .value = FORMAT_JSON},
};

static const struct ucprov_mode modes[] = {
    {-1, "printing records"}, {SETTING_CHECK, NULL}, {SETTING_UPDATE, NULL}};

static const struct ucprov_command_line command_line = {
    .program = PROGRAM,
    .usage = "[-c\tFILE] [--pool\tNAME] [--domain\tD] [--format\tFORMAT] [-o\tDIRECTORY]\n"
             "[-c\tFILE] [--pool\tNAME] [--domain\tD] --check\tSERVER[#PORT]\n"
             "[-c\tFILE] [--pool\tNAME] [--domain\tD] --update\tSERVER[#PORT] [--tsig\tFILE] "
             "[--dry-run] [--remove]",
    .intro = "Makes the DNS records that Microsoft UC phones look for, and checks or updates "
             "servers.",
    .outro = "Exit status: 0 fine, 1 a difference or a refusal, 2 wrong usage or could not run, 3 "
             "changes are pending (--dry-run).",
    .settings = settings,
    .setting_count = SETTING_COUNT,
    .modes = modes,
    .mode_count = sizeof(modes) / sizeof(modes[0]),
};

bool
asks_server(const struct zone_arguments *arguments)
{
    return arguments->given.mode != MODE_WRITE;
}

static bool
check_output(const struct zone_arguments *arguments)
{
    if (arguments->previous == NULL) {
        return true;
    }
    if (!arguments->format->one_zone) {
        complain("--previous: goes with --format zone, the only one that has a serial");
        return false;
    }
    if (arguments->directory != NULL) {
        complain("--previous and --output: give one or the other; the file in the directory is "
                 "the previous one");
        return false;
    }
    return true;
}

int
parse_arguments(int argc, char **argv, struct zone_arguments *arguments)
{
    int status = ucprov_command_line_read(&command_line, argc, argv, arguments, &arguments->given);
    if (status >= 0) {
        return status;
    }
    arguments->format = &formats[arguments->format_place];
    arguments->server.json = ucprov_is_given(&arguments->given, SETTING_JSON);
    return check_output(arguments) ? -1 : UCPROV_EXIT_ERROR;
}
