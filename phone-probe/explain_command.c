/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-probe explain: the status that a phone shows while it updates. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "base/program.h"
#include "base/wrap.h"
#include "certificate/phone_http.h"
#include "certificate/phone_status.h"

#include "commands.h"
#include "probe_arguments.h"

#define COMMAND      PROGRAM " explain"
#define STATUSES_MAX 64
#define QUOTE_SIZE   160

/* Something that a phone shows. */
struct shown {
    const char *text;                             /* borrowed: as it was given */
    bool understood;                              /* it is a status, or a sentence that is known */
    unsigned error;                               /* of WinHTTP; 0: none */
    unsigned http;                                /* the update server's; 0: none */
    const struct ucprov_phone_sentence *sentence; /* NULL: a status */
};

struct explain_arguments {
    bool json;
    size_t count;
    const char *texts[STATUSES_MAX];
};

static const struct ucprov_setting settings[] = {
    {.name = "json",
     .letter = 'j',
     .field = UCPROV_FIELD(struct explain_arguments, json),
     .help = "print JSON"},
};

static const struct ucprov_setting operand = {
    .kind = UCPROV_SETTING_TEXT,
    .field = UCPROV_FIELD_LIST(struct explain_arguments, texts, count),
};

static const struct ucprov_command_line command_line = {
    .program = COMMAND,
    .usage = "[--json] STATUS...",
    .intro = "Says what a status means that a phone shows while it updates, such as 0x2F0D/0: a "
             "WinHTTP error, and the HTTP status of the update server. Errors as logs have them "
             "(0x80072F0D, 12045) and sentences that phones show are taken as well.",
    .outro = "Exit status: 0 all are known, 1 one is not, 2 wrong usage, or one is no status.",
    .settings = settings,
    .setting_count = sizeof(settings) / sizeof(settings[0]),
    .operand = &operand,
    .operand_missing = "name a status, such as 0x2F0D/0",
};

static struct shown
read_shown(const char *text, struct ucprov_problem *problem)
{
    struct shown shown = {.text = text, .sentence = ucprov_phone_sentence_find(text)};
    shown.understood = shown.sentence != NULL ||
                       ucprov_phone_status_parse(text, &shown.error, &shown.http, problem) == 0;
    return shown;
}

static bool
is_known(const struct shown *shown)
{
    bool error = shown->error == 0 || ucprov_phone_error_find(shown->error) != NULL;
    bool http = shown->http == 0 || ucprov_phone_http_find(shown->http) != NULL;
    return error && http;
}

static void
print_http(unsigned http)
{
    const struct ucprov_phone_http_text *known = ucprov_phone_http_find(http);

    printf("The update server answered HTTP %u.\n", http);
    ucprov_wrap(stdout, "", known != NULL ? known->meaning : "That is no status of HTTP.");
    if (known != NULL && known->remedy != NULL) {
        ucprov_wrap(stdout, "", known->remedy);
    }
}

static void
print_error(const struct ucprov_phone_error_text *known)
{
    if (known == NULL) {
        ucprov_wrap(stdout, "", "It is none of the WinHTTP errors of winhttp.h.");
        return;
    }
    ucprov_wrap(stdout, "", known->meaning);
    ucprov_wrap(stdout, "", known->remedy);
    ucprov_wrap(stdout, "",
                known->seen_on_phones ? "(Phones have been seen to show it.)"
                                      : "(From winhttp.h; not seen on a phone.)");
}

/* Without a WinHTTP error, what matters is what HTTP says. */
static void
print_shown(const struct shown *shown)
{
    const struct ucprov_phone_error_text *known = ucprov_phone_error_find(shown->error);
    char text[UCPROV_PHONE_STATUS_SIZE];

    if (shown->sentence != NULL) {
        printf("\"%s\"\n", shown->sentence->text);
        ucprov_wrap(stdout, "", shown->sentence->meaning);
        ucprov_wrap(stdout, "", shown->sentence->remedy);
        return;
    }
    printf("%s  %s\n", ucprov_phone_status_text(text, shown->error, shown->http),
           known != NULL       ? known->name
           : shown->error == 0 ? "no WinHTTP error"
                               : "not known");
    if (shown->error != 0) {
        print_error(known);
    }
    if (shown->http != 0) {
        print_http(shown->http);
    }
}

