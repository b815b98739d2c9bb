/* SPDX-License-Identifier: MPL-2.0 */
/* The steps of a phone's boot, by name, in their order. */
#ifndef PROBE_STEPS_H
#define PROBE_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

enum step {
    STEP_VLAN,
    STEP_DHCP,
    STEP_INFORM,
    STEP_NAMES,
    STEP_TIME,
    STEP_UPDATE, /* before and after the chain */
    STEP_CHAIN,
    STEP_SIGN_IN,
    STEP_COUNT,
};

/* Sets of steps: a bit for each. */
#define STEPS_OF(step)    (1U << (step))
#define STEPS_DHCP        (STEPS_OF(STEP_VLAN) | STEPS_OF(STEP_DHCP) | STEPS_OF(STEP_INFORM))
#define STEPS_ALL         (STEPS_OF(STEP_COUNT) - 1)
#define STEPS_BEHIND_DHCP (STEPS_ALL & ~STEPS_DHCP)

/* "dhcp"; static. */
const char *step_name(enum step step);

/* All of their names, and "all". */
extern const char *const step_words[STEP_COUNT + 1];

/* Reads "names,time", or "all". Returns 0, or -1 with the word that is no step. */
int steps_parse(unsigned *steps, const char *text, struct ucprov_problem *problem);

#endif
