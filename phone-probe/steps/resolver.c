/* SPDX-License-Identifier: MPL-2.0 */
/* Asks each name server in turn, follows aliases a few steps, and says why nothing was found: no
 * name, no record, refused, silent, no route. No cache, as in a phone that has just booted. */
#include "steps/resolver.h"

#include <ldns/ldns.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "client/dns_client.h"

#include "text.h"

#define UDP_TRIES   2 /* within the time for one question */
#define ALIASES_MAX 8 /* CNAMEs in a row; more is a loop */

static void fail_lookup(struct lookup *lookup, enum lookup_outcome outcome, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
fail_lookup(struct lookup *lookup, enum lookup_outcome outcome, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(lookup->problem, sizeof(lookup->problem), format, arguments);
    va_end(arguments);
    lookup->outcome = outcome;
}

/* What became of a question that brought no answer. */
static void
explain_silence(struct lookup *lookup, const char *server, enum dns_result result)
{
    switch (result) {
    case DNS_REFUSED:
        fail_lookup(lookup, LOOKUP_FAILED, "%s refuses the connection: no DNS server listens there",
                    server);
        break;
    case DNS_MALFORMED:
        fail_lookup(lookup, LOOKUP_FAILED, "the answer of %s cannot be read", server);
        break;
    case DNS_UNREACHABLE: /* from here, at once: a phone may have a route */
        fail_lookup(lookup, LOOKUP_UNREACHABLE, "this machine has no route to %s", server);
        break;
    default:
        fail_lookup(lookup, LOOKUP_FAILED, "%s does not answer", server);
    }
}

static const char *
rcode_text(ldns_pkt_rcode code)
{
    bool known = code == LDNS_RCODE_FORMERR || code == LDNS_RCODE_SERVFAIL ||
                 code == LDNS_RCODE_NOTIMPL || code == LDNS_RCODE_REFUSED;
    return known ? dns_rcode_name(code) : "an error";
}

/* Reads a record's name as plain text. False: it is none that a phone could ask for. */
static bool
name_of(char text[LOOKUP_NAME_SIZE], const ldns_rdf *rdf)
{
    char *printed = rdf != NULL ? ldns_rdf2str(rdf) : NULL;
    size_t length = printed != NULL ? strlen(printed) : 0;
    bool sound = false;

    if (length > 1 && length <= LOOKUP_NAME_SIZE) { /* more than the root, and a dot at the end */
        memcpy(text, printed, length - 1);
        text[length - 1] = '\0';
        sound = ucprov_name_from_text(NULL, text) == 0;
    }
    free(printed);
    return sound;
}

static void
add_address(struct lookup *lookup, const ldns_rr *record)
{
    const ldns_rdf *data = ldns_rr_rdf(record, 0);

    if (ldns_rr_rd_count(record) != 1 || ldns_rdf_size(data) != sizeof(struct in_addr)) {
        return;
    }
    memcpy(&lookup->addresses[lookup->count++], ldns_rdf_data(data), sizeof(struct in_addr));
}

/* A target of "." means that there is no such service (RFC 2782). */
static void
add_service(struct lookup *lookup, const ldns_rr *record)
{
    struct lookup_service *service = &lookup->services[lookup->count];

    if (ldns_rr_rd_count(record) != 4 || !name_of(service->target, ldns_rr_rdf(record, 3))) {
        return;
    }
    service->priority = ldns_rdf2native_int16(ldns_rr_rdf(record, 0));
    service->weight = ldns_rdf2native_int16(ldns_rr_rdf(record, 1));
    service->port = ldns_rdf2native_int16(ldns_rr_rdf(record, 2));
    lookup->count++;
}

/* Keeps the records of this owner; `alias` becomes where its CNAME leads, borrowed; NULL: none. */
static void
collect_records(struct lookup *lookup, const ldns_pkt *packet, const ldns_rdf *owner,
                ldns_rr_type type, const ldns_rdf **alias)
{
    const ldns_rr_list *list = ldns_pkt_answer(packet);

    *alias = NULL;
    for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
        const ldns_rr *record = ldns_rr_list_rr(list, i);
        if (ldns_rr_get_class(record) != LDNS_RR_CLASS_IN ||
            ldns_dname_compare(ldns_rr_owner(record), owner) != 0) {
            continue;
        }
        if (ldns_rr_get_type(record) == LDNS_RR_TYPE_CNAME) {
            *alias = ldns_rr_rdf(record, 0);
        } else if (ldns_rr_get_type(record) == type && lookup->count < LOOKUP_RESULTS_MAX) {
            (type == LDNS_RR_TYPE_A ? add_address : add_service)(lookup, record);
        }
    }
}

/* Follows aliases inside one answer. Where they lead out of it, `left` gets the name to ask for
 * (the caller's). */
static void
read_packet(struct lookup *lookup, const ldns_pkt *packet, const ldns_rdf *name, ldns_rr_type type,
            ldns_rdf **left)
{
    const ldns_rdf *owner = name;
    const ldns_rdf *alias;
    unsigned aliases = 0;

    collect_records(lookup, packet, owner, type, &alias);
    while (lookup->count == 0 && alias != NULL && aliases++ < ALIASES_MAX) {
        owner = alias;
        collect_records(lookup, packet, owner, type, &alias);
    }
    if (lookup->count > 0) {
        lookup->outcome = LOOKUP_FOUND;
    } else if (owner != name && ldns_pkt_get_rcode(packet) == LDNS_RCODE_NOERROR) {
        *left = alias == NULL ? ldns_rdf_clone(owner) : NULL; /* else it is a loop */
        fail_lookup(lookup, LOOKUP_NO_DATA, "has an alias that leads nowhere");
    } else if (ldns_pkt_get_rcode(packet) == LDNS_RCODE_NXDOMAIN) {
        fail_lookup(lookup, LOOKUP_NO_NAME, "does not exist");
    } else {
        fail_lookup(lookup, LOOKUP_NO_DATA, "has no %s record",
                    type == LDNS_RR_TYPE_A ? "A" : "SRV");
    }
}

