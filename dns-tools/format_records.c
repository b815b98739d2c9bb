/* SPDX-License-Identifier: MPL-2.0 */
/* Owners, values and lines of records, as several formats write them. */
#include <string.h>

#include "format.h"

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
    _Static_assert(sizeof(blanks) == OWNER_WIDTH + 1, "as wide as the column");
    char class[16] = "";
    for (size_t i = 0; i < zone->count; i++) {
        const struct record *record = &zone->records[i];
        int length;
        const char *owner = format_relative(zone, record, &length);
        if (i == 0 || record->ttl != zone->records[i - 1].ttl) {
            snprintf(class, sizeof(class), " %u IN ", record->ttl);
        }
        fwrite_unlocked(owner, 1, (size_t)length, out);
        fputs_unlocked(length < OWNER_WIDTH ? blanks + length : "", out);
        fputs_unlocked(class, out);
        format_value(out, record);
        putc_unlocked('\n', out);
    }
}
