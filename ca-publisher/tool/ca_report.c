/* SPDX-License-Identifier: MPL-2.0 */
/* Prints what was found, and ends with what a phone's screen would show for the first failure. The
 * judging is lib/certificate/'s. */
#include "tool/ca_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "base/wrap.h"
#include "certificate/phone_status.h"

#include "tool/ca_print.h"

#define TARGET_SIZE   300
#define HEADLINE_SIZE 2048 /* both of these, a name and an issuer */

/* Explains the status of a failure, when one is known. */
static void
print_status(FILE *out, const struct ucprov_finding *failure)
{
    const struct ucprov_phone_error_text *known = ucprov_phone_error_find(failure->code);
    if (known == NULL) {
        ucprov_wrap(out, "", "Which status phones show for the first failure is not known.");
        return;
    }
    char text[512];
    char status[UCPROV_PHONE_STATUS_SIZE];
    snprintf(text, sizeof(text), "%s is %s%s: %s", ucprov_phone_status_text(status, known->code, 0),
             known->name, known->seen_on_phones ? "" : " (by winhttp.h; not seen on phones so far)",
             known->meaning);
    ucprov_wrap(out, "", text);
}

static void
print_conclusion(FILE *out, const struct ca_report *report)
{
    const struct ucprov_findings *findings = report->findings;
    const struct ucprov_finding *failure = ucprov_findings_first(findings, UCPROV_FAIL);
    fputc('\n', out);
    if (failure != NULL) {
        print_status(out, failure);
        fputs("As far as is known, Lync phones cannot use this.\n", out);
    } else if (ucprov_findings_worst(findings) == UCPROV_WARN) {
        fputs("Lync phones may have trouble with this.\n", out);
    } else {
        fputs("Nothing here keeps Lync phones away.\n", out);
    }
}

/* "pool01 (10.1.1.10:443): "pool01.contoso.com", issued by "CN=..."", or that none came. */
static void
print_headline(FILE *out, const struct ca_report *report)
{
    char target[TARGET_SIZE];
    char address[TARGET_SIZE] = "";
    char text[HEADLINE_SIZE];
    ucprov_printable(target, sizeof(target), report->target, strlen(report->target));
    if (report->address != NULL && strcmp(report->address, report->target) != 0) {
        snprintf(address, sizeof(address), " (%s)", report->address);
    }
    if (report->certificate == NULL) {
        snprintf(text, sizeof(text), "%s%s: no certificate came", target, address);
    } else {
        char *name = ucprov_certificate_name(report->certificate);
        char *issuer = ucprov_certificate_issuer(report->certificate);
        snprintf(text, sizeof(text), "%s%s: \"%s\", issued by \"%s\"", target, address,
                 name == NULL ? "?" : name, issuer == NULL ? "?" : issuer);
        free(name);
        free(issuer);
    }
    ucprov_wrap(out, "", text);
}

void
ca_report_text(FILE *out, const struct ca_report *report)
{
    print_headline(out, report);
    ucprov_findings_print(report->findings, out, true);
    print_conclusion(out, report);
}

static json_t *
certificate_json(X509 *certificate)
{
    if (certificate == NULL) {
        return json_null();
    }
    char first[UCPROV_DATE_SIZE];
    char last[UCPROV_DATE_SIZE];
    char *name = ucprov_certificate_name(certificate);
    char *subject = ucprov_certificate_subject(certificate);
    char *issuer = ucprov_certificate_issuer(certificate);
    char *fingerprint = ucprov_certificate_fingerprint(certificate, EVP_sha256());
    json_t *json =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "name", name, "subject", subject, "issuer",
                  issuer, "sha256", fingerprint, "not_before",
                  ucprov_certificate_date(first, X509_get0_notBefore(certificate)), "not_after",
                  ucprov_certificate_date(last, X509_get0_notAfter(certificate)));
    free(name);
    free(subject);
    free(issuer);
    free(fingerprint);
    return json;
}

static json_t *
names_json(const struct ca_names *names)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < names->count; i++) {
        if (json_array_append_new(list, json_string(names->items[i])) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

json_t *
ca_report_json(const struct ca_report *report)
{
    char target[TARGET_SIZE];
    ucprov_printable(target, sizeof(target), report->target, strlen(report->target));
    return json_pack("{s:s, s:s?, s:o, s:o, s:o, s:s, s:o}", "target", target, "address",
                     report->address, "names", names_json(report->names), "certificate",
                     certificate_json(report->certificate), "tls",
                     report->server == NULL ? json_null() : ca_server_json(report->server),
                     "status", ucprov_severity_name(ucprov_findings_worst(report->findings)),
                     "findings", ucprov_phone_findings_json(report->findings));
}
