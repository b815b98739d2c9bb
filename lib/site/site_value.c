/* SPDX-License-Identifier: MPL-2.0 */
/* Readers of single values, one a type. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "option/name.h"

#include "base/nearest.h"
#include "site/site_reader.h"

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

const char *
setting_string(struct site_reader *reader, const config_setting_t *setting)
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
number_of(struct site_reader *reader, const config_setting_t *setting, long long min, long long max,
          long long *number)
{
    int type = config_setting_type(setting);
    if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) {
        setting_error(reader, setting, "is %s; a number without quotes is needed, %lld to %lld",
                      type_name(setting), min, max);
        return false;
    }
    *number = config_setting_get_int64(setting);
    if (*number < min || *number > max) {
        setting_error(reader, setting, "%lld is out of range; %lld to %lld is possible", *number,
                      min, max);
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
    const char *text = setting_string(reader, setting);
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

const char *
setting_host(struct site_reader *reader, const config_setting_t *setting)
{
    const char *text = setting_string(reader, setting);
    if (text == NULL) {
        return NULL;
    }
    int error = ucprov_name_check_host(text);
    if (error != 0) {
        setting_error(reader, setting, "\"%s\": %s", text, ucprov_strerror(error));
        return NULL;
    }
    return text;
}

void
read_host(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    const char *text = setting_host(reader, setting);
    if (text != NULL) {
        keep_string(reader, text, field);
    }
}

const char *
setting_domain(struct site_reader *reader, const config_setting_t *setting)
{
    const char *text = setting_string(reader, setting);
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
    const char *text = setting_domain(reader, setting);
    if (text != NULL) {
        keep_string(reader, text, field);
    }
}

void
read_scheme(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    const char *text = setting_string(reader, setting);
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
    const char *text = setting_string(reader, setting);
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

void
read_vlan_encoding(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    const char *text = setting_string(reader, setting);
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

const char *
setting_file_name(struct site_reader *reader, const config_setting_t *setting)
{
    const char *text = setting_string(reader, setting);
    if (text != NULL && *text != '/') {
        setting_error(reader, setting,
                      "\"%s\" has to begin with \"/\": a daemon has no folder of its own", text);
        return NULL;
    }
    return text;
}

void
read_file_name(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    const char *text = setting_file_name(reader, setting);
    if (text != NULL) {
        keep_string(reader, text, field);
    }
}

/* A number within bounds, for a field of 32 bits. */
static void
read_number(struct site_reader *reader, const config_setting_t *setting, uint32_t min, uint32_t max,
            uint32_t *field)
{
    long long number;
    if (number_of(reader, setting, min, max, &number)) {
        *field = (uint32_t)number;
    }
}

void
read_ttl(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    read_number(reader, setting, 0, INT32_MAX, field); /* 31 bits: RFC 2181 section 8 */
}

void
read_workers(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    read_number(reader, setting, 1, UCPROV_CA_WORKERS_MAX, field);
}

void
read_connections(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    read_number(reader, setting, 1, 1000000, field);
}

void
read_limit(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    read_number(reader, setting, 0, 1000000, field);
}

void
read_size(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    read_number(reader, setting, 256, 16U << 20, field);
}

void
read_seconds(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    read_number(reader, setting, 1, 3600, field);
}

void
read_pool(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    const char *text = setting_string(reader, setting);
    if (text == NULL) {
        return;
    }
    for (size_t i = 0; i < reader->pool_count; i++) {
        if (strcmp(reader->pools[i].name, text) == 0) {
            *(const struct ucprov_pool **)field = &reader->pools[i];
            return;
        }
    }
    struct ucprov_suggestion near;
    setting_error(reader, setting, "no pool named \"%s\"%s", text,
                  ucprov_suggest(&near, text,
                                 UCPROV_WORDS_IN(reader->pools, reader->pool_count, name),
                                 "; it has to stand under \"pools\""));
}

/* The member of a group where it stands there, else the group: for a message's place. */
const config_setting_t *
member_or_group(const config_setting_t *group, const char *name)
{
    const config_setting_t *member = config_setting_get_member(group, name);
    return member != NULL ? member : group;
}
