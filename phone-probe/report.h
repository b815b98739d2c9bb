/* SPDX-License-Identifier: MPL-2.0 */
/* What the probe found: checks in the order they were made, shown as a table or as JSON. */
#ifndef PROBE_REPORT_H
#define PROBE_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum check_status {             /* worse ones are greater */
                    CHECK_SKIP, /* not made: nothing to look at */
                    CHECK_PASS,
                    CHECK_WAIT, /* no fault: it is so until something else has happened */
                    CHECK_WARN,
                    CHECK_FAIL,
};

struct check {
    const char *id;    /* stable, for programs: "inform.answer"; static */
    const char *label; /* for people, at most REPORT_LABEL_MAX characters; static */
    enum check_status status;
    bool quiet;    /* left out of the table as long as it passes */
    char *summary; /* one line; printable */
    char *detail;  /* what it means for the phone, and the remedy; NULL: nothing to say */
};

#define REPORT_LABEL_MAX  12
#define REPORT_CHECKS_MAX 64 /* each kind of check occurs once, so this is a bug's limit */

struct report {
    size_t count;
    struct check checks[REPORT_CHECKS_MAX];
};

/* Adds a check. The report takes the two strings, which come from malloc; a summary that is NULL
 * for want of memory is shown as that. */
struct check *report_add(struct report *report, const char *id, const char *label,
                         enum check_status status, char *summary, char *detail);

/* Formats a string for report_add(). The caller's; NULL when out of memory. */
char *report_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The check of this id, or NULL. */
const struct check *report_find(const struct report *report, const char *id);

/* The worst status of all; CHECK_SKIP when there is no check. */
enum check_status report_status(const struct report *report);

/* "pass", "wait", "warn", "fail", "skip". */
const char *check_status_name(enum check_status status);

/* The table, and behind it the first failure explained, then the rest. `verbose` shows quiet
 * checks, and cuts nothing. Colors are used on a terminal, unless NO_COLOR is set (no-color.org).
 */
void report_print(const struct report *report, FILE *out, bool verbose);

/* The list of checks: {"id", "status", "summary", "detail"}. A new reference; NULL when out of
 * memory. */
json_t *report_json(const struct report *report);

void report_clear(struct report *report);

#endif
