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
#include <stdbool.h>

#include "base/problem.h"

#include "client/tsig_key.h"

/* The longest message to sign or verify. libldns asserts that the message, what it adds to it for
 * the MAC, and the request's MAC have 65535 octets together. */
#define TSIG_MESSAGE_MAX (LDNS_MAX_PACKETLEN - 1024)

/* What an answer's signature is worth. */
enum tsig_verdict {
    TSIG_MISSING, /* there is none; `number`: the response code */
    TSIG_AUTHENTIC,
    TSIG_REPORTED,   /* the server could not verify ours; `number`: error of RFC 8945 section 3 */
    TSIG_TOO_LONG,   /* to be verified; `number`: octets */
    TSIG_WRONG,      /* key, algorithm or MAC */
    TSIG_OTHER_TIME, /* it is right, and of another time than ours */
};

struct tsig_finding {
    enum tsig_verdict verdict;
    unsigned number;
};

/* Signs a message of TSIG_MESSAGE_MAX octets at most: gives it a TSIG record, in place of the one
 * that it has. False: out of memory. */
bool tsig_sign(const struct tsig_key *key, ldns_pkt *message);

/* Verifies the answer to a request that had this TSIG record: key, algorithm, MAC, time. `answer`
 * is what libldns has read from `octets`, which get the original ID. */
struct tsig_finding tsig_verify(const struct tsig_key *key, ldns_pkt *answer, uint8_t *octets,
                                size_t length, const ldns_rr *request);

/* The sentence about an answer of `server` that is not authentic. */
void tsig_explain(const struct tsig_key *key, const char *server, struct tsig_finding finding,
                  struct ucprov_problem *problem);

#endif
