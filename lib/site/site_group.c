/* SPDX-License-Identifier: MPL-2.0 */
/* Reads a group of the site file by its table: each member by its row, unknown and missing ones as
 * errors; and lists of such groups. */
#include "site/site_group.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/nearest.h"

#include "site/site_field.h"

static const struct setting_definition *
find_setting(const struct setting_definition *settings, const char *name)
{
    for (; settings->name != NULL; settings++) {
        if (strcmp(settings->name, name) == 0) {
            return settings;
        }
    }
    return NULL;
}

/* Members that are not there, and should, or the other way round */

static void
report_unknown(struct site_reader *reader, const config_setting_t *member,
               struct ucprov_words known)
{
    struct ucprov_suggestion near;
    if (ucprov_diagnostics_count(reader->diagnostics, UCPROV_FAULT_SETTING_UNKNOWN)) {
        return;
    }
    setting_report(reader, UCPROV_FAULT_SETTING_UNKNOWN, member, "unknown setting%s",
                   ucprov_suggest(&near, config_setting_name(member), known,
                                  "; \"ucprov-checkconf --list-settings\" shows all"));
}

static void
report_missing(struct site_reader *reader, const config_setting_t *group,
               const struct setting_definition *settings)
{
    for (; settings->name != NULL; settings++) {
        if (settings->required && config_setting_get_member(group, settings->name) == NULL) {
            setting_report(reader, UCPROV_FAULT_SETTING_MISSING, group, "\"%s\" is missing: %s",
                           settings->name, settings->help);
        }
    }
}

void
group_check_root(struct site_reader *reader, const config_setting_t *root)
{
    for (unsigned i = 0; i < (unsigned)config_setting_length(root); i++) {
        const config_setting_t *member = config_setting_get_elem(root, i);
        const char *name = config_setting_name(member);
        const struct setting_group *group = setting_groups;
        while (group->root != NULL && strcmp(group->root, name) != 0) {
            group++;
        }
        if (group->root == NULL) {
            report_unknown(reader, member, UCPROV_WORDS_IN(setting_groups, SIZE_MAX, root));
        }
    }
}

/* Lists of groups: in the order of names, so that they can be searched, and a name twice is found
 */

/* Records of all lists begin with their name, and have their line at one place. */
#define LINE offsetof(struct ucprov_dns_domain, line)
_Static_assert(offsetof(struct ucprov_dns_domain, name) == 0 &&
                   offsetof(struct ucprov_dns_host, name) == 0 &&
                   offsetof(struct ucprov_dns_host, line) == LINE,
               "records of lists have their name and line at the same places");

static const char *
name_of(const void *record)
{
    return *(const char *const *)record;
}

static unsigned
line_of(const void *record)
{
    return *(const unsigned *)((const char *)record + LINE);
}

static int
compare_records(const void *left, const void *right)
{
    int order = strcasecmp(name_of(left), name_of(right));
    return order != 0 ? order : (line_of(left) > line_of(right)) - (line_of(left) < line_of(right));
}

static void
report_twice(struct site_reader *reader, const config_setting_t *list, const char *records,
             size_t count, size_t size)
{
    char path[64];
    snprintf(path, sizeof(path), "%s.%s", config_setting_name(config_setting_parent(list)),
             config_setting_name(list));
    for (size_t i = 1; i < count; i++) {
        const char *record = records + i * size;
        if (strcasecmp(name_of(record - size), name_of(record)) == 0) {
            ucprov_diagnostics_add(reader->diagnostics, UCPROV_FAULT_LIST_TWICE, line_of(record),
                                   path, "\"%s\" is in the list already (line %u)", name_of(record),
                                   line_of(record - size));
        }
    }
}

static void
read_groups(struct site_reader *reader, const struct setting_definition *definition,
            const config_setting_t *list, void *field)
{
    if (!setting_is_list_of_groups(reader, list)) {
        return;
    }
    const struct setting_group *group = definition->group;
    size_t count = (size_t)config_setting_length(list);
    size_t good = 0;
    char *records = ucprov_arena_alloc(reader->arena, count, group->size);
    for (size_t i = 0; i < count && records != NULL; i++) {
        const config_setting_t *element = config_setting_get_elem(list, (unsigned)i);
        char *record = records + good * group->size;
        *(unsigned *)(record + LINE) = config_setting_source_line(element);
        group_read(reader, element, group->settings, record);
        good += name_of(record) != NULL;
    }
    if (records != NULL) {
        qsort(records, good, group->size, compare_records);
        report_twice(reader, list, records, good, group->size);
        field_set_list(definition, field, good, records, NULL);
    }
}

/* Groups */

static void
read_group(struct site_reader *reader, const struct setting_definition *definition,
           const config_setting_t *setting, void *record)
{
    const struct setting_definition *members = definition->group->settings;
    if (config_setting_is_group(setting)) {
        group_read(reader, setting, members, record);
        return;
    }
    size_t errors = reader->diagnostics->errors;
    for (; members->name != NULL && reader->diagnostics->errors == errors; members++) {
        field_read(reader, members, setting, (char *)record + members->offset);
    }
}

static void
read_member(struct site_reader *reader, const struct setting_definition *definition,
            const config_setting_t *setting, void *field)
{
    if (definition->kind != SETTING_GROUP) {
        field_read(reader, definition, setting, field);
    } else if (definition->is_list) {
        read_groups(reader, definition, setting, field);
    } else {
        read_group(reader, definition, setting, field);
    }
}

void
group_read(struct site_reader *reader, const config_setting_t *group,
           const struct setting_definition *settings, void *record)
{
    if (!config_setting_is_group(group)) {
        setting_report(reader, UCPROV_FAULT_VALUE_TYPE, group,
                       "has to be a group: { NAME = VALUE; ... }");
        return;
    }
    unsigned count = (unsigned)config_setting_length(group);
    for (unsigned i = 0; i < count; i++) {
        const config_setting_t *member = config_setting_get_elem(group, i);
        const char *name = config_setting_name(member);
        const struct setting_definition *setting = find_setting(settings, name);
        if (setting == NULL) {
            report_unknown(reader, member, UCPROV_WORDS_IN(settings, SIZE_MAX, name));
            continue;
        }
        read_member(reader, setting, member, (char *)record + setting->offset);
    }
    report_missing(reader, group, settings);
}

void
group_set_defaults(struct site_reader *reader, const struct setting_definition *settings,
                   void *record)
{
    for (; settings->name != NULL; settings++) {
        void *field = (char *)record + settings->offset;
        if (settings->kind != SETTING_GROUP) {
            field_set_default(reader, settings, field);
        } else if (!settings->is_list) {
            group_set_defaults(reader, settings->group->settings, field);
        }
    }
}

void
group_copy_defaults(struct site_reader *reader, const struct setting_definition *settings,
                    void *record)
{
    for (const struct setting_definition *setting = settings; setting->name != NULL; setting++) {
        if (setting->fallback.is == DEFAULT_SETTING) {
            const struct setting_definition *other = find_setting(settings, setting->fallback.text);
            field_copy(reader, setting, (char *)record + setting->offset, other,
                       (char *)record + other->offset);
        }
    }
}
