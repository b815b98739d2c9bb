/* SPDX-License-Identifier: MPL-2.0 */
/* Certificates in every wrapping people have, read and shown; known answers are openssl's. */
#include "unit.h"

#include <openssl/pem.h>

#include "samples/chain_samples.h"
#include "temporary.h"

static STACK_OF(X509) * parse(const char *text)
{
    return ucprov_certificates_parse((const uint8_t *)text, strlen(text));
}

/* The octets of a PEM block; the caller's. */
static uint8_t *
der_of(const char *pem, size_t *length)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    char *label;
    char *header;
    unsigned char *octets;
    long count;
    assert_true(PEM_read_bio(bio, &label, &header, &octets, &count));
    uint8_t *copy = malloc((size_t)count + 1);
    assert_non_null(copy);
    memcpy(copy, octets, (size_t)count);
    *length = (size_t)count;
    OPENSSL_free(label);
    OPENSSL_free(header);
    OPENSSL_free(octets);
    BIO_free(bio);
    return copy;
}

/* The names of certificates, which are freed then. */
#define assert_parsed(certificates, ...)                                                           \
    do {                                                                                           \
        STACK_OF(X509) *parsed = (certificates);                                                   \
        assert_names(parsed, __VA_ARGS__);                                                         \
        ucprov_certificates_free(parsed);                                                          \
    } while (0)

static void
reads_pem_in_its_order(void **state)
{
    (void)state;
    char text[8192];
    assert_parsed(parse(root_pem), 1, "Sample root");
    print_to(text, sizeof(text), "some text\n%s 1 s:CN = x\r\n%s\n\n", server_pem, issuing_pem);
    assert_parsed(parse(text), 2, "pool01.contoso.com", "Sample issuing CA");
    print_to(text, sizeof(text), "\xef\xbb\xbf%s", root_pem); /* as Windows' editors begin files */
    assert_parsed(parse(text), 1, "Sample root");
    print_to(text, sizeof(text), "0 s:CN = x\n%s", root_pem); /* begins as DER does */
    assert_parsed(parse(text), 1, "Sample root");
}

static void
passes_over_what_is_no_certificate(void **state)
{
    (void)state;
    char text[8192];
    static const char key[] = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n";
    print_to(text, sizeof(text), "%s%s%s", key, root_pem, key);
    assert_parsed(parse(text), 1, "Sample root");
    assert_null(parse(key));
}

static void
reads_pkcs7_in_all_its_forms(void **state)
{
    (void)state;
    size_t length;
    uint8_t *der = der_of(pkcs7_pem, &length);
    assert_parsed(parse(pkcs7_pem), 2, "Sample issuing CA", "Sample root");
    assert_parsed(parse(adcs_pem), 2, "Sample issuing CA", "Sample root");
    assert_parsed(ucprov_certificates_parse(der, length), 2, "Sample issuing CA", "Sample root");
    free(der);
}

static void
reads_der_but_nothing_behind_it(void **state)
{
    (void)state;
    size_t length;
    uint8_t *der = der_of(root_pem, &length);
    assert_parsed(ucprov_certificates_parse(der, length), 1, "Sample root");
    der[length] = 0;
    assert_null(ucprov_certificates_parse(der, length + 1));
    for (size_t cut = 0; cut < length; cut++) {
        assert_null(ucprov_certificates_parse(der, cut));
    }
    free(der);
}

static void
refuses_what_is_damaged(void **state)
{
    (void)state;
    char text[8192];
    assert_null(parse(""));
    assert_null(parse("no certificate"));
    assert_null(parse("-----BEGIN CERTIFICATE-----\n"));
    assert_null(parse("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"));
    print_to(text, sizeof(text), "%s-----BEGIN CERTIFICATE-----\nMII", root_pem);
    assert_null(parse(text));
    print_to(text, sizeof(text), "%s", root_pem);
    text[100] = '!';
    assert_null(parse(text));
    /* PKCS#7 without certificates, and SignedData that lacks its content */
    assert_null(
        ucprov_certificates_parse(OCTETS("\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")));
    assert_null(
        ucprov_certificates_parse(OCTETS("\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01")));
}

static void
counts_certificates(void **state)
{
    (void)state;
    size_t size = (UCPROV_CERTIFICATES_MAX + 1) * sizeof(twin_pem);
    char *text = malloc(size + 1);
    assert_non_null(text);
    text[0] = '\0';
    for (int i = 0; i < UCPROV_CERTIFICATES_MAX; i++) {
        strcat(text, twin_pem);
    }
    STACK_OF(X509) *certificates = parse(text);
    assert_int_equal(sk_X509_num(certificates), UCPROV_CERTIFICATES_MAX);
    ucprov_certificates_free(certificates);
    strcat(text, twin_pem);
    assert_null(parse(text));
    free(text);
}

