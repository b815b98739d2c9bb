/* SPDX-License-Identifier: MPL-2.0 */
/* Readers of single values, one a kind. What differs from setting to setting of a kind, such as a
 * range or the words to choose from, is in the table of settings. */
#include "site/site_value.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "option/name.h"
#include "site/prefix.h"

#include "base/nearest.h"

#define WORD_MAX 64

/* Names and other text */

static bool
keep_string(struct site_reader *reader, const char *text, void *value)
{
    *(const char **)value = ucprov_arena_strdup(reader->arena, text);
    return true;
}

/* False with the error reported, unless it is none. */
static bool
is_name(struct site_reader *reader, const config_setting_t *setting, const char *text, int error)
{
    if (error != UCPROV_OK) {
        setting_report(reader, UCPROV_FAULT_VALUE_NAME, setting, "\"%s\": %s", text,
                       ucprov_strerror(error));
    }
    return error == UCPROV_OK;
}

static bool
take_host(struct site_reader *reader, const struct setting_definition *definition,
          const config_setting_t *setting, const char *text, void *value)
{
    (void)definition;
    return is_name(reader, setting, text, ucprov_name_check_host(text)) &&
           keep_string(reader, text, value);
}

static bool
take_domain(struct site_reader *reader, const struct setting_definition *definition,
            const config_setting_t *setting, const char *text, void *value)
{
    (void)definition;
    int error = ucprov_name_from_text(NULL, text);
    struct in_addr address;
    if (error == UCPROV_OK && inet_pton(AF_INET, text, &address) == 1) {
        error = UCPROV_ENAME_ADDRESS;
    }
    return is_name(reader, setting, text, error) && keep_string(reader, text, value);
}

static bool
take_word(struct site_reader *reader, const struct setting_definition *definition,
          const config_setting_t *setting, const char *text, void *value)
{
    (void)definition;
    for (const char *c = text; *c != '\0'; c++) {
        if (!isascii(*c) || (!isalnum((unsigned char)*c) && strchr("-_.", *c) == NULL)) {
            setting_report(reader, UCPROV_FAULT_VALUE_WORD, setting,
                           "\"%s\": letters, digits, \"-\", \"_\" and \".\" only", text);
            return false;
        }
    }
    if (strlen(text) > WORD_MAX) {
        setting_report(reader, UCPROV_FAULT_VALUE_WORD, setting,
                       "\"%s\" is longer than %d characters", text, WORD_MAX);
        return false;
    }
    return keep_string(reader, text, value);
}

/* A vendor class (option 60). */
static bool
take_string(struct site_reader *reader, const struct setting_definition *definition,
            const config_setting_t *setting, const char *text, void *value)
{
    (void)definition;
    for (const char *c = text; *c != '\0'; c++) {
        if (!isascii(*c) || !isprint((unsigned char)*c)) {
            setting_report(reader, UCPROV_FAULT_VALUE_VENDOR_CLASS, setting,
                           "\"%s\" has a character that is not printable ASCII", text);
            return false;
        }
    }
    if (strlen(text) > UCPROV_OPTION_WIRE_MAX) {
        setting_report(reader, UCPROV_FAULT_VALUE_VENDOR_CLASS, setting,
                       "\"%s\" is longer than an option can be", text);
        return false;
    }
    if (ucprov_client_from_class(text, strlen(text)) == UCPROV_CLIENT_CPE_OCPHONE) {
        setting_report(reader, UCPROV_FAULT_VALUE_VENDOR_CLASS, setting,
                       "\"%s\" asks for the voice VLAN; it cannot get the MS-UC-Client set", text);
        return false;
    }
    return keep_string(reader, text, value);
}

static bool
take_path(struct site_reader *reader, const struct setting_definition *definition,
          const config_setting_t *setting, const char *text, void *value)
{
    (void)definition;
    if (*text != '/') {
        setting_report(reader, UCPROV_FAULT_VALUE_PATH, setting, "\"%s\" has to begin with \"/\"",
                       text);
        return false;
    }
    if (strlen(text) > UCPROV_OPTION_MAX) {
        setting_report(reader, UCPROV_FAULT_VALUE_PATH, setting,
                       "has %zu characters; option 43 holds %d octets in all", strlen(text),
                       UCPROV_OPTION_MAX);
        return false;
    }
    for (const char *c = text; *c != '\0'; c++) {
        if (!isascii(*c) || !isgraph((unsigned char)*c) || strchr("\"#<>?\\^`{|}", *c) != NULL) {
            setting_report(reader, UCPROV_FAULT_VALUE_PATH, setting,
                           "\"%s\" has a character that a URL's path cannot have", text);
            return false;
        }
    }
    return keep_string(reader, text, value);
}

