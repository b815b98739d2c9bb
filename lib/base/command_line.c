/* SPDX-License-Identifier: MPL-2.0 */
/* Turns a table of options into what getopt_long() wants, takes each value by its row, and stops at
 * the first complaint. Values are read by command_value.c, modes found by command_mode.c. */
#include "base/command_line.h"

#include <assert.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/command_help.h"
#include "base/command_mode.h"
#include "base/command_value.h"
#include "base/exit_status.h"
#include "base/printable.h"

#define QUOTE_SIZE 80
#define LIST_SIZE  256

/* What getopt_long() returns for long options: their place, out of the way of letters. */
enum { FIRST_SETTING = 256, HELP = FIRST_SETTING + UCPROV_SETTINGS_MAX, VERSION };

struct getopt_tables {
    struct option names[UCPROV_SETTINGS_MAX + 3];
    char letters[sizeof(":") + 2 * UCPROV_SETTINGS_MAX + sizeof("hV")];
};

/* A command line that is being read. */
struct reading {
    const struct ucprov_command_line *line;
    char **argv;
    void *arguments;
    struct ucprov_given *given;
};

static bool
takes_value(const struct ucprov_setting *setting)
{
    return setting->kind != UCPROV_SETTING_FLAG;
}

static void
make_tables(const struct ucprov_command_line *line, struct getopt_tables *tables)
{
    char *letter = tables->letters;
    struct option *name = tables->names;
    *letter++ = ':'; /* tells a value that is missing from an option that is not known */
    for (size_t i = 0; i < line->setting_count; i++) {
        const struct ucprov_setting *setting = &line->settings[i];
        int has_value = takes_value(setting) ? required_argument : no_argument;
        *name++ = (struct option){setting->name, has_value, NULL, FIRST_SETTING + (int)i};
        if (setting->letter != 0) {
            *letter++ = setting->letter;
            *letter = ':';
            letter += takes_value(setting);
        }
    }
    *name++ = (struct option){"help", no_argument, NULL, HELP};
    *name++ = (struct option){"version", no_argument, NULL, VERSION};
    *name = (struct option){0};
    memcpy(letter, "hV", sizeof("hV"));
}

/* The row of a letter, or of what stands for a long name; NULL: there is none. */
static const struct ucprov_setting *
find_setting(const struct ucprov_command_line *line, int found)
{
    for (size_t i = 0; i < line->setting_count; i++) {
        if (found == FIRST_SETTING + (int)i || (found != 0 && found == line->settings[i].letter)) {
            return &line->settings[i];
        }
    }
    return NULL;
}

/* Complains of a word of the command line. Always false. */
static bool
refuse_word(const struct reading *reading, const char *word, const char *what)
{
    char quote[QUOTE_SIZE];
    ucprov_complain(reading->line->program, "\"%s\": %s",
                    ucprov_escape(quote, sizeof(quote), word, strlen(word)), what);
    return false;
}

/* Options that getopt_long() does not take */

/* How many names a shortened one may stand for. */
static size_t
count_names(const struct getopt_tables *tables, const char *name, size_t length)
{
    size_t count = 0;
    for (const struct option *known = tables->names; known->name != NULL; known++) {
        count += strncmp(known->name, name, length) == 0;
    }
    return count;
}

static bool
refuse_long(const struct reading *reading, const struct getopt_tables *tables, const char *word)
{
    char name[QUOTE_SIZE];
    char what[QUOTE_SIZE + UCPROV_SUGGESTION_SIZE];
    struct ucprov_suggestion near;
    struct ucprov_words names = UCPROV_WORDS_IN(tables->names, SIZE_MAX, name);
    size_t length = strcspn(word + 2, "=");
    names.prefix = "--";
    snprintf(name, sizeof(name), "%.*s", (int)length, word + 2);
    if (length < sizeof(name) && count_names(tables, name, length) > 1) {
        return refuse_word(reading, word, "several options begin so; try --help");
    }
    snprintf(what, sizeof(what), "no such option%s",
             ucprov_suggest(&near, name, names, "; try --help"));
    return refuse_word(reading, word, what);
}

/* What getopt_long() returned '?' or ':' for. Always false. */
static bool
refuse_option(const struct reading *reading, const struct getopt_tables *tables, int found)
{
    const struct ucprov_setting *setting = find_setting(reading->line, optopt);
    const char *program = reading->line->program;
    if (found == ':') {
        ucprov_complain(program, "--%s: needs a value: %s; try --help", setting->name,
                        setting->metavar);
    } else if (setting != NULL || optopt >= HELP) {
        refuse_word(reading, reading->argv[optind - 1], "the option takes no value; try --help");
    } else if (optopt == 0) {
        refuse_long(reading, tables, reading->argv[optind - 1]);
    } else {
        const char word[] = {'-', (char)optopt, '\0'};
        refuse_word(reading, word, "no such option; try --help");
    }
    return false;
}

/* Values */

/* Of two values the one that was not meant would be taken in silence. */
static bool
is_repeated(const struct reading *reading, const struct ucprov_setting *setting)
{
    return takes_value(setting) && setting->field.capacity == 0 &&
           ucprov_is_given(reading->given, (unsigned)(setting - reading->line->settings));
}

