/* SPDX-License-Identifier: MPL-2.0 */
/* Chains in order, and each way in which certificates make no chain. */
#include "unit.h"

#include <openssl/x509_vfy.h>

#include "samples/chain_samples.h"

/* Moments, as date -ud ... +%s says them. */
#define ISSUING_BEGINS  1609459200 /* 2021-01-01 00:00:00 */
#define ISSUING_ENDS    3786912000 /* 2090-01-01 00:00:00 */
#define OLD_ENDS        2208988800 /* 2040-01-01 00:00:00 */
#define OLD_ISSUER_ENDS 1893456000 /* 2030-01-01 00:00:00 */

#define OLD_NAME "Alte Wurzel GmbH M\xc3\xbcnchen"

static void
sorts_into_chains(void **state)
{
    (void)state;
    struct ucprov_chains chains;
    struct ucprov_problem problem;
    STACK_OF(X509) *mixed =
        certificates_of(6, root_pem, old_issuing_pem, issuing_pem, deep_pem, old_pem, twin_pem);
    assert_int_equal(chains_build(&chains, mixed, IN_2026, &problem), 0);
    assert_int_equal(chains.count, 3);
    assert_names(chains.items[0].certificates, 2, "Sample issuing CA", "Sample root");
    assert_names(chains.items[1].certificates, 3, "Deep CA", "Old issuing CA", OLD_NAME);
    assert_names(chains.items[2].certificates, 1, "Sample root");
    assert_names(chains.all, 6, "Sample issuing CA", "Sample root", "Deep CA", "Old issuing CA",
                 OLD_NAME, "Sample root");
    assert_ptr_equal(ucprov_chain_root(&chains.items[1]),
                     sk_X509_value(chains.items[1].certificates, 2));
    assert_int_equal(chains.expires, OLD_ISSUER_ENDS);
    ucprov_chains_clear(&chains);
    assert_int_equal(chains.count, 0);
}

static void
ignores_what_is_there_twice(void **state)
{
    (void)state;
    struct ucprov_chains chains;
    struct ucprov_problem problem;
    STACK_OF(X509) *twice = certificates_of(4, root_pem, issuing_pem, root_pem, issuing_pem);
    assert_int_equal(chains_build(&chains, twice, IN_2026, &problem), 0);
    assert_int_equal(chains.count, 1);
    assert_names(chains.all, 2, "Sample issuing CA", "Sample root");
    assert_int_equal(chains.expires, ISSUING_ENDS);
    ucprov_chains_clear(&chains);
}

/* Fails with a problem that has these words in it. */
static void
assert_refused(STACK_OF(X509) * certificates, time_t now, const char *name, const char *reason)
{
    struct ucprov_chains chains;
    struct ucprov_problem problem = {""};
    assert_int_equal(chains_build(&chains, certificates, now, &problem), -1);
    print_message("    %s\n", problem.text);
    assert_non_null(strstr(problem.text, name));
    assert_non_null(strstr(problem.text, reason));
    assert_int_equal(chains.count, 0);
    assert_null(chains.all);
    ucprov_chains_clear(&chains); /* does no harm */
}

static void
refuses_what_is_no_chain(void **state)
{
    (void)state;
    assert_refused(sk_X509_new_null(), IN_2026, "no root", "");
    assert_refused(certificates_of(1, issuing_pem), IN_2026, "no root", "");
    assert_refused(certificates_of(2, root_pem, server_pem), IN_2026, "pool01.contoso.com",
                   "is no CA");
    assert_refused(certificates_of(1, self_signed_pem), IN_2026, "pool01.contoso.com", "is no CA");
    assert_refused(certificates_of(2, root_pem, old_issuing_pem), IN_2026, "\"Old issuing CA\"",
                   "issuer, O=Alte Wurzel GmbH M\xc3\xbcnchen");
    assert_refused(certificates_of(2, old_pem, deep_pem), IN_2026, "\"Deep CA\"",
                   "CN=Old issuing CA");
    assert_refused(certificates_of(2, twin_pem, issuing_pem), IN_2026, "\"Sample issuing CA\"",
                   "leads to no root");
}

