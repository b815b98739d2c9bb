/* SPDX-License-Identifier: MPL-2.0 */
/* What one boot has learned so far, and the rules by which a phone takes an answer or leaves it:
 * the first domain, the first FQDN. It sends nothing but DNS questions. */
#include "phone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/error.h"
#include "client/dns_client.h"
#include "option/option.h"

#include "dhcp/dhcp_transport.h"
#include "text.h"

/* Milliseconds. A question that waits until the deadline gives up a little before it, for each try
 * has whole milliseconds; it was cut short all the same. */
#define DEADLINE_GRAIN 20

void
phone_begin(struct phone *phone, const struct phone_settings *settings,
            struct ucprov_findings *checks)
{
    struct phone_knowledge *learned = &phone->learned;

    *phone = (struct phone){.settings = settings, .checks = checks};
    learned->address = settings->address;
    for (size_t i = 0; i < settings->domain_count; i++) {
        phone_add_domain(phone, settings->domains[i]);
    }
    learned->resolver.count = settings->resolver_count;
    memcpy(learned->resolver.servers, settings->resolvers, sizeof(settings->resolvers));
    learned->resolver.timeout = settings->timeout;
    learned->time_server_count = settings->time_server_count;
    memcpy(learned->time_servers, settings->time_servers, sizeof(settings->time_servers));
    learned->service = settings->service;
    snprintf(learned->sip_server, sizeof(learned->sip_server), "%s",
             settings->sip_server != NULL ? settings->sip_server : "");
}

int
phone_query_timeout(const struct phone *phone)
{
    int left = ucprov_clock_ms_until(phone->deadline);

    if (left < 1) {
        return 1;
    }
    return left < phone->settings->timeout ? left : phone->settings->timeout;
}

bool
phone_deadline_passed(const struct phone *phone)
{
    return ucprov_clock_ms() + DEADLINE_GRAIN >= phone->deadline;
}

time_t
phone_now(const struct phone *phone)
{
    return time(NULL) + (phone->learned.time_known ? (time_t)phone->learned.clock_offset : 0);
}

bool
phone_add_domain(struct phone *phone, const char *domain)
{
    if (ucprov_name_from_text(NULL, domain) != 0) {
        return false;
    }
    for (size_t i = 0; i < phone->learned.domain_count; i++) {
        if (strcasecmp(phone->learned.domains[i], domain) == 0) {
            return true;
        }
    }
    if (phone->learned.domain_count == PHONE_DOMAINS_MAX) {
        return false;
    }
    memcpy(phone->learned.domains[phone->learned.domain_count++], domain, strlen(domain) + 1);
    return true;
}

static void
learn_domain_name(struct phone *phone, const struct ucprov_option_view *option)
{
    char domain[UCPROV_OPTION_WIRE_MAX + 1];

    if (ucprov_domain_name_decode(domain, option->value, option->length) == 0) {
        phone_add_domain(phone, domain);
    }
}

static void
learn_domain_search(struct phone *phone, const struct ucprov_option_view *option)
{
    char text[UCPROV_NAME_TEXT_SIZE];
    struct ucprov_domain_search search;

    if (ucprov_domain_search_decode(&search, option->value, option->length) != 0) {
        return;
    }
    for (size_t i = 0; i < search.count; i++) {
        phone_add_domain(phone, ucprov_name_to_text(&search.names[i], text));
    }
}

static void
learn_resolvers(struct phone *phone, const struct ucprov_option_view *option)
{
    struct resolver *resolver = &phone->learned.resolver;
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(53)};
    const size_t size = sizeof(server.sin_addr);

    for (size_t i = 0; i + size <= option->length && resolver->count < RESOLVER_SERVERS_MAX;
         i += size) {
        memcpy(&server.sin_addr, option->value + i, size);
        if (server.sin_addr.s_addr != INADDR_ANY) {
            resolver->servers[resolver->count++] = server;
        }
    }
}

static void
learn_time_servers(struct phone *phone, const struct ucprov_option_view *option)
{
    struct ucprov_ntp_servers servers;

    if (ucprov_ntp_servers_decode(&servers, option->value, option->length) != 0) {
        return;
    }
    for (size_t i = 0; i < servers.count && i < PHONE_TIME_SERVERS_MAX; i++) {
        phone->learned.time_servers[phone->learned.time_server_count++] = servers.addresses[i];
    }
}

static bool
find_option(const struct dhcp_exchange *exchange, uint8_t code, struct ucprov_option_view *option)
{
    return exchange->count > 0 && dhcp_message_option(&exchange->answers[0].message, code, option);
}

