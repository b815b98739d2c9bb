/* SPDX-License-Identifier: MPL-2.0 */
/* What a Lync Phone Edition phone makes of a server's certificate.
 *
 * The update service is asked for by its short name, "ucupdates-r2", and the phone takes no
 * wildcard; so a certificate that browsers like may be useless to phones. Each finding has the
 * status that the phone would show, and says what to do.
 */
#ifndef UCPROV_PHONE_CERTIFICATE_H
#define UCPROV_PHONE_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "certificate/chain.h"
#include "certificate/phone_finding.h"

/* A certificate as a server presents it. */
struct ucprov_peer_certificate {
    X509 *certificate;
    STACK_OF(X509) * others;           /* that came along; may be NULL */
    const struct ucprov_chains *roots; /* what phones are given; NULL: not known, not judged */
    const char *const *names;          /* that it has to be good for, in subjectAltName */
    size_t name_count;
    time_t now;
};

/* Judges: every name as a subjectAltName of its own (the common name alone does not count; [I]
 * says so where that is inferred), no wildcard anywhere, key type and size, signature algorithm of
 * it and of each CA (RSASSA-PSS, ECDSA, SHA-1, SHA-2 since firmware 4.0.7577.4444), dates, key
 * usage and extended key usage, chain complete and rooted. One finding a matter, the fine ones too.
 */
void ucprov_judge_certificate(struct ucprov_findings *findings,
                              const struct ucprov_peer_certificate *presented);

#endif
