/* SPDX-License-Identifier: MPL-2.0 */
/* The closing sentence: what becomes of the phone. */
#ifndef PROBE_VERDICT_H
#define PROBE_VERDICT_H

#include "report.h"

/* `taken`: the set of steps that were (steps.h). Static. */
const char *verdict_text(const struct report *report, unsigned taken);

#endif
