#include "certificate/phone_certificate.h"

#include <assert.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate/phone_status.h"

#include "certificate/phone_certificate_rules.h"

/* Remarks */

void
ucprov_remarks_add(struct ucprov_remarks *remarks, const char *id, enum ucprov_verdict verdict,
                   unsigned phone_error, char *text, char *remedy)
{
    if (text == NULL || remarks->count == UCPROV_REMARKS_MAX) {
        remarks->lost++;
        free(text);
        free(remedy);
        return;
    }
    remarks->items[remarks->count++] =
        (struct ucprov_remark){id, verdict, phone_error, text, remedy};
}

enum ucprov_verdict
ucprov_remarks_verdict(const struct ucprov_remarks *remarks)
{
    enum ucprov_verdict worst = UCPROV_VERDICT_FINE;
    for (size_t i = 0; i < remarks->count; i++) {
        worst = remarks->items[i].verdict > worst ? remarks->items[i].verdict : worst;
    }
    return worst;
}

void
ucprov_remarks_clear(struct ucprov_remarks *remarks)
{
    for (size_t i = 0; i < remarks->count; i++) {
        free(remarks->items[i].text);
        free(remarks->items[i].remedy);
    }
    *remarks = (struct ucprov_remarks){0};
}

const char *
ucprov_verdict_name(enum ucprov_verdict verdict)
{
    static const char *const names[] = {
        [UCPROV_VERDICT_FINE] = "fine",
        [UCPROV_VERDICT_NOTE] = "note",
        [UCPROV_VERDICT_WARN] = "warn",
        [UCPROV_VERDICT_FAIL] = "fail",
    };
    assert((size_t)verdict < sizeof names / sizeof names[0]);
    return names[verdict];
}

static json_t *
remark_json(const struct ucprov_remark *item)
{
    char status[UCPROV_PHONE_STATUS_SIZE];
    ucprov_phone_status_text(status, item->phone_error, 0);
    return json_pack("{s:s, s:s, s:s?, s:s, s:s?}", "id", item->id, "verdict",
                     ucprov_verdict_name(item->verdict), "phone_status",
                     item->phone_error == 0 ? NULL : status, "text", item->text, "remedy",
                     item->remedy);
}

json_t *
ucprov_remarks_json(const struct ucprov_remarks *remarks)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < remarks->count; i++) {
        if (json_array_append_new(list, remark_json(&remarks->items[i])) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

void
remark(const struct judged *judged, const char *id, enum ucprov_verdict verdict,
       unsigned phone_error, const char *remedy, const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    va_end(arguments);
    ucprov_remarks_add(judged->remarks, id, verdict, phone_error, text,
                       remedy == NULL ? NULL : strdup(remedy));
}

/* Judging */

static X509 *
find_issuer(STACK_OF(X509) * candidates, X509 *certificate)
{
    for (int i = 0; i < sk_X509_num(candidates); i++) {
        X509 *candidate = sk_X509_value(candidates, i);
        if (X509_check_issued(candidate, certificate) == X509_V_OK) {
            return candidate;
        }
    }
    return NULL;
}

/* The CAs above the certificate, by what came along and by what phones are given. Signatures are
 * judge_chain()'s. */
static void
find_cas(struct judged *judged)
{
    const struct ucprov_presented *presented = judged->presented;
    X509 *below = presented->certificate;
    while (judged->ca_count < CAS_MAX && X509_self_signed(below, 0) != 1) {
        X509 *issuer = find_issuer(presented->others, below);
        if (issuer == NULL && presented->roots != NULL) {
            issuer = find_issuer(presented->roots->all, below);
        }
        if (issuer == NULL) {
            break;
        }
        judged->cas[judged->ca_count++] = issuer;
        below = issuer;
    }
}

void
ucprov_judge_certificate(struct ucprov_remarks *remarks, const struct ucprov_presented *presented)
{
    struct judged judged = {.presented = presented, .remarks = remarks};
    find_cas(&judged);
    judge_names(&judged);
    judge_dates(&judged);
    judge_key(&judged);
    judge_signatures(&judged);
    /* OpenSSL reads neither out of a certificate that has a malformed extension. */
    if ((X509_get_extension_flags(presented->certificate) & EXFLAG_INVALID) != 0) {
        remark(
            &judged, "extensions", UCPROV_VERDICT_WARN, 0, "Issue another certificate.",
            "an extension is malformed, so that usage and chain were not judged; what phones make "
            "of it is not known");
    } else {
        judge_usage(&judged);
        judge_chain(&judged);
    }
    ERR_clear_error();
}
