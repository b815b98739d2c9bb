/* SPDX-License-Identifier: MPL-2.0 */
/* TSIG (RFC 8945) upon libldns.
 *
 * libldns (1.8.3) computes and compares MACs, and leaves the rest to its callers: it takes the
 * algorithm of an answer as the answer says, looks neither at its time nor at its original ID, and
 * does not clear its copies of the secret.
 */
#ifndef TSIG_H
#define TSIG_H

#include <ldns/ldns.h>

#include "client/tsig_key.h"

/* The longest message to sign or verify. libldns asserts that the message, what it adds to it for
 * the MAC, and the request's MAC have 65535 octets together. */
#define TSIG_MESSAGE_MAX (LDNS_MAX_PACKETLEN - 1024)

/* Signs a message of TSIG_MESSAGE_MAX octets at most: gives it a TSIG record. */
int tsig_sign(const struct tsig_key *key, ldns_pkt *message, struct problem *problem);

/* Verifies the answer to a request that had this TSIG record: key, algorithm, MAC, time. `answer`
 * is what libldns has read from `octets`, which get the original ID. Returns 0, or STATUS_FINDING
 * with a problem that begins with the server's name. */
int tsig_verify(const struct tsig_key *key, const char *server, ldns_pkt *answer, uint8_t *octets,
                size_t length, const ldns_rr *request, struct problem *problem);

#endif
