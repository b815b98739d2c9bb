/* SPDX-License-Identifier: MPL-2.0 */
/* IPv4 prefixes and addresses, in host order. */
#ifndef UCPROV_PREFIX_H
#define UCPROV_PREFIX_H

#include <stdbool.h>
#include <stdint.h>

/* An IPv4 prefix (RFC 4632 3.1). */
struct ucprov_prefix {
    uint32_t address;
    uint8_t length; /* 0 to 32 */
};

#define UCPROV_PREFIX_TEXT_SIZE 20 /* "255.255.255.255/255" and a NUL */

/* Reads "10.20.0.0/16"; host bits are kept. False when it is no prefix. */
bool ucprov_prefix_from_text(struct ucprov_prefix *prefix, const char *text);

/* Writes "10.20.0.0/16". Returns `text`. */
char *ucprov_prefix_to_text(struct ucprov_prefix prefix, char text[UCPROV_PREFIX_TEXT_SIZE]);

/* The prefix without host bits. */
struct ucprov_prefix ucprov_prefix_clean(struct ucprov_prefix prefix);

/* First and last address of a prefix. */
uint32_t ucprov_prefix_first(struct ucprov_prefix prefix);
uint32_t ucprov_prefix_last(struct ucprov_prefix prefix);

/* By address, then the shorter one first: as qsort wants it. */
int ucprov_prefix_compare(struct ucprov_prefix a, struct ucprov_prefix b);

/* An address that a host can have: neither 0.0.0.0/8, nor multicast, reserved or broadcast
 * (RFC 1122 3.2.1.3, RFC 1112 4). Loopback counts as one, for tests on one machine. */
bool ucprov_address_is_unicast(uint32_t address);

#endif
