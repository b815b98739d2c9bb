/* SPDX-License-Identifier: MPL-2.0 */
/* The command line of ucprov-capubd. */
#ifndef CAPUBD_ARGUMENTS_H
#define CAPUBD_ARGUMENTS_H

#include <stdbool.h>

#include "base/exit_status.h"

#define PROGRAM "ucprov-capubd"

struct capubd_arguments {
    const char *site_file; /* absolute */
    bool check;            /* -n */
    bool foreground;       /* -d */
};

/* Returns -1 to go on, or the status to exit with. */
int capubd_arguments_read(int argc, char **argv, struct capubd_arguments *arguments);

#endif
