/* SPDX-License-Identifier: MPL-2.0 */
/* The records that phones look for, made of a site.
 *
 * A list of zones, one for each domain that has records, in the order of their names; records in
 * the order of owner, type, value. The same site gives the same list.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include <netinet/in.h>
#include <stdint.h>

#include "site/site.h"

enum record_type { RECORD_A, RECORD_SRV };

struct record {
    const char
        *owner;   /* fully qualified, lower case, no trailing dot: "ucupdates-r2.contoso.com" */
    uint32_t ttl; /* seconds */
    enum record_type type;
    union {
        struct in_addr address; /* RECORD_A */
        struct {                /* RECORD_SRV, RFC 2782 */
            uint16_t priority;
            uint16_t weight;
            uint16_t port;
            const char *target; /* as owner */
        } srv;
    };
};

struct zone {
    const char *domain; /* as owner */
    size_t count;
    const struct record *records;
};

struct zones {
    size_t count;
    const struct zone *items;
    struct ucprov_arena *arena; /* what everything above lies in */
};

/* Makes the records of a site, with every vlan served by its own pool, or, where `pool` is not
 * NULL, by that one. NULL on an error, which is in `diagnostics`: a domain that two pools serve, a
 * name that gets too long, no such pool. The caller owns the zones. */
struct zones *zones_new(const struct ucprov_site *site, const char *pool,
                        struct ucprov_diagnostics *diagnostics);
void zones_free(struct zones *zones);

/* Borrowed; NULL: there is none. Whatever the case of `domain`. */
const struct zone *zones_find(const struct zones *zones, const char *domain);

#endif
