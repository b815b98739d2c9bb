/* SPDX-License-Identifier: MPL-2.0 */
/* Readers of lists, one a type of element. A value alone is a list of one. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "site/prefix.h"

#include "site/site_reader.h"

static size_t
element_count(const config_setting_t *setting)
{
    return config_setting_is_aggregate(setting) ? (size_t)config_setting_length(setting) : 1;
}

static const config_setting_t *
element_at(const config_setting_t *setting, size_t index)
{
    return config_setting_is_aggregate(setting) ? config_setting_get_elem(setting, (unsigned)index)
                                                : setting;
}

/* False, with an error reported, for a group, which is an aggregate too. */
static bool
is_list(struct site_reader *reader, const config_setting_t *setting)
{
    if (config_setting_is_group(setting)) {
        setting_error(reader, setting, "is a group in { }; write a list, [ \"...\", \"...\" ]");
        return false;
    }
    return true;
}

struct listed {
    const char *text;
    size_t index;
};

static int
compare_listed(const void *left, const void *right)
{
    const struct listed *a = left;
    const struct listed *b = right;
    int order = strcasecmp(a->text, b->text);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* A name twice in a list is a slip, whatever its case (RFC 4343). */
static void
report_twice(struct site_reader *reader, const config_setting_t *setting, const char *const *items,
             size_t count)
{
    struct listed *sorted = reallocarray(NULL, count + 1, sizeof(*sorted));
    if (sorted == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = (struct listed){items[i], i};
    }
    qsort(sorted, count, sizeof(*sorted), compare_listed);
    for (size_t i = 1; i < count; i++) {
        if (strcasecmp(sorted[i - 1].text, sorted[i].text) == 0) {
            setting_error(reader, element_at(setting, sorted[i].index),
                          "\"%s\" is in the list twice", sorted[i].text);
        }
    }
    free(sorted);
}

typedef const char *text_check(struct site_reader *reader, const config_setting_t *setting);

static void
read_strings(struct site_reader *reader, const config_setting_t *setting, void *field,
             text_check *check)
{
    if (!is_list(reader, setting)) {
        return;
    }
    size_t count = element_count(setting);
    const char **items = ucprov_arena_alloc(reader->arena, count, sizeof(*items));
    unsigned *lines = ucprov_arena_alloc(reader->arena, count, sizeof(*lines));
    size_t good = 0;
    for (size_t i = 0; i < count && items != NULL && lines != NULL; i++) {
        const char *text = check(reader, element_at(setting, i));
        if (text != NULL) {
            lines[good] = config_setting_source_line(element_at(setting, i));
            items[good++] = ucprov_arena_strdup(reader->arena, text);
        }
    }
    if (good == count && !ucprov_arena_failed(reader->arena)) {
        report_twice(reader, setting, items, count);
        *(struct ucprov_strings *)field = (struct ucprov_strings){count, items, lines};
    }
}

void
read_domains(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    read_strings(reader, setting, field, setting_domain);
}

void
read_hosts(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    read_strings(reader, setting, field, setting_host);
}

static const char *
vendor_class_of(struct site_reader *reader, const config_setting_t *setting)
{
    const char *text = setting_string(reader, setting);
    if (text == NULL) {
        return NULL;
    }
    for (const char *c = text; *c != '\0'; c++) {
        if (!isascii(*c) || !isprint((unsigned char)*c)) {
            setting_error(reader, setting, "\"%s\" has a character that is not printable ASCII",
                          text);
            return NULL;
        }
    }
    if (strlen(text) > UCPROV_OPTION_WIRE_MAX) {
        setting_error(reader, setting, "\"%s\" is longer than an option can be", text);
        return NULL;
    }
    if (ucprov_client_from_class(text, strlen(text)) == UCPROV_CLIENT_CPE_OCPHONE) {
        setting_error(reader, setting,
                      "\"%s\" asks for the voice VLAN; it cannot get the MS-UC-Client set", text);
        return NULL;
    }
    return text;
}

void
read_file_names(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    read_strings(reader, setting, field, setting_file_name);
}

void
read_vendor_classes(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    read_strings(reader, setting, field, vendor_class_of);
}

static bool
address_of(struct site_reader *reader, const config_setting_t *setting, struct in_addr *address)
{
    const char *text = setting_string(reader, setting);
    if (text == NULL) {
        return false;
    }
    if (inet_pton(AF_INET, text, address) != 1) {
        setting_error(reader, setting, "\"%s\" is not an IPv4 address", text);
        return false;
    }
    if (!ucprov_address_is_unicast(ntohl(address->s_addr))) {
        setting_error(reader, setting, "\"%s\" is not the address of a host", text);
        return false;
    }
    return true;
}

static bool
is_listed(const struct in_addr *items, size_t count, struct in_addr address)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i].s_addr == address.s_addr) {
            return true;
        }
    }
    return false;
}

