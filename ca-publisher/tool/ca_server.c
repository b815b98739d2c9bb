/* SPDX-License-Identifier: MPL-2.0 */
/* Tries a live server many times over: as a phone, at each TLS version, with each suite that a
 * phone may have; and turns the answers into findings. A version that was not tried is never called
 * missing. */
#include "tool/ca_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate/phone_status.h"

static const int versions[CA_VERSIONS] = {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION,
                                          TLS1_3_VERSION};

/* Those with RSA key exchange first: what a phone of that age surely has (inferred). */
static const char *const suites[CA_SUITES] = {
    "AES128-SHA",         "AES256-SHA",           "DHE-RSA-AES128-SHA",
    "DHE-RSA-AES256-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA",
};

#define RSA_SUITES 2

/* Not a phone's, but what tells whether a version is there at all. */
static const char any_suite[] = "ALL:@SECLEVEL=0";

static bool
is_reachable(const struct tls_result *view)
{
    return view->outcome == TLS_FINE || view->outcome == TLS_FAILED;
}

static bool
look_at_version(struct tls_result *view, const struct sockaddr_in *address, int version,
                int timeout)
{
    const struct tls_profile profile = {
        .min_version = version, .max_version = version, .ciphers = any_suite};
    tls_probe(view, address, &profile, timeout);
    return view->outcome == TLS_FINE;
}

static void
look_at_suites(struct ca_server *server, const struct sockaddr_in *address, int timeout)
{
    for (size_t i = 0; i < CA_SUITES; i++) {
        char ciphers[64];
        struct tls_result view;
        snprintf(ciphers, sizeof(ciphers), "%s:@SECLEVEL=0", suites[i]);
        const struct tls_profile profile = {
            .min_version = TLS1_VERSION, .max_version = TLS1_VERSION, .ciphers = ciphers};
        tls_probe(&view, address, &profile, timeout);
        server->suites[i].accepted = view.outcome == TLS_FINE;
        tls_view_clear(&view);
    }
}

/* Servers that have several certificates may want to be told for whom. */
static void
look_by_name(struct ca_server *server, const struct sockaddr_in *address, const char *name,
             int timeout)
{
    const struct tls_profile profile = {.min_version = TLS1_VERSION,
                                        .max_version = TLS1_3_VERSION,
                                        .ciphers = any_suite,
                                        .server_name = name};
    tls_probe(&server->named, address, &profile, timeout);
}

void
ca_server_look(struct ca_server *server, const struct sockaddr_in *address, const char *name,
               int timeout)
{
    bool any = false;
    *server = (struct ca_server){0};
    for (size_t i = 0; i < CA_SUITES; i++) {
        server->suites[i].name = suites[i];
    }
    tls_probe(&server->phone, address, &tls_profile_phone, timeout);
    if (server->phone.outcome == TLS_REFUSED || server->phone.outcome == TLS_NOT_STARTED) {
        return;
    }
    for (size_t i = CA_VERSIONS; i-- > 0;) { /* the newest first: is it there at all? */
        any |= look_at_version(&server->versions[i], address, versions[i], timeout);
        if (!is_reachable(&server->phone) && !is_reachable(&server->versions[i])) {
            return;
        }
    }
    if (server->versions[0].outcome == TLS_FINE || server->phone.outcome == TLS_FINE) {
        look_at_suites(server, address, timeout);
    }
    if (!any && name != NULL) {
        look_by_name(server, address, name, timeout);
    }
}

void
ca_server_clear(struct ca_server *server)
{
    tls_view_clear(&server->phone);
    tls_view_clear(&server->named);
    for (size_t i = 0; i < CA_VERSIONS; i++) {
        tls_view_clear(&server->versions[i]);
    }
}

STACK_OF(X509) * ca_server_sent(const struct ca_server *server)
{
    STACK_OF(X509) *sent = server->phone.sent;
    for (size_t i = 0; sk_X509_num(sent) <= 0 && i < CA_VERSIONS; i++) {
        sent = server->versions[i].sent;
    }
    sent = sk_X509_num(sent) > 0 ? sent : server->named.sent;
    return sk_X509_num(sent) > 0 ? sent : NULL;
}

/* Judging */

/* What explains a phone's status names the port that phones use; here any may have been given. */
static const char *
connect_remedy(unsigned phone_error)
{
    const struct ucprov_phone_error_text *known = ucprov_phone_error_find(phone_error);
    if (phone_error == UCPROV_PHONE_CANNOT_CONNECT) {
        return "Is the service running, is it listening on that port, and does a firewall let the "
               "voice VLAN in?";
    }
    return known == NULL ? NULL : known->remedy;
}

/* What the server offers, as "TLS 1.2, TLS 1.3"; "" when it is nothing. */
static void
list_versions(char *text, size_t size, const struct ca_server *server)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < CA_VERSIONS && used < size; i++) {
        if (server->versions[i].version != 0) {
            used += (size_t)snprintf(text + used, size - used, "%s%s", used == 0 ? "" : ", ",
                                     tls_version_text(versions[i]));
        }
    }
}

