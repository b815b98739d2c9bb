/* SPDX-License-Identifier: MPL-2.0 */
/* Keys and signatures. TLS 1.0 has RSA key exchange and signatures by RSA; what else the phones do
 * is mostly not known. */
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "certificate/phone_status.h"

#include "certificate/phone_certificate_rules.h"

#define RSA_SAFE  2048 /* bits: known to work */
#define RSA_LEAST 1024 /* less is broken, and Windows refuses it since 2012 (KB2661254) */

struct reasoned_severity {
    enum ucprov_severity severity;
    const char *text; /* NULL: nothing to say beyond the bare fact */
    const char *remedy;
};

static const char want_rsa_2048[] = "Use an RSA key of 2048 bits.";

static struct reasoned_severity
judge_rsa_size(int bits)
{
    if (bits < RSA_LEAST) {
        return (struct reasoned_severity){UCPROV_FAIL, ": too short: phones refuse it (inferred)",
                                          want_rsa_2048};
    }
    if (bits < RSA_SAFE) {
        return (struct reasoned_severity){
            UCPROV_WARN, ": weak; whether phones refuse it is not known", want_rsa_2048};
    }
    if (bits > RSA_SAFE) {
        return (struct reasoned_severity){
            UCPROV_WARN, ": risky; 2048 bits are safe (both inferred)", want_rsa_2048};
    }
    return (struct reasoned_severity){UCPROV_PASS, "", NULL};
}

static const char *
type_name(const EVP_PKEY *key)
{
    const char *name = key == NULL ? NULL : EVP_PKEY_get0_type_name(key);
    return name == NULL ? "of an unknown type" : name;
}

static void
judge_own_key(const struct judgment *judged)
{
    const EVP_PKEY *key = X509_get0_pubkey(judged->presented->certificate);
    if (key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
        ucprov_phone_finding(
            judged->findings, "key.type", UCPROV_FAIL, UCPROV_PHONE_SECURE_CHANNEL,
            "Use an RSA key of 2048 bits.",
            "its key is %s: phones know RSA alone (inferred); no TLS connection comes about",
            type_name(key));
        return;
    }
    struct reasoned_severity found = judge_rsa_size(EVP_PKEY_get_bits(key));
    ucprov_phone_finding(judged->findings, "key.type", UCPROV_PASS, 0, NULL, "its key is RSA");
    ucprov_phone_finding(judged->findings, "key.size", found.severity, 0, found.remedy,
                         "RSA %d bits%s", EVP_PKEY_get_bits(key), found.text);
}

static void
judge_ca_key(const struct judgment *judged, X509 *ca)
{
    const EVP_PKEY *key = X509_get0_pubkey(ca);
    char *name = ucprov_certificate_name(ca);
    if (key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
        ucprov_phone_finding(judged->findings, "ca.key", UCPROV_FAIL, 0,
                             "Use a CA whose key is RSA, for phones at least.",
                             "the key of CA \"%s\" is %s: phones know RSA alone (inferred)",
                             name == NULL ? "?" : name, type_name(key));
    } else {
        struct reasoned_severity found = judge_rsa_size(EVP_PKEY_get_bits(key));
        ucprov_phone_finding(judged->findings, "ca.key", found.severity, 0, found.remedy,
                             "CA \"%s\": RSA %d bits%s", name == NULL ? "?" : name,
                             EVP_PKEY_get_bits(key), found.text);
    }
    free(name);
}

void
judge_key(const struct judgment *judged)
{
    judge_own_key(judged);
    for (size_t i = 0; i < judged->ca_count; i++) {
        judge_ca_key(judged, judged->cas[i]);
    }
}

static const char want_sha256[] = "Have it signed by SHA-256 with RSA (PKCS #1 v1.5).";

