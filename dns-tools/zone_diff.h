/* SPDX-License-Identifier: MPL-2.0 */
/* What an update has to change on a server: the difference between the records of a site and what
 * the server has, sorted by the server's zones.
 */
#ifndef ZONE_DIFF_H
#define ZONE_DIFF_H

#include "client/dns_client.h"

#include "rrset_change.h"

struct zone_diff {
    size_t count;
    struct rrset_change *items; /* by zone, then in the order of the site */
    size_t right;               /* record sets that need no change */
    int status;                 /* UCPROV_EXIT_OK; or the worst of what is wrong with names */
    size_t problem_count;       /* sentences about them */
    char **problems;
};

/* Asks the server about every record set, many at a time. A name that it refuses, does not answer
 * for, or that must not be touched is one of its problems, and its domain is refused; the others go
 * on. Returns UCPROV_EXIT_OK; or UCPROV_EXIT_ERROR with a problem when the server does not answer
 * at all, or memory is short. Clear the diff in either case. */
int zone_diff_make(struct zone_diff *diff, const struct zones *zones,
                   const struct dns_client *client, bool removal, struct ucprov_problem *problem);
void zone_diff_clear(struct zone_diff *diff);

/* How many changes, from `first` on, are of the same zone. */
size_t zone_diff_zone_length(const struct zone_diff *diff, size_t first);

#endif