/* The client of one server: within the time for a question, two datagrams, or TCP. */
static void
client_of(const struct resolver *resolver, size_t server, struct dns_client *client)
{
    dns_client_at(client, &resolver->servers[server]);
    int64_t end = ucprov_clock_ms() + resolver->timeout;
    client->deadline = end < resolver->deadline ? end : resolver->deadline;
    client->tries = UDP_TRIES;
    client->udp_ms = resolver->timeout;
    client->tcp_ms = resolver->timeout;
}

/* Asks one server for one name. `left` as above. */
static void
ask_server(struct resolver *resolver, size_t server, const ldns_rdf *name, ldns_rr_type type,
           struct lookup *lookup, ldns_rdf **left)
{
    struct dns_client client;
    struct dns_exchange exchange = {.name = name, .type = type, .recursion = true};

    client_of(resolver, server, &client);
    enum dns_result result = dns_ask(&client, &exchange);
    if (result != DNS_ANSWERED) {
        bool silent = result == DNS_SILENT || result == DNS_BROKEN || result == DNS_OTHER;
        resolver->silent[server] = resolver->silent[server] || silent;
        explain_silence(lookup, client.name, result);
        return;
    }
    ldns_pkt_rcode code = ldns_pkt_get_rcode(exchange.answer);
    if (code == LDNS_RCODE_NOERROR || code == LDNS_RCODE_NXDOMAIN) {
        read_packet(lookup, exchange.answer, name, type, left);
    } else {
        fail_lookup(lookup, LOOKUP_FAILED, "%s answers %s", client.name, rcode_text(code));
    }
    dns_exchange_clear(&exchange);
}

static bool
is_final(const struct lookup *lookup)
{
    return lookup->outcome == LOOKUP_FOUND || lookup->outcome == LOOKUP_NO_DATA ||
           lookup->outcome == LOOKUP_NO_NAME;
}

/* Asks the servers in turn until one knows, as a stub resolver does; `only` is the one server to
 * ask, or `count` for all of them. */
static void
ask_servers(struct resolver *resolver, size_t only, const ldns_rdf *name, ldns_rr_type type,
            struct lookup *lookup, ldns_rdf **left)
{
    struct lookup first = {.outcome = LOOKUP_FAILED};

    for (size_t i = 0; i < resolver->count; i++) {
        bool wanted = only == resolver->count ? !resolver->silent[i] : only == i;
        if (!wanted) {
            continue;
        }
        ask_server(resolver, i, name, type, lookup, left);
        if (is_final(lookup)) {
            return;
        }
        if (first.problem[0] == '\0' || first.outcome == LOOKUP_UNREACHABLE) {
            first = *lookup; /* the first server that a phone would ask, and its trouble */
        }
    }
    *lookup = first;
    if (lookup->problem[0] == '\0') {
        fail_lookup(lookup, LOOKUP_FAILED,
                    resolver->count == 0 ? "there is no resolver to ask" : "no resolver answers");
    }
}

static void
look_up(struct resolver *resolver, size_t only, const char *name, ldns_rr_type type,
        struct lookup *lookup)
{
    ldns_rdf *owner = ldns_dname_new_frm_str(name);

    if (owner == NULL) {
        *lookup = (struct lookup){0};
        fail_lookup(lookup, LOOKUP_FAILED, "is no name that can be asked for");
        return;
    }
    for (unsigned i = 0; owner != NULL && i < ALIASES_MAX; i++) {
        ldns_rdf *left = NULL;
        *lookup = (struct lookup){.outcome = LOOKUP_FAILED};
        ask_servers(resolver, only, owner, type, lookup, &left);
        ldns_rdf_deep_free(owner);
        owner = left;
    }
    ldns_rdf_deep_free(owner);
}

static int
compare_services(const void *a, const void *b)
{
    const struct lookup_service *left = a;
    const struct lookup_service *right = b;

    if (left->priority != right->priority) {
        return left->priority < right->priority ? -1 : 1;
    }
    return (left->weight < right->weight) - (left->weight > right->weight);
}

void
resolver_addresses(struct resolver *resolver, const char *name, struct lookup *lookup)
{
    look_up(resolver, resolver->count, name, LDNS_RR_TYPE_A, lookup);
}

void
resolver_addresses_from(struct resolver *resolver, size_t server, const char *name,
                        struct lookup *lookup)
{
    look_up(resolver, server, name, LDNS_RR_TYPE_A, lookup);
}

void
resolver_services(struct resolver *resolver, const char *name, struct lookup *lookup)
{
    look_up(resolver, resolver->count, name, LDNS_RR_TYPE_SRV, lookup);
    qsort(lookup->services, lookup->outcome == LOOKUP_FOUND ? lookup->count : 0,
          sizeof(lookup->services[0]), compare_services);
}

char *
resolver_text(const struct resolver *resolver)
{
    char server[DNS_SERVER_TEXT_SIZE];
    struct text text = {0};

    for (size_t i = 0; i < resolver->count; i++) {
        text_separate(&text, ", ");
        text_add(&text, "%s", dns_server_text(server, &resolver->servers[i]));
    }
    return text_take(&text);
}
