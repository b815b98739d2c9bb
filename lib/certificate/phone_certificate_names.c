/* SPDX-License-Identifier: MPL-2.0 */
/* Judges names: is each one that a phone asks for a subjectAltName, and is there a wildcard. Common
 * names are mentioned, and never count. */
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/printable.h"
#include "certificate/phone_status.h"
#include "option/name.h"

#include "certificate/phone_certificate_rules.h"

#define SHOWN_MAX 6   /* names of a certificate that are listed */
#define NAME_SIZE 256 /* one of them */

/* More than phones are likely to have met: a large Lync site has some dozens of names. */
#define NAMES_USUAL  100
#define LENGTH_USUAL 8192 /* octets, DER */

/* A certificate's names, as it says them. */
struct own_names {
    GENERAL_NAMES *alternatives; /* NULL: it has no subjectAltName, or a malformed one */
    const X509_NAME *subject;
};

static bool
is_equal(const ASN1_STRING *string, const char *name)
{
    size_t length = (size_t)ASN1_STRING_length(string);
    return length == strlen(name) &&
           strncasecmp((const char *)ASN1_STRING_get0_data(string), name, length) == 0;
}

/* The index-th dNSName; NULL: that is another kind of name. */
static const ASN1_STRING *
dns_name(const struct own_names *own, int index)
{
    int type;
    const ASN1_STRING *value =
        GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(own->alternatives, index), &type);
    return type == GEN_DNS ? value : NULL;
}

static bool
has_alternative(const struct own_names *own, const char *name)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(own->alternatives); i++) {
        const ASN1_STRING *own_name = dns_name(own, i);
        if (own_name != NULL && is_equal(own_name, name)) {
            return true;
        }
    }
    return false;
}

/* The next common name after `*place`, which begins with -1; NULL: there is none. */
static const ASN1_STRING *
next_common_name(const struct own_names *own, int *place)
{
    *place = X509_NAME_get_index_by_NID(own->subject, NID_commonName, *place);
    return *place < 0 ? NULL : X509_NAME_ENTRY_get_data(X509_NAME_get_entry(own->subject, *place));
}

static bool
has_common_name(const struct own_names *own, const char *name)
{
    int place = -1;
    for (const ASN1_STRING *own_name; (own_name = next_common_name(own, &place)) != NULL;) {
        if (is_equal(own_name, name)) {
            return true;
        }
    }
    return false;
}

static void
print_name(FILE *out, const ASN1_STRING *name, size_t before)
{
    char text[NAME_SIZE];
    ucprov_printable(text, sizeof(text), ASN1_STRING_get0_data(name),
                     (size_t)ASN1_STRING_length(name));
    fprintf(out, "%s%s", before == 0 ? "" : ", ", text);
}

/* Lists the certificate's own DNS names, the first few of them. */
static void
print_own_names(FILE *out, const struct own_names *own)
{
    size_t count = 0;
    for (int i = 0; i < sk_GENERAL_NAME_num(own->alternatives); i++) {
        const ASN1_STRING *name = dns_name(own, i);
        if (name != NULL && count < SHOWN_MAX) {
            print_name(out, name, count);
        }
        count += name != NULL;
    }
    if (count > SHOWN_MAX) {
        fprintf(out, " and %zu more", count - SHOWN_MAX);
    }
    if (count == 0) {
        fputs("none", out);
    }
}

static bool
is_short(const char *name)
{
    return strchr(name, '.') == NULL;
}

/* Lists those of the wanted names, short or full ones, that it has or lacks. Returns how many. */
static size_t
print_wanted(FILE *out, const struct judgment *judged, const struct own_names *own,
             bool short_names, bool present)
{
    size_t count = 0;
    for (size_t i = 0; i < judged->presented->name_count; i++) {
        const char *name = judged->presented->names[i];
        if (is_short(name) == short_names && has_alternative(own, name) == present) {
            fprintf(out, "%s%s", count++ == 0 ? "" : ", ", name);
            if (!present && has_common_name(own, name)) {
                fputs(" (only as the common name, which does not count: inferred)", out);
            }
        }
    }
    return count;
}

