/* SPDX-License-Identifier: MPL-2.0 */
/* One good certificate, and one for each reason why a phone would refuse it. */
#include "unit.h"

#include <stdlib.h>

#include "certificate/phone_certificate.h"
#include "certificate/phone_status.h"

#include "samples/chain_samples.h"

/* Moments, as date -ud ... +%s says them. */
#define DAY           86400
#define SERVER_BEGINS 1735689600 /* 2025-01-01 00:00:00 */
#define SERVER_ENDS   2064312000 /* 2035-06-01 12:00:00 */
#define ISSUING_ENDS  3786912000 /* 2090-01-01 00:00:00 */

static const char *const wanted[] = {"ucupdates-r2", "ucupdates-r2.contoso.com",
                                     "pool01.contoso.com"};

static struct ucprov_findings findings;

/* `second` may be NULL. */
static STACK_OF(X509) * certificates_with(const char *first, const char *second)
{
    return certificates_of(second == NULL ? 1 : 2, first, second);
}

/* How a certificate is judged: PEM texts; NULL: none. */
struct scene {
    const char *certificate;
    const char *issuing; /* that came along */
    const char *root;    /* that phones are given */
    const char *published;
    time_t now;
};

static void
judge_scene(const struct scene *scene)
{
    struct ucprov_problem problem;
    struct ucprov_chains chains = {0};
    STACK_OF(X509) *sent = certificates_with(scene->certificate, scene->issuing);
    if (scene->root != NULL) {
        STACK_OF(X509) *given = certificates_with(scene->root, scene->published);
        assert_int_equal(ucprov_chains_build(&chains, given, IN_2026, &problem), 0);
        ucprov_certificates_free(given);
    }
    const struct ucprov_peer_certificate presented = {
        .certificate = sk_X509_value(sent, 0),
        .others = scene->issuing == NULL ? NULL : sent,
        .roots = scene->root == NULL ? NULL : &chains,
        .names = wanted,
        .name_count = sizeof(wanted) / sizeof(wanted[0]),
        .now = scene->now == 0 ? IN_2026 : scene->now,
    };
    ucprov_findings_clear(&findings);
    ucprov_judge_certificate(&findings, &presented);
    ucprov_chains_clear(&chains);
    ucprov_certificates_free(sent);
    assert_int_equal(findings.lost, 0);
}

/* As a server of the issuing CA presents it. */
static void
judge(const char *certificate)
{
    const struct scene scene = {certificate, issuing_pem, root_pem, issuing_pem, 0};
    judge_scene(&scene);
}

static const struct ucprov_finding *
find_finding(const char *id)
{
    for (size_t i = 0; i < findings.count; i++) {
        if (strcmp(findings.items[i].id, id) == 0) {
            return &findings.items[i];
        }
    }
    return NULL;
}

/* The first finding of that name. `words` may be NULL. */
static void
assert_finding(const char *id, enum ucprov_severity severity, unsigned phone_error,
               const char *words)
{
    const struct ucprov_finding *found = find_finding(id);
    assert_non_null(found);
    print_message("    %s: %s\n", id, found->text);
    assert_int_equal(found->severity, severity);
    assert_int_equal(found->code, phone_error);
    assert_true(words == NULL || strstr(found->text, words) != NULL);
    assert_true((found->remedy == NULL) == (severity == UCPROV_PASS));
}

static const enum ucprov_severity fine = UCPROV_PASS;
static const enum ucprov_severity note = UCPROV_NOTE;
static const enum ucprov_severity warn = UCPROV_WARN;
static const enum ucprov_severity fail = UCPROV_FAIL;

static void
finds_nothing_wrong_with_a_good_one(void **state)
{
    (void)state;
    judge(server_pem);
    static const char *const ids[] = {"name.short", "name.full",      "wildcard", "date",
                                      "ca.date",    "key.type",       "key.size", "ca.key",
                                      "usage",      "usage.extended", "chain"};
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        assert_finding(ids[i], fine, 0, NULL);
    }
    assert_finding("chain", fine, 0, "Sample root");
    assert_finding("signature", note, 0, "4.0.7577.4444");
    assert_finding("ca.signature", note, 0, "Sample issuing CA");
    assert_int_equal(ucprov_findings_worst(&findings), note);
}

