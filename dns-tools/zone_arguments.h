/* The command line of ucprov-zone. */
#ifndef ZONE_ARGUMENTS_H
#define ZONE_ARGUMENTS_H

#include "base/command_line.h"

#include "act.h"
#include "format.h"

#define PROGRAM "ucprov-zone"

enum exit_status { EXIT_FINE = 0, EXIT_FINDING = 1, EXIT_TROUBLE = 2 };

struct zone_arguments {
    unsigned given;              /* a bit for each setting that was */
    const char *file;            /* the site file */
    const char *pool;            /* that serves every domain; NULL: what the site says */
    const char *domain;          /* alone; NULL: all */
    const struct format *format; /* of the text */
    const char *directory;       /* where a file a domain is written; NULL: to stdout */
    const char *previous;        /* the zone's file so far, for its serial; NULL: none */
    struct act_arguments act;
};

/* Says on stderr what is wrong, behind the program's name. */
#define complain(...) ucprov_complain(PROGRAM, __VA_ARGS__)

/* Reads the command line over the defaults that `arguments` holds. Returns -1 to go on, or the
 * status to exit with: after --help, --version, or a complaint. */
int parse_arguments(int argc, char **argv, struct zone_arguments *arguments);

/* --check or --update is given. */
bool acts(const struct zone_arguments *arguments);

#endif