void
phone_learn_discover(struct phone *phone, const struct dhcp_exchange *exchange)
{
    struct ucprov_option_view option;
    bool told_domains = phone->learned.domain_count > 0;

    phone->learned.offered = exchange->count > 0;
    if (exchange->count > 0 && phone->learned.address.s_addr == INADDR_ANY) {
        phone->learned.address = exchange->answers[0].message.your;
    }
    if (!told_domains && find_option(exchange, UCPROV_OPTION_DOMAIN_NAME, &option)) {
        learn_domain_name(phone, &option);
    }
    if (!told_domains && find_option(exchange, UCPROV_OPTION_DOMAIN_SEARCH, &option)) {
        learn_domain_search(phone, &option);
    }
    if (phone->learned.resolver.count == 0 &&
        find_option(exchange, DHCP_OPTION_NAME_SERVERS, &option)) {
        learn_resolvers(phone, &option);
    }
    if (phone->learned.time_server_count == 0 &&
        find_option(exchange, UCPROV_OPTION_NTP_SERVERS, &option)) {
        learn_time_servers(phone, &option);
    }
}

/* Printable ASCII without blanks: what may stand in a request's line. */
static bool
is_target(const char *path)
{
    for (const char *p = path; *p != '\0'; p++) {
        if (*p <= ' ' || *p > '~') {
            return false;
        }
    }
    return path[0] == '/' && strlen(path) < PHONE_PATH_SIZE;
}

/* Keeps a name, if it is one. */
static bool
keep_name(char to[LOOKUP_NAME_SIZE], const char *name)
{
    if (ucprov_name_from_text(NULL, name) != 0) {
        return false;
    }
    memcpy(to, name, strlen(name) + 1); /* UCPROV_NAME_TEXT_MAX at the most */
    return true;
}

static void
learn_service(struct phone *phone, const struct ucprov_option_view *option)
{
    struct ucprov_ms_uc_options parts;
    struct phone_service *service = &phone->learned.service;

    if (ucprov_cert_prov_decode(&parts, option->value, option->length) != 0 ||
        !is_target(parts.cert_prov_path) || !keep_name(service->host, parts.web_server)) {
        return;
    }
    bool plain = strcmp(parts.scheme, "http") == 0;
    snprintf(service->scheme, sizeof(service->scheme), "%s", plain ? "http" : "https");
    memcpy(service->path, parts.cert_prov_path, strlen(parts.cert_prov_path) + 1);
    service->port = parts.port != 0 ? parts.port : plain ? 80 : 443;
}

static void
learn_sip_server(struct phone *phone, const struct ucprov_option_view *option)
{
    char text[UCPROV_NAME_TEXT_SIZE];
    struct ucprov_name name;

    if (ucprov_sip_server_decode(&name, option->value, option->length) == 0) {
        keep_name(phone->learned.sip_server, ucprov_name_to_text(&name, text));
    }
}

void
phone_learn_inform(struct phone *phone, const struct dhcp_exchange *exchange)
{
    struct ucprov_option_view option;

    if (phone->learned.service.host[0] == '\0' &&
        find_option(exchange, UCPROV_OPTION_VENDOR, &option)) {
        learn_service(phone, &option);
    }
    if (phone->learned.sip_server[0] == '\0' &&
        find_option(exchange, UCPROV_OPTION_SIP_SERVERS, &option)) {
        learn_sip_server(phone, &option);
    }
}

void
phone_find_update_names(struct phone *phone)
{
    if (phone->learned.names_known) {
        return;
    }
    phone->learned.names_known = true;
    for (size_t i = 0; i < phone->learned.domain_count; i++) {
        struct phone_update_name *each = &phone->learned.update_names[i];
        int length = snprintf(each->name, sizeof(each->name), UCPROV_UPDATE_NAME ".%s",
                              phone->learned.domains[i]);
        if (length < (int)sizeof(each->name)) {
            resolver_addresses(&phone->learned.resolver, each->name, &each->lookup);
        } else {
            each->lookup.outcome = LOOKUP_NO_NAME; /* no resolver's fault */
            snprintf(each->lookup.problem, sizeof(each->lookup.problem),
                     "is longer than a name can be");
        }
    }
}

/* "_sipinternaltls._tcp.contoso.com"; false when that is too long. */
static bool
join_name(char name[LOOKUP_NAME_SIZE], const char *prefix, const char *domain)
{
    return snprintf(name, LOOKUP_NAME_SIZE, "%s.%s", prefix, domain) < LOOKUP_NAME_SIZE;
}

bool
phone_find_under_domains(struct phone *phone, const char *prefix, bool service,
                         char name[LOOKUP_NAME_SIZE], struct lookup *lookup)
{
    *lookup = (struct lookup){.outcome = LOOKUP_NO_NAME, .problem = "does not exist"};
    name[0] = '\0';
    for (size_t i = 0; i < phone->learned.domain_count; i++) {
        if (!join_name(name, prefix, phone->learned.domains[i])) {
            continue;
        }
        (service ? resolver_services : resolver_addresses)(&phone->learned.resolver, name, lookup);
        if (lookup->outcome == LOOKUP_FOUND) {
            return true;
        }
    }
    return false;
}

