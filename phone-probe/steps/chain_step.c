/* SPDX-License-Identifier: MPL-2.0 */
/* The root chain, fetched anonymously with GetRootCertChains: over plain HTTP, as phones do, and
 * over HTTPS, as option 43 says. How a phone gets from one to the other is not known.
 */
#include <stdio.h>
#include <stdlib.h>

#include "certificate/chain_document.h"

#include "client/http_client.h"
#include "dhcp/dhcp_transport.h"
#include "steps/phone_steps.h"
#include "steps/server_certificate.h"
#include "text.h"

#define WARNING_DAYS 30
#define SOAP_TYPE    "text/xml; charset=utf-8"

/* A way to the service, and what came over it. */
struct endpoint {
    const char *scheme;
    in_port_t port;
    const struct tls_profile *profile; /* NULL: plain */
    struct http_answer answer;
    struct ucprov_chain_document document;
    bool fetched;
    char problem[UCPROV_PROBLEM_SIZE]; /* "" when certificates came */
};

/* The name, and the port where it is not the scheme's. */
static char *
host_text(const struct phone *phone, const struct endpoint *endpoint)
{
    in_port_t usual = endpoint->profile == NULL ? 80 : 443;

    return endpoint->port == usual
               ? text_format("%s", phone->learned.service.host)
               : text_format("%s:%u", phone->learned.service.host, endpoint->port);
}

static char *
url_text(const struct phone *phone, const struct endpoint *endpoint)
{
    char *host = host_text(phone, endpoint);
    char *url = host != NULL
                    ? text_format("%s://%s%s", endpoint->scheme, host, phone->learned.service.path)
                    : NULL;

    free(host);
    return url;
}

/* Says what is wrong with an answer that came; "" when it has certificates. */
static void
read_answer(struct endpoint *endpoint)
{
    struct ucprov_problem problem;
    const struct http_answer *answer = &endpoint->answer;

    if (answer->status >= 300 && answer->status < 400) {
        snprintf(endpoint->problem, sizeof(endpoint->problem),
                 "answers HTTP %d, a redirect, which is no chain", answer->status);
        return;
    }
    if (ucprov_chain_document_parse(&endpoint->document, answer->body, answer->body_length,
                                    &problem) != 0) {
        snprintf(endpoint->problem, sizeof(endpoint->problem),
                 "answers HTTP %d, and no XML to trust: %.900s", answer->status, problem.text);
    } else if (endpoint->document.error_response) {
        snprintf(endpoint->problem, sizeof(endpoint->problem), "answers HTTP %d with an error: %s",
                 answer->status,
                 endpoint->document.explanation[0] != '\0' ? endpoint->document.explanation
                                                           : "it does not say which");
    } else if (answer->status != 200) {
        snprintf(endpoint->problem, sizeof(endpoint->problem), "answers HTTP %d", answer->status);
    } else if (endpoint->document.count == 0) {
        snprintf(endpoint->problem, sizeof(endpoint->problem),
                 "answers, but there is no certificate in it");
    }
}

static void
fetch(struct phone *phone, struct in_addr address, struct endpoint *endpoint)
{
    char *host = host_text(phone, endpoint);
    const struct http_request request = {
        .server = {.sin_family = AF_INET, .sin_port = htons(endpoint->port), .sin_addr = address},
        .tls = endpoint->profile,
        .host = host != NULL ? host : phone->learned.service.host,
        .target = phone->learned.service.path,
        .content_type = SOAP_TYPE,
        .soap_action = ucprov_get_root_cert_chains_action,
        .body = ucprov_get_root_cert_chains,
        .timeout = phone_query_timeout(phone),
        .body_max = UCPROV_DOCUMENT_MAX,
    };

    endpoint->fetched = true;
    http_fetch(&endpoint->answer, &request);
    if (endpoint->answer.outcome == TLS_FINE) {
        read_answer(endpoint);
    } else {
        snprintf(endpoint->problem, sizeof(endpoint->problem), "%s: %s",
                 server_text(&request.server), endpoint->answer.error);
    }
    free(host);
}

static void
clear_way(struct endpoint *endpoint)
{
    if (endpoint->fetched) {
        ucprov_chain_document_clear(&endpoint->document);
        http_answer_clear(&endpoint->answer);
    }
    *endpoint = (struct endpoint){
        .scheme = endpoint->scheme, .port = endpoint->port, .profile = endpoint->profile};
}

/* "Contoso Root CA (expires 2031-04-02), over http://..." */
static char *
chains_text(const struct ucprov_chains *chains, const char *url)
{
    struct text text = {0};

    for (size_t i = 0; i < chains->count; i++) {
        const X509 *root = ucprov_chain_root(&chains->items[i]);
        char date[UCPROV_DATE_SIZE];
        char *name = ucprov_certificate_name(root);
        text_separate(&text, ", ");
        text_add(&text, "%s (expires %s)", name != NULL ? name : "?",
                 ucprov_certificate_date(date, X509_get0_notAfter(root)));
        free(name);
    }
    text_add(&text, ", over %s", url != NULL ? url : "HTTP");
    return text_take(&text);
}

