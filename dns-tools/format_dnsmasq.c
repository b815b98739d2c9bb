/* SPDX-License-Identifier: MPL-2.0 */
/* Configuration of dnsmasq(8). Not address=, which would answer for every name below, too. SRV
 * records have the TTL of its local-ttl. */
#include "format.h"

void
format_dnsmasq_zone(FILE *out, const struct emission *emission, const struct zone *zone, bool first)
{
    (void)emission;
    (void)first;
    char address[INET_ADDRSTRLEN];
    for (size_t i = 0; i < zone->count; i++) {
        const struct record *record = &zone->records[i];
        if (record->type == RECORD_A) {
            fprintf(out, "host-record=%s,%s,%u\n", record->owner, format_address(record, address),
                    record->ttl);
        } else {
            fprintf(out, "srv-host=%s,%s,%u,%u,%u\n", record->owner, record->srv.target,
                    record->srv.port, record->srv.priority, record->srv.weight);
        }
    }
}
