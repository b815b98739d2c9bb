/* SPDX-License-Identifier: MPL-2.0 */
/* Words of hex digits, and what stands between them, which says whether two words are one octet
 * each or one octet that was wrapped. A dump with offsets is recognized by its offsets: each is
 * that of the line before, and the octets there. For what a program writes there is hex.c. */
#include "base/octet_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HEX_DIGITS "0123456789abcdefABCDEF"
#define BLANKS     " \t"
#define SEPARATORS " \t\r\n:.-,;\"'"
#define LIST_BEGIN '{' /* of C: what is in front of it is a declaration */
#define LIST_END   '}'
#define HEX_WORD                                                                                   \
    "hex" /* `option 43 hex 010c...` of Cisco IOS, `hex:01,0c` of Windows' registry                \
           */
#define LIST_MARKS     ":,-" /* between octets, each of which may be one digit then */
#define OCTET_DIGITS   2
#define CONTEXT_DIGITS 8 /* shown in front of the place */

/* Dumps: `0010  4d 53 2d 55   MS-U`, `00000010: 4d53 2d55  MS-U`, `0x0010:  4d53`. */
#define OFFSET_DIGITS_MIN 4
#define OFFSET_DIGITS_MAX 8
#define DUMP_LINE_MAX     32 /* octets */
#define TEXT_FRAME        4  /* around the text and in its middle: bars, a blank */
#define DUMP_MIDDLE       8  /* octets, behind which there may be two blanks */

struct reading {
    const char *text;
    const char *at;
    uint8_t *octets;
    size_t size;
    size_t count;
    struct ucprov_problem *problem;
    bool is_dump; /* offsets are as they should be so far: more than chance */
};

/* A row of digits. */
struct word {
    const char *start;
    size_t length;
    bool prefixed; /* 0x or \x */
};

/* Half an octet: the digit, and the word that it is the last of. */
struct half {
    const char *digit;  /* NULL: none */
    size_t word_length; /* with that of the words which that one continues */
};

static uint8_t
digit_value(char digit)
{
    return (uint8_t)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
}

/* Complaining */

static size_t
character_length(const char *at)
{
    size_t length = *at == '\0' ? 0 : 1;
    while (length > 0 &&
           ((unsigned char)at[length] & 0xc0) == 0x80) { /* the rest of a UTF-8 character */
        length++;
    }
    return length;
}

/* `line 2, character 7`; the line only where there are several. */
static int
refuse_place(const struct reading *reading, const char *at, const char *what)
{
    size_t line = 1;
    size_t column = 1;
    char place[64] = "";
    for (const char *c = reading->text; c < at; c += character_length(c)) {
        bool new_line = *c == '\n';
        line += new_line ? 1 : 0;
        column = new_line ? 1 : column + 1;
    }
    if (strchr(reading->text, '\n') != NULL) {
        snprintf(place, sizeof(place), "line %zu, ", line);
    }
    size_t before = (size_t)(at - reading->text);
    before = before < CONTEXT_DIGITS ? before : CONTEXT_DIGITS;
    return ucprov_problem_set(reading->problem, "%s: \"%.*s\" at %scharacter %zu%s%.*s%s", what,
                              (int)character_length(at), at, place, column,
                              before == 0 ? "" : ", behind \"", (int)before, at - before,
                              before == 0 ? "" : "\"");
}

static int
refuse_half(const struct reading *reading, const struct half *half)
{
    return refuse_place(reading, half->digit, "a single digit; write two digits for each octet");
}

static int
keep(struct reading *reading, uint8_t high, uint8_t low)
{
    if (reading->count == reading->size) {
        return ucprov_problem_set(reading->problem, "more than %zu octets", reading->size);
    }
    reading->octets[reading->count++] = (uint8_t)(high << 4 | low);
    return 0;
}

/* A list */

static bool
is_prefix(const char *at)
{
    return (at[0] == '0' || at[0] == '\\') && (at[1] == 'x' || at[1] == 'X');
}

/* A backslash is one at the end of a line alone. Returns the length of what separates words. */
static size_t
separator_length(const char *at)
{
    size_t length = 0;
    for (;;) {
        length += strspn(at + length, SEPARATORS);
        if (at[length] != '\\' || at[length + 1 + strspn(at + length + 1, " \t\r")] != '\n') {
            return length;
        }
        length++;
    }
}

static bool
has_any(const char *text, size_t length, const char *characters)
{
    return strcspn(text, characters) < length;
}

