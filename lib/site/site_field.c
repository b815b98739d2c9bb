/* SPDX-License-Identifier: MPL-2.0 */
/* A value alone goes straight into its field. Of a list the field has a count and a pointer to an
 * array in the arena; a value alone in its place is a list of one. */
#include "site/site_field.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "site/site_value.h"

/* How lists of every kind are kept: the first members of each of their structures, or all. */
struct list {
    size_t count;
    const void *items;
    const unsigned *lines; /* of strings only */
};

#define LISTS_ALIKE(structure)                                                                     \
    _Static_assert(offsetof(struct structure, count) == offsetof(struct list, count) &&            \
                       offsetof(struct structure, items) == offsetof(struct list, items),          \
                   "struct " #structure " begins as struct list does")

LISTS_ALIKE(ucprov_strings);
LISTS_ALIKE(ucprov_addresses);
LISTS_ALIKE(ucprov_subnets);
LISTS_ALIKE(ucprov_hardware_patterns);
LISTS_ALIKE(ucprov_listeners);
LISTS_ALIKE(ucprov_dns_domains);
LISTS_ALIKE(ucprov_dns_hosts);
_Static_assert(offsetof(struct ucprov_strings, lines) == offsetof(struct list, lines) &&
                   sizeof(struct ucprov_strings) == sizeof(struct list),
               "struct ucprov_strings is a struct list");

void
field_set_list(const struct setting_definition *definition, void *field, size_t count,
               const void *items, const unsigned *lines)
{
    memcpy(field, &(struct list){count, items, lines}, definition->size);
}

static bool
keeps_lines(const struct setting_definition *definition)
{
    return definition->size == sizeof(struct list);
}

/* Reading a list */

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

/* False, with an error reported, for a group, which is an aggregate too, and for a wrong number of
 * elements. */
static bool
check_list(struct site_reader *reader, const struct setting_definition *definition,
           const config_setting_t *setting)
{
    const struct value_kind *kind = &value_kinds[definition->kind];
    size_t count = element_count(setting);
    if (config_setting_is_group(setting)) {
        setting_report(reader, UCPROV_FAULT_VALUE_TYPE, setting,
                       "is a group in { }; write a list, [ \"...\", \"...\" ]");
        return false;
    }
    if (count < definition->count_min) {
        setting_report(reader, UCPROV_FAULT_LIST_COUNT, setting,
                       "is an empty list; at least one %s is needed: %s", kind->one,
                       definition->help);
        return false;
    }
    if (definition->count_max > 0 && count > definition->count_max) {
        setting_report(reader, UCPROV_FAULT_LIST_COUNT, setting,
                       "has %zu %s; at most %u are possible", count, kind->several,
                       definition->count_max);
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

/* A value twice in a list is a slip, whatever the case of a name (RFC 4343). An address has one
 * spelling alone. */
static void
report_twice(struct site_reader *reader, const config_setting_t *setting)
{
    size_t count = element_count(setting);
    struct listed *sorted = count < 2 ? NULL : reallocarray(NULL, count, sizeof(*sorted));
    if (sorted == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = (struct listed){config_setting_get_string(element_at(setting, i)), i};
    }
    qsort(sorted, count, sizeof(*sorted), compare_listed);
    for (size_t i = 1; i < count; i++) {
        if (strcasecmp(sorted[i - 1].text, sorted[i].text) == 0) {
            setting_report(reader, UCPROV_FAULT_LIST_TWICE, element_at(setting, sorted[i].index),
                           "\"%s\" is in the list twice", sorted[i].text);
        }
    }
    free(sorted);
}

/* What else would be said of the same subnet or socket is said where all of them are compared. */
static bool
is_compared_later(enum setting_kind kind)
{
    return kind == SETTING_SUBNET || kind == SETTING_LISTENER;
}

static void
read_list(struct site_reader *reader, const struct setting_definition *definition,
          const config_setting_t *setting, void *field)
{
    if (!check_list(reader, definition, setting)) {
        return;
    }
    size_t size = value_kinds[definition->kind].size;
    size_t count = element_count(setting);
    char *items = ucprov_arena_alloc(reader->arena, count, size);
    unsigned *lines =
        keeps_lines(definition) ? ucprov_arena_alloc(reader->arena, count, sizeof(*lines)) : NULL;
    if (items == NULL || (lines == NULL && keeps_lines(definition))) {
        return; /* which the arena remembers */
    }
    size_t good = 0;
    for (size_t i = 0; i < count; i++) {
        const config_setting_t *element = element_at(setting, i);
        if (value_read(reader, definition, element, items + good * size)) {
            if (lines != NULL) {
                lines[good] = config_setting_source_line(element);
            }
            good++;
        }
    }
    if (good == count && !is_compared_later(definition->kind)) {
        report_twice(reader, setting);
    }
    field_set_list(definition, field, good, items, lines);
}

void
field_read(struct site_reader *reader, const struct setting_definition *definition,
           const config_setting_t *setting, void *field)
{
    if (definition->is_list) {
        read_list(reader, definition, setting, field);
    } else {
        value_read(reader, definition, setting, field);
    }
}

/* Without a setting */

void
field_set_default(struct site_reader *reader, const struct setting_definition *definition,
                  void *field)
{
    const struct setting_default *fallback = &definition->fallback;
    const struct value_kind *kind = &value_kinds[definition->kind];
    if (fallback->is == DEFAULT_NUMBER) {
        value_set_number(definition, field, fallback->number);
    } else if (fallback->is == DEFAULT_TEXT) {
        void *value =
            definition->is_list ? ucprov_arena_alloc(reader->arena, 1, kind->size) : field;
        if (value != NULL) {
            kind->from_text(reader, definition, NULL, fallback->text, value);
        }
        if (value != NULL && definition->is_list) {
            field_set_list(definition, field, 1, value, NULL);
        }
    }
}

/* The pointer that a name is, or that a list has. An empty list that is meant has one, too. */
static const void *
pointer_in(const struct setting_definition *definition, const void *field)
{
    const void *pointer;
    size_t offset = definition->is_list ? offsetof(struct list, items) : 0;
    memcpy(&pointer, (const char *)field + offset, sizeof(pointer));
    return pointer;
}

void
field_copy(struct site_reader *reader, const struct setting_definition *to, void *field,
           const struct setting_definition *from, const void *other)
{
    if (pointer_in(to, field) != NULL || pointer_in(from, other) == NULL) {
        return;
    }
    if (to->is_list == from->is_list) {
        memcpy(field, other, to->size);
        return;
    }
    void *only = ucprov_arena_alloc(reader->arena, 1, from->size);
    if (only != NULL) {
        memcpy(only, other, from->size);
        field_set_list(to, field, 1, only, NULL);
    }
}
