/* SPDX-License-Identifier: MPL-2.0 */
/* The report of an update: what became of each zone, and the tally. */
#ifndef UPDATE_REPORT_H
#define UPDATE_REPORT_H

#include <jansson.h>

#include "update_message.h"

enum update_outcome {
    UPDATE_PENDING,
    UPDATE_DONE,
    UPDATE_PLANNED, /* with --dry-run */
    UPDATE_REFUSED, /* by the server, or for what is there already */
    UPDATE_UNKNOWN, /* sent, and no answer came */
    UPDATE_UNSENT,  /* it could not be sent */
    UPDATE_OUTCOMES
};

/* One zone of the server. */
struct zone_update {
    char *name; /* NULL: out of memory */
    struct changes changes;
    size_t done; /* changes */
    enum update_outcome outcome;
    char *problem;  /* why; NULL: that has been said with the names */
    bool abandoned; /* as another failed, after which the server was given up */
};

struct update_report {
    bool told_silence;              /* that the server has been given up */
    size_t counts[UPDATE_OUTCOMES]; /* zones */
    json_t *zones;                  /* NULL: they are printed */
};

void update_report_init(struct update_report *report, bool json);

/* Prints a zone, or keeps it as JSON; complaints go to stderr in either case. Returns the exit
 * status that it leads to. */
int update_report_zone(struct update_report *report, const struct zone_update *update);

/* How many zones came to what, on stderr: where there are several and not all is well. */
void update_report_tally(const struct update_report *report, int status);

#endif
