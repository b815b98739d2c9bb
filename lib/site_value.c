/* Readers of the values that settings have: one a type. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <ucprov/error.h>
#include <ucprov/name.h>
#include <ucprov/prefix.h>

#include "site_reader.h"
#include <ucprov/nearest.h>

#define TOKEN_MAX 64

char *
setting_path(const config_setting_t *setting, char path[SETTING_PATH_SIZE])
{
    config_setting_t *parent = config_setting_parent(setting);
    if (parent == NULL) {
        path[0] = '\0';
        return path;
    }
    size_t length = strlen(setting_path(parent, path));
    const char *name = config_setting_name(setting);
    if (name != NULL) {
        snprintf(path + length, SETTING_PATH_SIZE - length, "%s%s", length > 0 ? "." : "", name);
    } else {
        snprintf(path + length, SETTING_PATH_SIZE - length, "[%d]", config_setting_index(setting));
    }
    return path;
}

static void
report(struct site_reader *reader, const config_setting_t *setting, bool warning,
       const char *format, va_list arguments)
{
    char path[SETTING_PATH_SIZE];
    char *text;
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    unsigned line = config_setting_source_line(setting);
    (warning ? ucprov_diagnostics_warning
             : ucprov_diagnostics_error)(reader->diagnostics, line, setting_path(setting, path),
                                         "%s", text == NULL ? "out of memory" : text);
    free(text);
}

void
setting_error(struct site_reader *reader, const config_setting_t *setting, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(reader, setting, false, format, arguments);
    va_end(arguments);
}

void
setting_warning(struct site_reader *reader, const config_setting_t *setting, const char *format,
                ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(reader, setting, true, format, arguments);
    va_end(arguments);
}

/* Scalars */

static const char *
type_name(const config_setting_t *setting)
{
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_GROUP:
        return "a group in { }";
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        return "a number";
    case CONFIG_TYPE_FLOAT:
        return "a number with a decimal point";
    case CONFIG_TYPE_STRING:
        return "a string";
    case CONFIG_TYPE_BOOL:
        return "true or false";
    default:
        return "a list";
    }
}

/* NULL, with an error reported, when it is no string or an empty one. */
static const char *
string_of(struct site_reader *reader, const config_setting_t *setting)
{
    const char *text = config_setting_get_string(setting);
    if (text == NULL) {
        setting_error(reader, setting, "is %s; a string in double quotes is needed",
                      type_name(setting));
    } else if (*text == '\0') {
        setting_error(reader, setting, "is an empty string; leave the setting out instead");
        text = NULL;
    }
    return text;
}

/* False, with an error reported, when it is no number or outside the range. */
static bool
number_of(struct site_reader *reader, const config_setting_t *setting, long long least,
          long long most, long long *number)
{
    int type = config_setting_type(setting);
    if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) {
        setting_error(reader, setting, "is %s; a number without quotes is needed, %lld to %lld",
                      type_name(setting), least, most);
        return false;
    }
    *number = config_setting_get_int64(setting);
    if (*number < least || *number > most) {
        setting_error(reader, setting, "%lld is out of range; %lld to %lld is possible", *number,
                      least, most);
        return false;
    }
    return true;
}

static void
keep_string(struct site_reader *reader, const char *text, void *field)
{
    *(const char **)field = ucprov_arena_strdup(reader->arena, text);
}

void
read_token(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    const char *text = string_of(reader, setting);
    if (text == NULL) {
        return;
    }
    for (const char *c = text; *c != '\0'; c++) {
        if (!isascii(*c) || (!isalnum((unsigned char)*c) && strchr("-_.", *c) == NULL)) {
            setting_error(reader, setting, "\"%s\": letters, digits, \"-\", \"_\" and \".\" only",
                          text);
            return;
        }
    }
    if (strlen(text) > TOKEN_MAX) {
        setting_error(reader, setting, "\"%s\" is longer than %d characters", text, TOKEN_MAX);
        return;
    }
    keep_string(reader, text, field);
}

void
read_host(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    const char *text = string_of(reader, setting);
    if (text == NULL) {
        return;
    }
    int error = ucprov_name_check_host(text);
    if (error != 0) {
        setting_error(reader, setting, "\"%s\": %s", text, ucprov_strerror(error));
        return;
    }
    keep_string(reader, text, field);
}

/* The checked text of a domain name, or NULL. */
static const char *
domain_of(struct site_reader *reader, const config_setting_t *setting)
{
    const char *text = string_of(reader, setting);
    if (text == NULL) {
        return NULL;
    }
    int error = ucprov_name_from_text(NULL, text);
    struct in_addr address;
    if (error == 0 && inet_pton(AF_INET, text, &address) == 1) {
        error = UCPROV_ENAME_ADDRESS;
    }
    if (error != 0) {
        setting_error(reader, setting, "\"%s\": %s", text, ucprov_strerror(error));
        return NULL;
    }
    return text;
}

void
read_domain(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    const char *text = domain_of(reader, setting);
    if (text != NULL) {
        keep_string(reader, text, field);
    }
}

void
read_scheme(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    const char *text = string_of(reader, setting);
    if (text == NULL) {
        return;
    }
    if (strcmp(text, "https") != 0 && strcmp(text, "http") != 0) {
        setting_error(reader, setting,
                      "\"%s\" is no scheme of this service; write \"https\" or "
                      "\"http\"",
                      text);
        return;
    }
    keep_string(reader, text, field);
}