void
phone_find_registrar(struct phone *phone, char name[LOOKUP_NAME_SIZE], struct lookup *lookup)
{
    if (!phone_find_under_domains(phone, "_sipinternaltls._tcp", true, name, lookup)) {
        return;
    }
    const struct lookup_service *service = &lookup->services[0];
    if (phone->learned.sip_server[0] == '\0') {
        memcpy(phone->learned.sip_server, service->target, sizeof(phone->learned.sip_server));
    }
    if (strcasecmp(phone->learned.sip_server, service->target) == 0) {
        phone->learned.sip_port = service->port;
    }
}

size_t
phone_update_addresses(const struct phone *phone, struct in_addr addresses[LOOKUP_RESULTS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < phone->learned.domain_count; i++) {
        const struct lookup *lookup = &phone->learned.update_names[i].lookup;
        for (size_t j = 0; lookup->outcome == LOOKUP_FOUND && j < lookup->count; j++) {
            size_t k = 0;
            while (k < count && addresses[k].s_addr != lookup->addresses[j].s_addr) {
                k++;
            }
            if (k == count && count < LOOKUP_RESULTS_MAX) {
                addresses[count++] = lookup->addresses[j];
            }
        }
    }
    return count;
}

char *
phone_service_text(const struct phone_service *service)
{
    struct text text = {0};

    text_add(&text, "%s://%s:%u%s", service->scheme, service->host, service->port, service->path);
    return text_take(&text);
}

static json_t *
names_json(const struct phone *phone)
{
    json_t *list = json_array();

    for (size_t i = 0; i < phone->learned.domain_count; i++) {
        const struct phone_update_name *each = &phone->learned.update_names[i];
        json_t *addresses = json_array();
        for (size_t j = 0; each->lookup.outcome == LOOKUP_FOUND && j < each->lookup.count; j++) {
            json_array_append_new(addresses, json_string(address_text(each->lookup.addresses[j])));
        }
        json_array_append_new(list,
                              json_pack("{s:s, s:o}", "name", each->name, "addresses", addresses));
    }
    return list;
}

static json_t *
chains_json(const struct phone *phone)
{
    json_t *list = json_array();

    for (size_t i = 0; phone->learned.chain_known && i < phone->learned.chains.count; i++) {
        X509 *root = ucprov_chain_root(&phone->learned.chains.items[i]);
        char date[UCPROV_DATE_SIZE];
        char *name = ucprov_certificate_name(root);
        char *fingerprint = ucprov_certificate_fingerprint(root, EVP_sha256());
        json_array_append_new(
            list, json_pack("{s:s*, s:s*, s:s}", "root", name, "sha256", fingerprint, "expires",
                            ucprov_certificate_date(date, X509_get0_notAfter(root))));
        free(name);
        free(fingerprint);
    }
    return list;
}

json_t *
phone_json(const struct phone *phone)
{
    json_t *domains = json_array();
    json_t *resolvers = json_array();
    json_t *time_servers = json_array();
    char server[DNS_SERVER_TEXT_SIZE];
    char *url =
        phone->learned.service.host[0] != '\0' ? phone_service_text(&phone->learned.service) : NULL;

    for (size_t i = 0; i < phone->learned.domain_count; i++) {
        json_array_append_new(domains, json_string(phone->learned.domains[i]));
    }
    for (size_t i = 0; i < phone->learned.resolver.count; i++) {
        json_array_append_new(
            resolvers, json_string(dns_server_text(server, &phone->learned.resolver.servers[i])));
    }
    for (size_t i = 0; i < phone->learned.time_server_count; i++) {
        json_array_append_new(time_servers,
                              json_string(address_text(phone->learned.time_servers[i])));
    }
    json_t *learned = json_pack(
        "{s:s*, s:o, s:o, s:o, s:s*, s:s*, s:o, s:o*, s:o}", "address",
        phone->learned.address.s_addr != INADDR_ANY ? address_text(phone->learned.address) : NULL,
        "domains", domains, "resolvers", resolvers, "ntp", time_servers, "url", url, "sip_server",
        phone->learned.sip_server[0] != '\0' ? phone->learned.sip_server : NULL, "update_names",
        phone->learned.names_known ? names_json(phone) : json_array(), "clock_offset",
        phone->learned.time_known ? json_real(phone->learned.clock_offset) : NULL, "chains",
        chains_json(phone));
    free(url);
    return learned;
}

void
phone_clear(struct phone *phone)
{
    if (phone->learned.chain_known) {
        ucprov_chains_clear(&phone->learned.chains);
    }
    json_decref(phone->learned.certificates);
    phone->learned.certificates = NULL;
}
