/* SPDX-License-Identifier: MPL-2.0 */
/* Lines the judges up: gathers the CAs above a certificate, and has names, dates, key, signatures,
 * usage and chain looked at in turn. The rules are in phone_certificate_*.c. */
#include "certificate/phone_certificate.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "certificate/phone_certificate_rules.h"

static X509 *
find_issuer(STACK_OF(X509) * candidates, X509 *certificate)
{
    for (int i = 0; i < sk_X509_num(candidates); i++) {
        X509 *candidate = sk_X509_value(candidates, i);
        if (X509_check_issued(candidate, certificate) == X509_V_OK) {
            return candidate;
        }
    }
    return NULL;
}

/* The CAs above the certificate, by what came along and by what phones are given. Signatures are
 * judge_chain()'s. */
static void
find_cas(struct judgment *judged)
{
    const struct ucprov_peer_certificate *presented = judged->presented;
    X509 *below = presented->certificate;
    while (judged->ca_count < CAS_MAX && X509_self_signed(below, 0) != 1) {
        X509 *issuer = find_issuer(presented->others, below);
        if (issuer == NULL && presented->roots != NULL) {
            issuer = find_issuer(presented->roots->all, below);
        }
        if (issuer == NULL) {
            break;
        }
        judged->cas[judged->ca_count++] = issuer;
        below = issuer;
    }
}

void
ucprov_judge_certificate(struct ucprov_findings *findings,
                         const struct ucprov_peer_certificate *presented)
{
    struct judgment judged = {.presented = presented, .findings = findings};
    find_cas(&judged);
    judge_names(&judged);
    judge_dates(&judged);
    judge_key(&judged);
    judge_signatures(&judged);
    /* OpenSSL reads neither out of a certificate that has a malformed extension. */
    if ((X509_get_extension_flags(presented->certificate) & EXFLAG_INVALID) != 0) {
        ucprov_phone_finding(
            findings, "extensions", UCPROV_WARN, 0, "Issue another certificate.",
            "an extension is malformed, so that usage and chain were not judged; what phones make "
            "of it is not known");
    } else {
        judge_usage(&judged);
        judge_chain(&judged);
    }
    ERR_clear_error();
}
