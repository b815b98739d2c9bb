/* SPDX-License-Identifier: MPL-2.0 */
/* Local data of unbound.conf(5). "transparent": other names of the domain are looked up as ever. */
#include "format.h"

void
format_unbound_begin(FILE *out, const struct emission *emission)
{
    (void)emission;
    fputs("server:\n", out);
}

void
format_unbound_zone(FILE *out, const struct emission *emission, const struct zone *zone, bool first)
{
    (void)emission;
    (void)first;
    fprintf(out, "    local-zone: \"%s.\" transparent\n", zone->domain);
    for (size_t i = 0; i < zone->count; i++) {
        const struct record *record = &zone->records[i];
        fprintf(out, "    local-data: \"%s. %u IN ", record->owner, record->ttl);
        format_value(out, record);
        fputs("\"\n", out);
    }
}
