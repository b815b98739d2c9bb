/* Acting on DNS servers: asking one whether it has the records of a site (--check), and bringing
 * its zones up to date by RFC 2136 (--update).
 *
 * Results are printed on stdout, problems on stderr.
 */
#ifndef ACT_H
#define ACT_H

#include <stdbool.h>

#include "records.h"

/* Exactly one of `check` and `update` is given. */
struct act_arguments {
    const char *check;     /* the resolver to ask, SERVER[#PORT]; NULL: no --check */
    const char *update;    /* the primary server to update, SERVER[#PORT]; NULL: no --update */
    const char *tsig_file; /* BIND's key file, for `update`; NULL: messages are not signed */
    bool dry_run;          /* with `update`: show what would be sent, send nothing */
    bool remove;           /* with `update`: take our records out */
    bool json;             /* print JSON */
};

/* Returns the exit status: 0 fine; 1 a difference, or a server that refuses; 2 could not run. */
int act_run(const struct zones *zones, const struct act_arguments *arguments);

#endif
