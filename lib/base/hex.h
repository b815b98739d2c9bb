/* SPDX-License-Identifier: MPL-2.0 */
/* Octets as hex digits, and back. */
#ifndef UCPROV_HEX_H
#define UCPROV_HEX_H

#include <stddef.h>
#include <stdint.h>

/* Hex digits, lower case, to a buffer of 2 * length + 1. Returns `text`. */
char *ucprov_hex_encode(char *text, const uint8_t *octets, size_t length);

/* Reads hex digits; blanks, colons, dots and hyphens between octets are allowed (as Wireshark,
 * Cisco IOS and Windows print them), a 0x in front too. Returns the number of octets, or -1 when it
 * is no hex, an odd number of digits, or more than `size`. */
int ucprov_hex_decode(uint8_t *octets, size_t size, const char *text);

#endif
