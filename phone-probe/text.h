/* SPDX-License-Identifier: MPL-2.0 */
/* A text that grows: what a check has to say, put together piece by piece. */
#ifndef PROBE_TEXT_H
#define PROBE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* All zero is an empty text. After the first failure every further piece does nothing. */
struct text {
    char *characters; /* NULL: nothing yet */
    size_t length;
    bool failed; /* out of memory */
};

void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds what goes between the items of a list, unless this is the first. */
void text_separate(struct text *text, const char *separator);

/* The text, which is the caller's from here on, and may be empty; NULL when out of memory. */
char *text_take(struct text *text);

/* A text made at once, the caller's; NULL when out of memory. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Throws it away. */
void text_clear(struct text *text);

#endif
