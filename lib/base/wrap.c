/* SPDX-License-Identifier: MPL-2.0 */
/* Fills lines word by word. The width is asked for each time: a terminal's may change. */
#include "base/wrap.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define ROOM_MIN 16 /* that lines have beside their indent, on however narrow a terminal */
#define DOTS     "..."

/* What the user says; 0: nothing sensible. */
static size_t
columns_of_environment(void)
{
    const char *text = getenv("COLUMNS");
    char *end;
    if (text == NULL || text[0] < '0' || text[0] > '9') {
        return 0;
    }
    errno = 0;
    unsigned long columns = strtoul(text, &end, 10);
    return errno == 0 && *end == '\0' ? columns : 0;
}

/* 0: it is none, or does not know, as over a serial line. */
static size_t
columns_of_terminal(FILE *out)
{
    struct winsize size;
    int descriptor = fileno(out);
    return descriptor >= 0 && ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

size_t
ucprov_columns(FILE *out)
{
    size_t columns = columns_of_environment();
    columns = columns > 0 ? columns : columns_of_terminal(out);
    columns = columns > 0 ? columns : UCPROV_COLUMNS;
    columns = columns > UCPROV_COLUMNS_MIN ? columns : UCPROV_COLUMNS_MIN;
    return columns < UCPROV_COLUMNS_MAX ? columns : UCPROV_COLUMNS_MAX;
}

static bool
continues_character(char octet)
{
    return ((unsigned char)octet & 0xc0) == 0x80; /* RFC 3629 section 3 */
}

static size_t
count_columns(const char *text, size_t length)
{
    size_t columns = 0;
    for (size_t i = 0; i < length; i++) {
        columns += !continues_character(text[i]);
    }
    return columns;
}

size_t
ucprov_columns_of(const char *text)
{
    return count_columns(text, strlen(text));
}

/* The octets of so many characters. */
static size_t
length_of_columns(const char *text, size_t columns)
{
    size_t length = 0;
    for (; columns > 0 && text[length] != '\0'; columns--) {
        length++;
        while (continues_character(text[length])) {
            length++;
        }
    }
    return length;
}

/* A line that is being filled. */
struct line {
    FILE *out;
    size_t end;    /* the first column that it does not have */
    size_t indent; /* of the lines below it */
    size_t column; /* where it goes on */
    size_t blanks; /* to print before the next word */
};

static void
begin_line(struct line *line)
{
    fputc('\n', line->out);
    line->column = line->indent;
    line->blanks = line->indent;
}

/* In this line when there is room, or else in the next. */
static void
put_word(struct line *line, const char *word, size_t length)
{
    size_t columns = count_columns(word, length);
    if (line->column + columns > line->end && line->column > line->indent) {
        begin_line(line);
    }
    fprintf(line->out, "%*s", (int)line->blanks, "");
    for (size_t i = 0; i < length; i++) {
        fputc(word[i] == '\t' ? ' ' : word[i], line->out);
    }
    line->column += columns + 1;
    line->blanks = 1;
}

static void
put_cut_word(struct line *line, const char *word)
{
    size_t shown = line->end - line->indent - strlen(DOTS);
    if (line->column > line->indent) {
        begin_line(line);
    }
    put_word(line, word, length_of_columns(word, shown));
    fputs(DOTS, line->out);
    line->column = line->end;
}

static void
put_broken_word(struct line *line, const char *word, size_t length)
{
    while (length > 0) {
        size_t piece = length_of_columns(word, line->end - line->indent);
        piece = piece < length ? piece : length;
        put_word(line, word, piece);
        word += piece;
        length -= piece;
    }
}

void
ucprov_wrap_from(FILE *out, size_t column, size_t indent, enum ucprov_wide_word wide,
                 const char *text)
{
    size_t columns = ucprov_columns(out);
    size_t end = columns > indent + ROOM_MIN ? columns : indent + ROOM_MIN;
    struct line line = {out, end, indent, column, 0};
    while (*text != '\0') {
        size_t length = strcspn(text, " \n");
        bool is_wide = count_columns(text, length) > line.end - line.indent;
        if (length == 0 && *text == '\n') {
            begin_line(&line);
        } else if (is_wide && wide == UCPROV_WORD_CUT) {
            put_cut_word(&line, text);
        } else if (is_wide && wide == UCPROV_WORD_BROKEN) {
            put_broken_word(&line, text, length);
        } else if (length > 0) {
            put_word(&line, text, length);
        }
        text += length > 0 ? length : 1;
    }
    fputc('\n', out);
}

void
ucprov_wrap(FILE *out, const char *label, const char *text)
{
    size_t indent = ucprov_columns_of(label);
    fputs(label, out);
    ucprov_wrap_from(out, indent, indent, UCPROV_WORD_WHOLE, text);
}
