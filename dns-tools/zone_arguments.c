/* SPDX-License-Identifier: MPL-2.0 */
/* Each option with the modes that it goes with (print, check, update), and one complaint for a
 * combination that makes no sense. */
#include "zone_arguments.h"

#include <stdio.h>
#include <string.h>

#include "base/command_line.h"
#include "base/error.h"
#include "option/name.h"
#include "site/site.h"

/* Complains about the value of a setting. Always false. */
static bool
refuse_value(const char *setting, const char *value, const char *problem)
{
    return ucprov_complain_of_value(PROGRAM, setting, value, problem);
}

static bool
take_config(void *context, const char *value)
{
    struct zone_arguments *arguments = context;
    arguments->file = value;
    return true;
}

static bool
take_directory(void *context, const char *value)
{
    struct zone_arguments *arguments = context;
    arguments->directory = value;
    return *value != '\0' || refuse_value("output", value, "not a directory");
}

static bool
take_domain(void *context, const char *value)
{
    struct zone_arguments *arguments = context;
    int error = ucprov_name_from_text(NULL, value);
    arguments->domain = value;
    return error == UCPROV_OK || refuse_value("domain", value, ucprov_strerror(error));
}

static bool
take_format(void *context, const char *value)
{
    struct zone_arguments *arguments = context;
    const struct format *format = format_find(value);
    if (format == NULL) {
        return refuse_value(
            "format", value,
            "not a format; write bind, zone, nsupdate, unbound, dnsmasq, powershell or "
            "json");
    }
    arguments->format = format;
    return true;
}

static bool
take_json(void *context, const char *value)
{
    struct zone_arguments *arguments = context;
    (void)value;
    arguments->format = format_find("json");
    arguments->server.json = true;
    return true;
}

static bool
take_pool(void *context, const char *value)
{
    struct zone_arguments *arguments = context;
    arguments->pool = value;
    return true;
}

static bool
take_previous(void *context, const char *value)
{
    struct zone_arguments *arguments = context;
    arguments->previous = value;
    return true;
}

static bool
take_check(void *context, const char *value)
{
    struct zone_arguments *arguments = context;
    arguments->server.check = value;
    return true;
}

static bool
take_update(void *context, const char *value)
{
    struct zone_arguments *arguments = context;
    arguments->server.update = value;
    return true;
}

static bool
take_tsig(void *context, const char *value)
{
    struct zone_arguments *arguments = context;
    arguments->server.tsig_file = value;
    return true;
}

static bool
take_dry_run(void *context, const char *value)
{
    struct zone_arguments *arguments = context;
    (void)value;
    arguments->server.dry_run = true;
    return true;
}

static bool
take_remove(void *context, const char *value)
{
    struct zone_arguments *arguments = context;
    (void)value;
    arguments->server.remove = true;
    return true;
}

/* What is done; a command line says one of them. */
enum mode { MODE_WRITE = 1, MODE_CHECK = 2, MODE_UPDATE = 4, MODE_ANY = 7 };

enum setting_index {
    SETTING_CHECK,
    SETTING_CONFIG,
    SETTING_DOMAIN,
    SETTING_DRY_RUN,
    SETTING_FORMAT,
    SETTING_JSON,
    SETTING_OUTPUT,
    SETTING_POOL,
    SETTING_PREVIOUS,
    SETTING_REMOVE,
    SETTING_TSIG,
    SETTING_UPDATE,
    SETTING_COUNT,
};

