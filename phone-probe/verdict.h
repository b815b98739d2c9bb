/* SPDX-License-Identifier: MPL-2.0 */
/* The closing sentence: what becomes of the phone. */
#ifndef PROBE_VERDICT_H
#define PROBE_VERDICT_H

#include "checks.h"

/* `taken`: the set of steps that were (steps.h). Static. */
const char *verdict_text(const struct ucprov_findings *checks, unsigned taken);

#endif
