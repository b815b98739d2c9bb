/* SPDX-License-Identifier: MPL-2.0 */
/* Dates, and the way to a root that phones are given. */
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

#include "certificate/phone_status.h"

#include "certificate/phone_certificate_rules.h"

#define DAY          86400
#define WARNING_DAYS 30 /* before the end */

/* A certificate's days. `name` stands before what is said of it. */
static void
judge_days(const struct judgment *judged, X509 *certificate, const char *id, const char *name)
{
    int64_t now = judged->presented->now;
    int64_t begin = ucprov_certificate_time(X509_get0_notBefore(certificate));
    int64_t finish = ucprov_certificate_time(X509_get0_notAfter(certificate));
    char first[UCPROV_DATE_SIZE];
    char last[UCPROV_DATE_SIZE];
    ucprov_certificate_date(first, X509_get0_notBefore(certificate));
    ucprov_certificate_date(last, X509_get0_notAfter(certificate));
    if (begin < 0 || finish < 0) {
        ucprov_phone_finding(judged->findings, id, UCPROV_FAIL, UCPROV_PHONE_CERTIFICATE_DATE,
                             "Issue another certificate.", "%sits dates are malformed", name);
    } else if (now > finish) {
        ucprov_phone_finding(judged->findings, id, UCPROV_FAIL, UCPROV_PHONE_CERTIFICATE_DATE,
                             "Renew it.", "%sexpired on %s", name, last);
    } else if (now < begin) {
        ucprov_phone_finding(judged->findings, id, UCPROV_FAIL, UCPROV_PHONE_CERTIFICATE_DATE,
                             "Wait, or issue another; if the day has come, set the clock.",
                             "%snot valid before %s", name, first);
    } else if (finish - now <= (int64_t)WARNING_DAYS * DAY) {
        ucprov_phone_finding(judged->findings, id, UCPROV_WARN, 0,
                             "Renew it: phones should show 0x2F05/0 from that day on.",
                             "%sends on %s, %lld days from now", name, last,
                             (long long)((finish - now) / DAY));
    } else {
        ucprov_phone_finding(judged->findings, id, UCPROV_PASS, 0, NULL, "%svalid until %s", name,
                             last);
    }
}

void
judge_dates(const struct judgment *judged)
{
    judge_days(judged, judged->presented->certificate, "date", "");
    for (size_t i = 0; i < judged->ca_count; i++) {
        char *name = ucprov_certificate_name(judged->cas[i]);
        char *text = NULL;
        if (asprintf(&text, "CA \"%s\": ", name == NULL ? "?" : name) < 0) {
            text = NULL;
        }
        judge_days(judged, judged->cas[i], "ca.date", text == NULL ? "a CA: " : text);
        free(text);
        free(name);
    }
}

/* The nearest moment within a certificate's days. OpenSSL takes the last second for expired. */
static int64_t
move_into(int64_t moment, X509 *certificate)
{
    int64_t begin = ucprov_certificate_time(X509_get0_notBefore(certificate));
    int64_t finish = ucprov_certificate_time(X509_get0_notAfter(certificate));
    moment = finish >= 0 && moment >= finish ? finish - 1 : moment;
    return moment < begin ? begin : moment;
}

/* A moment at which nothing is out of date, if there is one: dates are judge_dates()'s. */
static time_t
moment_of_validity(const struct judgment *judged)
{
    int64_t moment = move_into(judged->presented->now, judged->presented->certificate);
    for (size_t i = 0; i < judged->ca_count; i++) {
        moment = move_into(moment, judged->cas[i]);
    }
    return (time_t)moment;
}

static bool
is_about_dates(int error)
{
    return error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID ||
           error == X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD ||
           error == X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD;
}

/* Does it lead to a root with what it came with, and with what phones are given besides? */
static int
verify_with(const struct judgment *judged, bool with_published)
{
    const struct ucprov_peer_certificate *presented = judged->presented;
    STACK_OF(X509) *helpers = sk_X509_new_null();
    bool fine = helpers != NULL;
    for (int i = 0; fine && i < sk_X509_num(presented->others); i++) {
        fine = sk_X509_push(helpers, sk_X509_value(presented->others, i)) > 0;
    }
    for (int i = 0; fine && with_published && i < sk_X509_num(presented->roots->all); i++) {
        fine = sk_X509_push(helpers, sk_X509_value(presented->roots->all, i)) > 0;
    }
    int error = X509_V_ERR_OUT_OF_MEM;
    if (fine) {
        error = ucprov_chains_verify(presented->roots, presented->certificate, helpers,
                                     moment_of_validity(judged));
    }
    sk_X509_free(helpers);
    return is_about_dates(error) ? X509_V_OK : error;
}

/* A published CA that has the name of the certificate's issuer, and not the key that signed it;
 * NULL: none. A CA that was renewed with a new key looks so, and so does one that poses as it. */
