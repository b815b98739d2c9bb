/* SPDX-License-Identifier: MPL-2.0 */
/* Cmdlets of Windows' DnsServer module. Names and numbers alone come between the quotes. */
#include "format.h"

#define DAY 86400U

#define TTL_SIZE 48

/* A TimeSpan: days.hours:minutes:seconds. */
static const char *
ttl_text(char text[TTL_SIZE], uint32_t ttl)
{
    snprintf(text, TTL_SIZE, "' -TimeToLive '%u.%02u:%02u:%02u'\n", ttl / DAY, ttl % DAY / 3600,
             ttl % 3600 / 60, ttl % 60);
    return text;
}

static void
write_address_record(FILE *out, const struct zone *zone, const struct record *record)
{
    char address[INET_ADDRSTRLEN];
    int length;
    const char *owner = format_relative(zone, record, &length);
    fputs_unlocked("Add-DnsServerResourceRecordA -ZoneName '", out);
    fputs_unlocked(zone->domain, out);
    fputs_unlocked("' -Name '", out);
    fwrite_unlocked(owner, 1, (size_t)length, out);
    fputs_unlocked("' -IPv4Address '", out);
    fputs_unlocked(format_address(record, address), out);
}

static void
write_service_record(FILE *out, const struct zone *zone, const struct record *record)
{
    int length;
    const char *owner = format_relative(zone, record, &length);
    fprintf(out,
            "Add-DnsServerResourceRecord -Srv -ZoneName '%s' -Name '%.*s' -DomainName '%s' "
            "-Priority '%u' -Weight '%u' -Port '%u",
            zone->domain, length, owner, record->srv.target, record->srv.priority,
            record->srv.weight, record->srv.port);
}

void
format_powershell_zone(FILE *out, const struct emission *emission, const struct zone *zone,
                       bool first)
{
    (void)emission;
    (void)first;
    char ttl[TTL_SIZE] = "";
    for (size_t i = 0; i < zone->count; i++) {
        const struct record *record = &zone->records[i];
        if (i == 0 || record->ttl != zone->records[i - 1].ttl) {
            ttl_text(ttl, record->ttl);
        }
        if (record->type == RECORD_A) {
            write_address_record(out, zone, record);
        } else {
            write_service_record(out, zone, record);
        }
        fputs_unlocked(ttl, out);
    }
}
