/* SPDX-License-Identifier: MPL-2.0 */
/* Diagnostics: everything that is wrong with a file, in the order of its lines.
 *
 * Collected, never printed at once: a program shows them on stderr, the hook in Kea's log and in a
 * command's answer.
 */
#ifndef UCPROV_DIAGNOSTICS_H
#define UCPROV_DIAGNOSTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct ucprov_diagnostic {
    unsigned line; /* 0: the file as a whole */
    size_t order;  /* in which it was found */
    bool warning;  /* the file is usable all the same */
    char *setting; /* "vlans[0].pool"; NULL: none in particular */
    char *text;    /* what is wrong, and what would be right */
};

/* More than this is noise: the rest is counted. */
#define UCPROV_DIAGNOSTICS_MAX 1000

struct ucprov_diagnostics {
    char *file; /* as the user named it; "-" is shown as "(standard input)" */
    struct ucprov_diagnostic *items;
    size_t count;    /* in items */
    size_t capacity; /* of items */
    size_t errors;   /* all of them, shown or not */
    size_t warnings;
    bool unreadable; /* the file could not be read at all */
};

void ucprov_diagnostics_init(struct ucprov_diagnostics *diagnostics, const char *file);
void
ucprov_diagnostics_clear(struct ucprov_diagnostics *diagnostics); /* frees what init and add made */

/* Adds an error or a warning; text is escaped where it is not printable. */
void ucprov_diagnostics_error(struct ucprov_diagnostics *diagnostics, unsigned line,
                              const char *setting, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void ucprov_diagnostics_warning(struct ucprov_diagnostics *diagnostics, unsigned line,
                                const char *setting, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Puts them in the order of their lines. */
void ucprov_diagnostics_sort(struct ucprov_diagnostics *diagnostics);

/* "FILE:LINE: SETTING: TEXT", the caller's to free; NULL when out of memory. */
char *ucprov_diagnostic_format(const struct ucprov_diagnostics *diagnostics, size_t index);

/* All of them, a line each, and "FILE: N errors" at the end when there are any. */
void ucprov_diagnostics_print(const struct ucprov_diagnostics *diagnostics, FILE *out);

#endif