static const struct ucprov_setting settings[SETTING_COUNT] = {
    [SETTING_CHECK] = {"check", 0, true, MODE_CHECK, take_check},
    [SETTING_CONFIG] = {"config", 'c', true, MODE_ANY, take_config},
    [SETTING_DOMAIN] = {"domain", 0, true, MODE_ANY, take_domain},
    [SETTING_DRY_RUN] = {"dry-run", 0, false, MODE_UPDATE, take_dry_run},
    [SETTING_FORMAT] = {"format", 0, true, MODE_WRITE, take_format},
    [SETTING_JSON] = {"json", 'j', false, MODE_ANY, take_json},
    [SETTING_OUTPUT] = {"output", 'o', true, MODE_WRITE, take_directory},
    [SETTING_POOL] = {"pool", 0, true, MODE_ANY, take_pool},
    [SETTING_PREVIOUS] = {"previous", 0, true, MODE_WRITE, take_previous},
    [SETTING_REMOVE] = {"remove", 0, false, MODE_UPDATE, take_remove},
    [SETTING_TSIG] = {"tsig", 0, true, MODE_UPDATE, take_tsig},
    [SETTING_UPDATE] = {"update", 0, true, MODE_UPDATE, take_update},
};

static bool
is_given(const struct zone_arguments *arguments, enum setting_index setting)
{
    return (arguments->given & 1U << setting) != 0;
}

bool
asks_server(const struct zone_arguments *arguments)
{
    return is_given(arguments, SETTING_CHECK) || is_given(arguments, SETTING_UPDATE);
}

static const char help[] =
    "Usage: ucprov-zone [-c FILE] [--pool NAME] [--domain D] [--format FORMAT] [-o DIRECTORY]\n"
    "       ucprov-zone [-c FILE] [--pool NAME] [--domain D] --check SERVER[#PORT]\n"
    "       ucprov-zone [-c FILE] [--pool NAME] [--domain D] --update SERVER[#PORT]\n"
    "                   [--tsig FILE] [--dry-run] [--remove]\n"
    "\n"
    "Makes the DNS records that Microsoft UC phones look for, and checks or updates servers.\n"
    "\n"
    "  -c, --config FILE      site file; default: " UCPROV_SITE_FILE "\n"
    "      --pool NAME        every domain served by this pool (fail-over)\n"
    "      --domain D         this domain alone\n"
    "\n"
    "      --format FORMAT    bind (default), zone, nsupdate, unbound, dnsmasq, powershell or\n"
    "                         json\n"
    "  -o, --output DIRECTORY a file a domain, instead of standard output\n"
    "      --previous FILE    with --format zone: the zone's file so far, for its serial\n"
    "\n"
    "      --check SERVER     ask a resolver what a phone would ask, and compare\n"
    "      --update SERVER    bring its zones up to date (RFC 2136)\n"
    "      --tsig FILE        key that signs updates, in BIND's format\n"
    "      --dry-run          show what would be sent, and send nothing\n"
    "      --remove           take the records out again\n"
    "\n"
    "  -j, --json             the same as --format json\n"
    "  -h, --help\n"
    "  -V, --version\n"
    "\n"
    "Exit status: 0 fine, 1 a difference or a refusal, 2 wrong usage or could not run.";

static const struct ucprov_command_line command_line = {PROGRAM, help, settings, SETTING_COUNT,
                                                        NULL};

static const char *
mode_name(unsigned mode)
{
    return mode == MODE_CHECK ? "--check" : mode == MODE_UPDATE ? "--update" : "printing records";
}

/* Each setting has to belong to what is asked for. */
static bool
check_mode(const struct zone_arguments *arguments)
{
    if (is_given(arguments, SETTING_CHECK) && is_given(arguments, SETTING_UPDATE)) {
        complain("--check and --update: give one or the other");
        return false;
    }
    unsigned mode = is_given(arguments, SETTING_CHECK)    ? MODE_CHECK
                    : is_given(arguments, SETTING_UPDATE) ? MODE_UPDATE
                                                          : MODE_WRITE;
    for (int i = 0; i < SETTING_COUNT; i++) {
        if (is_given(arguments, (enum setting_index)i) && (settings[i].modes & mode) == 0) {
            complain("--%s: goes with %s, not with %s", settings[i].name,
                     mode_name(settings[i].modes), mode_name(mode));
            return false;
        }
    }
    return true;
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
    return check_mode(arguments) && check_output(arguments) ? -1 : UCPROV_EXIT_ERROR;
}