static void
wants_every_name_of_its_own(void **state)
{
    (void)state;
    judge(named_only_pem);
    assert_finding("name.short", fail, UCPROV_PHONE_CERTIFICATE_NAME,
                   "ucupdates-r2 (only as the common name, which does not count: inferred)");
    assert_finding("name.full", fail, UCPROV_PHONE_CERTIFICATE_NAME,
                   "ucupdates-r2.contoso.com, pool01.contoso.com");
    judge(cased_pem);
    assert_finding("name.short", fine, 0, "good for ucupdates-r2");
    assert_finding(
        "name.full", fail, UCPROV_PHONE_CERTIFICATE_NAME,
        "not good for ucupdates-r2.contoso.com, pool01.contoso.com; its subjectAltNames: "
        "UCUPDATES-R2, ucupdates-r2.contoso.com.evil.example");
    judge(malformed_pem);
    assert_finding("name.malformed", fail, UCPROV_PHONE_CERTIFICATE_NAME, NULL);
    assert_finding("extensions", warn, 0, "not judged");
    assert_null(find_finding("usage"));
    assert_null(find_finding("chain"));
}

static void
wants_no_wildcard_anywhere(void **state)
{
    (void)state;
    static const char *const texts[] = {wildcard_pem, wildcard_subject_pem};
    for (size_t i = 0; i < 2; i++) {
        judge(texts[i]);
        assert_finding("wildcard", fail, 0, "*.contoso.com");
        assert_finding("name.short", fine, 0, NULL); /* the exact name is there, too */
    }
}

static void
wants_keys_that_phones_know(void **state)
{
    (void)state;
    judge(curve_pem);
    assert_finding("key.type", fail, UCPROV_PHONE_SECURE_CHANNEL, "inferred");
    assert_null(find_finding("key.size"));
    judge(large_pem);
    assert_finding("key.type", fine, 0, NULL);
    assert_finding("key.size", warn, 0, "4096 bits: risky; 2048 bits are safe (both inferred)");
    judge(small_pem);
    assert_finding("key.size", fail, 0, "1023 bits");
    judge(wildcard_pem);
    assert_finding("key.size", warn, 0, "1024 bits");
    const struct scene scene = {by_curve_pem, NULL, curve_root_pem, NULL, 0};
    judge_scene(&scene);
    assert_finding("ca.key", fail, 0, "Curve root");
    assert_finding("chain", fine, 0, "Curve root");
}

static void
wants_signatures_that_phones_know(void **state)
{
    (void)state;
    judge(small_pem);
    assert_finding("signature", note, 0, "sha1WithRSAEncryption");
    judge(large_pem);
    assert_finding("signature", warn, 0, "not known");
    judge(pss_pem);
    assert_finding("signature", fail, 0, "RSASSA-PSS (inferred)");
    const struct scene scene = {by_curve_pem, NULL, curve_root_pem, NULL, 0};
    judge_scene(&scene);
    assert_finding("signature", fail, 0, "ECDSA (inferred)");
    assert_null(find_finding("ca.signature")); /* of the root, nobody asks */
}

static void
wants_usage_for_tls(void **state)
{
    (void)state;
    judge(client_pem);
    assert_finding("usage", warn, 0, "keyEncipherment");
    assert_finding("usage.extended", fail, 0, "inferred");
    judge(no_tls_pem);
    assert_finding("usage", fail, 0, "neither");
    assert_finding("usage.extended", fine, 0, NULL);
    judge(small_pem); /* says nothing about it */
    assert_finding("usage", fine, 0, NULL);
    assert_finding("usage.extended", fine, 0, NULL);
}

