/* SPDX-License-Identifier: MPL-2.0 */
/* Lays out the tables of a command line: names to the left, what they do to the right, in one
 * column for all. */
#include "base/command_help.h"

#include <string.h>

#include "base/wrap.h"

#define USAGE "Usage: "
#define COLUMN_MAX                                                                                 \
    30 /* where the right side begins, at the most; longer names have it below them */
#define GAP       2
#define NAME_SIZE 64
#define TEXT_SIZE 1024

static const struct ucprov_setting last_settings[] = {{.name = "help", .letter = 'h'},
                                                      {.name = "version", .letter = 'V'}};

#define LAST_SETTINGS (sizeof(last_settings) / sizeof(last_settings[0]))

/* A row: a name, and what stands to the right of it. */
static void
print_row(FILE *out, const char *name, size_t column, const char *text)
{
    size_t used = strlen(name);
    fputs(name, out);
    if (*text == '\0') {
        fputc('\n', out);
        return;
    }
    if (used + GAP > column) {
        fputc('\n', out);
        used = 0;
    }
    fprintf(out, "%*s", (int)(column - used), "");
    ucprov_wrap_from(out, column, column, UCPROV_WORD_WHOLE, text);
}

/* A line for each way to call it. */
static void
print_usage(FILE *out, const struct ucprov_command_line *line)
{
    char label[NAME_SIZE];
    const char *usage = line->usage;
    const char *before = USAGE;
    while (*usage != '\0') {
        size_t length = strcspn(usage, "\n");
        char way[TEXT_SIZE];
        snprintf(way, sizeof(way), "%.*s", (int)length, usage);
        snprintf(label, sizeof(label), "%*s%s ", (int)strlen(USAGE), before, line->program);
        ucprov_wrap(out, label, way);
        before = "";
        usage += length + (usage[length] == '\n');
    }
}

static size_t
column_behind(size_t longest, FILE *out)
{
    size_t most = ucprov_columns(out) / 2;
    most = most < COLUMN_MAX ? most : COLUMN_MAX;
    return longest + GAP < most ? longest + GAP : most;
}

static const char *
command_name(char name[NAME_SIZE], const struct ucprov_command *command)
{
    snprintf(name, NAME_SIZE, "  %s", command->name);
    return name;
}

static void
print_commands(FILE *out, const struct ucprov_command_line *line)
{
    char name[NAME_SIZE];
    size_t longest = 0;
    for (size_t i = 0; i < line->command_count; i++) {
        size_t length = strlen(command_name(name, &line->commands[i]));
        longest = length > longest ? length : longest;
    }
    if (line->command_count > 0) {
        fputs("\nCommands, each with a --help of its own:\n", out);
    }
    for (size_t i = 0; i < line->command_count; i++) {
        print_row(out, command_name(name, &line->commands[i]), column_behind(longest, out),
                  line->commands[i].help);
    }
}

/* "  -c, --config FILE"; an operand is its value alone. */
static const char *
setting_name(char name[NAME_SIZE], const struct ucprov_setting *setting)
{
    const char *metavar = setting->metavar != NULL ? setting->metavar : "";
    const char *blank = setting->metavar != NULL ? " " : "";
    if (setting->name == NULL) {
        snprintf(name, NAME_SIZE, "  %s", metavar);
    } else if (setting->letter == 0) {
        snprintf(name, NAME_SIZE, "      --%s%s%s", setting->name, blank, metavar);
    } else {
        snprintf(name, NAME_SIZE, "  -%c, --%s%s%s", setting->letter, setting->name, blank,
                 metavar);
    }
    return name;
}

/* With its choices, or its default. */
static const char *
setting_text(char text[TEXT_SIZE], const struct ucprov_setting *setting)
{
    const char *help = setting->help != NULL ? setting->help : "";
    if (setting->choices.count > 0) {
        char choices[TEXT_SIZE / 2];
        ucprov_words_join(choices, sizeof(choices), setting->choices, setting->fallback);
        snprintf(text, TEXT_SIZE, "%s%s%s", help, *help != '\0' ? ": " : "", choices);
    } else if (setting->fallback != NULL) {
        snprintf(text, TEXT_SIZE, "%s; default: %s", help, setting->fallback);
    } else {
        snprintf(text, TEXT_SIZE, "%s", help);
    }
    return text;
}

static size_t
longest_name(const struct ucprov_setting *settings, size_t count, size_t longest)
{
    char name[NAME_SIZE];
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(setting_name(name, &settings[i]));
        bool fits = length + GAP <= COLUMN_MAX;
        longest = fits && length > longest ? length : longest;
    }
    return longest;
}

static void
print_settings(FILE *out, const struct ucprov_setting *settings, size_t count, size_t column)
{
    char name[NAME_SIZE];
    char text[TEXT_SIZE];
    for (size_t i = 0; i < count; i++) {
        const char *heading = settings[i].heading;
        if (heading != NULL) {
            fputc('\n', out);
        }
        if (heading != NULL && *heading != '\0') {
            ucprov_wrap(out, "", heading);
        }
        print_row(out, setting_name(name, &settings[i]), column, setting_text(text, &settings[i]));
    }
}

static void
print_all_settings(FILE *out, const struct ucprov_command_line *line)
{
    size_t operands = line->operand != NULL && line->operand->help != NULL;
    size_t longest = longest_name(last_settings, LAST_SETTINGS, 0);
    longest = longest_name(line->settings, line->setting_count, longest);
    size_t column = column_behind(longest_name(line->operand, operands, longest), out);
    fputc('\n', out);
    print_settings(out, line->operand, operands, column);
    print_settings(out, line->settings, line->setting_count, column);
    print_settings(out, last_settings, LAST_SETTINGS, column);
}

void
command_help_print(FILE *out, const struct ucprov_command_line *line)
{
    print_usage(out, line);
    fputc('\n', out);
    ucprov_wrap(out, "", line->intro);
    print_commands(out, line);
    print_all_settings(out, line);
    fputc('\n', out);
    ucprov_wrap(out, "", line->outro);
}
