/* SPDX-License-Identifier: MPL-2.0 */
/* Look-ups at a zone's primary server: which zone a name lies in, and what is there. */
#ifndef PRIMARY_H
#define PRIMARY_H

#include "client/dns_client.h"

/* Finds the zone that encloses a name, by asking for its SOA record. `zone` is the caller's. */
int lookup_zone(const struct dns_client *client, const ldns_rdf *name, ldns_rdf **zone,
                struct ucprov_problem *problem);

/* What a name has of one type. */
struct lookup {
    ldns_rr_list *records; /* empty: none */
    ldns_rdf *alias;       /* there is a CNAME, to this; NULL: there is none */
};

/* Clear the lookup in either case. */
int lookup_records(const struct dns_client *client, const ldns_rdf *name, ldns_rr_type type,
                   struct lookup *lookup, struct ucprov_problem *problem);

/* Takes out of a lookup what a wildcard of the zone made (RFC 4592): the prerequisites of an update
 * look at records, not at answers. A record with the very value of the wildcard above it is
 * mistaken for the wildcard's; the server then refuses the update by its prerequisites. */
int lookup_drop_wildcard(const struct dns_client *client, const ldns_rdf *zone,
                         const ldns_rdf *name, ldns_rr_type type, struct lookup *lookup,
                         struct ucprov_problem *problem);
void lookup_clear(struct lookup *lookup);

#endif
