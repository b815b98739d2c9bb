/* SPDX-License-Identifier: MPL-2.0 */
/* An append-only list of checks, and how it looks in a terminal. It neither makes checks nor draws
 * conclusions: steps/ and verdict.c do. */
#include "report.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/wrap.h"

#define STATUS_WIDTH 7 /* " FAIL  " */

static const struct {
    const char *name; /* for programs */
    const char *mark; /* for people, STATUS_WIDTH wide */
    const char *color;
} statuses[] = {
    [CHECK_SKIP] = {"skip", " skip  ", "\033[2m"},
    [CHECK_PASS] = {"pass", " ok    ", "\033[32m"},
    [CHECK_WAIT] = {"wait", " wait  ", "\033[36m"},
    [CHECK_WARN] = {"warn", " warn  ", "\033[33m"},
    [CHECK_FAIL] = {"fail", " FAIL  ", "\033[1;31m"},
};

static const char out_of_memory[] = "(out of memory)";

static const char *
text_or_excuse(const char *text)
{
    return text != NULL ? text : out_of_memory;
}

struct check *
report_add(struct report *report, const char *id, const char *label, enum check_status status,
           char *summary, char *detail)
{
    assert(report->count < REPORT_CHECKS_MAX && strlen(label) <= REPORT_LABEL_MAX);
    struct check *check = &report->checks[report->count++];
    *check = (struct check){
        .id = id, .label = label, .status = status, .summary = summary, .detail = detail};
    return check;
}

char *
report_text(const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    return length < 0 ? NULL : text;
}

enum check_status
report_status(const struct report *report)
{
    enum check_status worst = CHECK_SKIP;

    for (size_t i = 0; i < report->count; i++) {
        if (report->checks[i].status > worst) {
            worst = report->checks[i].status;
        }
    }
    return worst;
}

const struct check *
report_find(const struct report *report, const char *id)
{
    for (size_t i = 0; i < report->count; i++) {
        if (strcmp(report->checks[i].id, id) == 0) {
            return &report->checks[i];
        }
    }
    return NULL;
}

const char *
check_status_name(enum check_status status)
{
    return statuses[status].name;
}

static bool
wants_color(FILE *out)
{
    const char *no_color = getenv("NO_COLOR");

    return (no_color == NULL || no_color[0] == '\0') && isatty(fileno(out)) == 1;
}

static void
print_row(FILE *out, const struct check *check, bool color, bool verbose)
{
    const size_t indent = STATUS_WIDTH + REPORT_LABEL_MAX + 2;

    fprintf(out, "%s%s%s%-*s  ", color ? statuses[check->status].color : "",
            statuses[check->status].mark, color ? "\033[0m" : "", REPORT_LABEL_MAX, check->label);
    ucprov_wrap_from(out, indent, indent, verbose ? UCPROV_WORD_WHOLE : UCPROV_WORD_CUT,
                     text_or_excuse(check->summary));
}

static bool
has_detail(const struct check *check)
{
    return check->detail != NULL && check->detail[0] != '\0';
}

/* The first failure in full, since what fails behind it often follows from it; then the others. */
static void
print_details(const struct report *report, FILE *out, bool verbose)
{
    const struct check *first = NULL;

    for (size_t i = 0; i < report->count && first == NULL; i++) {
        if (report->checks[i].status == CHECK_FAIL && has_detail(&report->checks[i])) {
            first = &report->checks[i];
        }
    }
    if (first != NULL) {
        ucprov_wrap(out, "", first->detail);
    }
    for (size_t i = 0; i < report->count; i++) {
        const struct check *check = &report->checks[i];
        if (check == first || !has_detail(check) || (check->status < CHECK_WARN && !verbose)) {
            continue;
        }
        fprintf(out, "  %s: ", check->id);
        ucprov_wrap_from(out, strlen(check->id) + 4, 4, UCPROV_WORD_WHOLE, check->detail);
    }
}

void
report_print(const struct report *report, FILE *out, bool verbose)
{
    bool color = wants_color(out);

    for (size_t i = 0; i < report->count; i++) {
        const struct check *check = &report->checks[i];
        if (verbose || !check->quiet || check->status >= CHECK_WAIT) {
            print_row(out, check, color, verbose);
        }
    }
    print_details(report, out, verbose);
}

json_t *
report_json(const struct report *report)
{
    json_t *list = json_array();

    for (size_t i = 0; i < report->count; i++) {
        const struct check *check = &report->checks[i];
        json_t *item =
            json_pack("{s:s, s:s, s:s, s:s}", "id", check->id, "status",
                      check_status_name(check->status), "summary", text_or_excuse(check->summary),
                      "detail", check->detail != NULL ? check->detail : "");
        if (json_array_append_new(list, item) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

void
report_clear(struct report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        free(report->checks[i].summary);
        free(report->checks[i].detail);
    }
    report->count = 0;
}
