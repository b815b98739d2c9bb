/* SPDX-License-Identifier: MPL-2.0 */
/* DNS, as a phone asks it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "client/dns_client.h"

#include "dhcp/dhcp_transport.h"
#include "steps/phone_steps.h"
#include "text.h"

static void
add_addresses(struct text *text, const char *name, const struct lookup *lookup)
{
    text_add(text, "%s", name);
    for (size_t i = 0; i < lookup->count; i++) {
        text_add(text, "%s%s", i == 0 ? " " : ", ", address_text(lookup->addresses[i]));
    }
}

/* What a look-up that failed comes to: a machine without a route cannot judge. */
static enum ucprov_severity
status_of(const struct lookup *lookup, enum ucprov_severity otherwise)
{
    return lookup->outcome == LOOKUP_UNREACHABLE ? UCPROV_SKIP : otherwise;
}

static char *
no_route_detail(void)
{
    return text_format("This machine cannot ask as a phone there would: give the interface an "
                       "address of the phones' subnet, and a route, or run this elsewhere with "
                       "--domain and --resolver.");
}

static size_t
count_found(const struct phone *phone)
{
    size_t found = 0;

    for (size_t i = 0; i < phone->learned.domain_count; i++) {
        found += phone->learned.update_names[i].lookup.outcome == LOOKUP_FOUND;
    }
    return found;
}

/* Names that were found, with their addresses; then those that were not, and why. */
static char *
update_summary(const struct phone *phone)
{
    struct text text = {0};

    for (int found = 1; found >= 0; found--) {
        for (size_t i = 0; i < phone->learned.domain_count; i++) {
            const struct phone_update_name *each = &phone->learned.update_names[i];
            if ((each->lookup.outcome == LOOKUP_FOUND) != found) {
                continue;
            }
            text_separate(&text, "; ");
            if (found != 0) {
                add_addresses(&text, each->name, &each->lookup);
            } else {
                text_add(&text, "%s: %s", each->name, each->lookup.problem);
            }
        }
    }
    return text_take(&text);
}

/* A resolver said something about at least one name. */
static bool
anybody_answers(const struct phone *phone)
{
    for (size_t i = 0; i < phone->learned.domain_count; i++) {
        enum lookup_outcome outcome = phone->learned.update_names[i].lookup.outcome;
        if (outcome != LOOKUP_FAILED && outcome != LOOKUP_UNREACHABLE) {
            return true;
        }
    }
    return false;
}

/* A machine without a route cannot judge; else the phone is as helpless as we are. */
static void
report_unanswered(struct phone *phone)
{
    const struct lookup *first = &phone->learned.update_names[0].lookup;
    bool unreachable = first->outcome == LOOKUP_UNREACHABLE;

    check_add(phone->checks, CHECK_NAMES_UPDATE, unreachable ? UCPROV_SKIP : UCPROV_FAIL,
              text_format("%s", first->problem),
              unreachable
                  ? no_route_detail()
                  : text_format("The phone can resolve no name, and finds its update server and "
                                "its registrar by name only. Let a resolver of option 6 answer "
                                "the phones, for their domains, too, or send others."));
}

static void
report_update_names(struct phone *phone)
{
    static const enum check id = CHECK_NAMES_UPDATE;
    size_t found = count_found(phone);

    if (found == phone->learned.domain_count) {
        check_add(phone->checks, id, UCPROV_PASS, update_summary(phone), NULL);
    } else if (found > 0) {
        check_add(phone->checks, id, UCPROV_WARN, update_summary(phone),
                  text_format("In which order a phone tries its domains is not known: give every "
                              "domain of options 15 and 119 an A record " UCPROV_UPDATE_NAME "."));
    } else {
        check_add(
            phone->checks, id, UCPROV_FAIL, update_summary(phone),
            text_format("The phone finds no update server (its screen should say 0x2EE7/0), and "
                        "gets no firmware before somebody signs in. Make an A record %s in "
                        "every domain of options 15 and 119: ucprov-zone(1) does.",
                        UCPROV_UPDATE_NAME));
    }
}

