/* SPDX-License-Identifier: MPL-2.0 */
/* The samples of certificate_samples.h read, and made into chains. */
#ifndef CHAIN_SAMPLES_H
#define CHAIN_SAMPLES_H

#include <stdlib.h>

#include "certificate/chain.h"

#include "certificate_samples.h"
#include "unit.h"

/* All certificates of `count` PEM texts, in their order; the caller's to free. */
static inline STACK_OF(X509) * certificates_of(int count, ...)
{
    va_list texts;
    STACK_OF(X509) *all = sk_X509_new_null();
    va_start(texts, count);
    for (int i = 0; i < count; i++) {
        const char *text = va_arg(texts, const char *);
        STACK_OF(X509) *parsed = ucprov_certificates_parse((const uint8_t *)text, strlen(text));
        assert_non_null(parsed);
        while (sk_X509_num(parsed) > 0) {
            sk_X509_push(all, sk_X509_shift(parsed));
        }
        ucprov_certificates_free(parsed);
    }
    va_end(texts);
    return all;
}

/* ucprov_chains_build() from certificates that it frees: chains have references of their own. */
static inline int
chains_build(struct ucprov_chains *chains, STACK_OF(X509) * certificates, time_t now,
             struct ucprov_problem *problem)
{
    int status = ucprov_chains_build(chains, certificates, now, problem);
    ucprov_certificates_free(certificates);
    return status;
}

/* The certificates have these common names, or organizations where they have none. */
static inline void
assert_names(const STACK_OF(X509) * certificates, int count, ...)
{
    va_list names;
    assert_non_null(certificates);
    assert_int_equal(sk_X509_num(certificates), count);
    va_start(names, count);
    for (int i = 0; i < count; i++) {
        char *name = ucprov_certificate_name(sk_X509_value(certificates, i));
        assert_string_equal(name, va_arg(names, const char *));
        free(name);
    }
    va_end(names);
}

#endif
