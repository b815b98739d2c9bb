/* SPDX-License-Identifier: MPL-2.0 */
/* What a zone's primary server says: which zone a name lies in, and what is there. Reads answers;
 * lookup.c asks. */
#ifndef PRIMARY_H
#define PRIMARY_H

#include "client/dns_client.h"

/* Whether an exchange brought an authoritative answer: NOERROR or NXDOMAIN. Returns UCPROV_EXIT_OK,
 * or the status of the problem. */
int primary_accept(const struct dns_client *client, const struct dns_exchange *exchange,
                   struct ucprov_problem *problem);

/* "SERVER is not authoritative for NAME". UCPROV_EXIT_FINDING. */
int primary_disclaim(const struct dns_client *client, const ldns_rdf *name,
                     struct ucprov_problem *problem);

/* The target of the name's CNAME in an answer. Borrowed; NULL: it is no alias. */
const ldns_rdf *primary_alias(const struct dns_exchange *exchange);

/* The zone that the name lies in, as far as an answer tells: from the SOA record of the name itself
 * or of a negative answer (RFC 2308 section 3), or from the NS records that a positive one may have
 * in its authority section. Borrowed; NULL: it does not tell. */
const ldns_rdf *primary_zone(const struct dns_exchange *exchange);

/* Clones the records that the name has of the type that was asked for, sorted. The caller's; NULL:
 * out of memory. */
ldns_rr_list *primary_records(const struct dns_exchange *exchange);

#endif