static bool
take_file(struct site_reader *reader, const struct setting_definition *definition,
          const config_setting_t *setting, const char *text, void *value)
{
    (void)definition;
    if (*text != '/') {
        setting_report(reader, UCPROV_FAULT_VALUE_FILE, setting,
                       "\"%s\" has to begin with \"/\": a daemon has no folder of its own", text);
        return false;
    }
    return keep_string(reader, text, value);
}

/* Choices */

/* "\"uint16\", \"ascii\" or \"uint32\"" */
#define CHOICES_SIZE 128

static const char *
list_choices(const struct setting_choices *choices, char text[CHOICES_SIZE])
{
    size_t length = 0;
    for (size_t i = 0; choices->word(i) != NULL; i++) {
        const char *separator = i == 0 ? "" : choices->word(i + 1) != NULL ? ", " : " or ";
        int added =
            snprintf(text + length, CHOICES_SIZE - length, "%s\"%s\"", separator, choices->word(i));
        length += (size_t)added < CHOICES_SIZE - length ? (size_t)added : 0;
    }
    return text;
}

/* The place of a word among the choices. False with an error reported. */
static bool
find_choice(struct site_reader *reader, const struct setting_definition *definition,
            const config_setting_t *setting, const char *text, size_t *place)
{
    const struct setting_choices *choices = definition->choices;
    for (*place = 0; choices->word(*place) != NULL; *place += 1) {
        if (strcmp(choices->word(*place), text) == 0) {
            return true;
        }
    }
    char known[CHOICES_SIZE];
    setting_report(reader, UCPROV_FAULT_VALUE_CHOICE, setting, "\"%s\" is no %s; write %s", text,
                   choices->noun, list_choices(choices, known));
    return false;
}

static bool
take_choice(struct site_reader *reader, const struct setting_definition *definition,
            const config_setting_t *setting, const char *text, void *value)
{
    size_t place;
    if (!find_choice(reader, definition, setting, text, &place)) {
        return false;
    }
    *(const char **)value = definition->choices->word(place); /* static */
    return true;
}

static bool
take_enum(struct site_reader *reader, const struct setting_definition *definition,
          const config_setting_t *setting, const char *text, void *value)
{
    size_t place;
    if (!find_choice(reader, definition, setting, text, &place)) {
        return false;
    }
    value_set_number(definition, value, (uint32_t)place);
    return true;
}

/* Addresses */

static bool
take_address(struct site_reader *reader, const struct setting_definition *definition,
             const config_setting_t *setting, const char *text, void *value)
{
    (void)definition;
    struct in_addr address;
    if (inet_pton(AF_INET, text, &address) != 1) {
        setting_report(reader, UCPROV_FAULT_VALUE_ADDRESS, setting, "\"%s\" is not an IPv4 address",
                       text);
        return false;
    }
    if (!ucprov_address_is_unicast(ntohl(address.s_addr))) {
        setting_report(reader, UCPROV_FAULT_VALUE_ADDRESS, setting,
                       "\"%s\" is not the address of a host", text);
        return false;
    }
    *(struct in_addr *)value = address;
    return true;
}

/* With host bits it is an error, and taken without them: it may be one that is there already. */
static bool
take_subnet(struct site_reader *reader, const struct setting_definition *definition,
            const config_setting_t *setting, const char *text, void *value)
{
    (void)definition;
    struct ucprov_prefix prefix;
    if (!ucprov_prefix_from_text(&prefix, text)) {
        setting_report(reader, UCPROV_FAULT_VALUE_SUBNET, setting,
                       "\"%s\" is no IPv4 subnet; write it like 10.20.0.0/16", text);
        return false;
    }
    struct ucprov_prefix clean = ucprov_prefix_clean(prefix);
    if (clean.address != prefix.address) {
        char right[UCPROV_PREFIX_TEXT_SIZE];
        setting_report(reader, UCPROV_FAULT_VALUE_HOST_BITS, setting,
                       "\"%s\" has host bits set; write %s", text,
                       ucprov_prefix_to_text(clean, right));
    }
    *(struct ucprov_prefix *)value = clean;
    return true;
}