/* Without SRV, newer clients and some phones try two host names. */
static void
check_sign_in_fallbacks(struct phone *phone, const char *asked, const struct lookup *srv)
{
    static const char *const hosts[] = {"sipinternal", "sip"};
    static const enum check id = CHECK_NAMES_SIGN_IN;
    const char *first = phone->learned.domains[0];
    char name[LOOKUP_NAME_SIZE];
    struct lookup lookup;

    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        if (phone_find_under_domains(phone, hosts[i], false, name, &lookup)) {
            struct text text = {0};
            text_add(&text, "no SRV record; instead ");
            add_addresses(&text, name, &lookup);
            check_add(phone->checks, id, UCPROV_WARN, text_take(&text),
                      text_format("Clients that find no SRV record _sipinternaltls._tcp.%s try "
                                  "this name, which then must be in the registrar's certificate. "
                                  "Add the SRV record: ucprov-zone(1) makes it.",
                                  first));
            return;
        }
    }
    bool told = phone->learned.sip_server[0] != '\0';
    check_add(phone->checks, id, status_of(srv, told ? UCPROV_WARN : UCPROV_FAIL),
              text_format("%s: %s", asked, srv->problem),
              text_format("%sAdd the SRV record: ucprov-zone(1) makes it.",
                          told ? "Option 120 names the registrar for PIN sign-in; whoever signs in "
                                 "otherwise looks for this record in the SIP domain. "
                               : "Nothing tells the phone its registrar: neither option 120 nor "
                                 "DNS. "));
}

static void
check_sign_in(struct phone *phone)
{
    char name[LOOKUP_NAME_SIZE];
    struct lookup srv, target;

    phone_find_registrar(phone, name, &srv);
    if (srv.outcome != LOOKUP_FOUND) {
        check_sign_in_fallbacks(phone, name, &srv);
        return;
    }
    const struct lookup_service *service = &srv.services[0];
    resolver_addresses(&phone->learned.resolver, service->target, &target);
    bool found = target.outcome == LOOKUP_FOUND;
    check_add(phone->checks, CHECK_NAMES_SIGN_IN,
              found ? UCPROV_PASS : status_of(&target, UCPROV_FAIL),
              text_format("%s: %s port %u%s%s", name, service->target, service->port,
                          found ? "" : ", which ", found ? "" : target.problem),
              found ? NULL
                    : text_format("The SRV record leads nowhere: %s needs an A record.",
                                  service->target));
}

/* The servers that DHCP named must be found, too. */
static void
check_server(struct phone *phone, enum check check, const char *name, const char *what)
{
    struct lookup lookup;

    if (name[0] == '\0') {
        return;
    }
    resolver_addresses(&phone->learned.resolver, name, &lookup);
    if (lookup.outcome == LOOKUP_FOUND) {
        struct text text = {0};
        add_addresses(&text, name, &lookup);
        check_add(phone->checks, check, UCPROV_PASS, text_take(&text), NULL);
        return;
    }
    check_add(phone->checks, check, status_of(&lookup, UCPROV_FAIL),
              text_format("%s: %s", name, lookup.problem),
              text_format("The phone is told that this is %s, and cannot find it. Add an A record, "
                          "or correct the option.",
                          what));
}

/* Only looked at here: time_step() asks whom it finds. */
static void
check_time_names(struct phone *phone)
{
    static const enum check id = CHECK_NAMES_TIME;
    char name[LOOKUP_NAME_SIZE];
    struct lookup lookup;

    if (phone_find_under_domains(phone, "_ntp._udp", true, name, &lookup)) {
        check_add(
            phone->checks, id, UCPROV_PASS,
            text_format("%s: %s port %u", name, lookup.services[0].target, lookup.services[0].port),
            NULL);
        return;
    }
    check_add(phone->checks, id,
              phone->learned.time_server_count > 0 ? UCPROV_PASS : status_of(&lookup, UCPROV_WARN),
              text_format("%s: %s", name, lookup.problem),
              phone->learned.time_server_count > 0
                  ? NULL
                  : text_format("There is no option 42 either, so the phone is left with "
                                "time.windows.com. Add the SRV record, or send option 42."));
}