static void
looks_at_dates(void **state)
{
    (void)state;
    struct ucprov_chains chains;
    struct ucprov_problem problem;
    assert_refused(certificates_of(2, root_pem, issuing_pem), ISSUING_BEGINS - 1,
                   "\"Sample issuing CA\"", "not valid before 2021-01-01");
    assert_int_equal(
        chains_build(&chains, certificates_of(2, root_pem, issuing_pem), ISSUING_BEGINS, &problem),
        0);
    ucprov_chains_clear(&chains);
    /* OpenSSL lets the last second pass for expired; RFC 5280 4.1.2.5 has it within. */
    assert_int_equal(chains_build(&chains, certificates_of(2, root_pem, issuing_pem),
                                  ISSUING_ENDS - 1, &problem),
                     0);
    ucprov_chains_clear(&chains);
    assert_refused(certificates_of(2, root_pem, issuing_pem), ISSUING_ENDS + 1,
                   "\"Sample issuing CA\"", "expired on 2090-01-01");
    assert_refused(certificates_of(2, root_pem, old_pem), OLD_ENDS + 1, OLD_NAME,
                   "expired on 2040-01-01");
}

/* Damages the signature, which is at the end. */
static STACK_OF(X509) * damaged(const char *pem)
{
    STACK_OF(X509) *stack = certificates_of(1, pem);
    X509 *certificate = sk_X509_shift(stack);
    uint8_t *der = NULL;
    int length = i2d_X509(certificate, &der);
    assert_true(length > 0);
    der[length - 1] ^= 1;
    const uint8_t *start = der;
    sk_X509_push(stack, d2i_X509(NULL, &start, length));
    X509_free(certificate);
    OPENSSL_free(der);
    return stack;
}

static void
verifies_signatures(void **state)
{
    (void)state;
    STACK_OF(X509) *stack = damaged(issuing_pem);
    STACK_OF(X509) *root = certificates_of(1, root_pem);
    sk_X509_push(stack, sk_X509_shift(root));
    ucprov_certificates_free(root);
    assert_refused(stack, IN_2026, "\"Sample issuing CA\"", "bad signature");
    assert_refused(damaged(root_pem), IN_2026, "\"Sample root\"", "bad signature");
    assert_refused(damaged(old_pem), IN_2026, OLD_NAME, "bad signature");
}

static void
leads_to_a_root_or_not(void **state)
{
    (void)state;
    struct ucprov_chains chains;
    struct ucprov_problem problem;
    STACK_OF(X509) *server = certificates_of(1, server_pem);
    STACK_OF(X509) *others = certificates_of(2, server_pem, issuing_pem);
    X509 *certificate = sk_X509_value(server, 0);
    assert_int_equal(
        chains_build(&chains, certificates_of(2, root_pem, issuing_pem), IN_2026, &problem), 0);
    assert_int_equal(ucprov_chains_verify(&chains, certificate, others, IN_2026), X509_V_OK);
    /* What phones are given does not make up for what a server does not send. */
    assert_int_equal(ucprov_chains_verify(&chains, certificate, NULL, IN_2026),
                     X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
    assert_int_equal(ucprov_chains_verify(&chains, certificate, others, ISSUING_ENDS),
                     X509_V_ERR_CERT_HAS_EXPIRED);
    ucprov_chains_clear(&chains);
    assert_int_equal(
        chains_build(&chains, certificates_of(2, twin_pem, old_pem), IN_2026, &problem), 0);
    assert_int_not_equal(ucprov_chains_verify(&chains, certificate, others, IN_2026), X509_V_OK);
    ucprov_chains_clear(&chains);
    ucprov_certificates_free(others);
    ucprov_certificates_free(server);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_into_chains),        cmocka_unit_test(ignores_what_is_there_twice),
        cmocka_unit_test(refuses_what_is_no_chain), cmocka_unit_test(looks_at_dates),
        cmocka_unit_test(verifies_signatures),      cmocka_unit_test(leads_to_a_root_or_not),
    };
    return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}
