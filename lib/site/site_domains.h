/* SPDX-License-Identifier: MPL-2.0 */
/* The domains that phones look names up in, and the pool that serves each. */
#ifndef SITE_DOMAINS_H
#define SITE_DOMAINS_H

#include "base/arena.h"
#include "site/site.h"

struct domain {
    const char *name;               /* lower case */
    const struct ucprov_pool *pool; /* NULL: none of its records needs one */
    bool sip;                       /* one of dns.sip_domains */
    unsigned line;                  /* where the site file first says it */
    const char *setting;            /* likewise: "vlans[0].search[1]" */
};

struct domains {
    size_t count;
    struct domain *items; /* in the order of their names */
};

/* Finds the domains of a site: what options 15 and 119 of phone vlans hand out, and the SIP
 * domains. `pool`: the one that serves all of them; NULL: what the site says. False when there are
 * errors, in `diagnostics`. All memory is the arena's. */
bool domains_collect(struct domains *domains, const struct ucprov_site *site,
                     const struct ucprov_pool *pool, struct ucprov_arena *arena,
                     struct ucprov_diagnostics *diagnostics);

/* The domain that a name lies in: the longest that matches. `name` is in lower case. NULL: none. */
const struct domain *domains_enclosing(const struct domains *domains, const char *name);

/* A copy in lower case, in the arena. */
char *lower_case(struct ucprov_arena *arena, const char *text);

#endif