static bool
same_addresses(const struct lookup *a, const struct lookup *b)
{
    size_t found = 0;

    for (size_t i = 0; i < a->count; i++) {
        for (size_t j = 0; j < b->count; j++) {
            found += a->addresses[i].s_addr == b->addresses[j].s_addr;
        }
    }
    return a->outcome == b->outcome && a->count == b->count && found == a->count;
}

/* Every server of option 6 should know the same. */
static void
check_resolvers(struct phone *phone)
{
    static const enum check id = CHECK_NAMES_RESOLVERS;
    struct resolver *resolver = &phone->learned.resolver;
    struct lookup lookup, first = {.outcome = LOOKUP_FAILED};
    char server[DNS_SERVER_TEXT_SIZE];
    struct text odd = {0};
    size_t answered = 0;

    for (size_t i = 0; i < resolver->count; i++) {
        if (resolver->silent[i]) {
            text_separate(&odd, "; ");
            text_add(&odd, "%s does not answer", dns_server_text(server, &resolver->servers[i]));
            continue;
        }
        resolver_addresses_from(resolver, i, phone->learned.update_names[0].name, &lookup);
        if (lookup.outcome == LOOKUP_UNREACHABLE) {
            continue; /* from here; a phone may have a route */
        }
        if (lookup.outcome == LOOKUP_FAILED) {
            text_separate(&odd, "; ");
            text_add(&odd, "%s", lookup.problem);
        } else if (answered++ == 0) {
            first = lookup;
        } else if (!same_addresses(&first, &lookup)) {
            text_separate(&odd, "; ");
            text_add(&odd, "%s says something else about %s",
                     dns_server_text(server, &resolver->servers[i]),
                     phone->learned.update_names[0].name);
        }
    }
    if (odd.length == 0) {
        check_add(phone->checks, id, UCPROV_PASS, resolver_text(resolver), NULL);
    } else if (answered == 0) {
        text_clear(&odd); /* names.update says so */
    } else {
        check_add(phone->checks, id, UCPROV_WARN, text_take(&odd),
                  text_format("A phone asks the resolvers of option 6 one after the other. Leave "
                              "out those that cannot help it, which cost it time at every boot."));
    }
}

/* Without its inputs there is nothing to ask. That DHCP answered without any is what breaks the
 * phone; that it did not answer has been said. */
static bool
can_ask(struct phone *phone)
{
    static const enum check id = CHECK_NAMES_UPDATE;

    if (phone->learned.resolver.count == 0 && phone->learned.offered) {
        check_add(phone->checks, id, UCPROV_FAIL,
                  text_format("no resolver to ask: DHCP sends no usable option 6"),
                  text_format("The phone can resolve no name, and finds its update server and its "
                              "registrar by name only. Send option 6 (domain name servers)."));
        return false;
    }
    if (phone->learned.resolver.count == 0 || phone->learned.domain_count == 0) {
        check_add(phone->checks, id, UCPROV_SKIP,
                  text_format(phone->learned.resolver.count == 0
                                  ? "no resolver to ask (option 6)"
                                  : "no domain to look in (options 15, "
                                    "119)"),
                  NULL);
        return false;
    }
    return true;
}

void
names_step(struct phone *phone)
{
    if (!can_ask(phone)) {
        return;
    }
    phone_find_update_names(phone);
    if (!anybody_answers(phone)) {
        report_unanswered(phone);
        return;
    }
    report_update_names(phone);
    check_resolvers(phone);
    check_sign_in(phone);
    check_time_names(phone);
    check_server(phone, CHECK_NAMES_WEB, phone->learned.service.host,
                 "where the certificate provisioning service is (option 43)");
    if (strcasecmp(phone->learned.service.host, phone->learned.sip_server) != 0) {
        check_server(phone, CHECK_NAMES_REGISTRAR, phone->learned.sip_server,
                     "its registrar (option 120)");
    }
}
