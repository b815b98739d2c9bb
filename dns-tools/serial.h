/* SPDX-License-Identifier: MPL-2.0 */
/* The serial number of a zone's SOA record (RFC 1035 3.3.13, RFC 1982).
 *
 * It has to grow when the zone changes, and should not when it does not. A hash of the content
 * cannot grow: the zone's previous text decides.
 */
#ifndef SERIAL_H
#define SERIAL_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* The first serial: YYYYMMDD00 of the day (UTC) on which the site file was changed; 1 when that is
 * not known (0). */
uint32_t serial_first(time_t modified);

/* The one after `previous`: previous + 1, or serial_first() where that is greater by serial number
 * arithmetic (RFC 1982 3.2). Never 0. */
uint32_t serial_next(uint32_t previous, time_t modified);

/* Reads the serial of a zone that format zone has written. False: there is none. */
bool serial_read(const char *text, uint32_t *serial);

/* Same text but for the comments at its beginning. */
bool serial_same_content(const char *a, const char *b);

#endif