static X509 *
find_namesake(const struct judgment *judged, X509 *certificate)
{
    const STACK_OF(X509) *all = judged->presented->roots->all;
    X509 *namesake = NULL;
    for (int i = 0; i < sk_X509_num(all); i++) {
        X509 *ca = sk_X509_value(all, i);
        if (X509_NAME_cmp(X509_get_subject_name(ca), X509_get_issuer_name(certificate)) != 0) {
            continue;
        }
        if (X509_verify(certificate, X509_get0_pubkey(ca)) == 1) {
            return NULL;
        }
        namesake = ca;
    }
    return namesake;
}

static bool
add_namesake(const struct judgment *judged, X509 *certificate)
{
    X509 *published = find_namesake(judged, certificate);
    if (published == NULL) {
        return false;
    }
    char *name = ucprov_certificate_name(published);
    ucprov_phone_finding(
        judged->findings, "chain", UCPROV_FAIL, UCPROV_PHONE_UNTRUSTED_CA,
        "If the CA was renewed, publish the new one, too (ca.chain takes both), and have the "
        "server "
        "send its issuing CAs. If it was not, the certificate is not what it says.",
        "%s named \"%s\" is published, with another key than the one that signed: no root that "
        "phones are given",
        X509_self_signed(published, 0) == 1 ? "a root" : "an issuing CA",
        name == NULL ? "?" : name);
    free(name);
    return true;
}

/* Nothing that came, and nothing that is published, issued it. */
static void
add_missing_issuer(const struct judgment *judged, const char *issuer)
{
    ucprov_phone_finding(
        judged->findings, "chain", UCPROV_FAIL, UCPROV_PHONE_UNTRUSTED_CA,
        "If that is an issuing CA, have the server send its certificate along. If it is a root, "
        "publish it (ca.chain in the site file), or issue the certificate from a CA whose chain "
        "phones are given.",
        "issued by \"%s\", whose certificate is neither among those that came along nor among "
        "those that phones are given: it leads to no root that phones are given",
        issuer);
}

static void
add_untrusted(const struct judgment *judged, int error)
{
    X509 *highest =
        judged->ca_count == 0 ? judged->presented->certificate : judged->cas[judged->ca_count - 1];
    bool self_signed = X509_self_signed(highest, 0) == 1;
    bool told = add_namesake(judged, judged->presented->certificate);
    for (size_t i = 0; !told && i < judged->ca_count; i++) {
        told = add_namesake(judged, judged->cas[i]);
    }
    if (told) {
        return;
    }
    char *issuer = ucprov_certificate_issuer(highest);
    const char *name = issuer == NULL ? "?" : issuer;
    if (self_signed && judged->ca_count == 0) {
        ucprov_phone_finding(judged->findings, "chain", UCPROV_FAIL, UCPROV_PHONE_UNTRUSTED_CA,
                             "Issue one from a CA whose chain phones are given (ucprov-ca issue).",
                             "self-signed, and no root that phones are given");
    } else if (error == X509_V_ERR_CERT_SIGNATURE_FAILURE) {
        ucprov_phone_finding(judged->findings, "chain", UCPROV_FAIL, UCPROV_PHONE_UNTRUSTED_CA,
                             "Publish the chain of the CA that did sign it, or issue another.",
                             "a signature is bad: a CA of the right name, but another key (\"%s\")",
                             name);
    } else if (!self_signed) {
        add_missing_issuer(judged, name);
    } else {
        ucprov_phone_finding(
            judged->findings, "chain", UCPROV_FAIL, UCPROV_PHONE_UNTRUSTED_CA,
            "Publish that root (ca.chain in the site file), or issue one from a CA whose chain "
            "phones are given.",
            "leads to the root \"%s\", which is none that phones are given (%s)", name,
            X509_verify_cert_error_string(error));
    }
    free(issuer);
}

void
judge_chain(const struct judgment *judged)
{
    if (judged->presented->roots == NULL) {
        return;
    }
    int error = verify_with(judged, false);
    if (error == X509_V_OK) {
        X509 *root = judged->ca_count == 0 ? judged->presented->certificate
                                           : judged->cas[judged->ca_count - 1];
        char *name = ucprov_certificate_name(root);
        ucprov_phone_finding(judged->findings, "chain", UCPROV_PASS, 0, NULL,
                             "leads to \"%s\", which phones are given", name == NULL ? "?" : name);
        free(name);
    } else if (verify_with(judged, true) == X509_V_OK) {
        ucprov_phone_finding(
            judged->findings, "chain", UCPROV_WARN, UCPROV_PHONE_UNTRUSTED_CA,
            "Have the server send its certificate and every issuing CA's.",
            "incomplete: the server sends no issuing CA; whether phones take it from the chain "
            "that they were given is not known");
    } else {
        add_untrusted(judged, error);
    }
}
