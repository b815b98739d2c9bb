/* SPDX-License-Identifier: MPL-2.0 */
/* A complete zone (RFC 1035 5). */
#include "format.h"

#include <string.h>
#include <strings.h>

/* RFC 1912 2.2: an hour, a quarter, two weeks. Negative answers for five minutes (RFC 2308 5): a
 * name that was missing is soon there. */
#define REFRESH  3600
#define RETRY    900
#define EXPIRE   1209600
#define NEGATIVE 300

/* An authoritative server's name has to stand there; this one is nobody's (RFC 6761 6.3). */
#define NO_NAMESERVER "localhost"

void
format_zone_zone(FILE *out, const struct emission *emission, const struct zone *zone, bool first)
{
    (void)first;
    const struct ucprov_dns *dns = &emission->site->dns;
    const char *primary = dns->nameservers.count > 0 ? dns->nameservers.items[0] : NO_NAMESERVER;
    fprintf(out, "\n$ORIGIN %s.\n", zone->domain);
    fprintf(out, "@ %u IN SOA %s. %s%s. %u %d %d %d %d\n", dns->ttl, primary,
            dns->hostmaster != NULL ? dns->hostmaster : "hostmaster.",
            dns->hostmaster != NULL ? "" : zone->domain, emission->serial, REFRESH, RETRY, EXPIRE,
            NEGATIVE);
    for (size_t i = 0; i < dns->nameservers.count; i++) {
        fprintf(out, "@ %u IN NS %s.\n", dns->ttl, dns->nameservers.items[i]);
    }
    if (dns->nameservers.count == 0) {
        fprintf(out, "@ %u IN NS " NO_NAMESERVER ".\n", dns->ttl);
    }
    format_master_records(out, zone);
}

static bool
lies_in(const char *name, const char *domain)
{
    size_t length = strlen(name);
    size_t suffix = strlen(domain);
    return length >= suffix && strcasecmp(name + length - suffix, domain) == 0 &&
           (length == suffix || name[length - suffix - 1] == '.');
}

static bool
has_address(const struct zone *zone, const char *name)
{
    for (size_t i = 0; i < zone->count; i++) {
        if (zone->records[i].type == RECORD_A && strcasecmp(zone->records[i].owner, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool
check_target(const struct zone *zone, const char *type, const char *name, const char *setting,
             unsigned line, struct ucprov_diagnostics *diagnostics)
{
    if (!lies_in(name, zone->domain) || has_address(zone, name)) {
        return true;
    }
    ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_DNS_NO_GLUE, line, setting,
                           "zone \"%s\" has an %s record to \"%s\" and no address of it, for "
                           "which servers refuse the zone; write dns.hosts = ( { name = \"%s\"; "
                           "addresses = [ \"ADDRESS\" ]; } )",
                           zone->domain, type, name, name);
    return false;
}

bool
format_zone_check(const struct ucprov_site *site, const struct zone *zone,
                  struct ucprov_diagnostics *diagnostics)
{
    bool fine = true;
    const struct ucprov_strings *names = &site->dns.nameservers;
    for (size_t i = 0; i < names->count; i++) {
        fine &= check_target(zone, "NS", names->items[i], "dns.nameservers",
                             names->lines == NULL ? 0 : names->lines[i], diagnostics);
    }
    for (size_t i = 0; i < zone->count; i++) {
        if (zone->records[i].type == RECORD_SRV) {
            fine &= check_target(zone, "SRV", zone->records[i].srv.target, "dns", 0, diagnostics);
        }
    }
    return fine;
}
