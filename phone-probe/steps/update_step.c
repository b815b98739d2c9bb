/* SPDX-License-Identifier: MPL-2.0 */
/* The update server, before the phone knows its root, and after.
 *
 * It resolves the long names, but speaks TLS and HTTP to the short one. What it posts to the
 * service is not public; an empty request is sent here. What HTTP status it is answered with
 * counts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate/phone_http.h"
#include "client/http_client.h"
#include "dhcp/dhcp_transport.h"
#include "steps/phone_steps.h"
#include "steps/server_certificate.h"
#include "text.h"

#define REQUEST_HANDLER "/RequestHandler/ucdevice.upx"
#define ANSWER_MAX      (1U << 20) /* octets; nobody reads them */

/* The servers to look at: every address that ucupdates-r2 has. */
struct servers {
    size_t count;
    struct sockaddr_in items[LOOKUP_RESULTS_MAX];
};

/* False after a check that says why there is none to look at. */
static bool
find_servers(struct phone *phone, struct servers *servers, enum check check)
{
    struct in_addr addresses[LOOKUP_RESULTS_MAX];

    phone_find_update_names(phone);
    servers->count = phone_update_addresses(phone, addresses);
    for (size_t i = 0; i < servers->count; i++) {
        servers->items[i] = (struct sockaddr_in){.sin_family = AF_INET,
                                                 .sin_port = htons(phone->settings->ports.update),
                                                 .sin_addr = addresses[i]};
    }
    if (servers->count == 0) {
        check_add(phone->checks, check, UCPROV_SKIP,
                  text_format("no address of " UCPROV_UPDATE_NAME " to ask"), NULL);
        return false;
    }
    if (!dhcp_transport_has_route(addresses[0])) {
        check_add(phone->checks, check, UCPROV_SKIP,
                  text_format("this machine has no route to %s", address_text(addresses[0])), NULL);
        return false;
    }
    return true;
}

void
update_step_before(struct phone *phone)
{
    static const enum check check = CHECK_UPDATE_BEFORE;
    struct servers servers;
    struct server_judgment judgment = {.is_update = true};
    struct tls_result view;

    if (!find_servers(phone, &servers, check)) {
        return;
    }
    for (size_t i = 0; i < servers.count; i++) {
        tls_probe(&view, &servers.items[i], &tls_profile_phone, phone_query_timeout(phone));
        if (view.outcome != TLS_FINE) {
            judgment_of_handshake(&judgment, server_text(&servers.items[i]), &view);
        }
        tls_view_clear(&view);
    }
    if (judgment.severity == UCPROV_FAIL) {
        check_add(phone->checks, check, UCPROV_FAIL, judgment.text, judgment.remedy);
        return;
    }
    check_add(phone->checks, check, UCPROV_WAIT,
              text_format("the phone does not know the root yet: its screen says 0x2F0D/0 until "
                          "somebody tries to sign in"),
              text_format("That is as it should be. A bogus number and PIN will do; left alone "
                          "then, the phone tries again after a few minutes. (A phone that "
                          "trusts it already updates at once.)"));
}

/* The names that the certificate has to be good for: the short one, and every long one that was
 * found. Returns how many. */
static size_t
list_names(const struct phone *phone, const char *names[1 + PHONE_DOMAINS_MAX])
{
    size_t count = 0;

    names[count++] = UCPROV_UPDATE_NAME;
    for (size_t i = 0; i < phone->learned.domain_count; i++) {
        if (phone->learned.update_names[i].lookup.outcome == LOOKUP_FOUND) {
            names[count++] = phone->learned.update_names[i].name;
        }
    }
    return count;
}

/* What was found of all servers: their certificates, and the service. */
struct look {
    struct server_judgment certificate;
    struct server_judgment service;
    int http_status; /* of the last server that answered well */
};

/* IIS says it in the page, which comes with status 403 or 400. */
static bool
wants_client_certificate(const struct http_answer *answer)
{
    return answer->status == 400 && answer->body != NULL &&
           (strcasestr(answer->body, "client certificate") != NULL ||
            strcasestr(answer->body, "SSL certificate") != NULL);
}

/* What the service answers to a POST counts: a phone's would fare no better. Only what may be for
 * want of a body is left open. */
static void
judge_answer(struct look *look, const char *who, const struct http_answer *answer)
{
    const struct ucprov_phone_http_text *known = ucprov_phone_http_find((unsigned)answer->status);
    enum ucprov_phone_http_verdict verdict = known != NULL ? known->verdict : UCPROV_HTTP_REFUSES;

    if (verdict == UCPROV_HTTP_SERVES) {
        look->http_status = answer->status;
        return;
    }
    bool refuses = verdict == UCPROV_HTTP_REFUSES || wants_client_certificate(answer);
    judgment_worsen(
        &look->service, refuses ? UCPROV_FAIL : UCPROV_WARN,
        text_format("%s answers POST " REQUEST_HANDLER " with HTTP %d", who, answer->status),
        text_format("%s %s%s", known != NULL ? known->meaning : "",
                    known != NULL && known->remedy != NULL ? known->remedy : "",
                    refuses ? ""
                            : " Or it is since the request was empty: what a phone "
                              "sends is not public."));
}