static void
limits_the_size(void **state)
{
    (void)state;
    char *text = malloc(UCPROV_CERTIFICATE_FILE_MAX + 2);
    assert_non_null(text);
    memset(text, '\n', UCPROV_CERTIFICATE_FILE_MAX + 1);
    memcpy(text, root_pem, strlen(root_pem));
    assert_parsed(ucprov_certificates_parse((uint8_t *)text, UCPROV_CERTIFICATE_FILE_MAX), 1,
                  "Sample root");
    assert_null(ucprov_certificates_parse((uint8_t *)text, UCPROV_CERTIFICATE_FILE_MAX + 1));
    free(text);
}

static void
reads_files_and_says_which_is_wrong(void **state)
{
    (void)state;
    struct ucprov_problem problem;
    char file[TEMPORARY_PATH_SIZE];
    write_file(temporary_path(file, "root.pem"), "", 0600);
    assert_null(ucprov_certificates_read(file, UCPROV_FILE_OR_PIPE, &problem));
    assert_has(problem.text, file);
    assert_has(problem.text, "no certificate");
    write_file(file, root_pem, 0600);
    assert_parsed(ucprov_certificates_read(file, UCPROV_FILE_OR_PIPE, &problem), 1, "Sample root");
    unlink(file);
    assert_null(ucprov_certificates_read(file, UCPROV_FILE_OR_PIPE, &problem));
    assert_has(problem.text, "No such file");
    assert_null(ucprov_certificates_read("/", UCPROV_FILE_OR_PIPE, &problem));
    assert_has(problem.text, "Is a directory");
}

/* `openssl crl2pkcs7` made the sample; only the set of digests and signers is empty in both. */
static void
writes_the_pkcs7_that_openssl_writes(void **state)
{
    (void)state;
    size_t length;
    size_t expected_length;
    STACK_OF(X509) *certificates = parse(pkcs7_pem);
    uint8_t *expected = der_of(pkcs7_pem, &expected_length);
    uint8_t *octets = ucprov_certificates_pkcs7(certificates, &length);
    assert_non_null(octets);
    assert_int_equal(octets[0], 0x30);
    assert_parsed(ucprov_certificates_parse(octets, length), 2, "Sample issuing CA", "Sample root");
    /* crl2pkcs7 -nocrl leaves out the (optional) CRLs as we do. */
    assert_int_equal(length, expected_length);
    assert_memory_equal(octets, expected, length);
    free(octets);
    free(expected);
    ucprov_certificates_free(certificates);
}

static X509 *
one(const char *pem)
{
    STACK_OF(X509) *certificates = parse(pem);
    X509 *first = sk_X509_shift(certificates);
    ucprov_certificates_free(certificates);
    assert_non_null(first);
    return first;
}

static void
names_people_can_read(void **state)
{
    (void)state;
    static const struct {
        const char *pem, *name, *subject, *issuer;
    } cases[] = {
        {server_pem, "pool01.contoso.com", "CN=pool01.contoso.com",
         "O=Contoso,CN=Sample issuing CA"},
        {old_pem, "Alte Wurzel GmbH M\xc3\xbcnchen", "O=Alte Wurzel GmbH M\xc3\xbcnchen",
         "O=Alte Wurzel GmbH M\xc3\xbcnchen"},
        {hostile_pem,
         "a\\x1b[31m\\xe2\\x80\\xae"
         "b\\x07"
         "c,d\xc3\xa9",
         "CN=a\\1B[31m\\xe2\\x80\\xae"
         "b\\07c\\,d\xc3\xa9,O=Contoso",
         "CN=a\\1B[31m\\xe2\\x80\\xae"
         "b\\07c\\,d\xc3\xa9,O=Contoso"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        X509 *certificate = one(cases[i].pem);
        char *name = ucprov_certificate_name(certificate);
        char *subject = ucprov_certificate_subject(certificate);
        char *issuer = ucprov_certificate_issuer(certificate);
        assert_string_equal(name, cases[i].name);
        assert_string_equal(subject, cases[i].subject);
        assert_string_equal(issuer, cases[i].issuer);
        free(name);
        free(subject);
        free(issuer);
        X509_free(certificate);
    }
}

static void
names_what_has_no_common_name(void **state)
{
    (void)state;
    X509 *certificate = X509_new();
    char *name = ucprov_certificate_name(certificate);
    assert_string_equal(name, "(without a name)");
    free(name);
    X509_NAME *subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "C", MBSTRING_ASC, (const unsigned char *)"DE", -1, -1, 0);
    name = ucprov_certificate_name(certificate);
    assert_string_equal(name, "C=DE");
    free(name);
    X509_free(certificate);
}

