/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-probe explain: the status that a phone shows while it updates. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/program.h"
#include "base/wrap.h"
#include "certificate/phone_status.h"

#include "commands.h"
#include "probe_arguments.h"

#define COMMAND      PROGRAM " explain"
#define STATUSES_MAX 64

/* A WinHTTP error, and the HTTP status of the update server. */
struct status {
    unsigned error;
    unsigned http;
};

struct explain_arguments {
    bool json;
    size_t count;
    struct status statuses[STATUSES_MAX];
};

static int
take_status(void *field, const char *value, struct ucprov_problem *problem)
{
    struct status *status = field;
    return ucprov_phone_status_parse(value, &status->error, &status->http, problem);
}

static const struct ucprov_setting settings[] = {
    {.name = "json",
     .letter = 'j',
     .field = UCPROV_FIELD(struct explain_arguments, json),
     .help = "print JSON"},
};

static const struct ucprov_setting operand = {
    .kind = UCPROV_SETTING_SPECIAL,
    .field = UCPROV_FIELD_LIST(struct explain_arguments, statuses, count),
    .take = take_status,
};

static const struct ucprov_command_line command_line = {
    .program = COMMAND,
    .usage = "[--json] STATUS...",
    .intro = "Says what a status means that a phone shows while it updates, such as 0x2F0D/0: a "
             "WinHTTP error, and the HTTP status of the update server.",
    .outro = "Exit status: 0 all are known, 1 one is not, 2 wrong usage.",
    .settings = settings,
    .setting_count = sizeof(settings) / sizeof(settings[0]),
    .operand = &operand,
    .operand_missing = "name a status, such as 0x2F0D/0",
};

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
    return ucprov_json_print(PROGRAM, json_pack("{s:o}", "statuses", list));
}

int
explain_command(int argc, char **argv)
{
    struct explain_arguments arguments = {0};
    int status = ucprov_command_line_read(&command_line, argc, argv, &arguments, NULL);
    if (status >= 0) {
        return status;
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
