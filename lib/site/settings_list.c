/* SPDX-License-Identifier: MPL-2.0 */
/* Says what the rows of the table of settings say: in words, as JSON, and as the source of a manual
 * page. */
#include "site/settings_list.h"

#include <assert.h>
#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/wrap.h"

#include "site/site_schema.h"
#include "site/site_value.h"

/* Groups, each followed by those inside it */

#define GROUPS_MAX 16

struct groups {
    size_t count;
    const struct setting_group *items[GROUPS_MAX];
};

static void
add_group(struct groups *groups, const struct setting_group *group)
{
    assert(groups->count < GROUPS_MAX);
    groups->items[groups->count++] = group;
}

static void
collect_groups(struct groups *groups)
{
    groups->count = 0;
    for (const struct setting_group *group = setting_groups; group->root != NULL; group++) {
        add_group(groups, group);
        for (const struct setting_definition *s = group->settings; s->name != NULL && !group->again;
             s++) {
            if (s->kind == SETTING_GROUP) {
                add_group(groups, s->group);
            }
        }
    }
}

/* Words */

/* "\"https\" or \"http\"" */
static void
put_choices(FILE *out, const struct setting_choices *choices)
{
    for (size_t i = 0; choices->word(i) != NULL; i++) {
        const char *separator = i == 0 ? "" : choices->word(i + 1) != NULL ? ", " : " or ";
        fprintf(out, "%s\"%s\"", separator, choices->word(i));
    }
}

/* What it may be: "256 to 16777216 octets", "host names". */
static void
put_value(FILE *out, const struct setting_definition *setting)
{
    const struct value_kind *kind = &value_kinds[setting->kind];
    if (setting->kind == SETTING_NUMBER) {
        fprintf(out, "%u to %u%s%s", setting->min, setting->max, setting->unit == NULL ? "" : " ",
                setting->unit == NULL ? "" : setting->unit);
    } else if (setting->choices != NULL) {
        put_choices(out, setting->choices);
        fputs(setting->kind == SETTING_GROUP ? ", or a group" : "", out);
    } else {
        fputs(setting->is_list ? kind->several : kind->one, out);
    }
}

/* "default: 443", "required"; nothing where there is no default. */
static void
put_default(FILE *out, const struct setting_definition *setting)
{
    const struct setting_default *fallback = &setting->fallback;
    fputs(fallback->is == DEFAULT_NONE ? "" : "; default: ", out);
    switch (fallback->is) {
    case DEFAULT_NONE:
        fputs(setting->required ? "; required" : "", out);
        break;
    case DEFAULT_NUMBER:
        if (setting->kind == SETTING_BOOLEAN) {
            fputs(fallback->number != 0 ? "true" : "false", out);
        } else if (setting->kind == SETTING_ENUM) {
            fprintf(out, "\"%s\"", setting->choices->word(fallback->number));
        } else {
            fprintf(out, "%u", fallback->number);
        }
        break;
    case DEFAULT_TEXT:
        fprintf(out, "\"%s\"", fallback->text);
        break;
    case DEFAULT_SETTING:
    case DEFAULT_WORDS:
        fputs(fallback->text, out);
        break;
    }
}

/* Both, the caller's to free; NULL when out of memory. */
static char *
describe_value(const struct setting_definition *setting)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL) {
        return NULL;
    }
    put_value(out, setting);
    put_default(out, setting);
    return fclose(out) == 0 ? text : NULL;
}

/* For people */

static size_t
longest_name(const struct setting_definition *settings)
{
    size_t longest = 0;
    for (; settings->name != NULL; settings++) {
        size_t length = strlen(settings->name);
        longest = length > longest ? length : longest;
    }
    return longest;
}

#define INDENT   2
#define ROOM_MIN 30 /* beside the names; with less, text goes below them */

static void
print_indented(FILE *out, size_t indent, const char *text)
{
    fprintf(out, "%*s", (int)indent, "");
    ucprov_wrap_from(out, indent, indent, UCPROV_WORD_WHOLE, text);
}

static void
print_setting(FILE *out, const struct setting_definition *setting, size_t indent, bool is_beside)
{
    char *value = describe_value(setting);
    int width = is_beside ? (int)(indent - INDENT) : 0;
    fprintf(out, "%*s%-*s", INDENT, "", width, setting->name);
    if (!is_beside) {
        fprintf(out, "\n%*s", (int)indent, "");
    }
    ucprov_wrap_from(out, indent, indent, UCPROV_WORD_WHOLE, value == NULL ? "" : value);
    print_indented(out, indent, setting->help);
    free(value);
}

static void
print_group(FILE *out, const struct setting_group *group)
{
    size_t indent = INDENT + longest_name(group->settings) + 2;
    bool is_beside = indent + ROOM_MIN <= ucprov_columns(out);
    for (const struct setting_definition *s = group->settings; s->name != NULL; s++) {
        print_setting(out, s, is_beside ? indent : 2 * INDENT, is_beside);
    }
}

