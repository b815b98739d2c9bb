/* SPDX-License-Identifier: MPL-2.0 */
/* One monotonic clock for all programs. */
#include "base/clock.h"

#include <limits.h>
#include <signal.h>
#include <time.h>

#define FAR_AHEAD (INT64_C(400) * 86400 * 1000) /* milliseconds; no deadline is that far */

static volatile sig_atomic_t has_run_out;

static int64_t
read_clock(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
ucprov_clock_ms(void)
{
    return read_clock(CLOCK_MONOTONIC) + (has_run_out != 0 ? FAR_AHEAD : 0);
}

void
ucprov_clock_run_out(void)
{
    has_run_out = 1;
}

uint64_t
ucprov_clock_tick_ms(void)
{
    return (uint64_t)read_clock(CLOCK_MONOTONIC_COARSE);
}

int
ucprov_clock_ms_until(int64_t deadline)
{
    int64_t left = deadline - ucprov_clock_ms();

    if (left < 0) {
        return 0;
    }
    return left > INT_MAX ? INT_MAX : (int)left;
}
