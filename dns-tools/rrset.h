/* SPDX-License-Identifier: MPL-2.0 */
/* RRsets: the records of a zone that share owner and type, and what a server has instead. */
#ifndef RRSET_H
#define RRSET_H

#include <ldns/ldns.h>

#include "records.h"

/* How many records, from `first` on, have the same owner and type. */
size_t rrset_length(const struct zone *zone, size_t first);

/* How many such there are. */
size_t rrset_count(const struct zones *zones);

/* A domain name of ours, checked long ago. Not through libldns's text parser. The caller's; NULL
 * when out of memory. */
ldns_rdf *rrset_dname_new(const char *name);

ldns_rr_type rrset_type(enum record_type type);
const char *rrset_type_name(enum record_type type);

/* The caller's, to be freed deeply; NULL when out of memory. */
ldns_rr_list *rrset_new(const struct record *records, size_t count);

/* Clones of the records of `a` that `b` has not: with the same value and, where `with_ttl`, the
 * same TTL. The caller's; NULL when out of memory. */
ldns_rr_list *rrset_difference(const ldns_rr_list *a, const ldns_rr_list *b, bool with_ttl);

/* Clones of the records of `a` whose values `b` has, too. */
ldns_rr_list *rrset_intersection(const ldns_rr_list *a, const ldns_rr_list *b);

/* Adds a clone. False: out of memory. */
bool rrset_push_clone(ldns_rr_list *list, const ldns_rr *record);

/* Presentation format with single blanks: the whole record, or its value alone. Unprintable octets
 * are escaped. The caller's; NULL when out of memory. */
char *rrset_record_text(const ldns_rr *record);
char *rrset_value_text(const ldns_rr *record);

/* A name without its trailing dot. The caller's; NULL when out of memory. */
char *rrset_name_text(const ldns_rdf *name);

#endif
