/* SPDX-License-Identifier: MPL-2.0 */
/* Hex digits as people paste them from captures and router configurations, colons and all; written
 * in lower case without separators. For octets that may be text there is printable.c. */
#include "base/hex.h"

#include <string.h>

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