/* Adds a finding about all names of a kind that the certificate has, or lacks; if there are any. */
static void
judge_kind(const struct judgment *judged, const struct own_names *own, bool short_names,
           bool present)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL) {
        ucprov_phone_findings_add(judged->findings, "name", UCPROV_FAIL, 0, NULL, NULL);
        return;
    }
    fputs(present ? "good for " : "not good for ", out);
    size_t count = print_wanted(out, judged, own, short_names, present);
    if (!present) {
        fputs("; its subjectAltNames: ", out);
        print_own_names(out, own);
    }
    if (fclose(out) != 0 || count == 0) {
        judged->findings->lost += count != 0;
        free(text);
        return;
    }
    const char *remedy =
        short_names ? "Phones ask the update service by its short name: issue a certificate that "
                      "has it as a subjectAltName (ucprov-ca issue). A public CA will not."
                    : "Issue a certificate that has each of them as a subjectAltName (ucprov-ca "
                      "issue).";
    ucprov_phone_findings_add(judged->findings, short_names ? "name.short" : "name.full",
                              present ? UCPROV_PASS : UCPROV_FAIL,
                              present ? 0 : UCPROV_PHONE_CERTIFICATE_NAME, text,
                              present ? NULL : strdup(remedy));
}

static bool
has_wildcard(const ASN1_STRING *name)
{
    return memchr(ASN1_STRING_get0_data(name), '*', (size_t)ASN1_STRING_length(name)) != NULL;
}

/* The first name with an asterisk; NULL: there is none. */
static const ASN1_STRING *
find_wildcard(const struct own_names *own)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(own->alternatives); i++) {
        const ASN1_STRING *name = dns_name(own, i);
        if (name != NULL && has_wildcard(name)) {
            return name;
        }
    }
    int place = -1;
    for (const ASN1_STRING *name; (name = next_common_name(own, &place)) != NULL;) {
        if (has_wildcard(name)) {
            return name;
        }
    }
    return NULL;
}

static void
judge_wildcard(const struct judgment *judged, const struct own_names *own)
{
    const ASN1_STRING *name = find_wildcard(own);
    if (name == NULL) {
        ucprov_phone_finding(judged->findings, "wildcard", UCPROV_PASS, 0, NULL, "no wildcard");
        return;
    }
    char text[NAME_SIZE];
    ucprov_printable(text, sizeof(text), ASN1_STRING_get0_data(name),
                     (size_t)ASN1_STRING_length(name));
    ucprov_phone_finding(
        judged->findings, "wildcard", UCPROV_FAIL, 0, "Issue a certificate that names each host.",
        "a wildcard, %s: phones reject it, even when the exact name is there, too; which status "
        "they show is not known",
        text);
}

/* What large ones do to phones is not known; TLS needs several records for more than 16 KiB. */
static void
judge_size(const struct judgment *judged, const struct own_names *own)
{
    int names = sk_GENERAL_NAME_num(own->alternatives);
    int length = i2d_X509(judged->presented->certificate, NULL);
    if (names > NAMES_USUAL || length > LENGTH_USUAL) {
        ucprov_phone_finding(
            judged->findings, "size", UCPROV_WARN, 0,
            "Split it: a certificate for some of the pools each, on an address each, with "
            "" UCPROV_UPDATE_NAME
            " in the one that the update service has (ucprov-ca issue --name).",
            "%d subjectAltNames, %d octets: whether phones take so large a certificate is not "
            "known",
            names < 0 ? 0 : names, length);
    }
}

void
judge_names(const struct judgment *judged)
{
    int critical;
    X509 *certificate = judged->presented->certificate;
    struct own_names own = {
        X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, NULL),
        X509_get_subject_name(certificate),
    };
    if (own.alternatives == NULL && critical != -1) { /* -1: there is none */
        ucprov_phone_finding(judged->findings, "name.malformed", UCPROV_FAIL,
                             UCPROV_PHONE_CERTIFICATE_NAME, "Issue another certificate.",
                             "its subjectAltName is malformed, or there twice");
    }
    for (int short_names = 1; short_names >= 0; short_names--) {
        judge_kind(judged, &own, short_names, false);
        judge_kind(judged, &own, short_names, true);
    }
    judge_wildcard(judged, &own);
    judge_size(judged, &own);
    GENERAL_NAMES_free(own.alternatives);
}
