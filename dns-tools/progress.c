/* SPDX-License-Identifier: MPL-2.0 */
/* Writes some times a second at most, and only to a terminal. */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

#define INTERVAL_MS 200
#define ERASE_LINE  "\r\033[K" /* ECMA-48: EL */

void
progress_begin(struct progress *progress, const char *what, size_t count, bool prints)
{
    bool shown = isatty(STDERR_FILENO) == 1 && !(prints && isatty(STDOUT_FILENO) == 1);
    *progress =
        (struct progress){.what = shown ? what : NULL, .count = count, .shown = ucprov_clock_ms()};
}

void
progress_step(struct progress *progress)
{
    progress->done++;
    if (progress->what != NULL && ucprov_clock_ms() - progress->shown >= INTERVAL_MS) {
        fprintf(stderr, ERASE_LINE "%zu of %zu %s", progress->done, progress->count,
                progress->what);
        progress->shown = ucprov_clock_ms();
    }
}

void
progress_end(struct progress *progress)
{
    if (progress->what != NULL) {
        fputs(ERASE_LINE, stderr);
    }
}