/* The octets before a "*", or all of them: "00:04:f2:*". Returns how many octets; -1: it is none.
 */
static int
parse_hardware(const char *text, uint8_t octets[UCPROV_HARDWARE_SIZE])
{
    for (int count = 0; count < UCPROV_HARDWARE_SIZE; count++) {
        if (strcmp(text, "*") == 0) {
            return count;
        }
        int digits = (int)strspn(text, "0123456789abcdefABCDEF");
        bool last = count == UCPROV_HARDWARE_SIZE - 1;
        if (digits < 1 || digits > 2 || (last ? text[digits] != '\0' : text[digits] != ':')) {
            return -1;
        }
        octets[count] = (uint8_t)strtoul(text, NULL, 16);
        text += digits + !last;
    }
    return UCPROV_HARDWARE_SIZE;
}

char *
ucprov_hardware_to_text(const struct ucprov_hardware_pattern *pattern,
                        char text[UCPROV_HARDWARE_TEXT_SIZE])
{
    int length = 0;
    for (int i = 0; i < pattern->length; i++) {
        length += snprintf(text + length, UCPROV_HARDWARE_TEXT_SIZE - (size_t)length, "%s%02x",
                           i > 0 ? ":" : "", pattern->octets[i]);
    }
    if (pattern->length < UCPROV_HARDWARE_SIZE) {
        snprintf(text + length, UCPROV_HARDWARE_TEXT_SIZE - (size_t)length, "%s*",
                 length > 0 ? ":" : "");
    }
    return text;
}

static bool
take_hardware(struct site_reader *reader, const struct setting_definition *definition,
              const config_setting_t *setting, const char *text, void *value)
{
    (void)definition;
    struct ucprov_hardware_pattern pattern = {.length = 0};
    int count = parse_hardware(text, pattern.octets);
    if (count < 0) {
        setting_report(reader, UCPROV_FAULT_VALUE_HARDWARE, setting,
                       "\"%s\" is no hardware address; write it like 00:04:f2:95:31:a2, or like "
                       "00:04:f2:* for all that begin so",
                       text);
        return false;
    }
    pattern.length = (uint8_t)count;
    *(struct ucprov_hardware_pattern *)value = pattern;
    return true;
}

static bool
take_listener(struct site_reader *reader, const struct setting_definition *definition,
              const config_setting_t *setting, const char *text, void *value)
{
    (void)definition;
    struct ucprov_listener *listener = value;
    char address[INET_ADDRSTRLEN] = "";
    unsigned port = 0;
    int used = 0;
    if (sscanf(text, "%15[0-9.]:%5u%n", address, &port, &used) != 2 || text[used] != '\0' ||
        port < 1 || port > UINT16_MAX || inet_pton(AF_INET, address, &listener->address) != 1) {
        setting_report(reader, UCPROV_FAULT_VALUE_LISTENER, setting,
                       "\"%s\" is no address and port; write it like 0.0.0.0:80", text);
        return false;
    }
    listener->port = (uint16_t)port;
    return true;
}

/* Pools */

static bool
take_pool(struct site_reader *reader, const struct setting_definition *definition,
          const config_setting_t *setting, const char *text, void *value)
{
    (void)definition;
    for (size_t i = 0; i < reader->pool_count; i++) {
        if (strcmp(reader->pools[i].name, text) == 0) {
            *(const struct ucprov_pool **)value = &reader->pools[i];
            return true;
        }
    }
    struct ucprov_suggestion near;
    if (ucprov_diagnostics_count(reader->diagnostics, UCPROV_FAULT_VALUE_POOL)) {
        return false;
    }
    setting_report(reader, UCPROV_FAULT_VALUE_POOL, setting, "no pool named \"%s\"%s", text,
                   ucprov_suggest(&near, text,
                                  UCPROV_WORDS_IN(reader->pools, reader->pool_count, name),
                                  "; it has to stand under \"pools\""));
    return false;
}