static void
looks_at_dates(void **state)
{
    (void)state;
    const struct {
        time_t now;
        enum ucprov_severity severity;
        unsigned phone_error;
        const char *words;
    } cases[] = {
        {SERVER_BEGINS - 1, fail, UCPROV_PHONE_CERTIFICATE_DATE, "not valid before 2025-01-01"},
        {SERVER_BEGINS, fine, 0, "valid until 2035-06-01"},
        {SERVER_ENDS - 30 * DAY - 1, fine, 0, "valid until 2035-06-01"},
        {SERVER_ENDS - 30 * DAY, warn, 0, "ends on 2035-06-01, 30 days from now"},
        {SERVER_ENDS, warn, 0, "ends on 2035-06-01, 0 days from now"},
        {SERVER_ENDS + 1, fail, UCPROV_PHONE_CERTIFICATE_DATE, "expired on 2035-06-01"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct scene scene = {server_pem, issuing_pem, root_pem, NULL, cases[i].now};
        judge_scene(&scene);
        assert_finding("date", cases[i].severity, cases[i].phone_error, cases[i].words);
        assert_finding("chain", fine, 0, NULL); /* dates are a matter of their own */
    }
}

static void
looks_at_the_cas_dates(void **state)
{
    (void)state;
    const struct scene scene = {server_pem, issuing_pem, root_pem, NULL, ISSUING_ENDS + 1};
    judge_scene(&scene);
    assert_finding("ca.date", fail, UCPROV_PHONE_CERTIFICATE_DATE,
                   "CA \"Sample issuing CA\": expired on 2090-01-01");
    assert_finding("chain", fine, 0, NULL);
}

static void
wants_the_chain_that_phones_are_given(void **state)
{
    (void)state;
    const struct {
        struct scene scene;
        enum ucprov_severity severity;
        unsigned phone_error;
        const char *words;
    } cases[] = {
        {{server_pem, issuing_pem, root_pem, NULL, 0}, fine, 0, "Sample root"},
        {{server_pem, NULL, root_pem, issuing_pem, 0},
         warn,
         UCPROV_PHONE_UNTRUSTED_CA,
         "incomplete"},
        {{server_pem, NULL, root_pem, NULL, 0},
         fail,
         UCPROV_PHONE_UNTRUSTED_CA,
         "issued by \"O=Contoso,CN=Sample issuing CA\", whose certificate is neither among"},
        {{server_pem, issuing_pem, old_pem, NULL, 0},
         fail,
         UCPROV_PHONE_UNTRUSTED_CA,
         "O=Contoso,CN=Sample root"},
        {{server_pem, issuing_pem, twin_pem, NULL, 0},
         fail,
         UCPROV_PHONE_UNTRUSTED_CA,
         "is published, with another key"},
        {{self_signed_pem, NULL, root_pem, NULL, 0},
         fail,
         UCPROV_PHONE_UNTRUSTED_CA,
         "self-signed"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        judge_scene(&cases[i].scene);
        assert_finding("chain", cases[i].severity, cases[i].phone_error, cases[i].words);
    }
    const struct scene unknown = {server_pem, issuing_pem, NULL, NULL, 0};
    judge_scene(&unknown);
    assert_null(find_finding("chain"));
}

/* A certificate that says it is another's, as of an attacker, or of damage. */
static void
does_not_trust_a_mere_name(void **state)
{
    (void)state;
    struct ucprov_problem problem;
    struct ucprov_chains chains;
    STACK_OF(X509) *sent = certificates_of(2, server_pem, issuing_pem);
    STACK_OF(X509) *given = certificates_of(1, root_pem);
    uint8_t *der = NULL;
    int length = i2d_X509(sk_X509_value(sent, 0), &der);
    der[length - 1] ^= 1;
    const uint8_t *start = der;
    X509 *forged = d2i_X509(NULL, &start, length);
    assert_int_equal(ucprov_chains_build(&chains, given, IN_2026, &problem), 0);
    /* Nor when something else is wrong with it, or with a CA: both are out of date. */
    const time_t moments[] = {IN_2026, SERVER_ENDS + 1, ISSUING_ENDS + 1};
    for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
        const struct ucprov_peer_certificate presented = {forged, sent, &chains,
                                                          wanted, 3,    moments[i]};
        ucprov_findings_clear(&findings);
        ucprov_judge_certificate(&findings, &presented);
        assert_finding("chain", fail, UCPROV_PHONE_UNTRUSTED_CA, "signature");
    }
    X509_free(forged);
    OPENSSL_free(der);
    ucprov_chains_clear(&chains);
    ucprov_certificates_free(given);
    ucprov_certificates_free(sent);
}

static void
shows_only_what_is_printable(void **state)
{
    (void)state;
    const struct scene scene = {hostile_pem, NULL, root_pem, NULL, 0};
    judge_scene(&scene);
    for (size_t i = 0; i < findings.count; i++) {
        for (const char *c = findings.items[i].text; *c != '\0'; c++) {
            assert_true((unsigned char)*c >= ' ');
        }
        assert_null(strstr(findings.items[i].text, "\xe2\x80\xae"));
    }
}

static void
keeps_as_many_findings_as_fit(void **state)
{
    (void)state;
    static struct ucprov_findings list;
    for (size_t i = 0; i < UCPROV_FINDINGS_MAX; i++) {
        ucprov_phone_findings_add(&list, "x", UCPROV_NOTE, 0, strdup("text"), NULL);
    }
    assert_int_equal(list.count, UCPROV_FINDINGS_MAX);
    assert_int_equal(list.lost, 0);
    ucprov_phone_findings_add(&list, "x", UCPROV_FAIL, 0, strdup("text"), strdup("remedy"));
    ucprov_phone_findings_add(&list, "x", UCPROV_FAIL, 0, NULL, strdup("remedy"));
    assert_int_equal(list.count, UCPROV_FINDINGS_MAX);
    assert_int_equal(list.lost, 2);
    ucprov_findings_clear(&list);
    assert_int_equal(list.count + list.lost, 0);
    assert_int_equal(ucprov_findings_worst(&list), UCPROV_SKIP);
}

static void
writes_json(void **state)
{
    (void)state;
    static struct ucprov_findings list;
    ucprov_phone_findings_add(&list, "date", UCPROV_FAIL, 0x2f05, strdup("expired \xc3\xbc"),
                              strdup("Renew it."));
    ucprov_phone_findings_add(&list, "wildcard", UCPROV_PASS, 0, strdup("no wildcard"), NULL);
    json_t *json = ucprov_phone_findings_json(&list);
    char *text = json_dumps(json, JSON_COMPACT);
    assert_string_equal(text,
                        "[{\"id\":\"date\",\"severity\":\"fail\",\"text\":\"expired \xc3\xbc\","
                        "\"remedy\":\"Renew it.\",\"phone_status\":\"0x2F05/0\"},"
                        "{\"id\":\"wildcard\",\"severity\":\"pass\",\"text\":\"no wildcard\","
                        "\"remedy\":null,\"phone_status\":null}]");
    free(text);
    json_decref(json);
    ucprov_findings_clear(&list);
}

static int
clear(void **state)
{
    (void)state;
    ucprov_findings_clear(&findings);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_nothing_wrong_with_a_good_one),
        cmocka_unit_test(wants_every_name_of_its_own),
        cmocka_unit_test(wants_no_wildcard_anywhere),
        cmocka_unit_test(wants_keys_that_phones_know),
        cmocka_unit_test(wants_signatures_that_phones_know),
        cmocka_unit_test(wants_usage_for_tls),
        cmocka_unit_test(looks_at_dates),
        cmocka_unit_test(looks_at_the_cas_dates),
        cmocka_unit_test(wants_the_chain_that_phones_are_given),
        cmocka_unit_test(does_not_trust_a_mere_name),
        cmocka_unit_test(shows_only_what_is_printable),
        cmocka_unit_test(keeps_as_many_findings_as_fit),
        cmocka_unit_test(writes_json),
    };
    return cmocka_run_group_tests_name("phone_certificate", tests, NULL, clear);
}
