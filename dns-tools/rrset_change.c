/* SPDX-License-Identifier: MPL-2.0 */
/* The difference between a record set as it is and as it should be; TTLs count. */
#include "rrset_change.h"

void
rrset_change_clear(struct rrset_change *change)
{
    ldns_rdf_deep_free(change->zone);
    ldns_rdf_deep_free(change->owner);
    ldns_rr_list_deep_free(change->found);
    ldns_rr_list_deep_free(change->deleted);
    ldns_rr_list_deep_free(change->added);
    *change = (struct rrset_change){.order = change->order};
}

bool
rrset_change_compare(struct rrset_change *change, const ldns_rr_list *wanted, bool removal)
{
    ldns_rr_list_deep_free(change->deleted);
    ldns_rr_list_deep_free(change->added);
    change->added = removal ? ldns_rr_list_new() : rrset_difference(wanted, change->found, true);
    change->deleted = removal ? rrset_intersection(change->found, wanted)
                              : rrset_difference(change->found, wanted, true);
    return change->added != NULL && change->deleted != NULL;
}

bool
rrset_change_differs(const struct rrset_change *change)
{
    return ldns_rr_list_rr_count(change->added) + ldns_rr_list_rr_count(change->deleted) > 0;
}
