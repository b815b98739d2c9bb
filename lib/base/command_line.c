/* SPDX-License-Identifier: MPL-2.0 */
/* Turns a table of options into what getopt_long() wants and stops at the first complaint. What
 * goes with what is for the program to decide, from the set of options that were given. */
#include "base/command_line.h"

#include <assert.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/printable.h"

#define QUOTE_SIZE 80

/* What getopt_long() returns for what is in no table; options return their place in it. */
enum { HELP = UCPROV_SETTINGS_MAX, VERSION };

struct getopt_tables {
    struct option names[UCPROV_SETTINGS_MAX + 3];
    char letters[2 * UCPROV_SETTINGS_MAX + sizeof("hV")];
};

static void
make_tables(const struct ucprov_command_line *line, struct getopt_tables *tables)
{
    char *letter = tables->letters;
    struct option *name = tables->names;
    for (size_t i = 0; i < line->count; i++) {
        const struct ucprov_setting *setting = &line->settings[i];
        int has_value = setting->has_value ? required_argument : no_argument;
        *name++ = (struct option){setting->name, has_value, NULL, (int)i};
        if (setting->letter != 0) {
            *letter++ = setting->letter;
            *letter = ':';
            letter += setting->has_value;
        }
    }
    *name++ = (struct option){"help", no_argument, NULL, HELP};
    *name++ = (struct option){"version", no_argument, NULL, VERSION};
    *name = (struct option){0};
    memcpy(letter, "hV", sizeof("hV"));
}

/* A short option's place, by its letter; long ones give theirs. */
static int
place_of(const struct ucprov_command_line *line, int found)
{
    for (size_t i = 0; i < line->count; i++) {
        if (line->settings[i].letter == found && found != 0) {
            return (int)i;
        }
    }
    return found == 'h' ? HELP : found == 'V' ? VERSION : found;
}

int
ucprov_command_line_read(const struct ucprov_command_line *line, int argc, char **argv,
                         void *arguments, unsigned *given)
{
    struct getopt_tables tables = {0};
    int found;
    assert(line->count <= UCPROV_SETTINGS_MAX);
    make_tables(line, &tables);
    *given = 0;
    optind = 0; /* GNU's way to begin anew: a program may read several command lines */
    while ((found = getopt_long(argc, argv, tables.letters, tables.names, NULL)) != -1) {
        int place = place_of(line, found);
        if (place == HELP) {
            puts(line->help);
            return UCPROV_EXIT_OK;
        }
        if (place == VERSION) {
            printf("%s %s\n", line->program, UCPROV_VERSION);
            return UCPROV_EXIT_OK;
        }
        if ((size_t)place >= line->count) {
            fprintf(stderr, "Try \"%s --help\".\n", line->program);
            return UCPROV_EXIT_ERROR;
        }
        if (!line->settings[place].take(arguments, optarg)) {
            return UCPROV_EXIT_ERROR;
        }
        *given |= 1U << place;
    }
    if (optind < argc && line->take_operand == NULL) {
        ucprov_complain(line->program, "\"%s\": every argument needs its option; try --help",
                        argv[optind]);
        return UCPROV_EXIT_ERROR;
    }
    for (int i = optind; i < argc; i++) {
        if (!line->take_operand(arguments, argv[i])) {
            return UCPROV_EXIT_ERROR;
        }
    }
    return -1;
}

void
ucprov_complain(const char *program, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "%s: ", program);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

bool
ucprov_complain_of_value(const char *program, const char *setting, const char *value,
                         const char *problem)
{
    char quote[QUOTE_SIZE];
    ucprov_complain(program, "--%s: \"%s\": %s", setting,
                    ucprov_escape(quote, sizeof(quote), value, strlen(value)), problem);
    return false;
}