/* Chains are known to travel as PKCS#7. */
static bool
is_all_pkcs7(const struct ucprov_chain_document *document)
{
    for (size_t i = 0; i < document->count; i++) {
        if (document->blobs[i].kind != UCPROV_BLOB_PKCS7) {
            return false;
        }
    }
    return true;
}

/* What a phone may stumble over in a chain that is one; NULL: nothing. */
static char *
reservation(const struct ucprov_chain_document *document, int64_t days)
{
    if (!is_all_pkcs7(document)) {
        return text_format("These are bare certificates. Phones are given chains as PKCS#7; "
                           "whether they take anything else is not known.");
    }
    if (days < WARNING_DAYS) {
        return text_format("A certificate of the chain expires in %lld days; phones trust nothing "
                           "below it from then on.",
                           (long long)days);
    }
    return NULL;
}

/* Trusts what came, unless the command line gave a chain. */
static void
check_roots(struct phone *phone, const struct endpoint *endpoint, const char *url)
{
    struct ucprov_chains chains = {0};
    struct ucprov_problem problem;

    if (ucprov_chains_build(&chains, endpoint->document.certificates, phone_now(phone), &problem) !=
        0) {
        check_add(phone->checks, CHECK_CHAIN_HTTP, UCPROV_FAIL,
                  text_format("%s: %s", url != NULL ? url : "", problem.text),
                  text_format("The phone is given certificates that are no chain to a root. Give "
                              "the publisher the root and every issuing CA below it."));
        ucprov_chains_clear(&chains);
        return;
    }
    int64_t days = ((int64_t)chains.expires - phone_now(phone)) / 86400;
    bool sound = is_all_pkcs7(&endpoint->document) && days >= WARNING_DAYS;
    check_add(phone->checks, CHECK_CHAIN_HTTP, sound ? UCPROV_PASS : UCPROV_WARN,
              chains_text(&chains, url), reservation(&endpoint->document, days));
    if (phone->learned.chain_known) {
        ucprov_chains_clear(&chains);
    } else {
        phone->learned.chains = chains;
        phone->learned.chain_known = true;
    }
}

static const char which_is_luck[] =
    "Which of the two a phone will trust is luck: publish the same.";

static const char *
http_remedy(const struct endpoint *endpoint)
{
    if (endpoint->answer.status >= 300 && endpoint->answer.status < 400) {
        return "Phones fetch the chain over plain HTTP before they trust anybody, so a redirect to "
               "HTTPS shuts them out: serve the same path on port 80.";
    }
    if (endpoint->answer.status != 0) {
        return "Phones fetch the chain here, anonymously, when somebody starts a PIN sign-in. Look "
               "whether the path of option 43 is right, and whether it is served on port 80, too.";
    }
    return "Phones fetch the chain here, over plain HTTP, when somebody starts a PIN sign-in. Open "
           "port 80 of the certificate provisioning service to them.";
}

static bool
are_same(const STACK_OF(X509) * left, const STACK_OF(X509) * right)
{
    return ucprov_certificates_hold_all(left, right) && ucprov_certificates_hold_all(right, left);
}

/* What plain HTTP gave: the certificates of the first address that was good. */
struct published {
    struct in_addr address;        /* 0.0.0.0: none was */
    STACK_OF(X509) * certificates; /* NULL: none came */
};

/* Over plain HTTP, from every address: the first good one is what the phone trusts, and the others
 * must do as well. */
static void
check_http(struct phone *phone, const struct lookup *lookup, struct published *published)
{
    struct server_judgment bad = {0};
    struct endpoint endpoint = {
        .scheme = "http",
        .port = phone->settings->ports.http != 0 ? phone->settings->ports.http : 80};
    char *url = url_text(phone, &endpoint);

    for (size_t i = 0; i < lookup->count && !phone_deadline_passed(phone); i++) {
        fetch(phone, lookup->addresses[i], &endpoint);
        if (endpoint.problem[0] != '\0') {
            judgment_worsen(&bad, UCPROV_FAIL,
                            text_format("%s %s", url != NULL ? url : "", endpoint.problem),
                            text_format("%s", http_remedy(&endpoint)));
        } else if (published->address.s_addr == INADDR_ANY) {
            published->address = lookup->addresses[i];
            published->certificates = X509_chain_up_ref(endpoint.document.certificates);
            check_roots(phone, &endpoint, url);
        } else if (!are_same(published->certificates, endpoint.document.certificates)) {
            judgment_worsen(&bad, UCPROV_WARN,
                            text_format("%s gives another chain than %s",
                                        address_text(lookup->addresses[i]),
                                        address_text(published->address)),
                            text_format("%s", which_is_luck));
        }
        clear_way(&endpoint);
    }
    free(url);
    if (bad.severity != UCPROV_SKIP && published->address.s_addr == INADDR_ANY) {
        check_add(phone->checks, CHECK_CHAIN_HTTP, UCPROV_FAIL, bad.text, bad.remedy);
    } else if (bad.severity != UCPROV_SKIP) {
        check_add(phone->checks, CHECK_CHAIN_OTHERS, UCPROV_WARN, bad.text, bad.remedy);
    }
}

