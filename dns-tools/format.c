/* SPDX-License-Identifier: MPL-2.0 */
/* The table of output formats, and whole texts: a new format is a row here and a file
 * format_NAME.c. The lines that several of them share are in format_records.c. */
#include "format.h"

#include <string.h>

#include "base/printable.h"

/* clang-format off: one format a row reads better */
const struct format formats[] = {
    {"bind", "inc", "; ", false, NULL, format_bind_zone, NULL},
    {"zone", "zone", "; ", true, NULL, format_zone_zone, NULL},
    {"nsupdate", "nsupdate", "; ", false, NULL, format_nsupdate_zone, NULL},
    {"unbound", "conf", "# ", false, format_unbound_begin, format_unbound_zone, NULL},
    {"dnsmasq", "dnsmasq", "# ", false, NULL, format_dnsmasq_zone, NULL},
    {"powershell", "ps1", "# ", false, NULL, format_powershell_zone, NULL},
    [FORMAT_JSON] = {"json", "json", NULL, false, format_json_begin, format_json_zone,
                     format_json_end},
    {0},
};
/* clang-format on */

#define FILE_NAME_SIZE 1024

/* No time, no host: two runs write the same octets. */
static void
write_header(FILE *out, const struct format *format, const struct emission *emission,
             const struct zone *zones, size_t count)
{
    char file[FILE_NAME_SIZE];
    ucprov_escape(file, sizeof(file), emission->site->file, strlen(emission->site->file));
    if (count == 1) {
        fprintf(out, "%sRecords for Microsoft UC phones in %s\n", format->comment, zones[0].domain);
    } else {
        fprintf(out, "%sRecords for Microsoft UC phones in %zu domains\n", format->comment, count);
    }
    fprintf(out, "%sMade by ucprov-zone; change the site file instead: %s\n", format->comment,
            file);
    fprintf(out, "%sSHA-256 of that file: %s\n", format->comment, emission->site->digest);
    if (emission->pool != NULL) {
        fprintf(out, "%sEvery domain served by pool: %s\n", format->comment, emission->pool);
    }
}

void
format_write(FILE *out, const struct format *format, const struct emission *emission,
             const struct zone *zones, size_t count)
{
    if (format->comment != NULL) {
        write_header(out, format, emission, zones, count);
    }
    if (format->begin != NULL) {
        format->begin(out, emission);
    }
    for (size_t i = 0; i < count; i++) {
        format->zone(out, emission, &zones[i], i == 0);
    }
    if (format->end != NULL) {
        format->end(out);
    }
}
