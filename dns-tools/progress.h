/* SPDX-License-Identifier: MPL-2.0 */
/* How far something is, for whoever waits at a terminal: a line on stderr that is written over, and
 * gone at the end. Elsewhere nothing is written. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    const char *what; /* "record sets looked up"; NULL: nothing is shown */
    size_t count;
    size_t done;
    int64_t shown; /* when, of ucprov_clock_ms() */
};

/* `prints`: results go to stdout meanwhile, which are progress enough on the same terminal. */
void progress_begin(struct progress *progress, const char *what, size_t count, bool prints);
void progress_step(struct progress *progress); /* one more is done */
void progress_end(struct progress *progress);

#endif