const struct value_kind value_kinds[] = {
    [SETTING_BOOLEAN] = {"boolean", "true or false", NULL, 0, NULL},
    [SETTING_NUMBER] = {"number", "number", NULL, 0, NULL},
    [SETTING_CHOICE] = {"choice", "word", NULL, 0, take_choice},
    [SETTING_ENUM] = {"choice", "word", NULL, 0, take_enum},
    [SETTING_WORD] = {"word", "word", "words", sizeof(char *), take_word},
    [SETTING_STRING] = {"string", "string", "strings", sizeof(char *), take_string},
    [SETTING_HOST] = {"host", "host name", "host names", sizeof(char *), take_host},
    [SETTING_DOMAIN] = {"domain", "domain name", "domain names", sizeof(char *), take_domain},
    [SETTING_PATH] = {"path", "path with leading slash", NULL, sizeof(char *), take_path},
    [SETTING_FILE] = {"file", "file", "files", sizeof(char *), take_file},
    [SETTING_ADDRESS] = {"address", "IPv4 address", "IPv4 addresses", sizeof(struct in_addr),
                         take_address},
    [SETTING_SUBNET] = {"subnet", "IPv4 subnet", "IPv4 subnets", sizeof(struct ucprov_prefix),
                        take_subnet},
    [SETTING_HARDWARE] = {"hardware", "hardware address", "hardware addresses",
                          sizeof(struct ucprov_hardware_pattern), take_hardware},
    [SETTING_LISTENER] = {"listener", "ADDRESS:PORT", "ADDRESS:PORT, or a list of them",
                          sizeof(struct ucprov_listener), take_listener},
    [SETTING_POOL] = {"pool", "name of a pool", NULL, sizeof(struct ucprov_pool *), take_pool},
    [SETTING_GROUP] = {"group", "group", "list of groups", 0, NULL},
};

/* Any of them */

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

void
value_set_number(const struct setting_definition *definition, void *value, uint32_t number)
{
    if (definition->kind == SETTING_BOOLEAN) {
        *(bool *)value = number != 0;
    } else if (definition->size == sizeof(uint16_t)) {
        *(uint16_t *)value = (uint16_t)number;
    } else {
        memcpy(value, &number, sizeof(number)); /* an enum, too, which need not be a uint32_t */
    }
}

static bool
read_number(struct site_reader *reader, const struct setting_definition *definition,
            const config_setting_t *setting, void *value)
{
    int type = config_setting_type(setting);
    if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) {
        setting_report(reader, UCPROV_FAULT_VALUE_TYPE, setting,
                       "is %s; a number without quotes is needed, %u to %u", type_name(setting),
                       definition->min, definition->max);
        return false;
    }
    long long number = config_setting_get_int64(setting);
    if (number < definition->min || number > definition->max) {
        setting_report(reader, UCPROV_FAULT_VALUE_RANGE, setting,
                       "%lld is out of range; %u to %u is possible", number, definition->min,
                       definition->max);
        return false;
    }
    value_set_number(definition, value, (uint32_t)number);
    return true;
}

static bool
read_boolean(struct site_reader *reader, const struct setting_definition *definition,
             const config_setting_t *setting, void *value)
{
    if (config_setting_type(setting) != CONFIG_TYPE_BOOL) {
        setting_report(reader, UCPROV_FAULT_VALUE_TYPE, setting, "is %s; write true or false",
                       type_name(setting));
        return false;
    }
    value_set_number(definition, value, config_setting_get_bool(setting) != 0);
    return true;
}

bool
value_read(struct site_reader *reader, const struct setting_definition *definition,
           const config_setting_t *setting, void *value)
{
    if (definition->kind == SETTING_NUMBER) {
        return read_number(reader, definition, setting, value);
    }
    if (definition->kind == SETTING_BOOLEAN) {
        return read_boolean(reader, definition, setting, value);
    }
    const char *text = config_setting_get_string(setting);
    if (text == NULL) {
        setting_report(reader, UCPROV_FAULT_VALUE_TYPE, setting,
                       "is %s; a string in double quotes is needed", type_name(setting));
        return false;
    }
    if (*text == '\0') {
        setting_report(reader, UCPROV_FAULT_VALUE_EMPTY, setting,
                       "is an empty string; leave the setting out instead");
        return false;
    }
    return value_kinds[definition->kind].from_text(reader, definition, setting, text, value);
}
