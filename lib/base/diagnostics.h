/* SPDX-License-Identifier: MPL-2.0 */
/* Diagnostics: everything that is wrong with a file, errors first, in the order of its lines.
 *
 * Where the list does not hold all, an entry of it says so, and every reader of the list with it.
 *
 * Collected, never printed at once: a program shows them on stderr, the hook in Kea's log and in a
 * command's answer.
 */
#ifndef UCPROV_DIAGNOSTICS_H
#define UCPROV_DIAGNOSTICS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/fault.h"

struct ucprov_diagnostic {
    struct ucprov_finding finding; /* UCPROV_FAIL; UCPROV_WARN: the file is usable all the same */
    enum ucprov_fault fault;
    unsigned line; /* 0: the file as a whole */
    size_t order;  /* in which it was found */
    size_t count;  /* how many it stands for */
    char *setting; /* "vlans[0].pool"; NULL: none in particular */
};

/* More errors than this are counted, and an error at the end of the list says how many. */
#define UCPROV_ERRORS_MAX 1000

/* More warnings of a kind than this are summed up: the first stands for all. */
#define UCPROV_ALIKE_MAX 10

/* The warnings of a kind. */
struct ucprov_diagnostics_kind {
    size_t count;
    struct ucprov_diagnostic *first; /* in the list */
    char *text;                      /* of the first alone, once they are summed up */
};

struct ucprov_diagnostics {
    char *file; /* as the user named it; "-" is shown as "(standard input)" */
    struct ucprov_diagnostic **items;
    size_t count;    /* in items */
    size_t capacity; /* of items */
    size_t made;     /* ever */
    size_t errors;   /* all of them, shown or not */
    size_t warnings;
    struct ucprov_diagnostic *cut; /* in items; NULL: all errors are there */
    struct ucprov_diagnostics_kind kinds[UCPROV_FAULTS];
    bool unreadable; /* the file could not be read at all */
};

void ucprov_diagnostics_init(struct ucprov_diagnostics *diagnostics, const char *file);
void
ucprov_diagnostics_clear(struct ucprov_diagnostics *diagnostics); /* frees what init and add made */

/* Adds one; what is not printable of its text is escaped. */
void ucprov_diagnostics_add(struct ucprov_diagnostics *diagnostics, enum ucprov_fault fault,
                            unsigned line, const char *setting, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void ucprov_diagnostics_vadd(struct ucprov_diagnostics *diagnostics, enum ucprov_fault fault,
                             unsigned line, const char *setting, const char *format,
                             va_list arguments) __attribute__((format(printf, 5, 0)));

/* Counts one that would not get a place of its own in the list, so that nobody makes a text or
 * looks for the line of it. False: it would; nothing is done. */
bool ucprov_diagnostics_count(struct ucprov_diagnostics *diagnostics, enum ucprov_fault fault);

bool ucprov_diagnostic_is_error(const struct ucprov_diagnostic *diagnostic);

/* Puts errors first, and both in the order of their lines. */
void ucprov_diagnostics_sort(struct ucprov_diagnostics *diagnostics);

/* "FILE:LINE: SETTING: TEXT", the caller's to free; NULL when out of memory. */
char *ucprov_diagnostic_format(const struct ucprov_diagnostics *diagnostics, size_t index);

/* That of its finding, and {"line", "setting": s|null, "count"}; a new reference; NULL: out of
 * memory. */
json_t *ucprov_diagnostic_json(const struct ucprov_diagnostic *diagnostic);

/* All of them, a line each, and "FILE: N errors" at the end when there are any. */
void ucprov_diagnostics_print(const struct ucprov_diagnostics *diagnostics, FILE *out);

#endif
