/* SPDX-License-Identifier: MPL-2.0 */
/* Finds the certificates in whatever people have: PEM with text around it, DER, PKCS#7, a file with
 * its private key. Takes them as they are; chain.c and phone_certificate.c judge. */
#include "certificate/certificate.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/printable.h"

#define NAME_SIZE    257  /* ub-common-name is 64 characters (RFC 5280 appendix A.1) of UTF-8 */
#define SUBJECT_SIZE 1025 /* a whole subject; more is cut */

static const char byte_order_mark[] = "\xef\xbb\xbf"; /* some editors of Windows put it first */

/* Certificates as they are found. */
struct reading {
    STACK_OF(X509) * certificates;
    const char *reason; /* why they are of no use; static */
};

static bool
refuse_certificate(struct reading *reading, const char *reason)
{
    reading->reason = reason;
    return false;
}

/* Takes the certificate, also when it fails. */
static bool
add_certificate(struct reading *reading, X509 *certificate)
{
    if (sk_X509_num(reading->certificates) >= UCPROV_CERTIFICATES_MAX) {
        X509_free(certificate);
        return refuse_certificate(reading, "more than 64 certificates, which is no chain");
    }
    if (sk_X509_push(reading->certificates, certificate) <= 0) {
        X509_free(certificate);
        return refuse_certificate(reading, "out of memory");
    }
    return true;
}

/* The certificates of a SignedData; its content and signatures are not looked at. */
static bool
add_pkcs7(struct reading *reading, const PKCS7 *pkcs7)
{
    if (!PKCS7_type_is_signed(pkcs7) || pkcs7->d.sign == NULL) {
        return refuse_certificate(reading, "PKCS#7, but not SignedData: it holds no certificates");
    }
    const STACK_OF(X509) *certificates = pkcs7->d.sign->cert; /* NULL: none */
    for (int i = 0; i < sk_X509_num(certificates); i++) {
        X509 *certificate = sk_X509_value(certificates, i);
        X509_up_ref(certificate);
        if (!add_certificate(reading, certificate)) {
            return false;
        }
    }
    return true;
}

/* A certificate or a PKCS#7; either must be all there is. */
static bool
add_der(struct reading *reading, const uint8_t *octets, size_t length)
{
    const uint8_t *end = octets;
    X509 *certificate = d2i_X509(NULL, &end, (long)length);
    if (certificate != NULL && end == octets + length) {
        return add_certificate(reading, certificate);
    }
    X509_free(certificate);
    end = octets;
    PKCS7 *pkcs7 = d2i_PKCS7(NULL, &end, (long)length);
    bool fine = pkcs7 != NULL && end == octets + length
                    ? add_pkcs7(reading, pkcs7)
                    : refuse_certificate(reading, "neither a certificate nor PKCS#7, or damaged");
    PKCS7_free(pkcs7);
    return fine;
}

static bool
is_trusted_certificate(const char *label)
{
    return strcmp(label, PEM_STRING_X509_TRUSTED) == 0;
}

/* AD CS calls PKCS#7 "CERTIFICATE", too, so that the label does not tell which it is. */
static bool
holds_certificates(const char *label)
{
    return strcmp(label, PEM_STRING_X509) == 0 || strcmp(label, PEM_STRING_X509_OLD) == 0 ||
           strcmp(label, PEM_STRING_PKCS7) == 0 || strcmp(label, PEM_STRING_PKCS7_SIGNED) == 0 ||
           strcmp(label, PEM_STRING_CMS) == 0;
}

/* A certificate and OpenSSL's remarks on it behind that, which are ignored. */
static bool
add_trusted(struct reading *reading, const uint8_t *octets, size_t length)
{
    const uint8_t *end = octets;
    X509 *certificate = d2i_X509_AUX(NULL, &end, (long)length);
    return certificate == NULL ? refuse_certificate(reading, "a damaged certificate")
                               : add_certificate(reading, certificate);
}

/* One PEM block. Other ones, as a private key beside its certificate, are passed over. */
static bool
add_block(struct reading *reading, const char *label, const char *header, const uint8_t *octets,
          size_t length)
{
    if (!holds_certificates(label) && !is_trusted_certificate(label)) {
        return true;
    }
    if (*header != '\0') {
        return refuse_certificate(reading, "an encrypted certificate");
    }
    return is_trusted_certificate(label) ? add_trusted(reading, octets, length)
                                         : add_der(reading, octets, length);
}

