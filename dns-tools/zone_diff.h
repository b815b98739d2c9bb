/* SPDX-License-Identifier: MPL-2.0 */
/* What an update has to change on a server: the difference between the records of a site and what
 * the server has, sorted by the server's zones.
 */
#ifndef ZONE_DIFF_H
#define ZONE_DIFF_H

#include <stdbool.h>

#include "client/dns_client.h"
#include "records.h"

/* One record set that differs, or that must not be touched. */
struct rrset_change {
    size_t order;       /* in which it was found */
    const char *domain; /* of the site's zone; borrowed */
    bool refused;       /* nothing may be sent to its zone */
    ldns_rdf *zone;     /* the server's; NULL: not found, and then it is refused */
    ldns_rdf *owner;
    ldns_rr_type type;
    ldns_rr_list *found;   /* the whole record set as it is; what an update presumes */
    ldns_rr_list *deleted; /* of `found` */
    ldns_rr_list *added;
};

struct zone_diff {
    size_t count;
    size_t capacity;
    struct rrset_change *items; /* by zone, then in the order of the site */
    size_t right;               /* record sets that need no change */
    size_t problem_count;       /* sentences about names that are refused or must not be touched */
    char **problems;
};

/* Asks the server about every record set. A name that it refuses or that must not be touched is
 * one of its problems, and its zone is refused; the rest goes on. Returns 0, or UCPROV_EXIT_ERROR when
 * the server does not answer. Clear the diff in either case. */
int zone_diff_make(struct zone_diff *diff, const struct zones *zones,
                   const struct dns_client *client, bool removal, struct ucprov_problem *problem);
void zone_diff_clear(struct zone_diff *diff);

/* How many changes, from `first` on, are of the same zone. */
size_t zone_diff_zone_length(const struct zone_diff *diff, size_t first);

#endif
