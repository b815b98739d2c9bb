/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-checkconf: says everything that is wrong with a site file. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/command_line.h"
#include "base/exit_status.h"
#include "site/policy.h"
#include "site/settings_list.h"
#include "site/site.h"

#define PROGRAM "ucprov-checkconf"

struct arguments {
    const char *file;
    bool json;
    bool list_settings;
};

#define AT(member) UCPROV_FIELD(struct arguments, member)

static const struct ucprov_setting settings[] = {
    {.name = "config",
     .letter = 'c',
     .kind = UCPROV_SETTING_FILE,
     .field = AT(file),
     .metavar = "FILE",
     .help = "the same",
     .fallback = UCPROV_SITE_FILE},
    {.name = "json",
     .letter = 'j',
     .field = AT(json),
     .help = "the result as JSON, on standard output"},
    {.name = "list-settings",
     .letter = 'l',
     .field = AT(list_settings),
     .help = "every setting there is: what it may be, and its default"},
};

static const struct ucprov_setting operand = {.kind = UCPROV_SETTING_FILE,
                                              .field = AT(file),
                                              .metavar = "FILE",
                                              .help = "site file; \"-\" is standard input",
                                              .unit = "site file"};

static const struct ucprov_command_line command_line = {
    .program = PROGRAM,
    .usage = "[-j] [FILE]\n--list-settings [-j]",
    .intro = "Checks a site file and says everything that is wrong with it.",
    .outro = "Exit status: 0 no error (there may be warnings), 1 errors, 2 wrong usage, or the "
             "file cannot be read.",
    .settings = settings,
    .setting_count = sizeof(settings) / sizeof(settings[0]),
    .operand = &operand,
};

static json_t *
diagnostics_json(const struct ucprov_diagnostics *diagnostics, bool warnings)
{
    json_t *list = json_array();
    for (size_t i = 0; i < diagnostics->count; i++) {
        const struct ucprov_diagnostic *item = &diagnostics->items[i];
        if (item->warning != warnings) {
            continue;
        }
        json_t *text = json_string(item->text);
        json_t *setting = item->setting == NULL ? NULL : json_string(item->setting);
        json_array_append_new(
            list, json_pack("{s:I, s:o, s:o}", "line", (json_int_t)item->line, "setting",
                            setting == NULL ? json_null() : setting, "text",
                            text == NULL ? json_string("(text that is not UTF-8)") : text));
    }
    return list;
}

static void
print_json(const struct ucprov_diagnostics *diagnostics, const struct ucprov_site *site)
{
    json_t *result =
        json_pack("{s:s, s:b, s:o, s:o}", "file", diagnostics->file, "valid",
                  diagnostics->errors == 0, "errors", diagnostics_json(diagnostics, false),
                  "warnings", diagnostics_json(diagnostics, true));
    if (site != NULL) {
        json_object_set_new(result, "vlans", json_integer((json_int_t)site->vlan_count));
        json_object_set_new(result, "pools", json_integer((json_int_t)site->pool_count));
        json_object_set_new(result, "digest", json_string(site->digest));
    }
    json_dumpf(result, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(result);
}

static void
print_text(const struct ucprov_diagnostics *diagnostics, const struct ucprov_site *site)
{
    ucprov_diagnostics_print(diagnostics, stderr);
    if (site != NULL) {
        printf("%s: %zu vlan%s, %zu pool%s: fine\n", diagnostics->file, site->vlan_count,
               site->vlan_count == 1 ? "" : "s", site->pool_count,
               site->pool_count == 1 ? "" : "s");
    }
}

/* A site is fine when a policy can be made of it, as the hook will. */
static struct ucprov_site *
check_file(const char *file, struct ucprov_diagnostics *diagnostics)
{
    struct ucprov_site *site = ucprov_site_load(file, diagnostics);
    if (site == NULL) {
        return NULL;
    }
    struct ucprov_policy *policy = ucprov_policy_new(site, NULL, 0, diagnostics);
    if (policy == NULL) {
        ucprov_site_free(site);
        return NULL;
    }
    ucprov_policy_free(policy);
    return site;
}

static int
list_settings(bool json)
{
    bool fine = true;
    if (json) {
        fine = ucprov_settings_print_json(stdout);
    } else {
        ucprov_settings_print(stdout);
    }
    if (!fine || fflush(stdout) != 0) {
        perror("ucprov-checkconf: standard output");
        return UCPROV_EXIT_ERROR;
    }
    return UCPROV_EXIT_OK;
}

int
main(int argc, char **argv)
{
    struct arguments arguments = {0};
    int status = ucprov_command_line_read(&command_line, argc, argv, &arguments, NULL);
    if (status >= 0) {
        return status;
    }
    if (arguments.list_settings) {
        return list_settings(arguments.json);
    }
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, arguments.file);
    struct ucprov_site *site = check_file(arguments.file, &diagnostics);
    (arguments.json ? print_json : print_text)(&diagnostics, site);
    if (site != NULL) {
        status = UCPROV_EXIT_OK;
    } else {
        status = diagnostics.unreadable ? UCPROV_EXIT_ERROR : UCPROV_EXIT_FINDING;
    }
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);
    if (fflush(stdout) != 0) {
        perror("ucprov-checkconf: standard output");
        return UCPROV_EXIT_ERROR;
    }
    return status;
}
