/* SPDX-License-Identifier: MPL-2.0 */
/* A TSIG key from a file in BIND's format, as tsig-keygen(8) writes it:
 *
 *   key "phones" { algorithm hmac-sha256; secret "c2VjcmV0..."; };
 *
 * The secret is in the struct alone, never in a message, and cleared when done; but for the copies
 * that libldns makes while it signs or verifies.
 */
#ifndef TSIG_KEY_H
#define TSIG_KEY_H

#include "base/problem.h"
#include "option/name.h"

/* Longer secrets are hashed first, so that they gain nothing (RFC 2104 section 2). */
#define TSIG_SECRET_MAX       512
#define TSIG_SECRET_TEXT_SIZE (((TSIG_SECRET_MAX + 2) / 3) * 4 + 1) /* in Base64 */
#define TSIG_KEY_FILE_MAX     65536                                 /* octets; one has about 100 */
#define TSIG_KEY_TEXT_SIZE    (UCPROV_NAME_TEXT_MAX + 1)

struct tsig_key {
    char text[TSIG_KEY_TEXT_SIZE];      /* its name, lower case, no trailing dot */
    const char *algorithm;              /* as on the wire, lower case; static */
    char secret[TSIG_SECRET_TEXT_SIZE]; /* Base64 */
    unsigned mode;                      /* permissions of its file, as of chmod(2) */
};

/* Reads a key. Returns 0, or -1 with the problem as "FILE:LINE: ...". Clear the key in either case.
 */
int tsig_key_load(struct tsig_key *key, const char *file, struct ucprov_problem *problem);
void tsig_key_clear(struct tsig_key *key);

#endif