/* More than a list of a pool or a vlan can sensibly have, and few enough to compare each pair. */
#define ADDRESSES_MAX 256

void
read_addresses(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    if (!is_list(reader, setting)) {
        return;
    }
    size_t count = element_count(setting);
    if (count > ADDRESSES_MAX) {
        setting_error(reader, setting, "has %zu addresses; at most %d are possible", count,
                      ADDRESSES_MAX);
        return;
    }
    struct in_addr *items = ucprov_arena_alloc(reader->arena, count, sizeof(*items));
    size_t good = 0;
    for (size_t i = 0; i < count && items != NULL; i++) {
        const config_setting_t *element = element_at(setting, i);
        if (!address_of(reader, element, &items[good])) {
            continue;
        }
        if (is_listed(items, good, items[good])) {
            setting_error(reader, element, "\"%s\" is in the list twice",
                          config_setting_get_string(element));
        }
        good++;
    }
    if (good == count && items != NULL) {
        *(struct ucprov_addresses *)field = (struct ucprov_addresses){count, items};
    }
}

static bool
subnet_of(struct site_reader *reader, const config_setting_t *setting, struct ucprov_prefix *prefix)
{
    const char *text = setting_string(reader, setting);
    if (text == NULL) {
        return false;
    }
    if (!ucprov_prefix_from_text(prefix, text)) {
        setting_error(reader, setting, "\"%s\" is no IPv4 subnet; write it like 10.20.0.0/16",
                      text);
        return false;
    }
    struct ucprov_prefix clean = ucprov_prefix_clean(*prefix);
    if (clean.address != prefix->address) {
        char right[UCPROV_PREFIX_TEXT_SIZE];
        setting_error(reader, setting, "\"%s\" has host bits set; write %s", text,
                      ucprov_prefix_to_text(clean, right));
        *prefix = clean;
    }
    return true;
}

void
read_subnets(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    if (!is_list(reader, setting)) {
        return;
    }
    size_t count = element_count(setting);
    if (count == 0) {
        setting_error(reader, setting, "is an empty list; a vlan has at least one subnet");
        return;
    }
    struct ucprov_prefix *items = ucprov_arena_alloc(reader->arena, count, sizeof(*items));
    size_t good = 0;
    for (size_t i = 0; i < count && items != NULL; i++) {
        good += subnet_of(reader, element_at(setting, i), &items[good]);
    }
    if (items != NULL) {
        *(struct subnets *)field = (struct subnets){good, items};
    }
}

/* "ADDRESS:PORT". */
static bool
listener_of(struct site_reader *reader, const config_setting_t *setting,
            struct ucprov_listener *listener)
{
    const char *text = setting_string(reader, setting);
    if (text == NULL) {
        return false;
    }
    char address[INET_ADDRSTRLEN] = "";
    unsigned port = 0;
    int used = 0;
    if (sscanf(text, "%15[0-9.]:%5u%n", address, &port, &used) != 2 || text[used] != '\0' ||
        port < 1 || port > UINT16_MAX || inet_pton(AF_INET, address, &listener->address) != 1) {
        setting_error(reader, setting, "\"%s\" is no address and port; write it like 0.0.0.0:80",
                      text);
        return false;
    }
    listener->port = (uint16_t)port;
    return true;
}

void
read_listeners(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    if (!is_list(reader, setting)) {
        return;
    }
    size_t count = element_count(setting);
    struct ucprov_listener *items = ucprov_arena_alloc(reader->arena, count, sizeof(*items));
    size_t good = 0;
    for (size_t i = 0; i < count && items != NULL; i++) {
        good += listener_of(reader, element_at(setting, i), &items[good]);
    }
    if (items != NULL) {
        *(struct ucprov_listeners *)field = (struct ucprov_listeners){good, items};
    }
}