/* The certificate has to be good for the name that option 43 gives. */
static struct server_judgment
judge_certificate(struct phone *phone, struct in_addr address, const struct endpoint *endpoint)
{
    struct server_judgment judgment = {0};
    const struct sockaddr_in server = {.sin_port = htons(endpoint->port), .sin_addr = address};
    const char *names[] = {phone->learned.service.host};

    if (endpoint->answer.tls.outcome == TLS_FINE) {
        judgment_of_certificate(&judgment, phone, "web", server_text(&server),
                                &endpoint->answer.tls, names, 1);
    }
    return judgment;
}

/* Over HTTPS, as option 43 says; it may be that newer firmware, or other phones, do so. The chain
 * comes over plain HTTP all the same, so only a certificate that phones refuse is a failure: the
 * sign-in behind the chain goes over HTTPS. */
static void
check_https(struct phone *phone, struct in_addr address, const STACK_OF(X509) * published)
{
    static const enum check id = CHECK_CHAIN_HTTPS;
    in_port_t own =
        strcmp(phone->learned.service.scheme, "https") == 0 ? phone->learned.service.port : 443;
    struct endpoint endpoint = {
        .scheme = "https",
        .port = phone->settings->ports.https != 0 ? phone->settings->ports.https : own,
        .profile = &tls_profile_phone};
    bool modern = false;

    fetch(phone, address, &endpoint);
    if (endpoint.answer.outcome == TLS_FAILED) {
        clear_way(&endpoint);
        endpoint.profile = &tls_profile_modern;
        fetch(phone, address, &endpoint);
        modern = true;
    }
    char *url = url_text(phone, &endpoint);
    const char *shown = url != NULL ? url : "";
    struct server_judgment certificate = judge_certificate(phone, address, &endpoint);
    if (certificate.severity > UCPROV_PASS) {
        check_add(phone->checks, id, certificate.severity, certificate.text, certificate.remedy);
    } else if (endpoint.problem[0] != '\0') {
        check_add(
            phone->checks, id, UCPROV_WARN, text_format("%s %s", shown, endpoint.problem),
            text_format("Option 43 sends phones there. They are known to fetch the chain over "
                        "plain HTTP all the same; how they get from one to the other is not "
                        "known, so serve both."));
    } else if (published != NULL && !are_same(published, endpoint.document.certificates)) {
        check_add(phone->checks, id, UCPROV_WARN,
                  text_format("%s gives another chain than plain HTTP", shown),
                  text_format("%s", which_is_luck));
    } else {
        check_add(phone->checks, id, UCPROV_PASS,
                  text_format("%s over %s%s", published != NULL ? "the same" : "a chain", shown,
                              modern ? ", but for TLS 1.2 and later alone" : ""),
                  NULL);
    }
    free(url);
    clear_way(&endpoint);
}

void
chain_step(struct phone *phone)
{
    static const enum check id = CHECK_CHAIN_HTTP;
    struct lookup lookup;

    if (phone->learned.service.host[0] == '\0') {
        check_add(phone->checks, id, UCPROV_SKIP,
                  text_format("where it is, is not known (option 43)"), NULL);
        return;
    }
    resolver_addresses(&phone->learned.resolver, phone->learned.service.host, &lookup);
    if (lookup.outcome != LOOKUP_FOUND) {
        bool unreachable =
            lookup.outcome == LOOKUP_UNREACHABLE || phone->learned.resolver.count == 0;
        check_add(phone->checks, id, unreachable ? UCPROV_SKIP : UCPROV_FAIL,
                  text_format("%s: %s", phone->learned.service.host, lookup.problem),
                  text_format("The phone is told by option 43 to fetch the chain there, and finds "
                              "no address. Add an A record, or correct the option."));
        return;
    }
    if (!dhcp_transport_has_route(lookup.addresses[0])) {
        check_add(phone->checks, id, UCPROV_SKIP,
                  text_format("this machine has no route to %s", address_text(lookup.addresses[0])),
                  NULL);
        return;
    }
    struct published published = {.address = {INADDR_ANY}};
    check_http(phone, &lookup, &published);
    bool good = published.address.s_addr != INADDR_ANY;
    check_https(phone, good ? published.address : lookup.addresses[0], published.certificates);
    ucprov_certificates_free(published.certificates);
}
