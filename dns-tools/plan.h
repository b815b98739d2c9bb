/* What an update has to change on a server: the difference between the records of a site and what
 * the server has, sorted by the server's zones.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>

#include "client/dns_client.h"
#include "records.h"

/* One record set that differs, or that must not be touched. */
struct change {
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

struct plan {
    size_t count;
    size_t capacity;
    struct change *items; /* by zone, then in the order of the site */
    size_t right;         /* record sets that need no change */
    size_t problems;      /* printed on stderr, each once */
    struct problem last_problem;
};

/* Asks the server about every record set. A name that it refuses or that must not be touched is
 * complained of at once, and its zone refused; the rest goes on. Returns 0, or STATUS_FAILED when
 * the server does not answer. Clear the plan in either case. */
int plan_make(struct plan *plan, const struct zones *zones, struct server *server, bool removal,
              struct problem *problem);
void plan_clear(struct plan *plan);

/* How many changes, from `first` on, are of the same zone. */
size_t plan_zone_length(const struct plan *plan, size_t first);

#endif