void
read_url_path(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    const char *text = string_of(reader, setting);
    if (text == NULL) {
        return;
    }
    if (*text != '/') {
        setting_error(reader, setting, "\"%s\" has to begin with \"/\"", text);
        return;
    }
    if (strlen(text) > UCPROV_OPTION_MAX) {
        setting_error(reader, setting, "has %zu characters; option 43 holds %d octets in all",
                      strlen(text), UCPROV_OPTION_MAX);
        return;
    }
    for (const char *c = text; *c != '\0'; c++) {
        if (!isascii(*c) || !isgraph((unsigned char)*c) || strchr("\"#<>?\\^`{|}", *c) != NULL) {
            setting_error(reader, setting, "\"%s\" has a character that a URL's path cannot have",
                          text);
            return;
        }
    }
    keep_string(reader, text, field);
}

void
read_port(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    long long port;
    if (number_of(reader, setting, 1, UINT16_MAX, &port)) {
        *(uint16_t *)field = (uint16_t)port;
    }
}

void
read_vlan_id(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    long long id;
    if (number_of(reader, setting, UCPROV_VLAN_ID_MIN, UCPROV_VLAN_ID_MAX, &id)) {
        *(uint16_t *)field = (uint16_t)id;
    }
}

/* RFC 2181 8: 31 bits. */
void
read_ttl(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    long long ttl;
    if (number_of(reader, setting, 0, INT32_MAX, &ttl)) {
        *(uint32_t *)field = (uint32_t)ttl;
    }
}

void
read_vlan_encoding(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    const char *text = string_of(reader, setting);
    enum ucprov_vlan_encoding encoding;
    if (text == NULL) {
        return;
    }
    if (!ucprov_vlan_encoding_from_name(text, &encoding)) {
        setting_error(reader, setting,
                      "\"%s\" is no encoding; write \"uint16\", \"ascii\" or \"uint32\"", text);
        return;
    }
    *(enum ucprov_vlan_encoding *)field = encoding;
}

void
read_boolean(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    if (config_setting_type(setting) != CONFIG_TYPE_BOOL) {
        setting_error(reader, setting, "is %s; write true or false", type_name(setting));
        return;
    }
    *(bool *)field = config_setting_get_bool(setting) != 0;
}

void
read_file_name(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    const char *text = string_of(reader, setting);
    if (text == NULL) {
        return;
    }
    if (*text != '/') {
        setting_error(reader, setting,
                      "\"%s\" has to begin with \"/\": a daemon has no folder of its own", text);
        return;
    }
    keep_string(reader, text, field);
}

static const char *
pool_name(const void *context, size_t index)
{
    const struct site_reader *reader = context;
    return index < reader->pool_count ? reader->pools[index].name : NULL;
}

void
read_pool(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    const char *text = string_of(reader, setting);
    if (text == NULL) {
        return;
    }
    for (size_t i = 0; i < reader->pool_count; i++) {
        if (strcmp(reader->pools[i].name, text) == 0) {
            *(const struct ucprov_pool **)field = &reader->pools[i];
            return;
        }
    }
    const char *near = ucprov_nearest(text, pool_name, reader);
    setting_error(reader, setting, "no pool named \"%s\"%s%s%s", text,
                  near == NULL ? "; it has to stand under \"pools\"" : "; did you mean \"",
                  near == NULL ? "" : near, near == NULL ? "" : "\"?");
}

/* Lists: a string alone is a list of one. */

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
    struct listed *sorted = reallocarray(NULL, count + 1, sizeof *sorted);
    if (sorted == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = (struct listed){items[i], i};
    }
    qsort(sorted, count, sizeof *sorted, compare_listed);
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
    const char **items = ucprov_arena_alloc(reader->arena, count, sizeof *items);
    size_t good = 0;
    for (size_t i = 0; i < count && items != NULL; i++) {
        const char *text = check(reader, element_at(setting, i));
        if (text != NULL) {
            items[good++] = ucprov_arena_strdup(reader->arena, text);
        }
    }
    if (good == count && !ucprov_arena_failed(reader->arena)) {
        report_twice(reader, setting, items, count);
        *(struct ucprov_strings *)field = (struct ucprov_strings){count, items};
    }
}

void
read_domains(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    read_strings(reader, setting, field, domain_of);
}

static const char *
vendor_class_of(struct site_reader *reader, const config_setting_t *setting)
{
    const char *text = string_of(reader, setting);
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
read_vendor_classes(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    read_strings(reader, setting, field, vendor_class_of);
}

static bool
address_of(struct site_reader *reader, const config_setting_t *setting, struct in_addr *address)
{
    const char *text = string_of(reader, setting);
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
    struct in_addr *items = ucprov_arena_alloc(reader->arena, count, sizeof *items);
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
    const char *text = string_of(reader, setting);
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
    struct ucprov_prefix *items = ucprov_arena_alloc(reader->arena, count, sizeof *items);
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
    const char *text = string_of(reader, setting);
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
    struct ucprov_listener *items = ucprov_arena_alloc(reader->arena, count, sizeof *items);
    size_t good = 0;
    for (size_t i = 0; i < count && items != NULL; i++) {
        good += listener_of(reader, element_at(setting, i), &items[good]);
    }
    if (items != NULL) {
        *(struct ucprov_listeners *)field = (struct ucprov_listeners){good, items};
    }
}
