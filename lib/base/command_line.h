/* SPDX-License-Identifier: MPL-2.0 */
/* Command lines as tables: a row for each option says what value it takes, where that goes, what it
 * goes with, and what --help says of it.
 *
 * getopt_long(3) takes the words apart. From the rows come the values, the complaints with their
 * ranges and choices, --help, --version, and "did you mean". What a table cannot say, such as that
 * one of two options is needed, is for the program to check afterwards.
 */
#ifndef UCPROV_COMMAND_LINE_H
#define UCPROV_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/nearest.h"
#include "base/problem.h"
#include "base/program.h"

/* What an option takes, and the type of its field. */
enum ucprov_setting_kind {
    UCPROV_SETTING_FLAG,     /* no value; the field, a bool or an int, becomes `value`, or 1 */
    UCPROV_SETTING_TEXT,     /* const char *, borrowed from argv; see `check`, `min` and `max` */
    UCPROV_SETTING_FILE,     /* const char *, not empty; in a list, "-" once */
    UCPROV_SETTING_FOLDER,   /* const char *, not empty */
    UCPROV_SETTING_CHOICE,   /* int, or an enum: the place among `choices` */
    UCPROV_SETTING_NUMBER,   /* int, or unsigned of any size: from `min` to `max` */
    UCPROV_SETTING_SECONDS,  /* int, milliseconds; written as seconds, from `min` to `max` */
    UCPROV_SETTING_PORT,     /* in_port_t, in host byte order; not 0 */
    UCPROV_SETTING_ADDRESS,  /* struct in_addr: of a host */
    UCPROV_SETTING_SOCKET,   /* struct sockaddr_in: such an address, and maybe `mark` and a port */
    UCPROV_SETTING_HARDWARE, /* uint8_t[6]: of one Ethernet interface */
    UCPROV_SETTING_SPECIAL,  /* what take() makes of it */
};

/* Where a value goes in the program's arguments: a field, and then the option is refused when it is
 * given twice; or, for an option that may be given several times, an array and the size_t that
 * counts what is in it. */
struct ucprov_field {
    size_t offset;
    size_t size;     /* of the field, or of an element */
    size_t capacity; /* of the array; 0: it is none */
    size_t count_offset;
};

#define UCPROV_FIELD(type, member)                                                                 \
    {                                                                                              \
        offsetof(type, member), sizeof(((type *)0)->member), 0, 0                                  \
    }
#define UCPROV_FIELD_LIST(type, array, count)                                                      \
    {                                                                                              \
        offsetof(type, array), sizeof(((type *)0)->array[0]),                                      \
            sizeof(((type *)0)->array) / sizeof(((type *)0)->array[0]), offsetof(type, count)      \
    }

/* An option. What is not said is 0. */
struct ucprov_setting {
    const char *name; /* without the dashes */
    char letter;      /* of its short form; 0: none */
    enum ucprov_setting_kind kind;
    struct ucprov_field field; /* size 0: none; that it was given is enough */
    unsigned modes;            /* that it goes with, a bit for each; 0: all */
    const char *metavar;       /* of the value, in --help: "FILE" */
    const char *help;          /* what it does; choices and default are added */
    const char *heading;       /* above it in --help; "": a blank line; NULL: nothing */
    const char *fallback;      /* the default, written as on a command line; NULL: none */

    double min, max;             /* of NUMBER and SECONDS; of TEXT, in octets, unless max is 0 */
    const char *unit;            /* of NUMBER: "days"; of CHOICE, what it is: "a format" */
    struct ucprov_words choices; /* of CHOICE; --help lists them whatever the kind */
    int value;                   /* of FLAG */
    char mark;                   /* of SOCKET, before the port */
    uint16_t port;               /* of SOCKET, when none is given */
    /* Checks TEXT. Returns 0, or a code of base/error.h. */
    int (*check)(const char *value);
    /* Reads SPECIAL into the field. Returns 0, or -1 with a problem. */
    int (*take)(void *field, const char *value, struct ucprov_problem *problem);
};

/* A number that has a name, as the text of a default. */
#define UCPROV_TEXT_OF(number)  UCPROV_TEXT_OF_(number)
#define UCPROV_TEXT_OF_(number) #number

#define UCPROV_SETTINGS_MAX 64 /* bits of ucprov_given */

/* One of several things that a program does. Its place in the table is its bit. */
struct ucprov_mode {
    int setting;      /* the place of the option that asks for it; -1: none, it is the default */
    const char *name; /* for complaints; NULL: the option's, or none */
};

/* A word that comes first, and has a command line of its own. */
struct ucprov_command {
    const char *name;
    int (*run)(int argc, char **argv); /* with argv[0] its name; returns the status to exit with */
    const char *help;
};

struct ucprov_command_line {
    const char *program; /* for complaints and --version */
    /* What may stand behind that name, a line for each way. A tab is a blank where no line breaks,
     * as between an option and its value. */
    const char *usage;
    const char *intro; /* what the program does */
    const char *outro; /* below the options; exit statuses, at the end */
    const struct ucprov_setting *settings;
    size_t setting_count;
    const struct ucprov_setting *operand; /* what has no option; NULL: there may be none */
    const char *operand_missing;          /* the complaint when it has to be there; or NULL */
    const struct ucprov_mode *modes;      /* NULL: there is only one */
    size_t mode_count;
    const char *mode_missing; /* the complaint when no mode is asked for, and none the default */
    const struct ucprov_command *commands;
    size_t command_count;
};

/* What a command line had. */
struct ucprov_given {
    uint64_t settings; /* a bit for each option */
    size_t operands;
    unsigned mode; /* the bit of one; 0: the program has no modes */
};

/* The option at that place in the table was there. */
bool ucprov_is_given(const struct ucprov_given *given, unsigned place);

/* Reads a command line into `arguments`, over the defaults of the table and what else is in it
 * already. argv[0] is not looked at: a program's own name, or that of one of its commands. Returns
 * -1 to go on, or the status to exit with: after --help, --version, or a complaint. */
int ucprov_command_line_read(const struct ucprov_command_line *line, int argc, char **argv,
                             void *arguments, struct ucprov_given *given);

/* Runs the command that argv[1] names, or else `otherwise` with all of argv; NULL: a program that
 * has nothing but commands, which is complained of. Returns the status to exit with. */
int ucprov_command_run(const struct ucprov_command_line *line, int argc, char **argv,
                       int (*otherwise)(int argc, char **argv));

#endif