static bool
take_value(const struct reading *reading, const struct ucprov_setting *setting, const char *value)
{
    char quote[QUOTE_SIZE];
    struct ucprov_problem problem;
    if (is_repeated(reading, setting)) {
        ucprov_complain(reading->line->program, "--%s: given twice; it takes one value",
                        setting->name);
        return false;
    }
    if (command_value_take(setting, reading->arguments, value, &problem) == 0) {
        reading->given->settings |= UINT64_C(1) << (setting - reading->line->settings);
        return true;
    }
    ucprov_complain(reading->line->program, "--%s: \"%s\": %s", setting->name,
                    ucprov_escape(quote, sizeof(quote), value, strlen(value)), problem.text);
    return false;
}

static bool
refuse_operand(const struct reading *reading, const char *word)
{
    const struct ucprov_command_line *line = reading->line;
    char what[QUOTE_SIZE + UCPROV_SUGGESTION_SIZE];
    struct ucprov_suggestion near;
    const struct ucprov_words commands = UCPROV_WORDS_IN(line->commands, line->command_count, name);
    const char *suggestion = ucprov_suggest(&near, word, commands, NULL);
    if (ucprov_words_find(commands, word) < SIZE_MAX) {
        return refuse_word(reading, word, "a command comes first, and its options behind it");
    }
    if (suggestion == NULL && line->setting_count > 0) {
        return refuse_word(reading, word, "every argument needs its option; try --help");
    }
    snprintf(what, sizeof(what), "no such command%s",
             suggestion != NULL ? suggestion : "; try --help");
    return refuse_word(reading, word, what);
}

static bool
take_operand(const struct reading *reading, const char *word)
{
    const struct ucprov_setting *operand = reading->line->operand;
    char what[QUOTE_SIZE];
    struct ucprov_problem problem;
    if (operand == NULL) {
        return refuse_operand(reading, word);
    }
    if (operand->field.capacity == 0 && reading->given->operands > 0) {
        snprintf(what, sizeof(what), "one %s at a time", operand->unit);
        return refuse_word(reading, word, what);
    }
    reading->given->operands++;
    return command_value_take(operand, reading->arguments, word, &problem) == 0 ||
           refuse_word(reading, word, problem.text);
}

static bool
take_operands(const struct reading *reading, int argc)
{
    for (int i = optind; i < argc; i++) {
        if (!take_operand(reading, reading->argv[i])) {
            return false;
        }
    }
    if (reading->given->operands == 0 && reading->line->operand_missing != NULL) {
        ucprov_complain(reading->line->program, "%s; try --help", reading->line->operand_missing);
        return false;
    }
    return true;
}

/* A default that is wrong is a bug of the table. */
static void
take_fallbacks(const struct reading *reading)
{
    struct ucprov_problem problem;
    for (size_t i = 0; i < reading->line->setting_count; i++) {
        const struct ucprov_setting *setting = &reading->line->settings[i];
        int status = setting->fallback == NULL ? 0
                                               : command_value_take(setting, reading->arguments,
                                                                    setting->fallback, &problem);
        assert(status == 0);
        (void)status;
    }
}

static bool
check_modes(const struct reading *reading)
{
    struct ucprov_problem problem;
    if (command_mode_check(reading->line, reading->given, &problem) == 0) {
        return true;
    }
    ucprov_complain(reading->line->program, "%s", problem.text);
    return false;
}

/* Takes the options. Returns -1 to go on, or the status to exit with. */
static int
take_options(struct reading *reading, int argc)
{
    struct getopt_tables tables = {0};
    int found;
    make_tables(reading->line, &tables);
    optind = 0; /* GNU's way to begin anew: a program may read several command lines */
    opterr = 0;
    while ((found = getopt_long(argc, reading->argv, tables.letters, tables.names, NULL)) != -1) {
        const struct ucprov_setting *setting = find_setting(reading->line, found);
        if (found == 'h' || found == HELP) {
            command_help_print(stdout, reading->line);
            return UCPROV_EXIT_OK;
        }
        if (found == 'V' || found == VERSION) {
            printf("%s %s\n", reading->line->program, UCPROV_VERSION);
            return UCPROV_EXIT_OK;
        }
        if (setting == NULL ? !refuse_option(reading, &tables, found)
                            : !take_value(reading, setting, optarg)) {
            return UCPROV_EXIT_ERROR;
        }
    }
    return -1;
}

int
ucprov_command_line_read(const struct ucprov_command_line *line, int argc, char **argv,
                         void *arguments, struct ucprov_given *given)
{
    struct ucprov_given ignored;
    struct reading reading = {line, argv, arguments, given != NULL ? given : &ignored};
    assert(line->setting_count <= UCPROV_SETTINGS_MAX);
    *reading.given = (struct ucprov_given){0};
    take_fallbacks(&reading);
    int status = take_options(&reading, argc);
    if (status < 0) {
        status = take_operands(&reading, argc) && check_modes(&reading) ? -1 : UCPROV_EXIT_ERROR;
    }
    return status;
}

int
ucprov_command_run(const struct ucprov_command_line *line, int argc, char **argv,
                   int (*otherwise)(int argc, char **argv))
{
    const struct ucprov_words names = UCPROV_WORDS_IN(line->commands, line->command_count, name);
    size_t place = argc > 1 ? ucprov_words_find(names, argv[1]) : SIZE_MAX;
    if (place < SIZE_MAX) {
        return line->commands[place].run(argc - 1, argv + 1);
    }
    if (otherwise != NULL) {
        return otherwise(argc, argv);
    }
    int status = ucprov_command_line_read(line, argc, argv, NULL, NULL);
    if (status < 0) {
        char list[LIST_SIZE];
        ucprov_complain(line->program, "which command? %s; try --help",
                        ucprov_words_join(list, sizeof(list), names, NULL));
        status = UCPROV_EXIT_ERROR;
    }
    return status;
}
