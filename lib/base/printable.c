/* SPDX-License-Identifier: MPL-2.0 */
/* A decoder for UTF-8 that lets through what is safe to show, and escapes the rest octet by
 * octet: a terminal is never steered by a certificate or a log line, and no text hides a part of
 * itself. */
#include "base/printable.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/hex.h"

#define PRINTABLE_FIRST 0x20 /* of ASCII */
#define PRINTABLE_LAST  0x7e
#define ELLIPSIS        "..."
#define ESCAPE_LENGTH   4 /* \xHH */

/* Reads one character (RFC 3629 section 4: no overlong forms, no surrogates). Returns how many
 * octets it has; 0: there is none. */
static size_t
read_character(const uint8_t *octets, size_t length, uint32_t *character)
{
    static const struct {
        uint8_t mask, lead;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    for (size_t more = 0; more < sizeof(forms) / sizeof(forms[0]) && more < length; more++) {
        if ((octets[0] & forms[more].mask) != forms[more].lead) {
            continue;
        }
        *character = (uint8_t)(octets[0] & ~forms[more].mask);
        for (size_t i = 1; i <= more; i++) {
            if ((octets[i] & 0xc0) != 0x80) {
                return 0;
            }
            *character = *character << 6 | (octets[i] & 0x3f);
        }
        bool sound = *character >= forms[more].least && *character <= 0x10ffff &&
                     (*character < 0xd800 || *character > 0xdfff);
        return sound ? more + 1 : 0;
    }
    return 0;
}

/* Controls, and what Unicode calls format characters: they reorder text, or cannot be seen. */
static bool
is_harmful(uint32_t character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0) || character == 0xad ||
           character == 0x61c || character == 0x180e ||
           (character >= 0x200b && character <= 0x200f) ||
           (character >= 0x2028 && character <= 0x202e) ||
           (character >= 0x2060 && character <= 0x206f) || character == 0xfeff ||
           (character >= 0xfff9 && character <= 0xfffb) ||
           (character >= 0xe0000 && character <= 0xe007f);
}

struct output {
    char *text;
    size_t room; /* without the NUL */
    size_t used;
};

/* Appends all of it or nothing. */
static bool
append_octets(struct output *output, const void *octets, size_t length)
{
    if (length > output->room - output->used) {
        return false;
    }
    memcpy(output->text + output->used, octets, length);
    output->used += length;
    return true;
}

static bool
append_escaped(struct output *output, const uint8_t *octets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char escape[ESCAPE_LENGTH + 1] = "\\x";
        ucprov_hex_encode(escape + 2, &octets[i], 1);
        if (!append_octets(output, escape, ESCAPE_LENGTH)) {
            return false;
        }
    }
    return true;
}

/* Copies as much as fits; false: not all did. `*end` is then where dots would have room. */
static bool
copy_character(struct output *output, const uint8_t *octets, size_t length, size_t *end)
{
    size_t dots = strlen(ELLIPSIS);
    *end = 0;
    while (length > 0) {
        uint32_t character;
        size_t width = read_character(octets, length, &character);
        bool fits = width == 0 || is_harmful(character)
                        ? append_escaped(output, octets, width == 0 ? 1 : width)
                        : append_octets(output, octets, width);
        if (!fits) {
            return false;
        }
        if (output->used + dots <= output->room) {
            *end = output->used;
        }
        width = width == 0 ? 1 : width;
        octets += width;
        length -= width;
    }
    return true;
}

char *
ucprov_printable(char *text, size_t size, const void *octets, size_t length)
{
    if (size == 0) {
        return text;
    }
    struct output output = {text, size - 1, 0};
    size_t end;
    if (!copy_character(&output, octets, length, &end)) {
        output.used = end;
        size_t dots = output.room - end < strlen(ELLIPSIS) ? output.room - end : strlen(ELLIPSIS);
        append_octets(&output, ELLIPSIS, dots);
    }
    text[output.used] = '\0';
    return text;
}

static bool
is_ascii_printable(uint8_t octet)
{
    return octet >= PRINTABLE_FIRST && octet <= PRINTABLE_LAST && octet != '\\';
}

/* How many octets, escaped, have room in `room` characters. */
static size_t
count_fitting(const uint8_t *octets, size_t length, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        size_t width = is_ascii_printable(octets[i]) ? 1 : strlen("\\xHH");
        if (used + width > room) {
            return i;
        }
        used += width;
    }
    return length;
}

static char *
append_ascii(char *end, const uint8_t *octets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_ascii_printable(octets[i])) {
            *end++ = (char)octets[i];
            continue;
        }
        *end++ = '\\';
        *end++ = 'x';
        ucprov_hex_encode(end, &octets[i], 1);
        end += 2;
    }
    *end = '\0';
    return end;
}

char *
ucprov_escape(char *text, size_t size, const void *octets, size_t length)
{
    if (size == 0) {
        return text;
    }
    if (count_fitting(octets, length, size - 1) == length) {
        append_ascii(text, octets, length);
        return text;
    }
    size_t dots = size - 1 < strlen(ELLIPSIS) ? size - 1 : strlen(ELLIPSIS);
    size_t count = count_fitting(octets, length, size - 1 - dots);
    char *end = append_ascii(text, octets, count);
    memcpy(end, ELLIPSIS, dots);
    end[dots] = '\0';
    return text;
}
