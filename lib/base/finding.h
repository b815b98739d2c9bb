/* SPDX-License-Identifier: MPL-2.0 */
/* Findings: what a program has seen, how bad that is, and what to do about it.
 *
 * One type for all programs: what lint says of octets, what phones make of a certificate, the
 * probe's checks, a zone's record sets. They look alike on every terminal and in every JSON.
 */
#ifndef UCPROV_FINDING_H
#define UCPROV_FINDING_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum ucprov_severity {              /* worse ones are greater */
                       UCPROV_SKIP, /* not looked at, so nothing is known */
                       UCPROV_PASS,
                       UCPROV_NOTE, /* worth knowing; phones are served */
                       UCPROV_WAIT, /* no fault: it is so until something else has happened */
                       UCPROV_WARN, /* some phones, or soon, or not known; worth a look */
                       UCPROV_FAIL, /* phones will not do what they should */
};

#define UCPROV_LABEL_SIZE 28 /* of a row; ids are shorter */

struct ucprov_finding {
    const char *id; /* stable, for programs: "vendor.cut", "inform.answer"; static */
    enum ucprov_severity severity;
    char label[UCPROV_LABEL_SIZE]; /* in front of its row, for people; "": the id */
    bool quiet;                    /* left out of the table as long as it passes, or was skipped */
    unsigned code;                 /* the program's own: a phone's status, a check's number */
    char *text;                    /* what was seen; printable */
    char *remedy;                  /* what it means, and what to do; printable; NULL: nothing */
};

/* A list ends there: nobody reads more. What comes after is counted. */
#define UCPROV_FINDINGS_MAX 256

struct ucprov_findings { /* all zero: none */
    size_t count;
    size_t capacity;
    struct ucprov_finding *items;
    size_t lost;                 /* more than UCPROV_FINDINGS_MAX, or no memory */
    struct ucprov_finding spare; /* stands for one that was lost */
};

/* Adds a finding. `text` and `remedy` come from malloc, and become the list's own; a text that is
 * NULL for want of memory is shown as that. Returns it, for `label`, `quiet` and `code` to be set;
 * never NULL; good until the next is added. */
struct ucprov_finding *ucprov_findings_add(struct ucprov_findings *findings, const char *id,
                                           enum ucprov_severity severity, char *text, char *remedy);

/* The same with a text of its own; `remedy` is copied, and may be NULL. */
struct ucprov_finding *ucprov_finding_note(struct ucprov_findings *findings, const char *id,
                                           enum ucprov_severity severity, const char *remedy,
                                           const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Frees what is in the list, and makes it empty. */
void ucprov_findings_clear(struct ucprov_findings *findings);

/* The worst of all; UCPROV_SKIP where there are none. */
enum ucprov_severity ucprov_findings_worst(const struct ucprov_findings *findings);

/* UCPROV_EXIT_FINDING when one is a failure, or, with `strict`, a warning; else UCPROV_EXIT_OK. */
int ucprov_findings_exit_status(const struct ucprov_findings *findings, bool strict);

/* The first of this severity, borrowed, or NULL. */
const struct ucprov_finding *ucprov_findings_first(const struct ucprov_findings *findings,
                                                   enum ucprov_severity severity);

/* "skip", "pass", "note", "wait", "warn", "fail"; static. */
const char *ucprov_severity_name(enum ucprov_severity severity);

/* A row each, in the order they were made: mark, label, text; and below it the remedy, as long as
 * it is a warning or worse. `verbose`: quiet ones and all remedies, too. Wrapped to the terminal's
 * width; in color on a terminal, unless NO_COLOR is set (no-color.org). */
void ucprov_findings_print(const struct ucprov_findings *findings, FILE *out, bool verbose);

/* {"id", "severity", "text", "remedy": s|null}; a new reference; NULL when out of memory. */
json_t *ucprov_finding_json(const struct ucprov_finding *finding);

/* An array of those. */
json_t *ucprov_findings_json(const struct ucprov_findings *findings);

#endif