/* No handshake as a phone: why, as far as the other looks tell. */
static void
judge_failure(struct ucprov_findings *findings, const struct ca_server *server)
{
    const char *remedy;
    char offered[64];
    char text[512];
    list_versions(offered, sizeof(offered), server);
    if (server->named.version != 0) {
        remedy = "Give it a certificate for clients that name no host.";
        snprintf(text, sizeof(text),
                 "the server answers only clients that say its name (SNI); phones, it is assumed, "
                 "do not");
    } else if (server->versions[0].version != 0) {
        remedy = "Allow AES128-SHA and AES256-SHA, with an RSA certificate.";
        snprintf(text, sizeof(text),
                 "the server has TLS 1.0, but none of the AES-CBC-SHA suites with RSA that phones "
                 "are assumed to have; it picked %s",
                 server->versions[0].cipher);
    } else if (offered[0] == '\0') {
        remedy = "Is TLS spoken on that port? Phones use 443 for TLS, 80 for plain HTTP.";
        snprintf(text, sizeof(text), "the server offers no TLS at all: %s", server->phone.error);
    } else if (strstr(server->phone.error, "internal error") != NULL) {
        remedy = "OpenSSL 3 has TLS 1.0 at security level 0 alone. nginx: \"ssl_protocols TLSv1 "
                 "TLSv1.1 TLSv1.2; ssl_ciphers DEFAULT@SECLEVEL=0;\". Apache: \"SSLProtocol all\" "
                 "and \"SSLCipherSuite DEFAULT@SECLEVEL=0\". On an address of its own.";
        snprintf(text, sizeof(text),
                 "the server answers TLS 1.0 with the alert internal_error (it offers %s): so do "
                 "those with OpenSSL 3 that allow TLS 1.0, but not at their security level",
                 offered);
    } else {
        remedy = "Allow TLS 1.0 with AES-CBC-SHA suites for phones, on an address of its own. (A "
                 "server that has it with RC4 or 3DES alone looks the same from here.)";
        snprintf(text, sizeof(text),
                 "the server offers no TLS 1.0 (it offers %s): no Lync phone can connect with TLS; "
                 "plain HTTP still serves the chain. It said: %s",
                 offered, server->phone.error);
    }
    ucprov_phone_finding(findings, "tls.version", UCPROV_FAIL, UCPROV_PHONE_SECURE_CHANNEL, remedy,
                         "%s", text);
}

static void
judge_suites(struct ucprov_findings *findings, const struct ca_server *server)
{
    char text[256];
    size_t used = 0;
    bool rsa = false;
    for (size_t i = 0; i < CA_SUITES && used < sizeof(text); i++) {
        if (server->suites[i].accepted) {
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
                                     used == 0 ? "with TLS 1.0 it takes " : ", ",
                                     server->suites[i].name);
            rsa |= i < RSA_SUITES;
        }
    }
    if (used == 0) {
        snprintf(text, sizeof(text), "with TLS 1.0 it takes %s", server->phone.cipher);
    }
    if (rsa) {
        ucprov_phone_finding(
            findings, "tls.suites", UCPROV_NOTE, 0,
            "Which suites phones offer is not known; the log of ucprov-capubd's legacy listener "
            "shows it when a handshake fails.",
            "%s", text);
    } else {
        ucprov_phone_finding(
            findings, "tls.suites", UCPROV_WARN, 0,
            "Allow AES128-SHA and AES256-SHA, too: whether phones know (EC)DHE is not known.", "%s",
            text);
    }
}

void
ca_server_judge(struct ucprov_findings *findings, const struct ca_server *server)
{
    const struct tls_result *phone = &server->phone;
    char text[384];
    char offered[64];
    if (phone->outcome == TLS_FAILED) {
        judge_failure(findings, server);
    } else if (phone->outcome == TLS_FINE) {
        list_versions(offered, sizeof(offered), server);
        snprintf(text, sizeof(text), "speaks TLS 1.0, with %s (it offers %s)", phone->cipher,
                 offered);
        ucprov_phone_finding(findings, "tls.version", UCPROV_PASS, 0, NULL, "%s", text);
        judge_suites(findings, server);
    } else {
        ucprov_phone_finding(findings, "tls.connect", UCPROV_FAIL, phone->phone_error,
                             connect_remedy(phone->phone_error), "%s", phone->error);
    }
}

/* JSON */

static json_t *
version_json(const struct tls_result *view, int version)
{
    bool offered = view->version != 0;
    bool looked_at = offered || view->error[0] != '\0';
    return json_pack("{s:s, s:o, s:s?, s:s?}", "version", tls_version_text(version), "offered",
                     looked_at ? json_boolean(offered) : json_null(), "cipher",
                     offered ? view->cipher : NULL, "error",
                     view->error[0] != '\0' ? view->error : NULL);
}

json_t *
ca_server_json(const struct ca_server *server)
{
    json_t *version_list = json_array();
    json_t *suite_list = json_array();
    int failed = 0;
    for (size_t i = 0; i < CA_VERSIONS; i++) {
        failed |=
            json_array_append_new(version_list, version_json(&server->versions[i], versions[i]));
    }
    for (size_t i = 0; i < CA_SUITES; i++) {
        failed |= json_array_append_new(suite_list,
                                        json_pack("{s:s, s:b}", "name", server->suites[i].name,
                                                  "accepted", server->suites[i].accepted));
    }
    json_t *json = json_pack("{s:o, s:o}", "versions", version_list, "suites", suite_list);
    if (failed != 0) {
        json_decref(json);
        json = NULL;
    }
    return json;
}