/* Do the last digit of a word and the first of the next make one octet? */
static bool
is_wrapped(const struct half *half, const char *separator, size_t length, const struct word *next)
{
    bool long_words = half->word_length > OCTET_DIGITS || next->length > OCTET_DIGITS;
    return !next->prefixed && !has_any(separator, length, LIST_MARKS) &&
           (has_any(separator, length, "\n") ||
            (long_words && strspn(separator, BLANKS "\r") >= length));
}

static bool
is_end(char character)
{
    return character == '\0' || character == LIST_END;
}

/* One digit that is an octet: `0x6`, or `6` in `0:6:70`. */
static bool
is_small_octet(const struct word *word, const char *separator, size_t length)
{
    const char *end = word->start + word->length;
    size_t behind = separator_length(end);
    return word->length == 1 && (word->prefixed || has_any(end, behind, LIST_MARKS) ||
                                 (is_end(end[behind]) && has_any(separator, length, LIST_MARKS)));
}

static struct word
next_word(const char *at)
{
    struct word word = {.prefixed = is_prefix(at)};
    word.start = word.prefixed ? at + 2 : at;
    word.length = strspn(word.start, HEX_DIGITS);
    return word;
}

/* Keeps the octets of a word; what is left of it becomes the half. */
static int
keep_word(struct reading *reading, struct half *half, const struct word *word)
{
    const char *digit = word->start;
    const char *end = word->start + word->length;
    size_t joined = word->length + (half->digit == NULL ? 0 : half->word_length);
    int status = 0;
    if (half->digit != NULL) {
        status = keep(reading, digit_value(*half->digit), digit_value(*digit));
        digit++;
    }
    for (; status == 0 && end - digit >= OCTET_DIGITS; digit += OCTET_DIGITS) {
        status = keep(reading, digit_value(digit[0]), digit_value(digit[1]));
    }
    *half = (struct half){digit < end ? digit : NULL, joined};
    return status;
}

static int
take_word(struct reading *reading, struct half *half, const char *separator)
{
    struct word word = next_word(reading->at);
    size_t length = (size_t)(reading->at - separator);
    if (word.length == 0) {
        return refuse_place(reading, word.start, "not hex");
    }
    if (half->digit != NULL && !is_wrapped(half, separator, length, &word)) {
        return refuse_half(reading, half);
    }
    reading->at = word.start + word.length;
    if (half->digit == NULL && is_small_octet(&word, separator, length)) {
        return keep(reading, 0, digit_value(*word.start));
    }
    return keep_word(reading, half, &word);
}

/* Behind what some programs write in front of octets. Nothing else is passed over: octets there
 * would be lost. */
static const char *
find_start(const char *text)
{
    const char *first = text + strspn(text, BLANKS "\r\n");
    const char *word = strcasestr(first, HEX_WORD);
    const char *brace = strchr(first, LIST_BEGIN);
    if (brace != NULL && (brace == first || memchr(first, '=', (size_t)(brace - first)) != NULL)) {
        return brace + 1;
    }
    if (word != NULL && (word == first || strncasecmp(first, "option ", strlen("option ")) == 0) &&
        strspn(word + strlen(HEX_WORD), ":" BLANKS) > 0) {
        return word + strlen(HEX_WORD);
    }
    return text;
}

/* What follows the end of a list has to be a declaration of C, or nothing. */
static bool
is_fine_end(const char *start, const char *end)
{
    bool declared = start[-1] == LIST_BEGIN && end[0] == LIST_END && end[1] == ';';
    return *end == '\0' || declared ||
           (start[-1] == LIST_BEGIN && end[1 + strspn(end + 1, SEPARATORS)] == '\0');
}

static int
read_list(struct reading *reading)
{
    struct half half = {NULL, 0};
    const char *start = find_start(reading->text);
    reading->at = start;
    for (;;) {
        const char *separator = reading->at;
        reading->at += separator_length(reading->at);
        if (is_end(*reading->at)) {
            break;
        }
        /* Words without anything in between: only `\x01\x0c`. */
        if (reading->at == separator && separator > start && *separator != '\\') {
            return refuse_place(reading, separator, "not hex");
        }
        if (take_word(reading, &half, separator) != 0) {
            return -1;
        }
    }
    if (*reading->at != '\0' && (start == reading->text || !is_fine_end(start, reading->at))) {
        return refuse_place(reading, reading->at, "not hex");
    }
    return half.digit == NULL ? (int)reading->count : refuse_half(reading, &half);
}

