/* SPDX-License-Identifier: MPL-2.0 */
/* Domain names: text to wire form (RFC 1035 3.1) and back.
 *
 * Text is checked strictly, since it comes from people: letters, digits, hyphens and underscores,
 * labels of 1 to 63 octets, at most 253 characters, no trailing dot. Wire form is read leniently,
 * since it comes from the network: any octet may be in a label, and is escaped when shown.
 */
#ifndef UCPROV_NAME_H
#define UCPROV_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wire.h"

#define UCPROV_LABEL_MAX     63  /* RFC 1035 2.3.4 */
#define UCPROV_NAME_WIRE_MAX 255 /* RFC 1035 2.3.4, with the root label */
#define UCPROV_NAME_TEXT_MAX 253 /* what 255 octets leave for text without the trailing dot */
/* Room for the text of any wire name: every octet of it as \DDD (RFC 1035 5.1), and a NUL. */
#define UCPROV_NAME_TEXT_SIZE (4 * UCPROV_NAME_WIRE_MAX + 1)

/* The update service: phones look it up in every domain of options 15 and 119, and ask for it by
 * this short name, in HTTP and TLS, whatever they found. */
#define UCPROV_UPDATE_NAME "ucupdates-r2"

struct ucprov_name {
    uint8_t length; /* octets of wire used, with the root label */
    uint8_t wire[UCPROV_NAME_WIRE_MAX];
};

/* Checks text and converts it. `name` may be NULL: only check. Returns 0 or a UCPROV_ENAME code. */
int ucprov_name_from_text(struct ucprov_name *name, const char *text);

/* Only checks. */
int ucprov_name_check(const char *text);

/* As ucprov_name_check(), and the name must be the name of a host: two labels at least
 * (UCPROV_ENAME_NOT_QUALIFIED), and not an IPv4 address (UCPROV_ENAME_ADDRESS). */
int ucprov_name_check_host(const char *text);

/* Reads one name at the reader's position. Follows compression pointers (RFC 1035 4.1.4) within the
 * reader's octets; each must point before the first of the labels it ends, so that no loop is
 * possible. Returns 0, or a UCPROV_EWIRE code, which is also left in reader->error; `name` is the
 * root then. */
int ucprov_name_read(struct ucprov_reader *reader, struct ucprov_name *name);

/* Writes the text without a trailing dot ("." for the root). Dots and backslashes in a label become
 * \. and \\, blanks and octets outside printable ASCII \DDD. Returns `text`. */
char *ucprov_name_to_text(const struct ucprov_name *name, char text[UCPROV_NAME_TEXT_SIZE]);

/* Same name, whatever the case of ASCII letters (RFC 4343). */
bool ucprov_name_equal(const struct ucprov_name *a, const struct ucprov_name *b);

/* Number of labels, without the root. */
unsigned ucprov_name_labels(const struct ucprov_name *name);

#endif
