/* SPDX-License-Identifier: MPL-2.0 */
/* Commands of nsupdate(1) (RFC 2136): each RRset replaced by ours, one message a domain. No "zone"
 * line: nsupdate asks the server which zone the names are in, which may be a parent's. */
#include "format.h"

#include <string.h>

static bool
same_rrset(const struct record *a, const struct record *b)
{
    return a->type == b->type && strcmp(a->owner, b->owner) == 0;
}

void
format_nsupdate_zone(FILE *out, const struct emission *emission, const struct zone *zone,
                     bool first)
{
    (void)emission;
    (void)first;
    for (size_t i = 0; i < zone->count; i++) {
        const struct record *record = &zone->records[i];
        if (i == 0 || !same_rrset(record, &zone->records[i - 1])) {
            fprintf(out, "update delete %s. %s\n", record->owner,
                    record->type == RECORD_A ? "A" : "SRV");
        }
        fprintf(out, "update add %s. %u IN ", record->owner, record->ttl);
        format_value(out, record);
        fputc('\n', out);
    }
    fputs("send\n", out);
}
