/* SPDX-License-Identifier: MPL-2.0 */
/* The profile of each kind of certificate as a table of extensions, and one function that fills and
 * signs. RSA 2048 and SHA-256 throughout: the newest that the phones are known to verify. */
#include "tool/ca_make.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdint.h>

#include "certificate/certificate.h"

#define KEY_BITS      2048
#define SERIAL_OCTETS 16    /* at most 20 (RFC 5280 4.1.2.2); random, so that none comes twice */
#define BACKDATE      86400 /* seconds: for phones whose clock is behind */
#define DAY           86400
#define VERSION_3     2 /* as X.509 counts */

struct extension {
    int nid;
    const char *value; /* as in openssl's x509v3_config(5) */
};

static const struct extension root_extensions[] = {
    {NID_basic_constraints, "critical,CA:TRUE"},
    {NID_key_usage, "critical,keyCertSign,cRLSign"},
    {NID_subject_key_identifier, "hash"},
    {NID_authority_key_identifier, "keyid:always"},
    {NID_undef, NULL},
};

static const struct extension issuing_extensions[] = {
    {NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
    {NID_key_usage, "critical,keyCertSign,cRLSign"},
    {NID_subject_key_identifier, "hash"},
    {NID_authority_key_identifier, "keyid:always"},
    {NID_undef, NULL},
};

static const struct extension server_extensions[] = {
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature,keyEncipherment"},
    {NID_ext_key_usage, "serverAuth"},
    {NID_subject_key_identifier, "hash"},
    {NID_authority_key_identifier, "keyid:always"},
    {NID_undef, NULL},
};

static const struct extension request_extensions[] = {
    {NID_key_usage, "critical,digitalSignature,keyEncipherment"},
    {NID_ext_key_usage, "serverAuth"},
    {NID_undef, NULL},
};

void
ca_identity_clear(struct ca_identity *identity)
{
    X509_free(identity->certificate);
    EVP_PKEY_free(identity->key);
    *identity = (struct ca_identity){0};
}

EVP_PKEY *
ca_key_new(struct ucprov_problem *problem)
{
    EVP_PKEY *key = EVP_RSA_gen(KEY_BITS);
    if (key == NULL) {
        ucprov_problem_openssl(problem, "making an RSA key failed");
    }
    return key;
}

/* Random, positive, and never shorter than the others. */
static bool
set_serial(X509 *certificate)
{
    uint8_t octets[SERIAL_OCTETS];
    if (RAND_bytes(octets, sizeof(octets)) != 1) {
        return false;
    }
    octets[0] = (uint8_t)((octets[0] & 0x7f) | 0x40);
    BIGNUM *number = BN_bin2bn(octets, sizeof(octets), NULL);
    bool fine =
        number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return fine;
}

/* From a day ago on; not before its issuer, and not after. */
static bool
set_dates(X509 *certificate, const X509 *issuer, int days, time_t now)
{
    int64_t begin = (int64_t)now - BACKDATE;
    int64_t finish = (int64_t)now + (int64_t)days * DAY;
    if (issuer != certificate) {
        int64_t first = ucprov_certificate_time(X509_get0_notBefore(issuer));
        int64_t last = ucprov_certificate_time(X509_get0_notAfter(issuer));
        begin = begin < first ? first : begin;
        finish = finish > last ? last : finish;
    }
    return ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)begin) != NULL &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)finish) != NULL;
}

static bool
set_common_name(X509_NAME *subject, const char *name)
{
    return X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                                      (const unsigned char *)name, -1, -1, 0) == 1;
}

static bool
add_extensions(X509 *certificate, X509 *issuer, const struct extension *extensions)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    for (; extensions->value != NULL; extensions++) {
        X509_EXTENSION *made =
            X509V3_EXT_conf_nid(NULL, &context, extensions->nid, extensions->value);
        bool fine = made != NULL && X509_add_ext(certificate, made, -1) == 1;
        X509_EXTENSION_free(made);
        if (!fine) {
            return false;
        }
    }
    return true;
}

static GENERAL_NAME *
dns_name_new(const char *host)
{
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_IA5STRING *string = ASN1_IA5STRING_new();
    if (name == NULL || string == NULL || ASN1_STRING_set(string, host, -1) != 1) {
        GENERAL_NAME_free(name);
        ASN1_IA5STRING_free(string);
        return NULL;
    }
    GENERAL_NAME_set0_value(name, GEN_DNS, string);
    return name;
}

/* The subjectAltName's value. The caller's; NULL when out of memory. */
static GENERAL_NAMES *
alternatives_new(const struct ca_names *names)
{
    GENERAL_NAMES *alternatives = GENERAL_NAMES_new();
    for (size_t i = 0; alternatives != NULL && i < names->count; i++) {
        GENERAL_NAME *name = dns_name_new(names->items[i]);
        if (name == NULL || sk_GENERAL_NAME_push(alternatives, name) <= 0) {
            GENERAL_NAME_free(name);
            GENERAL_NAMES_free(alternatives);
            return NULL;
        }
    }
    return alternatives;
}

