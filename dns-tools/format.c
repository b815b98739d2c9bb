/* SPDX-License-Identifier: MPL-2.0 */
/* The table of output formats, and the lines that several of them share. What only one of them does
 * is in format_NAME.c; a new format is a row here and a file there. */
#include "format.h"

#include <string.h>

#include "option/explain.h"

/* clang-format off: one format a row reads better */
const struct format formats[] = {
    {"bind", "inc", "; ", false, NULL, format_bind_zone, NULL},
    {"zone", "zone", "; ", true, NULL, format_zone_zone, NULL},
    {"nsupdate", "nsupdate", "; ", false, NULL, format_nsupdate_zone, NULL},
    {"unbound", "conf", "# ", false, format_unbound_begin, format_unbound_zone, NULL},
    {"dnsmasq", "dnsmasq", "# ", false, NULL, format_dnsmasq_zone, NULL},
    {"powershell", "ps1", "# ", false, NULL, format_powershell_zone, NULL},
    {"json", "json", NULL, false, format_json_begin, format_json_zone, format_json_end},
    {0},
};
/* clang-format on */

const struct format *
format_find(const char *name)
{
    const struct format *format = formats;
    while (format->name != NULL && strcmp(format->name, name) != 0) {
        format++;
    }
    return format->name == NULL ? NULL : format;
}

#define FILE_NAME_SIZE 1024

/* No time, no host: two runs write the same octets. */
static void
write_header(FILE *out, const struct format *format, const struct emission *emission,
             const struct zone *zones, size_t count)
{
    char file[FILE_NAME_SIZE];
    ucprov_escape(file, sizeof file, emission->site->file, strlen(emission->site->file));
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

const char *
format_relative(const struct zone *zone, const struct record *record, int *length)
{
    size_t owner = strlen(record->owner);
    size_t domain = strlen(zone->domain);
    if (owner <= domain) {
        *length = 1;
        return "@";
    }
    *length = (int)(owner - domain - 1);
    return record->owner;
}

/* As inet_ntop(), which a million records would spend a third of their time in. */
const char *
format_address(const struct record *record, char text[INET_ADDRSTRLEN])
{
    uint32_t address = ntohl(record->address.s_addr);
    char *end = text;
    for (int shift = 24; shift >= 0; shift -= 8) {
        unsigned octet = address >> shift & 0xff;
        if (octet >= 100) {
            *end++ = (char)('0' + octet / 100);
        }
        if (octet >= 10) {
            *end++ = (char)('0' + octet / 10 % 10);
        }
        *end++ = (char)('0' + octet % 10);
        *end++ = shift > 0 ? '.' : '\0';
    }
    return text;
}

void
format_value(FILE *out, const struct record *record)
{
    char address[INET_ADDRSTRLEN];
    if (record->type == RECORD_A) {
        fputs_unlocked("A ", out);
        fputs_unlocked(format_address(record, address), out);
    } else {
        fprintf(out, "SRV %u %u %u %s.", record->srv.priority, record->srv.weight, record->srv.port,
                record->srv.target);
    }
}

#define OWNER_WIDTH 24

void
format_master_records(FILE *out, const struct zone *zone)
{
    static const char blanks[] = "                        ";
    _Static_assert(sizeof blanks == OWNER_WIDTH + 1, "as wide as the column");
    char class[16] = "";
    for (size_t i = 0; i < zone->count; i++) {
        const struct record *record = &zone->records[i];
        int length;
        const char *owner = format_relative(zone, record, &length);
        if (i == 0 || record->ttl != zone->records[i - 1].ttl) {
            snprintf(class, sizeof class, " %u IN ", record->ttl);
        }
        fwrite_unlocked(owner, 1, (size_t)length, out);
        fputs_unlocked(length < OWNER_WIDTH ? blanks + length : "", out);
        fputs_unlocked(class, out);
        format_value(out, record);
        putc_unlocked('\n', out);
    }
}