static void
look_at_server(struct look *look, struct phone *phone, const struct sockaddr_in *server,
               const char *const *names, size_t count)
{
    const struct http_request request = {
        .server = *server,
        .tls = &tls_profile_phone,
        .host = UCPROV_UPDATE_NAME,
        .target = REQUEST_HANDLER,
        .content_type = "text/xml; charset=utf-8",
        .body = "",
        .timeout = phone_query_timeout(phone),
        .body_max = ANSWER_MAX,
    };
    const char *who = server_text(server);
    struct http_answer answer;

    http_fetch(&answer, &request);
    if (sk_X509_num(answer.tls.sent) > 0 && answer.tls.outcome == TLS_FINE) {
        judgment_of_certificate(&look->certificate, phone, "update", who, &answer.tls, names,
                                count);
        if (answer.status == 0) {
            judgment_worsen(
                &look->service, UCPROV_FAIL,
                text_format("%s: %s%s", who, answer.error, screen_text(answer.phone_error)),
                text_format("TLS works, but no HTTP answer comes to POST " REQUEST_HANDLER
                            ": look at the web server behind it."));
        }
        if (answer.status != 0) {
            judge_answer(look, who, &answer);
        }
    } else {
        judgment_of_handshake(&look->certificate, who, &answer.tls);
    }
    http_answer_clear(&answer);
}

/* "certificate is good for ucupdates-r2 and ucupdates-r2.contoso.com" */
static char *
good_text(const char *const *names, size_t count)
{
    struct text text = {0};

    text_add(&text, "certificate is good for ");
    for (size_t i = 0; i < count; i++) {
        text_add(&text, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " and ", names[i]);
    }
    return text_take(&text);
}

static void
report_look(struct phone *phone, struct look *look, char *good)
{
    if (look->certificate.severity != UCPROV_SKIP) {
        check_add(phone->checks, CHECK_UPDATE_CERTIFICATE, look->certificate.severity,
                  look->certificate.text, look->certificate.remedy);
        free(good);
    } else {
        check_good(phone, CHECK_UPDATE_CERTIFICATE, good);
    }
    if (look->service.severity != UCPROV_SKIP) {
        check_add(phone->checks, CHECK_UPDATE_SERVICE, look->service.severity, look->service.text,
                  look->service.remedy);
    } else if (look->http_status != 0) {
        check_add(phone->checks, CHECK_UPDATE_SERVICE, UCPROV_PASS,
                  text_format("answers POST " REQUEST_HANDLER " (HTTP %d)", look->http_status),
                  text_format("What a phone sends is not public, so the request was empty."));
    } else {
        check_add(phone->checks, CHECK_UPDATE_SERVICE, UCPROV_SKIP,
                  text_format("not asked: there is no TLS connection"), NULL)
            ->quiet = true;
    }
}

/* Firmware itself comes over plain HTTP inside the network. */
static void
check_plain_http(struct phone *phone, const struct servers *servers)
{
    static const enum check check = CHECK_UPDATE_HTTP;
    struct server_judgment judgment = {0};

    for (size_t i = 0; i < servers->count; i++) {
        struct http_request request = {
            .server = servers->items[i],
            .host = UCPROV_UPDATE_NAME,
            .target = "/",
            .timeout = phone_query_timeout(phone),
            .body_max = ANSWER_MAX,
        };
        struct http_answer answer;
        request.server.sin_port = htons(phone->settings->ports.http);
        http_fetch(&answer, &request);
        if (answer.status == 0) {
            judgment_worsen(&judgment, UCPROV_FAIL,
                            text_format("%s: %s", server_text(&request.server), answer.error),
                            text_format("Phones fetch firmware over plain HTTP inside the network: "
                                        "open port 80 of the update server to them."));
        }
        http_answer_clear(&answer);
    }
    if (judgment.severity == UCPROV_SKIP) {
        check_add(phone->checks, check, UCPROV_PASS,
                  text_format("port %u answers plain HTTP", phone->settings->ports.http), NULL);
    } else {
        check_add(phone->checks, check, judgment.severity, judgment.text, judgment.remedy);
    }
}

void
update_step_after(struct phone *phone)
{
    const char *names[1 + PHONE_DOMAINS_MAX];
    struct servers servers;
    struct look look = {.certificate.is_update = true, .service.is_update = true};

    if (!find_servers(phone, &servers, CHECK_UPDATE_CERTIFICATE)) {
        return;
    }
    size_t count = list_names(phone, names);
    for (size_t i = 0; i < servers.count && !phone_deadline_passed(phone); i++) {
        look_at_server(&look, phone, &servers.items[i], names, count);
    }
    report_look(phone, &look, good_text(names, count));
    check_plain_http(phone, &servers);
}
