/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-probe explain: the status that a phone shows while it updates. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/wrap.h"
#include "certificate/phone_status.h"

#include "commands.h"
#include "probe_arguments.h"

#define COMMAND      PROGRAM " explain"
#define STATUSES_MAX 64

struct explain_arguments {
    bool json;
    size_t count;
    struct {
        unsigned error;
        unsigned http;
    } statuses[STATUSES_MAX];
};

static bool
take_json(void *context, const char *value)
{
    struct explain_arguments *arguments = context;
    (void)value;
    arguments->json = true;
    return true;
}

static bool
take_status(void *context, const char *value)
{
    struct explain_arguments *arguments = context;
    struct ucprov_problem problem;
    if (arguments->count == STATUSES_MAX) {
        ucprov_complain(COMMAND, "more than %d at once", STATUSES_MAX);
        return false;
    }
    if (ucprov_phone_status_parse(value, &arguments->statuses[arguments->count].error,
                                  &arguments->statuses[arguments->count].http, &problem) != 0) {
        ucprov_complain(COMMAND, "%s", problem.text);
        return false;
    }
    arguments->count++;
    return true;
}

static const struct ucprov_setting settings[] = {{"json", 'j', false, 0, take_json}};

static const char help[] =
    "Usage: ucprov-probe explain [--json] STATUS...\n"
    "Says what a status means that a phone shows while it updates, such as 0x2F0D/0: a WinHTTP\n"
    "error, and the HTTP status of the update server.\n"
    "\n"
    "  -j, --json                 print JSON\n"
    "  -h, --help\n"
    "  -V, --version\n"
    "\n"
    "Exit status: 0 all are known, 1 one is not, 2 wrong usage.";

static const struct ucprov_command_line command_line = {
    COMMAND, help, settings, sizeof(settings) / sizeof(settings[0]), take_status};

/* Without a WinHTTP error, what matters is what HTTP says. */
static void
print_status(unsigned error, unsigned http)
{
    const struct ucprov_phone_error_text *known = ucprov_phone_error_find(error);
    char text[UCPROV_PHONE_STATUS_SIZE];

    printf("%s  %s\n", ucprov_phone_status_text(text, error, http),
           known != NULL ? known->name
           : error == 0  ? "no WinHTTP error"
                         : "not known");
    if (known != NULL) {
        ucprov_wrap(stdout, "", known->meaning);
        ucprov_wrap(stdout, "", known->remedy);
        ucprov_wrap(stdout, "",
                    known->seen_on_phones ? "(Phones have been seen to show it.)"
                                          : "(From winhttp.h; not seen on a phone.)");
    } else if (error != 0) {
        ucprov_wrap(stdout, "",
                    "It is none of the WinHTTP errors that phones are known to "
                    "show; winhttp.h may list it.");
    }
    if (http != 0) {
        printf("The update server answered HTTP %u.\n", http);
    }
}

static json_t *
status_json(unsigned error, unsigned http)
{
    const struct ucprov_phone_error_text *known = ucprov_phone_error_find(error);
    char text[UCPROV_PHONE_STATUS_SIZE];

    ucprov_phone_status_text(text, error, http);
    return json_pack("{s:s, s:i, s:i, s:s?, s:s?, s:s?, s:b}", "status", text, "error", (int)error,
                     "http", (int)http, "name", known != NULL ? known->name : NULL, "meaning",
                     known != NULL ? known->meaning : NULL, "remedy",
                     known != NULL ? known->remedy : NULL, "seen_on_phones",
                     known != NULL && known->seen_on_phones);
}

static bool
print_json(const struct explain_arguments *arguments)
{
    json_t *list = json_array();

    for (size_t i = 0; i < arguments->count; i++) {
        json_array_append_new(
            list, status_json(arguments->statuses[i].error, arguments->statuses[i].http));
    }
    bool fine = json_dumpf(list, stdout, JSON_INDENT(2)) == 0;
    json_decref(list);
    putchar('\n');
    return fine;
}

int
explain_command(int argc, char **argv)
{
    struct explain_arguments arguments = {0};
    unsigned given;

    int status = ucprov_command_line_read(&command_line, argc, argv, &arguments, &given);
    if (status >= 0) {
        return status;
    }
    if (arguments.count == 0) {
        ucprov_complain(COMMAND, "name a status, such as 0x2F0D/0; try --help");
        return UCPROV_EXIT_ERROR;
    }
    if (arguments.json && !print_json(&arguments)) {
        ucprov_complain(COMMAND, "cannot print JSON");
        return UCPROV_EXIT_ERROR;
    }
    status = UCPROV_EXIT_OK;
    for (size_t i = 0; i < arguments.count; i++) {
        unsigned error = arguments.statuses[i].error;
        if (!arguments.json) {
            fputs(i > 0 ? "\n" : "", stdout);
            print_status(error, arguments.statuses[i].http);
        }
        status =
            error != 0 && ucprov_phone_error_find(error) == NULL ? UCPROV_EXIT_FINDING : status;
    }
    return status;
}
