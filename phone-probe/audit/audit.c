/* SPDX-License-Identifier: MPL-2.0 */
/* Reads a log that Windows wrote, in UTF-8 or UTF-16, quoted or not, and keeps the latest line of
 * each phone. Which firmware is too old is for firmware.c to say. */
#include "audit/audit.h"

#include <ctype.h>
#include <search.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/printable.h"

#include "dhcp/dhcp_transport.h"

enum { /* the fields, in their order */
       FIELD_TIME,
       FIELD_ADDRESS,
       FIELD_TYPE,
       FIELD_MAC,
       FIELD_SERIAL,
       FIELD_VENDOR,
       FIELD_MODEL,
       FIELD_REVISION,
       FIELD_LOCALE,
       FIELD_REQUEST,
       FIELD_RESPONSE,
       FIELD_USER,
};

/* A line taken apart: the fields lie one behind the other in `text`, unquoted. */
struct fields {
    size_t count;
    const char *items[AUDIT_FIELDS];
    size_t lengths[AUDIT_FIELDS];
    char *text; /* borrowed: room for AUDIT_LINE_MAX octets */
};

static bool
is_blank(char character)
{
    return character == ' ' || character == '\t';
}

/* Copies one field; in quotes, a comma is none, and two quotes are one. Returns what is behind it.
 */
static const char *
copy_field(struct fields *fields, char **to, const char *from, const char *end)
{
    char *start = *to;
    bool quoted = false;

    while (from < end && is_blank(*from)) {
        from++;
    }
    for (; from < end && (quoted || *from != ','); from++) {
        if (*from != '"') {
            *(*to)++ = *from;
        } else if (quoted && from + 1 < end && from[1] == '"') {
            *(*to)++ = *from++;
        } else {
            quoted = !quoted;
        }
    }
    while (*to > start && is_blank((*to)[-1])) {
        (*to)--;
    }
    if (fields->count < AUDIT_FIELDS) {
        fields->items[fields->count] = start;
        fields->lengths[fields->count++] = (size_t)(*to - start);
    }
    return from;
}

static void
split(struct fields *fields, const char *line, size_t length)
{
    const char *end = line + length;
    char *to = fields->text;

    for (;;) {
        line = copy_field(fields, &to, line, end);
        if (line == end) {
            return;
        }
        line++; /* the comma */
    }
}

static void
keep_text(char text[AUDIT_FIELD_SIZE], const struct fields *fields, size_t index)
{
    if (index < fields->count) {
        ucprov_escape(text, AUDIT_FIELD_SIZE, fields->items[index], fields->lengths[index]);
    }
}

/* Six octets in hex, whatever is between them. */
static void
keep_mac(struct audit_entry *entry, const struct fields *fields)
{
    uint8_t hardware[DHCP_HARDWARE_LENGTH];

    keep_text(entry->mac, fields, FIELD_MAC);
    if (ucprov_hex_decode(hardware, sizeof(hardware), entry->mac) == DHCP_HARDWARE_LENGTH) {
        hardware_text(entry->mac, hardware);
    }
}

/* The first version among the parts of the modules. */
static bool
find_version(struct firmware *firmware, const struct fields *fields, size_t index)
{
    char part[sizeof("65535.65535.65535.65535")];
    const char *at = index < fields->count ? fields->items[index] : "";
    const char *end = index < fields->count ? at + fields->lengths[index] : at;

    while (at < end) {
        const char *stop = memchr(at, ';', (size_t)(end - at));
        const char *last = stop != NULL ? stop : end;
        while (at < last && is_blank(*at)) {
            at++;
        }
        while (last > at && is_blank(last[-1])) {
            last--;
        }
        if ((size_t)(last - at) < sizeof(part)) {
            memcpy(part, at, (size_t)(last - at));
            part[last - at] = '\0';
            if (firmware_parse(firmware, part)) {
                return true;
            }
        }
        at = stop != NULL ? stop + 1 : end;
    }
    return false;
}

bool
audit_line_read(struct audit_entry *entry, const char *line, size_t length)
{
    char text[AUDIT_LINE_MAX];
    struct fields fields = {.text = text};

    *entry = (struct audit_entry){0};
    if (length > AUDIT_LINE_MAX) {
        return false;
    }
    split(&fields, line, length);
    if (fields.count < AUDIT_FIELDS_LEAST) {
        return false;
    }
    keep_text(entry->time, &fields, FIELD_TIME);
    keep_text(entry->address, &fields, FIELD_ADDRESS);
    keep_text(entry->type, &fields, FIELD_TYPE);
    keep_mac(entry, &fields);
    keep_text(entry->serial, &fields, FIELD_SERIAL);
    keep_text(entry->vendor, &fields, FIELD_VENDOR);
    keep_text(entry->model, &fields, FIELD_MODEL);
    keep_text(entry->revision, &fields, FIELD_REVISION);
    keep_text(entry->user, &fields, FIELD_USER);
    entry->has_firmware = find_version(&entry->firmware, &fields, FIELD_REQUEST);
    entry->has_offered = find_version(&entry->offered, &fields, FIELD_RESPONSE);
    bool names_phone = entry->mac[0] != '\0' || entry->serial[0] != '\0';
    return names_phone && (entry->has_firmware || entry->has_offered);
}

