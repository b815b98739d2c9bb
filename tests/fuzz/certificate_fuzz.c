/* SPDX-License-Identifier: MPL-2.0 */
/* Certificates from anywhere: read, shown, sorted into chains, and judged. The input is a file; and
 * it is a list of changes (place, place, octet) to a sound certificate, which gets deeper. */
#include <stdlib.h>
#include <string.h>

#include "certificate/phone_certificate.h"

#include "samples/certificate_samples.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No control character may come out, whatever went in. */
static void
show(char *text)
{
    for (const char *c = text; c != NULL && *c != '\0'; c++) {
        if ((unsigned char)*c < ' ') {
            abort();
        }
    }
    free(text);
}

static void
judge(STACK_OF(X509) * sent, const struct ucprov_chains *roots)
{
    static const char *const names[] = {"ucupdates-r2", "pool01.contoso.com"};
    static struct ucprov_findings findings;
    const struct ucprov_peer_certificate presented = {
        sk_X509_value(sent, 0), sent, roots, names, 2, IN_2026};
    ucprov_judge_certificate(&findings, &presented);
    json_t *json = ucprov_phone_findings_json(&findings);
    if (json == NULL) {
        abort(); /* a text is not UTF-8 */
    }
    json_decref(json);
    ucprov_findings_clear(&findings);
}

static void
use(STACK_OF(X509) * certificates)
{
    struct ucprov_chains chains;
    struct ucprov_problem problem;
    char date[UCPROV_DATE_SIZE];
    size_t length;
    for (int i = 0; i < sk_X509_num(certificates); i++) {
        X509 *certificate = sk_X509_value(certificates, i);
        show(ucprov_certificate_name(certificate));
        show(ucprov_certificate_subject(certificate));
        show(ucprov_certificate_issuer(certificate));
        show(ucprov_certificate_fingerprint(certificate, EVP_sha256()));
        ucprov_certificate_date(date, X509_get0_notAfter(certificate));
    }
    free(ucprov_certificates_pkcs7(certificates, &length));
    bool fine = ucprov_chains_build(&chains, certificates, IN_2026, &problem) == 0;
    judge(certificates, fine ? &chains : NULL);
    ucprov_chains_clear(&chains);
    ucprov_certificates_free(certificates);
}

static STACK_OF(X509) * parse(const char *text)
{
    return ucprov_certificates_parse((const uint8_t *)text, strlen(text));
}

/* The sound certificate with changes, and its CAs. */
static void
use_changed(const uint8_t *data, size_t size)
{
    STACK_OF(X509) *stack = parse(server_pem);
    X509 *sound = sk_X509_shift(stack);
    uint8_t *der = NULL;
    size_t length = (size_t)i2d_X509(sound, &der);
    X509_free(sound);
    ucprov_certificates_free(stack);
    for (; size >= 3; data += 3, size -= 3) {
        size_t place = (size_t)data[0] << 8 | data[1];
        der[place % length] = data[2];
    }
    STACK_OF(X509) *changed = ucprov_certificates_parse(der, length);
    OPENSSL_free(der);
    if (changed != NULL) {
        STACK_OF(X509) *authorities = parse(pkcs7_pem);
        while (sk_X509_num(authorities) > 0) {
            sk_X509_push(changed, sk_X509_shift(authorities));
        }
        ucprov_certificates_free(authorities);
        use(changed);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    STACK_OF(X509) *certificates = ucprov_certificates_parse(data, size);
    if (certificates != NULL) {
        use(certificates);
    }
    use_changed(data, size);
    return 0;
}
