/* SPDX-License-Identifier: MPL-2.0 */
/* Whose option 43 it is when it is not the phones'. Private to lib/option. */
#ifndef OTHER_VENDOR_H
#define OTHER_VENDOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One that is recognized by its form, which is no proof. */
struct other_vendor {
    const char *whose; /* "UniFi devices" */
    const char *why;   /* "sub-option 1 is an IPv4 address" */
};

/* The vendor whose option 43 has this form; NULL: none that is known. It is for the caller to know
 * that it is not the phones' set. Static. */
const struct other_vendor *other_vendor_find(const uint8_t *value, size_t length);

/* Four octets that a host may have for an address, and that are no text. */
bool other_vendor_is_address(const uint8_t *value, size_t length);

#endif
