/* SPDX-License-Identifier: MPL-2.0 */
/* Octets as people paste them, from wherever they have them. */
#ifndef UCPROV_OCTET_TEXT_H
#define UCPROV_OCTET_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"

/* Reads octets written as hex digits:
 *   - in a row, or with blanks, colons, dots, hyphens or commas in between (Wireshark, Cisco IOS,
 *     Windows), quotes and semicolons around them;
 *   - 0x or \x in front of all of them or of each (PowerShell, netsh, C);
 *   - one digit for a small octet, where colons, commas or hyphens are in between, or 0x is in
 * front;
 *   - wrapped by blanks or a new line, even between the two digits of an octet (DHCPUtil);
 *   - behind a declaration in C and "{", up to "}"; behind "option 43 hex" or "hex:";
 *   - as a dump with offsets, and perhaps text behind them (Wireshark, hexdump -C, xxd, tcpdump).
 * Returns the number of octets; or -1 with a problem that shows the place, when it is none of these
 * or more than `size`. */
int ucprov_octets_read(uint8_t *octets, size_t size, const char *text,
                       struct ucprov_problem *problem);

#endif