/* What `openssl x509 -fingerprint` says. */
static void
takes_fingerprints(void **state)
{
    (void)state;
    X509 *certificate = one(root_pem);
    char *text = ucprov_certificate_fingerprint(certificate, EVP_sha256());
    assert_string_equal(text, "8F:A6:1E:AD:28:B4:83:AE:64:D8:1B:E5:DF:19:3D:72:"
                              "C9:72:3B:20:8F:8D:36:E4:1C:73:DB:FA:48:73:0A:81");
    free(text);
    text = ucprov_certificate_fingerprint(certificate, EVP_sha1());
    assert_string_equal(text, "42:1D:56:EB:AB:F6:C9:7E:EE:FD:8E:15:DF:C9:CA:AB:E4:14:F6:C6");
    free(text);
    X509_free(certificate);
}

static void
tells_times(void **state)
{
    (void)state;
    static const struct {
        const char *text, *date;
        int64_t time;
    } cases[] = {
        {"350601120000Z", "2035-06-01", 2064312000}, /* UTCTime; date -ud 2035-06-01T12:00Z +%s */
        {"491231235959Z", "2049-12-31", 2524607999},
        {"500101000000Z", "1950-01-01", 0}, /* RFC 5280 4.1.2.5.1: 50 and more are 19xx */
        {"20500101000000Z", "2050-01-01", 2524608000},
        {"99991231235959Z", "9999-12-31", 253402300799}, /* no well-known end, 4.1.2.5 */
        {"700101000000Z", "1970-01-01", 0},
    };
    char text[UCPROV_DATE_SIZE];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ASN1_TIME *time = ASN1_TIME_new();
        assert_true(ASN1_TIME_set_string(time, cases[i].text));
        assert_string_equal(ucprov_certificate_date(text, time), cases[i].date);
        assert_true(ucprov_certificate_time(time) == cases[i].time);
        ASN1_TIME_free(time);
    }
    ASN1_TIME *malformed = ASN1_TIME_new();
    ASN1_STRING_set(malformed, "rubbish", -1);
    assert_string_equal(ucprov_certificate_date(text, malformed), "?");
    assert_true(ucprov_certificate_time(malformed) == -1);
    ASN1_TIME_free(malformed);
    assert_true(ucprov_certificate_time(NULL) == -1);
}

static void
compares_sets(void **state)
{
    STACK_OF(X509) *root = ucprov_certificates_parse(OCTETS(root_pem));
    STACK_OF(X509) *twin = ucprov_certificates_parse(OCTETS(twin_pem)); /* of the same name */
    STACK_OF(X509) *both = sk_X509_dup(root);
    (void)state;
    sk_X509_unshift(both, sk_X509_value(twin, 0));
    assert_true(ucprov_certificates_hold(root, sk_X509_value(both, 1)));
    assert_false(ucprov_certificates_hold(root, sk_X509_value(twin, 0)));
    assert_true(ucprov_certificates_hold_all(both, root));
    assert_false(ucprov_certificates_hold_all(root, both));
    assert_true(ucprov_certificates_hold_all(NULL, NULL));
    assert_false(ucprov_certificates_hold_all(NULL, root));
    sk_X509_free(both);
    ucprov_certificates_free(root);
    ucprov_certificates_free(twin);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_pem_in_its_order),
        cmocka_unit_test(passes_over_what_is_no_certificate),
        cmocka_unit_test(reads_pkcs7_in_all_its_forms),
        cmocka_unit_test(reads_der_but_nothing_behind_it),
        cmocka_unit_test(refuses_what_is_damaged),
        cmocka_unit_test(counts_certificates),
        cmocka_unit_test(limits_the_size),
        cmocka_unit_test_setup_teardown(reads_files_and_says_which_is_wrong, make_temporary_folder,
                                        remove_temporary_folder),
        cmocka_unit_test(writes_the_pkcs7_that_openssl_writes),
        cmocka_unit_test(names_people_can_read),
        cmocka_unit_test(names_what_has_no_common_name),
        cmocka_unit_test(takes_fingerprints),
        cmocka_unit_test(tells_times),
        cmocka_unit_test(compares_sets),
    };
    return cmocka_run_group_tests_name("certificate", tests, NULL, NULL);
}
