/* SPDX-License-Identifier: MPL-2.0 */
/* Hex digits as people paste them from captures and router configurations, colons and all; and
 * octets escaped to printable ASCII. For text that should be UTF-8 there is printable.c. */
#include "option/explain.h"

#include <stdio.h>
#include <string.h>

#define PRINTABLE_FIRST 0x20
#define PRINTABLE_LAST  0x7e
#define ELLIPSIS        "..."

static const char hex_digits[] = "0123456789abcdef";

char *
ucprov_hex_encode(char *text, const uint8_t *octets, size_t length)
{
    char *end = text;
    for (size_t i = 0; i < length; i++) {
        *end++ = hex_digits[octets[i] >> 4];
        *end++ = hex_digits[octets[i] & 0x0f];
    }
    *end = '\0';
    return text;
}

/* 0 to 15, or -1. */
static int
digit_value(char character)
{
    if (character >= '0' && character <= '9') {
        return character - '0';
    }
    if (character >= 'a' && character <= 'f') {
        return character - 'a' + 10;
    }
    if (character >= 'A' && character <= 'F') {
        return character - 'A' + 10;
    }
    return -1;
}

static const char *
skip_separators(const char *text)
{
    return text + strspn(text, " \t\r\n:.-");
}

int
ucprov_hex_decode(uint8_t *octets, size_t size, const char *text)
{
    size_t count = 0;
    text = skip_separators(text);
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        text += 2;
    }
    for (; *text != '\0'; text = skip_separators(text + 2)) {
        int high = digit_value(text[0]);
        int low = high < 0 ? -1 : digit_value(text[1]);
        if (low < 0 || count == size) {
            return -1;
        }
        octets[count++] = (uint8_t)(high << 4 | low);
    }
    return (int)count;
}

static bool
is_printable(uint8_t octet)
{
    return octet >= PRINTABLE_FIRST && octet <= PRINTABLE_LAST && octet != '\\';
}

/* How many octets, escaped, have room in `room` characters. */
static size_t
count_fitting(const uint8_t *octets, size_t length, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        size_t width = is_printable(octets[i]) ? 1 : strlen("\\xHH");
        if (used + width > room) {
            return i;
        }
        used += width;
    }
    return length;
}

static char *
append_escaped(char *end, const uint8_t *octets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_printable(octets[i])) {
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
        append_escaped(text, octets, length);
        return text;
    }
    size_t dots = size - 1 < strlen(ELLIPSIS) ? size - 1 : strlen(ELLIPSIS);
    size_t count = count_fitting(octets, length, size - 1 - dots);
    char *end = append_escaped(text, octets, count);
    memcpy(end, ELLIPSIS, dots);
    end[dots] = '\0';
    return text;
}
