/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-checkconf: says everything that is wrong with site files. */
#include <jansson.h>
#include <stdio.h>

#include "base/command_line.h"
#include "base/exit_status.h"
#include "base/program.h"
#include "site/policy.h"
#include "site/settings_list.h"
#include "site/site.h"

#include "checkconf_output.h"

#define PROGRAM   "ucprov-checkconf"
#define FILES_MAX 1024

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_GITHUB };

static const char *const formats[] = {
    [FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", [FORMAT_GITHUB] = "github"};

struct arguments {
    size_t count;
    const char *files[FILES_MAX];
    enum format format;
    bool strict;
};

enum setting_index {
    SETTING_CONFIG,
    SETTING_STRICT,
    SETTING_FORMAT,
    SETTING_JSON,
    SETTING_LIST,
    SETTING_COUNT,
};

enum mode { MODE_CHECK = 1, MODE_LIST = 2 };

#define AT(member) UCPROV_FIELD(struct arguments, member)

static const struct ucprov_setting settings[SETTING_COUNT] = {
    [SETTING_CONFIG] = {.name = "config",
                        .letter = 'c',
                        .kind = UCPROV_SETTING_FILE,
                        .field = UCPROV_FIELD_LIST(struct arguments, files, count),
                        .modes = MODE_CHECK,
                        .metavar = "FILE",
                        .help = "the same"},
    [SETTING_STRICT] = {.name = "strict",
                        .field = AT(strict),
                        .modes = MODE_CHECK,
                        .help = "warnings count as errors do: exit status 1"},
    [SETTING_FORMAT] = {.name = "format",
                        .kind = UCPROV_SETTING_CHOICE,
                        .field = AT(format),
                        .modes = MODE_CHECK,
                        .metavar = "FORMAT",
                        .help = "of the result",
                        .fallback = "text",
                        .unit = "a format",
                        .choices = UCPROV_WORDS(formats, sizeof(formats) / sizeof(formats[0]))},
    [SETTING_JSON] = {.name = "json",
                      .letter = 'j',
                      .field = AT(format),
                      .help = "the same as --format\tjson",
                      .value = FORMAT_JSON},
    [SETTING_LIST] = {.name = "list-settings",
                      .letter = 'l',
                      .help = "every setting there is: what it may be, and its default"},
};

static const struct ucprov_mode modes[] = {{-1, "checking files"}, {SETTING_LIST, NULL}};

static const struct ucprov_setting operand = {
    .kind = UCPROV_SETTING_FILE,
    .field = UCPROV_FIELD_LIST(struct arguments, files, count),
    .modes = MODE_CHECK,
    .metavar = "FILE...",
    .help = "site files; \"-\" is standard input; default: " UCPROV_SITE_FILE,
};

static const struct ucprov_command_line command_line = {
    .program = PROGRAM,
    .usage = "[--strict] [--format\tFORMAT] [FILE]...\n--list-settings [-j]",
    .intro = "Checks site files and says everything that is wrong with them.",
    .outro = "Exit status: 0 no error (there may be warnings, unless --strict), 1 errors, 2 wrong "
             "usage, or a file cannot be read.",
    .settings = settings,
    .setting_count = SETTING_COUNT,
    .operand = &operand,
    .modes = modes,
    .mode_count = sizeof(modes) / sizeof(modes[0]),
};

/* A site is fine when a policy can be made of it, as the hook will. */
static struct ucprov_site *
load_file(const char *path, struct ucprov_diagnostics *diagnostics)
{
    struct ucprov_site *site = ucprov_site_load(path, diagnostics);
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

/* Prints what was found in a file; as JSON, adds it to `results`. False: out of memory. */
static bool
show_file(const struct checked_file *file, enum format format, json_t *results)
{
    switch (format) {
    case FORMAT_JSON:
        return json_array_append_new(results, checkconf_json(file)) == 0;
    case FORMAT_GITHUB:
        checkconf_print_github(stdout, file);
        return true;
    default:
        checkconf_print_text(stdout, stderr, file);
        return true;
    }
}

/* Returns the exit status that the file leads to. */
static int
check_file(const char *path, const struct arguments *arguments, json_t *results)
{
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, path);
    struct ucprov_site *site = load_file(path, &diagnostics);
    struct checked_file file = {.path = path, .diagnostics = &diagnostics, .site = site};
    file.fine = site != NULL && !(arguments->strict && diagnostics.warnings > 0);
    int status = file.fine                ? UCPROV_EXIT_OK
                 : diagnostics.unreadable ? UCPROV_EXIT_ERROR
                                          : UCPROV_EXIT_FINDING;
    if (!show_file(&file, arguments->format, results)) {
        ucprov_complain(PROGRAM, "out of memory");
        status = UCPROV_EXIT_ERROR;
    }
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);
    return status;
}

/* One file's object, or those of several with what becomes of all of them. */
static int
print_results(json_t *results, int status)
{
    json_t *document = json_incref(json_array_get(results, 0));
    if (json_array_size(results) > 1) {
        bool valid = true;
        for (size_t i = 0; i < json_array_size(results); i++) {
            valid &= json_is_true(json_object_get(json_array_get(results, i), "valid"));
        }
        json_decref(document);
        document = json_pack("{s:b, s:O}", "valid", valid, "files", results);
    }
    return ucprov_json_print(PROGRAM, document) ? status : UCPROV_EXIT_ERROR;
}

/* The worst that a file leads to. */
static int
check_files(struct arguments *arguments)
{
    int worst = UCPROV_EXIT_OK;
    json_t *results = json_array();
    if (arguments->count == 0) {
        arguments->files[arguments->count++] = UCPROV_SITE_FILE;
    }
    for (size_t i = 0; i < arguments->count; i++) {
        int status = check_file(arguments->files[i], arguments, results);
        worst = status > worst ? status : worst;
    }
    worst = arguments->format == FORMAT_JSON ? print_results(results, worst) : worst;
    json_decref(results);
    return worst;
}

static int
list_settings(bool json)
{
    if (!json) {
        ucprov_settings_print(stdout);
        return UCPROV_EXIT_OK;
    }
    json_t *settings_json = ucprov_settings_json();
    return ucprov_json_print(PROGRAM, json_pack("{s:o}", "settings", settings_json))
               ? UCPROV_EXIT_OK
               : UCPROV_EXIT_ERROR;
}

int
main(int argc, char **argv)
{
    static struct arguments arguments;
    struct ucprov_given given;
    ucprov_program_begin(argc, argv);
    int status = ucprov_command_line_read(&command_line, argc, argv, &arguments, &given);
    if (status < 0 && given.mode == MODE_LIST) {
        status = list_settings(arguments.format == FORMAT_JSON);
    } else if (status < 0) {
        status = check_files(&arguments);
    }
    return ucprov_program_end(PROGRAM, status);
}