static bool
add_pem(struct reading *reading, const uint8_t *octets, size_t length)
{
    size_t mark = strlen(byte_order_mark);
    if (length >= mark && memcmp(octets, byte_order_mark, mark) == 0) {
        octets += mark;
        length -= mark;
    }
    BIO *bio = BIO_new_mem_buf(octets, (int)length);
    char *label;
    char *header;
    uint8_t *block;
    long block_length;
    bool fine = bio != NULL || refuse_certificate(reading, "out of memory");
    while (fine && PEM_read_bio(bio, &label, &header, &block, &block_length)) {
        fine = add_block(reading, label, header, block, (size_t)block_length);
        OPENSSL_free(label);
        OPENSSL_free(header);
        OPENSSL_clear_free(block, (size_t)block_length); /* it may be a private key */
    }
    if (fine && ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
        fine = refuse_certificate(reading, "damaged PEM");
    }
    BIO_free(bio);
    return fine;
}

static STACK_OF(X509) * parse(const uint8_t *octets, size_t length, const char **reason)
{
    struct reading reading = {sk_X509_new_null(), "no certificate"};
    bool fine = false;
    if (reading.certificates == NULL) {
        refuse_certificate(&reading, "out of memory");
    } else if (length > UCPROV_CERTIFICATE_FILE_MAX) {
        refuse_certificate(&reading, "larger than 1 MiB");
    } else if (length > 0) {
        /* DER begins with a SEQUENCE, and so may text: PEM has anything before its blocks. */
        fine = octets[0] == 0x30 && add_der(&reading, octets, length);
        if (!fine && sk_X509_num(reading.certificates) == 0 &&
            memmem(octets, length, "-----BEGIN ", 11) != NULL) {
            reading.reason = "no certificate";
            fine = add_pem(&reading, octets, length);
        }
    }
    ERR_clear_error();
    *reason = reading.reason;
    if (fine && sk_X509_num(reading.certificates) > 0) {
        return reading.certificates;
    }
    ucprov_certificates_free(reading.certificates);
    return NULL;
}

STACK_OF(X509) * ucprov_certificates_parse(const uint8_t *octets, size_t length)
{
    const char *reason;
    return parse(octets, length, &reason);
}

STACK_OF(X509) * ucprov_certificates_read(const char *path, enum ucprov_file_kind kind,
                                          struct ucprov_problem *problem)
{
    const char *reason;
    struct ucprov_file file;
    int error = ucprov_file_read(&file, path, UCPROV_CERTIFICATE_FILE_MAX, kind);
    if (error != 0) {
        ucprov_problem_set(problem, "%s: %s", path, ucprov_file_error(error));
        return NULL;
    }
    STACK_OF(X509) *certificates = parse((const uint8_t *)file.octets, file.length, &reason);
    if (certificates == NULL) {
        ucprov_problem_set(problem,
                           "%s: %s; certificates are read from PEM, DER, and PKCS#7 (.p7b)", path,
                           reason);
    }
    ucprov_file_clear(&file);
    return certificates;
}

void
ucprov_certificates_free(STACK_OF(X509) * certificates)
{
    sk_X509_pop_free(certificates, X509_free);
}

bool
ucprov_certificates_hold(const STACK_OF(X509) * certificates, const X509 *wanted)
{
    for (int i = 0; i < sk_X509_num(certificates); i++) {
        if (X509_cmp(sk_X509_value(certificates, i), wanted) == 0) {
            return true;
        }
    }
    return false;
}

bool
ucprov_certificates_hold_all(const STACK_OF(X509) * certificates, const STACK_OF(X509) * wanted)
{
    for (int i = 0; i < sk_X509_num(wanted); i++) {
        if (!ucprov_certificates_hold(certificates, sk_X509_value(wanted, i))) {
            return false;
        }
    }
    return true;
}

static PKCS7 *
pkcs7_new(const STACK_OF(X509) * certificates)
{
    PKCS7 *pkcs7 = PKCS7_new();
    bool fine = pkcs7 != NULL && PKCS7_set_type(pkcs7, NID_pkcs7_signed) &&
                PKCS7_content_new(pkcs7, NID_pkcs7_data) && PKCS7_set_detached(pkcs7, 1);
    for (int i = 0; fine && i < sk_X509_num(certificates); i++) {
        fine = PKCS7_add_certificate(pkcs7, sk_X509_value(certificates, i));
    }
    if (!fine) {
        PKCS7_free(pkcs7);
        return NULL;
    }
    return pkcs7;
}

