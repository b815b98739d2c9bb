/* SPDX-License-Identifier: MPL-2.0 */
/* Folds the findings on a certificate into one check: the worst of them in the summary, the others
 * behind "Also:". The judging is lib/certificate/'s. */
#include "steps/server_certificate.h"

#include <stdio.h>
#include <stdlib.h>

#include "certificate/phone_certificate.h"
#include "certificate/phone_status.h"

#include "dhcp/dhcp_transport.h"
#include "text.h"

void
judgment_worsen(struct server_judgment *judgment, enum ucprov_severity severity, char *text,
                char *remedy)
{
    if (severity <= judgment->severity) {
        free(text);
        free(remedy);
        return;
    }
    free(judgment->text);
    free(judgment->remedy);
    judgment->severity = severity;
    judgment->text = text;
    judgment->remedy = remedy;
}

const char *
server_write(char text[SERVER_TEXT_SIZE], const struct sockaddr_in *server)
{
    snprintf(text, SERVER_TEXT_SIZE, "%s port %u", address_text(server->sin_addr),
             ntohs(server->sin_port));
    return text;
}

const char *
screen_write(char text[SCREEN_TEXT_SIZE], unsigned phone_error)
{
    char status[UCPROV_PHONE_STATUS_SIZE];
    const struct ucprov_phone_error_text *known = ucprov_phone_error_find(phone_error);

    if (phone_error == 0) {
        return "";
    }
    snprintf(text, SCREEN_TEXT_SIZE, " (its screen %s %s)",
             known != NULL && known->seen_on_phones ? "says" : "should say",
             ucprov_phone_status_text(status, phone_error, 0));
    return text;
}

/* What the phone shows, as far as it shows anything for what this is about. */
static const char *
status_write(char text[SCREEN_TEXT_SIZE], const struct server_judgment *judgment,
             unsigned phone_error)
{
    return judgment->is_update ? screen_write(text, phone_error) : "";
}

static char *
handshake_remedy(const struct server_judgment *judgment, const struct tls_result *view)
{
    const struct ucprov_phone_error_text *known = ucprov_phone_error_find(view->phone_error);

    if (judgment->is_update && known != NULL) {
        return text_format("%s %s", known->meaning, known->remedy);
    }
    return text_format(view->outcome == TLS_FAILED
                           ? "The phone speaks TLS 1.0 only, without a server name, and knows RSA "
                             "alone (inferred). Let the server offer that to the voice VLAN."
                           : "The phone gets no connection there. Is the service running, is this "
                             "its port, and does a firewall let the voice VLAN in?");
}

void
judgment_of_handshake(struct server_judgment *judgment, const char *who,
                      const struct tls_result *view)
{
    char screen[SCREEN_TEXT_SIZE];

    judgment_worsen(judgment, UCPROV_FAIL,
                    text_format("%s: %s%s", who, view->error,
                                status_write(screen, judgment, view->phone_error)),
                    handshake_remedy(judgment, view));
}

/* As a check has it: what is fine or a note passes. */
static enum ucprov_severity
status_of(enum ucprov_severity severity)
{
    return severity >= UCPROV_WARN ? severity : UCPROV_PASS;
}

/* What else is wrong, in one sentence. */
static void
add_others(struct text *text, const struct ucprov_findings *findings,
           const struct ucprov_finding *first)
{
    struct text others = {0};

    for (size_t i = 0; i < findings->count; i++) {
        const struct ucprov_finding *each = &findings->items[i];
        if (each == first || status_of(each->severity) == UCPROV_PASS) {
            continue;
        }
        text_separate(&others, "; ");
        text_add(&others, "%s", each->text != NULL ? each->text : "?");
    }
    if (others.length > 0) {
        char *list = text_take(&others);
        text_separate(text, " ");
        text_add(text, "Also: %s.", list != NULL ? list : "out of memory");
        free(list);
    }
}

static void
worsen_by_findings(struct server_judgment *judgment, const char *who,
                   const struct ucprov_findings *findings)
{
    enum ucprov_severity severity = ucprov_findings_worst(findings);
    const struct ucprov_finding *first = ucprov_findings_first(findings, severity);
    char screen[SCREEN_TEXT_SIZE];
    struct text detail = {0};

    if (status_of(severity) == UCPROV_PASS) {
        return;
    }
    if (first == NULL) { /* it was lost among too many, and counts all the same */
        judgment_worsen(judgment, status_of(severity),
                        text_format("the certificate of %s: more is wrong than can be told", who),
                        NULL);
        return;
    }
    text_add(&detail, "%s", first->remedy != NULL ? first->remedy : "");
    add_others(&detail, findings, first);
    judgment_worsen(judgment, status_of(severity),
                    text_format("the certificate of %s: %s%s", who,
                                first->text != NULL ? first->text : "(out of memory)",
                                status_write(screen, judgment, first->code)),
                    text_take(&detail));
}

/* Some firmware does not take SHA-2, which firmware_step() looks at. */
static bool
is_sha2(const X509 *certificate)
{
    int digest = NID_undef;

    X509_get_signature_info((X509 *)certificate, &digest, NULL, NULL, NULL);
    return digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512;
}

static void
note_signatures(struct phone *phone, const STACK_OF(X509) * sent)
{
    for (int i = 0; i < sk_X509_num(sent); i++) {
        phone->learned.sees_sha2 = phone->learned.sees_sha2 || is_sha2(sk_X509_value(sent, i));
    }
}

/* For programs: of several servers, those of the worst, which is what the check speaks of. */
static void
keep_findings(struct phone *phone, const char *key, const struct ucprov_findings *findings,
              enum ucprov_severity before)
{
    if (phone->learned.certificates == NULL) {
        phone->learned.certificates = json_object();
    }
    if (json_object_get(phone->learned.certificates, key) == NULL ||
        status_of(ucprov_findings_worst(findings)) > before) {
        json_object_set_new(phone->learned.certificates, key, ucprov_phone_findings_json(findings));
    }
}

void
judgment_of_certificate(struct server_judgment *judgment, struct phone *phone, const char *key,
                        const char *who, const struct tls_result *view, const char *const *names,
                        size_t count)
{
    struct ucprov_findings findings = {0};

    if (sk_X509_num(view->sent) < 1) {
        judgment_worsen(judgment, UCPROV_FAIL, text_format("%s sends no certificate", who), NULL);
        return;
    }
    const struct ucprov_peer_certificate presented = {
        .certificate = sk_X509_value(view->sent, 0),
        .others = view->sent,
        .roots = phone->learned.chain_known ? &phone->learned.chains : NULL,
        .names = names,
        .name_count = count,
        .now = phone_now(phone),
    };
    ucprov_judge_certificate(&findings, &presented);
    note_signatures(phone, view->sent);
    keep_findings(phone, key, &findings, judgment->severity);
    worsen_by_findings(judgment, who, &findings);
    ucprov_findings_clear(&findings);
}

void
check_good(struct phone *phone, enum check check, char *text)
{
    if (phone->learned.chain_known) {
        check_add(phone->checks, check, UCPROV_PASS, text, NULL);
        return;
    }
    check_add(phone->checks, check, UCPROV_SKIP,
              text_format("%s; whether the phone trusts its CA is not known without the chain",
                          text != NULL ? text : "?"),
              text_format("Take the step chain, too, or name the chain that phones are given with "
                          "--chain."));
    free(text);
}
