/* SPDX-License-Identifier: MPL-2.0 */
/* What an update has to change of one record set of a server. */
#ifndef RRSET_CHANGE_H
#define RRSET_CHANGE_H

#include "records.h"
#include "rrset.h"

struct rrset_change {
    size_t order;       /* in which the site has it */
    const char *domain; /* of the site's zone; borrowed */
    bool refused;       /* nothing may be sent to its zone */
    ldns_rdf *zone;     /* the server's; NULL: not found, and then it is refused */
    ldns_rdf *owner;
    ldns_rr_type type;
    ldns_rr_list *found;   /* the whole record set as it is; what an update presumes */
    ldns_rr_list *deleted; /* of `found` */
    ldns_rr_list *added;
};

void rrset_change_clear(struct rrset_change *change);

/* Sets what to delete and what to add, so that what was found becomes what is wanted; or, for a
 * removal, what is wanted is gone. False: out of memory. */
bool rrset_change_compare(struct rrset_change *change, const ldns_rr_list *wanted, bool removal);

/* There is something to add or to delete. */
bool rrset_change_differs(const struct rrset_change *change);

#endif
