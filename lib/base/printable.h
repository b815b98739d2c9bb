/* SPDX-License-Identifier: MPL-2.0 */
/* Text from elsewhere, made fit to be shown: in a terminal, a log, JSON. */
#ifndef UCPROV_PRINTABLE_H
#define UCPROV_PRINTABLE_H

#include <stddef.h>

/* Copies text that should be UTF-8 (RFC 3629). What is not, control characters, and characters that
 * change direction or hide (UAX #9, Trojan Source) become \xHH for each octet; a backslash stays.
 * Cut with "..." when `size` is short, never within a character. Always terminated, valid UTF-8,
 * one line. Returns `text`. */
char *ucprov_printable(char *text, size_t size, const void *octets, size_t length);

/* Copies octets as printable ASCII, others (and the backslash) as \xHH; cut with "..." when `size`
 * is short. Always terminated. Returns `text`. */
char *ucprov_escape(char *text, size_t size, const void *octets, size_t length);

#endif
