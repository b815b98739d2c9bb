/* SPDX-License-Identifier: MPL-2.0 */
/* Text in lines that fit the terminal.
 *
 * Lines break at blanks, and where the text has a line feed. A tab is a blank where no line breaks.
 * Columns are counted in characters of UTF-8: those that are shown wider (East Asian ones), or not
 * at all, count one, too.
 */
#ifndef UCPROV_WRAP_H
#define UCPROV_WRAP_H

#include <stddef.h>
#include <stdio.h>

/* Without a terminal; and what any width is kept within: prose in longer lines is hard to read. */
#define UCPROV_COLUMNS     80
#define UCPROV_COLUMNS_MIN 40
#define UCPROV_COLUMNS_MAX 200

/* How wide lines are on a stream: what COLUMNS says in the environment, or else the terminal that
 * the stream is, or else 80. */
size_t ucprov_columns(FILE *out);

/* The columns that text takes. */
size_t ucprov_columns_of(const char *text);

/* What becomes of a word that is wider than a line. */
enum ucprov_wide_word {
    UCPROV_WORD_WHOLE, /* a line of its own, too long: it can still be copied */
    UCPROV_WORD_CUT,   /* ends in "..." */
    UCPROV_WORD_BROKEN /* goes on in the next line */
};

/* Prints a label and text, whose lines begin one below the other, and a line feed. */
void ucprov_wrap(FILE *out, const char *label, const char *text);

/* Prints text and a line feed, where `column` columns of the first line are taken already; further
 * lines begin behind `indent` blanks. */
void ucprov_wrap_from(FILE *out, size_t column, size_t indent, enum ucprov_wide_word wide,
                      const char *text);

#endif