static json_t *
sentence_json(const struct ucprov_phone_sentence *sentence)
{
    return json_pack("{s:s, s:i, s:i, s:n, s:s, s:s, s:b}", "status", sentence->text, "error", 0,
                     "http", 0, "name", "meaning", sentence->meaning, "remedy", sentence->remedy,
                     "seen_on_phones", true);
}

static json_t *
shown_json(const struct shown *shown)
{
    const struct ucprov_phone_error_text *known = ucprov_phone_error_find(shown->error);
    const struct ucprov_phone_http_text *http =
        shown->error == 0 ? ucprov_phone_http_find(shown->http) : NULL;
    char text[UCPROV_PHONE_STATUS_SIZE];

    if (shown->sentence != NULL) {
        return sentence_json(shown->sentence);
    }
    const char *meaning = known != NULL ? known->meaning : http != NULL ? http->meaning : NULL;
    const char *remedy = known != NULL ? known->remedy : http != NULL ? http->remedy : NULL;
    ucprov_phone_status_text(text, shown->error, shown->http);
    return json_pack("{s:s, s:i, s:i, s:s?, s:s?, s:s?, s:b}", "status", text, "error",
                     (int)shown->error, "http", (int)shown->http, "name",
                     known != NULL ? known->name : NULL, "meaning", meaning, "remedy", remedy,
                     "seen_on_phones", known != NULL && known->seen_on_phones);
}

static bool
print_json(const struct explain_arguments *arguments)
{
    json_t *list = json_array();
    json_t *others = json_array();
    struct ucprov_problem problem;

    for (size_t i = 0; i < arguments->count; i++) {
        struct shown shown = read_shown(arguments->texts[i], &problem);
        if (shown.understood) {
            json_array_append_new(list, shown_json(&shown));
        } else {
            char quote[QUOTE_SIZE];
            json_array_append_new(
                others,
                json_string(ucprov_escape(quote, sizeof(quote), shown.text, strlen(shown.text))));
        }
    }
    return ucprov_json_print(PROGRAM,
                             json_pack("{s:o, s:o}", "statuses", list, "not_understood", others));
}

/* Explains those that are known; then says which are none. Returns the exit status. */
static int
explain_all(const struct explain_arguments *arguments)
{
    int status = UCPROV_EXIT_OK;
    struct ucprov_problem problem;
    const char *separator = "";

    for (size_t i = 0; i < arguments->count; i++) {
        struct shown shown = read_shown(arguments->texts[i], &problem);
        if (shown.understood && !arguments->json) {
            fputs(separator, stdout);
            separator = "\n";
            print_shown(&shown);
        }
        status = shown.understood && !is_known(&shown) ? UCPROV_EXIT_FINDING : status;
    }
    for (size_t i = 0; i < arguments->count; i++) {
        struct shown shown = read_shown(arguments->texts[i], &problem);
        char quote[QUOTE_SIZE];
        if (!shown.understood) {
            ucprov_complain(COMMAND, "\"%s\": %s",
                            ucprov_escape(quote, sizeof(quote), shown.text, strlen(shown.text)),
                            problem.text);
            status = UCPROV_EXIT_ERROR;
        }
    }
    return status;
}

static bool
is_any_understood(const struct explain_arguments *arguments)
{
    struct ucprov_problem problem;
    for (size_t i = 0; i < arguments->count; i++) {
        if (read_shown(arguments->texts[i], &problem).understood) {
            return true;
        }
    }
    return false;
}

int
explain_command(int argc, char **argv)
{
    struct explain_arguments arguments = {0};
    int status = ucprov_command_line_read(&command_line, argc, argv, &arguments, NULL);
    if (status >= 0) {
        return status;
    }
    if (arguments.json && is_any_understood(&arguments) && !print_json(&arguments)) {
        ucprov_complain(COMMAND, "cannot print JSON");
        return UCPROV_EXIT_ERROR;
    }
    return explain_all(&arguments);
}
