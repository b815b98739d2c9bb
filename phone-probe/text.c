/* SPDX-License-Identifier: MPL-2.0 */
/* A string builder that remembers running out of memory, so that callers check once, when they take
 * the text. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
append_piece(struct text *text, const char *piece, size_t length)
{
    char *longer = text->failed ? NULL : realloc(text->characters, text->length + length + 1);

    if (longer == NULL) {
        text->failed = true;
        return;
    }
    memcpy(longer + text->length, piece, length);
    text->characters = longer;
    text->length += length;
    longer[text->length] = '\0';
}

void
text_add(struct text *text, const char *format, ...)
{
    va_list arguments;
    char *piece;

    va_start(arguments, format);
    int length = vasprintf(&piece, format, arguments);
    va_end(arguments);
    if (length < 0) {
        text->failed = true;
        return;
    }
    append_piece(text, piece, (size_t)length);
    free(piece);
}

void
text_separate(struct text *text, const char *separator)
{
    if (text->length > 0) {
        append_piece(text, separator, strlen(separator));
    }
}

char *
text_take(struct text *text)
{
    if (text->length == 0) {
        append_piece(text, "", 0);
    }
    char *taken = text->failed ? NULL : text->characters;
    if (text->failed) {
        free(text->characters);
    }
    *text = (struct text){0};
    return taken;
}

char *
text_format(const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    return length < 0 ? NULL : text;
}

void
text_clear(struct text *text)
{
    free(text->characters);
    *text = (struct text){0};
}
