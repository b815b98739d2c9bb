/* SPDX-License-Identifier: MPL-2.0 */
/* The command line of ucprov-zone. */
#ifndef ZONE_ARGUMENTS_H
#define ZONE_ARGUMENTS_H

#include <stdbool.h>

#include "base/command_line.h"
#include "base/exit_status.h"

#include "format.h"

#define PROGRAM "ucprov-zone"

/* What is asked of a server: one of `check` and `update`, or neither. */
struct server_arguments {
    const char *check;     /* the resolver to ask, SERVER[#PORT]; NULL: no --check */
    const char *update;    /* the primary server to update, SERVER[#PORT]; NULL: no --update */
    const char *tsig_file; /* BIND's key file, for `update`; NULL: messages are not signed */
    bool dry_run;          /* with `update`: show what would be sent, send nothing */
    bool remove;           /* with `update`: take our records out */
    bool json;             /* print JSON */
};

struct zone_arguments {
    struct ucprov_given given;
    const char *file;            /* the site file */
    const char *pool;            /* that serves every domain; NULL: what the site says */
    const char *domain;          /* alone; NULL: all */
    int format_place;            /* in formats */
    const struct format *format; /* of the text */
    const char *directory;       /* where a file a domain is written; NULL: to stdout */
    const char *previous;        /* the zone's file so far, for its serial; NULL: none */
    struct server_arguments server;
};

/* Says on stderr what is wrong, behind the program's name. */
#define complain(...) ucprov_complain(PROGRAM, __VA_ARGS__)

/* Reads the command line into `arguments`, which are all zero before. Returns -1 to go on, or the
 * status to exit with: after --help, --version, or a complaint. */
int parse_arguments(int argc, char **argv, struct zone_arguments *arguments);

/* --check or --update is given. */
bool asks_server(const struct zone_arguments *arguments);

#endif
