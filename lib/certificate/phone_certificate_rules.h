/* SPDX-License-Identifier: MPL-2.0 */
/* What the rules about certificates share: each looks at one matter, and adds a finding. */
#ifndef PHONE_CERTIFICATE_RULES_H
#define PHONE_CERTIFICATE_RULES_H

#include "certificate/phone_certificate.h"

#define CAS_MAX 8 /* above a server's certificate; public PKIs have two or three */

/* A certificate, and the CAs above it as far as they are known: its issuer first. */
struct judgment {
    const struct ucprov_peer_certificate *presented;
    struct ucprov_findings *findings;
    size_t ca_count;
    X509 *cas[CAS_MAX]; /* borrowed */
};

void judge_names(const struct judgment *judged);      /* names, wildcards */
void judge_key(const struct judgment *judged);        /* its own, and those of the CAs */
void judge_signatures(const struct judgment *judged); /* its own, and those of issuing CAs */
void judge_usage(const struct judgment *judged);
void judge_dates(const struct judgment *judged); /* its own, and those of the CAs */
void judge_chain(const struct judgment *judged);

#endif
