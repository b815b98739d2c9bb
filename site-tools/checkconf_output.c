/* SPDX-License-Identifier: MPL-2.0 */
/* The same diagnostics in three forms. Texts are printable already; GitHub's commands have rules of
 * their own on top. */
#include "checkconf_output.h"

#include <stdlib.h>

#include <string.h>

static const char *
plural(size_t count)
{
    return count == 1 ? "" : "s";
}

void
checkconf_print_text(FILE *out, FILE *errors, const struct checked_file *file)
{
    const struct ucprov_site *site = file->site;
    ucprov_diagnostics_print(file->diagnostics, errors);
    if (file->fine) {
        fprintf(out, "%s: %zu vlan%s, %zu pool%s: fine\n", file->diagnostics->file,
                site->vlan_count, plural(site->vlan_count), site->pool_count,
                plural(site->pool_count));
    }
}

/* As actions/toolkit writes them (packages/core/src/command.ts): a message, or with ':' and ',' as
 * well, a property. */
static void
print_escaped(FILE *out, const char *text, const char *special)
{
    for (; *text != '\0'; text++) {
        if (strchr(special, *text) != NULL) {
            fprintf(out, "%%%02X", (unsigned)(unsigned char)*text);
        } else {
            fputc(*text, out);
        }
    }
}

#define OF_MESSAGES   "%\r\n"
#define OF_PROPERTIES OF_MESSAGES ":,"

static void
print_property(FILE *out, const char **separator, const char *name, const char *value)
{
    fprintf(out, "%s%s=", *separator, name);
    print_escaped(out, value, OF_PROPERTIES);
    *separator = ",";
}

/* "setting.unknown: vlans[0].serch" */
static void
print_title(FILE *out, const char *separator, const struct ucprov_diagnostic *item)
{
    print_property(out, &separator, "title", item->finding.id);
    if (item->setting != NULL) {
        print_escaped(out, ": ", OF_PROPERTIES);
        print_escaped(out, item->setting, OF_PROPERTIES);
    }
}

void
checkconf_print_github(FILE *out, const struct checked_file *file)
{
    bool has_name = strcmp(file->path, "-") != 0; /* standard input is no file of a change */
    for (size_t i = 0; i < file->diagnostics->count; i++) {
        const struct ucprov_diagnostic *item = file->diagnostics->items[i];
        const char *separator = " ";
        char line[16];
        snprintf(line, sizeof(line), "%u", item->line);
        fputs(ucprov_diagnostic_is_error(item) ? "::error" : "::warning", out);
        if (has_name) {
            print_property(out, &separator, "file", file->path);
        }
        if (has_name && item->line > 0) {
            print_property(out, &separator, "line", line);
        }
        print_title(out, separator, item);
        fputs("::", out);
        print_escaped(out, item->finding.text, OF_MESSAGES);
        fputc('\n', out);
    }
}

static json_t *
diagnostics_json(const struct ucprov_diagnostics *diagnostics, bool errors)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < diagnostics->count; i++) {
        const struct ucprov_diagnostic *item = diagnostics->items[i];
        if (ucprov_diagnostic_is_error(item) != errors) {
            continue;
        }
        if (json_array_append_new(list, ucprov_diagnostic_json(item)) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

json_t *
checkconf_json(const struct checked_file *file)
{
    const struct ucprov_diagnostics *diagnostics = file->diagnostics;
    const struct ucprov_site *site = file->site;
    json_t *result = json_pack(
        "{s:s, s:b, s:I, s:o, s:I, s:o}", "file", diagnostics->file, "valid",
        diagnostics->errors == 0, "error_count", (json_int_t)diagnostics->errors, "errors",
        diagnostics_json(diagnostics, true), "warning_count", (json_int_t)diagnostics->warnings,
        "warnings", diagnostics_json(diagnostics, false));
    if (result != NULL && diagnostics->unreadable && diagnostics->count > 0) {
        char *error = ucprov_diagnostic_format(diagnostics, 0);
        json_object_set_new(result, "error", json_string(error != NULL ? error : "out of memory"));
        free(error);
    }
    if (result != NULL && site != NULL &&
        (json_object_set_new(result, "vlans", json_integer((json_int_t)site->vlan_count)) != 0 ||
         json_object_set_new(result, "pools", json_integer((json_int_t)site->pool_count)) != 0 ||
         json_object_set_new(result, "digest", json_string(site->digest)) != 0)) {
        json_decref(result);
        result = NULL;
    }
    return result;
}