void
ucprov_settings_print(FILE *out)
{
    struct groups groups;
    collect_groups(&groups);
    for (size_t i = 0; i < groups.count; i++) {
        const struct setting_group *group = groups.items[i];
        fprintf(out, "%s%s: ", i == 0 ? "" : "\n", group->path);
        ucprov_wrap_from(out, strlen(group->path) + 2, 2 * INDENT, UCPROV_WORD_WHOLE, group->help);
        if (!group->again) {
            print_group(out, group);
        }
    }
}

/* For programs */

static json_t *
json_text(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

static json_t *
json_number_if(bool there, uint32_t number)
{
    return there ? json_integer((json_int_t)number) : json_null();
}

static json_t *
json_choices(const struct setting_choices *choices)
{
    if (choices == NULL) {
        return json_null();
    }
    json_t *list = json_array();
    for (size_t i = 0; choices->word(i) != NULL; i++) {
        json_array_append_new(list, json_string(choices->word(i)));
    }
    return list;
}

/* The default as a value; null where it is none. */
static json_t *
json_default(const struct setting_definition *setting)
{
    const struct setting_default *fallback = &setting->fallback;
    if (fallback->is == DEFAULT_TEXT) {
        return setting->is_list ? json_pack("[s]", fallback->text) : json_string(fallback->text);
    }
    if (fallback->is != DEFAULT_NUMBER) {
        return json_null();
    }
    switch (setting->kind) {
    case SETTING_BOOLEAN:
        return json_boolean(fallback->number != 0);
    case SETTING_ENUM:
        return json_string(setting->choices->word(fallback->number));
    default:
        return json_integer((json_int_t)fallback->number);
    }
}

static json_t *
json_setting(const struct setting_group *group, const struct setting_definition *setting)
{
    const struct setting_default *fallback = &setting->fallback;
    bool is_number = setting->kind == SETTING_NUMBER;
    return json_pack(
        "{s:s, s:s, s:s, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s}", "group",
        group->path, "name", setting->name, "kind", value_kinds[setting->kind].id, "list",
        setting->is_list, "required", setting->required, "members",
        json_text(setting->group == NULL ? NULL : setting->group->path), "choices",
        json_choices(setting->choices), "min", json_number_if(is_number, setting->min), "max",
        json_number_if(is_number, setting->max), "unit", json_text(setting->unit), "count_min",
        json_number_if(setting->is_list, setting->count_min), "count_max",
        json_number_if(setting->count_max > 0, setting->count_max), "default",
        json_default(setting), "default_text",
        json_text(fallback->is == DEFAULT_SETTING || fallback->is == DEFAULT_WORDS ? fallback->text
                                                                                   : NULL),
        "help", setting->help);
}

json_t *
ucprov_settings_json(void)
{
    struct groups groups;
    json_t *list = json_array();
    bool fine = list != NULL;
    collect_groups(&groups);
    for (size_t i = 0; i < groups.count; i++) {
        const struct setting_definition *setting = groups.items[i]->settings;
        for (; setting->name != NULL && fine; setting++) {
            fine = json_array_append_new(list, json_setting(groups.items[i], setting)) == 0;
        }
    }
    if (!fine) {
        json_decref(list);
        list = NULL;
    }
    return list;
}

/* For a manual page */

/* With what scdoc would take for markup escaped. */
static void
put_escaped(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        fputs(strchr("_*\\", *text) != NULL ? "\\" : "", out);
        putc(*text, out);
    }
}

static void
put_setting(FILE *out, const struct setting_definition *setting)
{
    char *value = describe_value(setting);
    fprintf(out, "*%s* (", setting->name);
    put_escaped(out, value == NULL ? "" : value);
    fprintf(out, ")\n\t%c", toupper((unsigned char)setting->help[0]));
    put_escaped(out, setting->help + 1);
    fputs(".\n", out);
    free(value);
}

const char *
ucprov_settings_group(size_t index)
{
    struct groups groups;
    collect_groups(&groups);
    for (size_t i = 0; i < groups.count; i++) {
        if (!groups.items[i]->again && index-- == 0) {
            return groups.items[i]->path;
        }
    }
    return NULL;
}

bool
ucprov_settings_print_manual(FILE *out, const char *path)
{
    struct groups groups;
    collect_groups(&groups);
    for (size_t i = 0; i < groups.count; i++) {
        const struct setting_definition *first = groups.items[i]->settings;
        if (strcmp(groups.items[i]->path, path) != 0) {
            continue;
        }
        for (const struct setting_definition *s = first; s->name != NULL; s++) {
            fputs(s == first ? "" : "\n", out);
            put_setting(out, s);
        }
        return true;
    }
    return false;
}