static int
compare_phones(const void *a, const void *b)
{
    const struct audit_entry *left = a;
    const struct audit_entry *right = b;
    int order = strcmp(left->mac, right->mac);

    return order != 0 || left->mac[0] != '\0' ? order : strcmp(left->serial, right->serial);
}

/* A line without a response, or without modules, does not make forgotten what was known. */
static void
update_phone(struct audit_entry *known, const struct audit_entry *entry)
{
    struct audit_entry before = *known;

    *known = *entry;
    if (!entry->has_firmware) {
        known->firmware = before.firmware;
        known->has_firmware = before.has_firmware;
    }
}

static bool
add_phone(struct audit *audit, const struct audit_entry *entry)
{
    struct audit_entry *const *known = tfind(entry, &audit->index, compare_phones);

    if (known != NULL) {
        update_phone(*known, entry);
        return true;
    }
    if (audit->count == AUDIT_PHONES_MAX) {
        audit->surplus++;
        return true;
    }
    struct audit_entry *copy = malloc(sizeof(*copy));
    struct audit_entry **longer =
        realloc(audit->phones, (audit->count + 1) * sizeof(audit->phones[0]));
    if (longer != NULL) {
        audit->phones = longer;
    }
    if (copy == NULL || longer == NULL) {
        free(copy);
        return false;
    }
    *copy = *entry;
    audit->phones[audit->count++] = copy;
    return tsearch(copy, &audit->index, compare_phones) != NULL;
}

/* A headline names its columns; it is the first line, if there is one. */
static bool
is_headline(const char *line, size_t length, bool first)
{
    return length == 0 || line[0] == '#' ||
           (first && !isdigit((unsigned char)line[0]) && line[0] != '"');
}

static bool
read_lines(struct audit *audit, const char *text, size_t length)
{
    const char *end = text + length;
    struct audit_entry entry;

    for (bool first = true; text < end; first = false) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        const char *last = stop != NULL ? stop : end;
        if (last > text && last[-1] == '\r') {
            last--;
        }
        size_t size = (size_t)(last - text);
        if (audit_line_read(&entry, text, size)) {
            if (!add_phone(audit, &entry)) {
                return false;
            }
        } else if (!is_headline(text, size, first)) {
            audit->unreadable++;
        }
        text = stop != NULL ? stop + 1 : end;
    }
    return true;
}

/* UTF-16, little-endian. What is not ASCII is in names alone, which are shown escaped anyway. */
static bool
read_utf16(struct audit *audit, const uint8_t *octets, size_t length)
{
    char *text = calloc(length / 2 + 1, 1);

    if (text == NULL) {
        return false;
    }
    for (size_t i = 0; i + 1 < length; i += 2) {
        unsigned unit = octets[i] | (unsigned)octets[i + 1] << 8;
        text[i / 2] = (char)(unit < 0x80 ? unit : '?');
    }
    bool fine = read_lines(audit, text, length / 2);
    free(text);
    return fine;
}

bool
audit_read(struct audit *audit, const void *octets, size_t length)
{
    static const uint8_t utf16_mark[] = {0xff, 0xfe};
    static const uint8_t utf8_mark[] = {0xef, 0xbb, 0xbf};
    const uint8_t *start = octets;

    if (length >= sizeof(utf16_mark) && memcmp(start, utf16_mark, sizeof(utf16_mark)) == 0) {
        return read_utf16(audit, start + sizeof(utf16_mark), length - sizeof(utf16_mark));
    }
    if (length >= sizeof(utf8_mark) && memcmp(start, utf8_mark, sizeof(utf8_mark)) == 0) {
        start += sizeof(utf8_mark);
        length -= sizeof(utf8_mark);
    }
    return read_lines(audit, (const char *)start, length);
}

static void
keep_node(void *node)
{
    (void)node; /* the list owns it */
}

void
audit_clear(struct audit *audit)
{
    tdestroy(audit->index, keep_node);
    for (size_t i = 0; i < audit->count; i++) {
        free(audit->phones[i]);
    }
    free(audit->phones);
    *audit = (struct audit){0};
}
