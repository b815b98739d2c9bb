/* What the rules about certificates share: each looks at one matter, and adds a remark. */
#ifndef PHONE_CERTIFICATE_RULES_H
#define PHONE_CERTIFICATE_RULES_H

#include "certificate/phone_certificate.h"

#define CAS_MAX 8 /* above a server's certificate; public PKIs have two or three */

/* A certificate, and the CAs above it as far as they are known: its issuer first. */
struct judged {
    const struct ucprov_presented *presented;
    struct ucprov_remarks *remarks;
    size_t ca_count;
    X509 *cas[CAS_MAX]; /* borrowed */
};

void judge_names(const struct judged *judged);      /* names, wildcards */
void judge_key(const struct judged *judged);        /* its own, and those of the CAs */
void judge_signatures(const struct judged *judged); /* its own, and those of issuing CAs */
void judge_usage(const struct judged *judged);
void judge_dates(const struct judged *judged); /* its own, and those of the CAs */
void judge_chain(const struct judged *judged);

#endif
