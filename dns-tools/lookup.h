/* SPDX-License-Identifier: MPL-2.0 */
/* The look-up of one record set at its primary server: a few questions, each of which depends on
 * the answer to the one before. Whoever has many look-ups asks for all at a time.
 *
 *   records    what is there; mostly that is all, and the answer tells the zone, too
 *   zone       SOA, where it does not; from an alias up, whose own answer would be its target's
 *   wildcards  from the name up to its zone: what only a wildcard answers (RFC 4592) is not there,
 *              since the prerequisites of an update look at records, not at answers. A record with
 *              the very value of the wildcard above it is mistaken for the wildcard's; the server
 *              then refuses the update by its prerequisites
 */
#ifndef LOOKUP_H
#define LOOKUP_H

#include "client/dns_client.h"

#include "rrset_change.h"

enum lookup_state { LOOKUP_RECORDS, LOOKUP_ZONE, LOOKUP_WILDCARD, LOOKUP_DONE };

struct lookup {
    /* The record set, as the site has it; borrowed. */
    const struct record *records;
    size_t count;
    bool removal;

    enum lookup_state state;
    ldns_rdf *asked;  /* the name of the next question */
    ldns_rdf *parent; /* of the wildcard that is asked for */
    ldns_rdf *alias;  /* the owner has a CNAME, to this; NULL: it has none */

    /* When it is done. */
    struct rrset_change change;
    int status;    /* UCPROV_EXIT_OK; else the change must not be sent */
    char *problem; /* why; NULL: there is none, or no memory for it */
};

/* Begins; nothing has been asked then. Clear it when done. */
void lookup_begin(struct lookup *lookup, const char *domain, const struct record *records,
                  size_t count, bool removal);
void lookup_clear(struct lookup *lookup);

/* Sets name and type of the next question. False: there is none, it is done. */
bool lookup_question(const struct lookup *lookup, struct dns_exchange *exchange);

/* Takes the result of that question. */
void lookup_take(struct lookup *lookup, const struct dns_client *client,
                 const struct dns_exchange *exchange);

#endif
