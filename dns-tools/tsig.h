/* TSIG (RFC 8945) upon DNS messages in wire form.
 *
 * Our own, upon OpenSSL's HMAC, since libldns (1.8.3, 1.8.4) misspells hmac-sha384, takes the
 * algorithm and the time of an answer as the answer says, and frees copies of the secret without
 * clearing them.
 */
#ifndef TSIG_H
#define TSIG_H

#include "tsig_key.h"

/* What a TSIG record adds to a message at most: two names, fixed fields, the MAC. */
#define TSIG_RECORD_MAX (2 * UCPROV_NAME_WIRE_MAX + 26 + TSIG_DIGEST_MAX)

struct tsig_mac {
    size_t length;
    uint8_t octets[TSIG_DIGEST_MAX];
};

/* Signs a message: appends the TSIG record, for which there is room up to `size`. The MAC is needed
 * to verify the answer. */
int tsig_sign(const struct tsig_key *key, uint8_t *message, size_t *length, size_t size,
              struct tsig_mac *mac, struct problem *problem);

/* Verifies the answer to a request that had this MAC: key, algorithm, MAC, time. Returns 0, or
 * STATUS_FINDING with a problem that begins with the server's name. */
int tsig_verify(const struct tsig_key *key, const char *server, const uint8_t *message,
                size_t length, const struct tsig_mac *request, struct problem *problem);

#endif
