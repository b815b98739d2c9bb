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

struct ucprov_diagnostic {
    unsigned line;    /* 0: the file as a whole */
    size_t order;     /* in which it was found */
    bool warning;     /* the file is usable all the same */
    bool is_cut;      /* says how many errors are not in the list */
    size_t count;     /* how many it stands for */
    const char *kind; /* what those have in common that are summed up */
    char *setting;    /* "vlans[0].pool"; NULL: none in particular */
    char *text;       /* what is wrong, and what would be right */
};

/* More errors than this are counted, and an error at the end of the list says how many. */
#define UCPROV_ERRORS_MAX 1000

/* More warnings of a kind than this are summed up: the first stands for all. */
#define UCPROV_ALIKE_MAX 10

/* The warnings of a kind. */
struct ucprov_diagnostics_kind {
    const char *kind;
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
    struct ucprov_diagnostics_kind *kinds;
    size_t kind_count;
    size_t kind_capacity;
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

/* Counts one that would not get a place of its own in the list, so that nobody makes a text or
 * looks for the line of it. False: it would; nothing is done. `format` is what makes it a kind. */
bool ucprov_diagnostics_count(struct ucprov_diagnostics *diagnostics, bool warning,
                              const char *format);

/* What the two above do. */
void ucprov_diagnostics_add(struct ucprov_diagnostics *diagnostics, bool warning, unsigned line,
                            const char *setting, const char *format, va_list arguments)
    __attribute__((format(printf, 5, 0)));

/* Puts errors first, and both in the order of their lines. */
void ucprov_diagnostics_sort(struct ucprov_diagnostics *diagnostics);

/* "FILE:LINE: SETTING: TEXT", the caller's to free; NULL when out of memory. */
char *ucprov_diagnostic_format(const struct ucprov_diagnostics *diagnostics, size_t index);

/* All of them, a line each, and "FILE: N errors" at the end when there are any. */
void ucprov_diagnostics_print(const struct ucprov_diagnostics *diagnostics, FILE *out);

#endif