uint8_t *
ucprov_certificates_pkcs7(const STACK_OF(X509) * certificates, size_t *length)
{
    uint8_t *octets = NULL;
    PKCS7 *pkcs7 = pkcs7_new(certificates);
    int needed = pkcs7 == NULL ? -1 : i2d_PKCS7(pkcs7, NULL);
    if (needed > 0) {
        octets = malloc((size_t)needed);
    }
    if (octets != NULL) {
        uint8_t *end = octets;
        *length = (size_t)i2d_PKCS7(pkcs7, &end);
    }
    PKCS7_free(pkcs7);
    ERR_clear_error();
    return octets;
}

/* A printable copy of at most `size` octets, NUL included. */
static char *
printable_copy(const void *octets, size_t length, size_t size)
{
    char *text = malloc(size);
    return text == NULL ? NULL : ucprov_printable(text, size, octets, length);
}

/* The last, which is the most specific, of an attribute's values; NULL: none, or an empty one. */
static char *
attribute_text(const X509_NAME *name, int nid)
{
    int found = -1;
    for (int i; (i = X509_NAME_get_index_by_NID(name, nid, found)) >= 0;) {
        found = i;
    }
    if (found < 0) {
        return NULL;
    }
    uint8_t *octets = NULL;
    int length =
        ASN1_STRING_to_UTF8(&octets, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, found)));
    char *text = length > 0 ? printable_copy(octets, (size_t)length, NAME_SIZE) : NULL;
    OPENSSL_free(octets);
    ERR_clear_error();
    return text;
}

static char *
whole_name(const X509_NAME *name)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    const unsigned long flags = XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
    if (bio != NULL && X509_NAME_print_ex(bio, name, 0, flags) >= 0) {
        char *octets;
        long length = BIO_get_mem_data(bio, &octets);
        text = printable_copy(octets, length < 0 ? 0 : (size_t)length, SUBJECT_SIZE);
    }
    BIO_free(bio);
    ERR_clear_error();
    return text;
}

char *
ucprov_certificate_name(const X509 *certificate)
{
    const X509_NAME *name = X509_get_subject_name(certificate);
    char *text = attribute_text(name, NID_commonName);
    if (text == NULL) {
        text = attribute_text(name, NID_organizationName);
    }
    if (text == NULL) {
        text = X509_NAME_entry_count(name) > 0 ? whole_name(name) : strdup("(without a name)");
    }
    return text;
}

char *
ucprov_certificate_subject(const X509 *certificate)
{
    return whole_name(X509_get_subject_name(certificate));
}

char *
ucprov_certificate_issuer(const X509 *certificate)
{
    return whole_name(X509_get_issuer_name(certificate));
}

char *
ucprov_certificate_fingerprint(const X509 *certificate, const EVP_MD *digest)
{
    uint8_t octets[EVP_MAX_MD_SIZE];
    unsigned length;
    if (!X509_digest(certificate, digest, octets, &length)) {
        ERR_clear_error();
        return NULL;
    }
    char *text = malloc(3 * (size_t)length);
    for (unsigned i = 0; text != NULL && i < length; i++) {
        snprintf(text + 3 * (size_t)i, 4 - (i + 1 == length), "%02X:", octets[i]);
    }
    return text;
}

/* False: malformed. (Of no time at all, OpenSSL would make the current one.) */
static bool
break_down(struct tm *moment, const ASN1_TIME *time)
{
    bool fine = time != NULL && ASN1_TIME_to_tm(time, moment);
    ERR_clear_error();
    return fine && moment->tm_year >= -1900 && moment->tm_year < 10000 - 1900;
}

char *
ucprov_certificate_date(char text[UCPROV_DATE_SIZE], const ASN1_TIME *time)
{
    struct tm moment;
    if (!break_down(&moment, time) || strftime(text, UCPROV_DATE_SIZE, "%Y-%m-%d", &moment) == 0) {
        strcpy(text, "?");
    }
    return text;
}

int64_t
ucprov_certificate_time(const ASN1_TIME *time)
{
    struct tm moment;
    if (!break_down(&moment, time)) {
        return -1;
    }
    int64_t seconds = timegm(&moment);
    return seconds < 0 ? 0 : seconds; /* before 1970: -1 would mean something else */
}
