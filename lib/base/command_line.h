/* SPDX-License-Identifier: MPL-2.0 */
/* Command lines made of a table of options, for programs that do one of several things.
 *
 * getopt_long(3) reads them; this adds the table, --help, --version, and one way to complain.
 */
#ifndef UCPROV_COMMAND_LINE_H
#define UCPROV_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* An option. Its place in the table is its bit in the set of those that were given. */
struct ucprov_setting {
    const char *name; /* without the dashes */
    char letter;      /* of its short form; 0: none */
    bool has_value;
    unsigned modes; /* the program's own: what it goes with */
    /* Takes the value (NULL: it has none); false: it was no good, which has been said. */
    bool (*take)(void *arguments, const char *value);
};

#define UCPROV_SETTINGS_MAX 32 /* bits of the set */

struct ucprov_command_line {
    const char *program;
    const char *help; /* all of it, but for the last newline */
    const struct ucprov_setting *settings;
    size_t count;
    /* Takes an argument that is no option's; as ucprov_setting.take. NULL: there may be none. */
    bool (*take_operand)(void *arguments, const char *value);
};

/* Reads a command line; `given` becomes the set of options that were there. argv[0] is not
 * looked at: a program's own name, or that of one of its commands. Returns -1 to go on, or the
 * status to exit with: 0 after --help and --version, 2 after a complaint. */
int ucprov_command_line_read(const struct ucprov_command_line *line, int argc, char **argv,
                             void *arguments, unsigned *given);

/* Says on stderr what is wrong, behind the program's name. */
void ucprov_complain(const char *program, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same of an option's value, which is escaped. Always false. */
bool ucprov_complain_of_value(const char *program, const char *setting, const char *value,
                              const char *problem);

#endif
