/* SPDX-License-Identifier: MPL-2.0 */
/* What a run came to: how bad it is, what was not looked at, and the closing sentence. */
#ifndef PROBE_VERDICT_H
#define PROBE_VERDICT_H

#include <jansson.h>
#include <stdint.h>

#include "checks.h"

/* How far a run came. */
struct course {
    unsigned asked;        /* sets of steps (steps.h): those that were asked for, */
    unsigned taken;        /* and those that were taken, be it in part */
    bool interrupted;      /* by a signal */
    const char *interface; /* where the phone is; NULL: not told */
    uint16_t voice_vlan;   /* where a phone here is sent, this being another VLAN; 0: it is not */
    const char *carrier;   /* the interface that carries the VLANs; NULL as `interface` */
};

/* UCPROV_FAIL when something is wrong; else UCPROV_SKIP when not all was looked at that was asked
 * for, so that nobody knows; else the worst of all. */
enum ucprov_severity verdict_severity(const struct ucprov_findings *checks,
                                      const struct course *course);

/* What becomes of the phone. The caller's; NULL when out of memory. */
char *verdict_text(const struct ucprov_findings *checks, const struct course *course);

/* The command that looks in the voice VLAN instead. The caller's; NULL: this is no other VLAN, or
 * not on an interface, or out of memory. */
char *verdict_command(const struct course *course);

/* The labels of what was asked for and not looked at; a new reference; NULL when out of memory. */
json_t *verdict_gaps_json(const struct ucprov_findings *checks, const struct course *course);

#endif
