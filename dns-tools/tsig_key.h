/* A TSIG key from a file in BIND's format, as tsig-keygen(8) writes it:
 *
 *   key "phones" { algorithm hmac-sha256; secret "c2VjcmV0..."; };
 *
 * The secret is in the struct alone: never in a message, and cleared when done.
 */
#ifndef TSIG_KEY_H
#define TSIG_KEY_H

#include <stddef.h>
#include <stdint.h>

#include <ucprov/name.h>

#include "problem.h"

/* Longer secrets are hashed first, so that they gain nothing (RFC 2104 section 2). */
#define TSIG_SECRET_MAX    512
#define TSIG_KEY_FILE_MAX  65536 /* octets; a key file has about 100 */
#define TSIG_DIGEST_MAX    64    /* SHA-512 */
#define TSIG_KEY_TEXT_SIZE (UCPROV_NAME_TEXT_MAX + 1)

struct tsig_algorithm {
    const char *name;   /* in key files, and in lower case on the wire */
    const char *digest; /* OpenSSL's name */
    unsigned length;    /* octets of a MAC */
};

struct tsig_key {
    char text[TSIG_KEY_TEXT_SIZE]; /* its name, lower case, no trailing dot */
    struct ucprov_name name;
    struct ucprov_name algorithm_name;
    const struct tsig_algorithm *algorithm; /* static */
    size_t secret_length;
    uint8_t secret[TSIG_SECRET_MAX];
};

/* Reads a key; warns on stderr when others can read the file. Returns 0, or STATUS_FAILED with the
 * problem as "FILE:LINE: ...". Clear the key in either case. */
int tsig_key_load(struct tsig_key *key, const char *file, struct problem *problem);
void tsig_key_clear(struct tsig_key *key);

#endif