/* A dump */

struct dump_line {
    unsigned long offset;
    bool marked; /* a colon or two blanks behind it: that is no octet */
};

/* Reads the offset, and goes behind it. False: there is none. */
static bool
read_offset(struct reading *reading, struct dump_line *line)
{
    const char *at = reading->at + strspn(reading->at, BLANKS);
    at += at[0] == '0' && (at[1] == 'x' || at[1] == 'X') ? 2 : 0;
    size_t digits = strspn(at, HEX_DIGITS);
    if (digits < OFFSET_DIGITS_MIN || digits > OFFSET_DIGITS_MAX) {
        return false;
    }
    line->offset = strtoul(at, NULL, 16);
    at += digits;
    bool colon = *at == ':';
    at += colon ? 1 : 0;
    size_t blanks = strspn(at, BLANKS);
    line->marked = colon || blanks >= 2;
    reading->at = at + blanks;
    return blanks > 0 || strchr("\r\n", *reading->at) != NULL;
}

static bool
ends_word(char character)
{
    return character == '\0' || strchr(" \t\r\n", character) != NULL;
}

/* Does the text begin here, behind the octets? Between groups there is one blank, and two in the
 * middle of a line. */
static bool
is_behind_octets(size_t octets, size_t blanks, const char *at)
{
    bool middle = octets == DUMP_MIDDLE && blanks == 2 && strspn(at, HEX_DIGITS) == OCTET_DIGITS &&
                  ends_word(at[OCTET_DIGITS]);
    return octets > 0 && blanks >= 2 && !middle;
}

/* Without blanks at its end. */
static size_t
text_length(const char *start, const char *end)
{
    while (end > start && strchr(" \t\r", end[-1]) != NULL) {
        end--;
    }
    return (size_t)(end - start);
}

/* Keeps the octets of a line, and goes to the next. False: it is no line of a dump. */
static bool
read_dump_line(struct reading *reading)
{
    size_t first = reading->count;
    size_t blanks = 0;
    const char *line_end = reading->at + strcspn(reading->at, "\n");
    while (reading->at < line_end && *reading->at != '\r' &&
           !is_behind_octets(reading->count - first, blanks, reading->at)) {
        struct half half = {NULL, 0};
        struct word word = {reading->at, strspn(reading->at, HEX_DIGITS), false};
        if (word.length == 0 || word.length % OCTET_DIGITS != 0 ||
            !ends_word(word.start[word.length]) || keep_word(reading, &half, &word) != 0) {
            return false;
        }
        reading->at += word.length;
        blanks = strspn(reading->at, BLANKS);
        reading->at += blanks;
    }
    size_t octets = reading->count - first;
    /* More text than octets: lines of a dump that have been joined, of which none may be lost. */
    if (octets > DUMP_LINE_MAX || text_length(reading->at, line_end) > octets + TEXT_FRAME) {
        return false;
    }
    reading->at = *line_end == '\n' ? line_end + 1 : line_end;
    return true;
}

static void
skip_empty_lines(struct reading *reading)
{
    for (;;) {
        const char *at = reading->at + strspn(reading->at, " \t\r");
        if (*at != '\n' && *at != '\0') {
            return;
        }
        reading->at = *at == '\n' ? at + 1 : at;
        if (*at == '\0') {
            return;
        }
    }
}

/* The number of octets; -1: it is no dump. */
static int
read_dump(struct reading *reading)
{
    struct dump_line line;
    unsigned long start = 0;
    size_t lines = 0;
    for (skip_empty_lines(reading); *reading->at != '\0'; skip_empty_lines(reading)) {
        if (!read_offset(reading, &line)) {
            return -1;
        }
        start = lines == 0 ? line.offset : start;
        lines++;
        if (line.offset != start + reading->count) {
            return -1;
        }
        reading->is_dump = lines > 1 || (start == 0 && line.marked);
        if (!read_dump_line(reading)) {
            return -1;
        }
    }
    return reading->is_dump && reading->count > 0 ? (int)reading->count : -1;
}

int
ucprov_octets_read(uint8_t *octets, size_t size, const char *text, struct ucprov_problem *problem)
{
    struct reading dump = {text, text, octets, size, 0, problem, false};
    struct reading list = dump;
    int count = read_dump(&dump);
    if (count < 0) {
        count = read_list(&list);
    }
    return count < 0 && dump.is_dump && dump.count < size
               ? refuse_place(&dump, dump.at, "not a line of a dump")
               : count;
}
