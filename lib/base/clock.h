/* SPDX-License-Identifier: MPL-2.0 */
/* Time that passes, whatever somebody sets the clock to. */
#ifndef UCPROV_CLOCK_H
#define UCPROV_CLOCK_H

#include <stdint.h>

/* Milliseconds since some moment in the past (CLOCK_MONOTONIC): for time-outs and deadlines. */
int64_t ucprov_clock_ms(void);

/* Puts ucprov_clock_ms() forward, past every deadline that anybody has by now: whatever is waited
 * for ends as if its time were up. For handlers of signals that interrupt a program; it may be
 * called from there. */
void ucprov_clock_run_out(void);

/* The same as of the kernel's last tick, some milliseconds ago: cheaper, where much is counted. */
uint64_t ucprov_clock_tick_ms(void);

/* What is left until a deadline of ucprov_clock_ms(), as poll(2) takes it: never negative. */
int ucprov_clock_ms_until(int64_t deadline);

#endif
