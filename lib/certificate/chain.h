/* SPDX-License-Identifier: MPL-2.0 */
/* The chains that phones are given: self-signed roots, and the issuing CAs below each. */
#ifndef UCPROV_CHAIN_H
#define UCPROV_CHAIN_H

#include <stdint.h>
#include <time.h>

#include "certificate/certificate.h"

#define UCPROV_CHAINS_MAX 16

struct ucprov_chain {
    STACK_OF(X509) * certificates; /* issuing CAs, the lowest first; the root last */
};

struct ucprov_chains {
    size_t count;
    struct ucprov_chain items[UCPROV_CHAINS_MAX]; /* in the order their first certificate came in */
    STACK_OF(X509) * all;                         /* of all chains, each once, in the same order */
    time_t expires;                               /* the earliest end of any of them */
};

/* Sorts certificates into chains, one for each self-signed root, and verifies every one of them
 * against its root at `now`. Fails when there is no self-signed root, when one leads to no root
 * of them, is no CA, has a bad signature, has expired or is not valid yet; when a certificate is
 * there twice, the second is ignored. The certificates stay the caller's (a reference is taken).
 * Returns 0, or -1 with a problem that names the certificate. */
int ucprov_chains_build(struct ucprov_chains *chains, STACK_OF(X509) * certificates, time_t now,
                        struct ucprov_problem *problem);
void ucprov_chains_clear(struct ucprov_chains *chains);

/* A chain's root; borrowed. */
X509 *ucprov_chain_root(const struct ucprov_chain *chain);

/* Does a certificate, with the help of others that came along (may be NULL), lead to one of the
 * chains' roots? Dates are looked at as of `now`, purposes are not. Returns X509_V_OK or OpenSSL's
 * X509_V_ERR_... */
int ucprov_chains_verify(const struct ucprov_chains *chains, X509 *certificate,
                         STACK_OF(X509) * others, time_t now);

#endif