static bool
add_alternatives(X509 *certificate, const struct ca_names *names)
{
    GENERAL_NAMES *alternatives = alternatives_new(names);
    bool fine = alternatives != NULL &&
                X509_add1_ext_i2d(certificate, NID_subject_alt_name, alternatives, 0, 0) == 1;
    GENERAL_NAMES_free(alternatives);
    return fine;
}

/* What a certificate is to say. */
struct plan {
    const char *name;             /* common name */
    const struct ca_names *names; /* NULL: none */
    const struct extension *extensions;
    const struct ca_identity *issuer; /* NULL: itself */
    int days;
    time_t now;
};

static bool
fill(struct ca_identity *made, const struct plan *plan)
{
    X509 *certificate = made->certificate;
    X509 *issuer = plan->issuer == NULL ? certificate : plan->issuer->certificate;
    return X509_set_version(certificate, VERSION_3) && set_serial(certificate) &&
           set_common_name(X509_get_subject_name(certificate), plan->name) &&
           X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) &&
           X509_set_pubkey(certificate, made->key) &&
           set_dates(certificate, issuer, plan->days, plan->now) &&
           add_extensions(certificate, issuer, plan->extensions) &&
           (plan->names == NULL || add_alternatives(certificate, plan->names));
}

static int
make_identity(struct ca_identity *made, const struct plan *plan, struct ucprov_problem *problem)
{
    *made = (struct ca_identity){X509_new(), ca_key_new(problem)};
    if (made->key == NULL) {
        ca_identity_clear(made);
        return -1;
    }
    EVP_PKEY *signer = plan->issuer == NULL ? made->key : plan->issuer->key;
    if (made->certificate == NULL || !fill(made, plan) ||
        X509_sign(made->certificate, signer, EVP_sha256()) == 0) {
        ca_identity_clear(made);
        return ucprov_problem_openssl(problem, "\"%s\": making the certificate failed", plan->name);
    }
    return 0;
}

int
ca_make_root(struct ca_identity *root, const char *name, int days, time_t now,
             struct ucprov_problem *problem)
{
    const struct plan plan = {name, NULL, root_extensions, NULL, days, now};
    return make_identity(root, &plan, problem);
}

int
ca_make_issuing(struct ca_identity *issuing, const struct ca_identity *root, const char *name,
                int days, time_t now, struct ucprov_problem *problem)
{
    const struct plan plan = {name, NULL, issuing_extensions, root, days, now};
    return make_identity(issuing, &plan, problem);
}

int
ca_make_server(struct ca_identity *server, const struct ca_identity *issuing,
               const struct ca_names *names, int days, time_t now, struct ucprov_problem *problem)
{
    const struct plan plan = {names->common_name, names, server_extensions, issuing, days, now};
    return make_identity(server, &plan, problem);
}

/* Adds the extensions that are asked for (RFC 2985 5.4.2). */
static bool
add_request_extensions(X509_REQ *request, const struct ca_names *names)
{
    X509V3_CTX context;
    STACK_OF(X509_EXTENSION) *extensions = NULL;
    GENERAL_NAMES *alternatives = alternatives_new(names);
    bool fine = alternatives != NULL && X509V3_add1_i2d(&extensions, NID_subject_alt_name,
                                                        alternatives, 0, X509V3_ADD_DEFAULT) == 1;
    X509V3_set_ctx(&context, NULL, NULL, request, NULL, 0);
    for (const struct extension *e = request_extensions; fine && e->value != NULL; e++) {
        X509_EXTENSION *made = X509V3_EXT_conf_nid(NULL, &context, e->nid, e->value);
        fine = made != NULL && X509v3_add_ext(&extensions, made, -1) != NULL;
        X509_EXTENSION_free(made);
    }
    fine = fine && X509_REQ_add_extensions(request, extensions) == 1;
    sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
    GENERAL_NAMES_free(alternatives);
    return fine;
}

X509_REQ *
ca_make_request(EVP_PKEY *key, const struct ca_names *names, struct ucprov_problem *problem)
{
    X509_REQ *request = X509_REQ_new();
    if (request == NULL || !X509_REQ_set_version(request, 0) ||
        !set_common_name(X509_REQ_get_subject_name(request), names->common_name) ||
        !X509_REQ_set_pubkey(request, key) || !add_request_extensions(request, names) ||
        X509_REQ_sign(request, key, EVP_sha256()) == 0) {
        X509_REQ_free(request);
        ucprov_problem_openssl(problem, "making the request failed");
        return NULL;
    }
    return request;
}