static struct reasoned_severity
judge_algorithm(int algorithm)
{
    switch (algorithm) {
    case NID_sha256WithRSAEncryption:
        return (struct reasoned_severity){
            UCPROV_NOTE, ": needs firmware 4.0.7577.4444 or a little earlier",
            "Phones with older firmware need SHA-1, or that update first."};
    case NID_sha1WithRSAEncryption:
    case NID_sha1WithRSA:
        return (struct reasoned_severity){
            UCPROV_NOTE, ": good for phones of any firmware (inferred); others refuse it",
            "SHA-256 needs firmware 4.0.7577.4444 or a little earlier."};
    case NID_sha224WithRSAEncryption:
    case NID_sha384WithRSAEncryption:
    case NID_sha512WithRSAEncryption:
        return (struct reasoned_severity){
            UCPROV_WARN, ": whether phones know it is not known; SHA-256 works", want_sha256};
    case NID_md5WithRSAEncryption:
    case NID_md5WithRSA:
        return (struct reasoned_severity){
            UCPROV_WARN, ": broken; whether phones refuse it is not known", want_sha256};
    case NID_rsassaPss:
        return (struct reasoned_severity){
            UCPROV_FAIL, ": phones do not support RSASSA-PSS (inferred)",
            "Have it signed by SHA-256 with RSA PKCS #1 v1.5. In AD CS: "
            "AlternateSignatureAlgorithm "
            "= 0 in CAPolicy.inf and in the request."};
    case NID_ecdsa_with_SHA1:
    case NID_ecdsa_with_SHA224:
    case NID_ecdsa_with_SHA256:
    case NID_ecdsa_with_SHA384:
    case NID_ecdsa_with_SHA512:
        return (struct reasoned_severity){UCPROV_FAIL, ": phones do not support ECDSA (inferred)",
                                          want_sha256};
    default:
        return (struct reasoned_severity){UCPROV_FAIL, ": phones do not support it (inferred)",
                                          want_sha256};
    }
}

/* A root's own signature is not judged: trust in a root does not come from it. */
void
judge_signatures(const struct judgment *judged)
{
    int algorithm = X509_get_signature_nid(judged->presented->certificate);
    struct reasoned_severity found = judge_algorithm(algorithm);
    ucprov_phone_finding(judged->findings, "signature", found.severity, 0, found.remedy,
                         "signed with %s%s", OBJ_nid2ln(algorithm), found.text);
    for (size_t i = 0; i < judged->ca_count; i++) {
        X509 *ca = judged->cas[i];
        if (X509_self_signed(ca, 0) == 1) {
            continue;
        }
        char *name = ucprov_certificate_name(ca);
        algorithm = X509_get_signature_nid(ca);
        found = judge_algorithm(algorithm);
        ucprov_phone_finding(judged->findings, "ca.signature", found.severity, 0, found.remedy,
                             "CA \"%s\": signed with %s%s", name == NULL ? "?" : name,
                             OBJ_nid2ln(algorithm), found.text);
        free(name);
    }
}

static void
judge_key_usage(const struct judgment *judged)
{
    X509 *certificate = judged->presented->certificate;
    uint32_t usage = X509_get_key_usage(certificate); /* all bits set when it says nothing */
    static const char remedy[] =
        "Issue one with key usage digitalSignature and keyEncipherment, or none.";
    bool signature = (usage & X509v3_KU_DIGITAL_SIGNATURE) != 0;
    bool encipherment = (usage & X509v3_KU_KEY_ENCIPHERMENT) != 0;
    if (signature && encipherment) {
        ucprov_phone_finding(judged->findings, "usage", UCPROV_PASS, 0, NULL,
                             "key usage allows TLS");
    } else if (signature || encipherment) {
        ucprov_phone_finding(judged->findings, "usage", UCPROV_WARN, 0, remedy,
                             "key usage lacks %s; which key exchange phones use is not known",
                             signature ? "keyEncipherment (RSA)" : "digitalSignature (DHE, ECDHE)");
    } else {
        ucprov_phone_finding(
            judged->findings, "usage", UCPROV_FAIL, 0, remedy,
            "key usage allows neither digitalSignature nor keyEncipherment: no use for TLS");
    }
}

void
judge_usage(const struct judgment *judged)
{
    X509 *certificate = judged->presented->certificate;
    uint32_t extended = X509_get_extended_key_usage(certificate); /* as above */
    judge_key_usage(judged);
    if ((extended & (XKU_SSL_SERVER | XKU_ANYEKU)) != 0) {
        ucprov_phone_finding(judged->findings, "usage.extended", UCPROV_PASS, 0, NULL,
                             "extended key usage allows TLS servers");
    } else {
        ucprov_phone_finding(
            judged->findings, "usage.extended", UCPROV_FAIL, 0,
            "Issue one with extended key usage serverAuth.",
            "extended key usage does not allow TLS servers: phones refuse it (inferred)");
    }
}
