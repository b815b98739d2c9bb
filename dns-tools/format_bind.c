/* SPDX-License-Identifier: MPL-2.0 */
/* For $INCLUDE in a zone of BIND, NSD or Knot. The $ORIGIN holds to the end of the included text
 * alone (RFC 1035 5.1), so that the snippet means the same wherever it is included. */
#include "format.h"

void
format_bind_zone(FILE *out, const struct emission *emission, const struct zone *zone, bool first)
{
    (void)emission;
    (void)first;
    fprintf(out, "\n$ORIGIN %s.\n", zone->domain);
    format_master_records(out, zone);
}
