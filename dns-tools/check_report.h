/* SPDX-License-Identifier: MPL-2.0 */
/* The report of a check: each finding as it comes, and the tally. */
#ifndef CHECK_REPORT_H
#define CHECK_REPORT_H

#include <jansson.h>

#include "check_finding.h"

struct check_report {
    size_t counts[VERDICT_COUNT]; /* of all findings */
    json_t *findings;             /* NULL: they are printed */
};

void check_report_init(struct check_report *report, bool json);

/* Prints a finding, or keeps it as JSON. */
void check_report_show(struct check_report *report, const struct finding *finding);

/* The tally, or the whole JSON; `error`: NULL, or why it is not complete. Returns the exit status.
 * Frees the JSON. */
int check_report_finish(struct check_report *report, const char *server, const char *error);

#endif
