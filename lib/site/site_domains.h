/* SPDX-License-Identifier: MPL-2.0 */
/* The domains that phones look names up in, and the pool that serves each: what DNS has records in,
 * what the update service is called, and what its certificate is for, all follow from them. */
#ifndef SITE_DOMAINS_H
#define SITE_DOMAINS_H

#include "base/arena.h"
#include "site/site.h"

/* A place of the site that says a domain. */
struct domain_claim {
    const char *name;
    const struct ucprov_vlan *vlan; /* NULL: dns.sip_domains */
    size_t index;                   /* in the list; SIZE_MAX: the vlan's own domain, option 15 */
};

struct domain {
    const char *name;               /* lower case */
    bool sip;                       /* one of dns.sip_domains */
    const struct ucprov_pool *pool; /* see domains_choose_pools() */
    size_t claim_count;
    const struct domain_claim *claims; /* in the order of the file, that of dns.sip_domains last */
};

struct domains {
    size_t count;
    struct domain *items; /* in the order of their names */
};

/* Finds the domains in which phones of a site look: what options 15 and 119 of phone vlans hand
 * out, and the SIP domains. Pools are NULL yet. False when out of memory; all memory is the
 * arena's. */
bool domains_find(struct domains *domains, const struct ucprov_site *site,
                  struct ucprov_arena *arena);

/* Settles which pool serves each domain: `pool`, or, where that is NULL, the one that the site
 * says. It is NULL where no record needs one. False when there are errors, in `diagnostics`. */
bool domains_choose_pools(const struct domains *domains, const struct ucprov_site *site,
                          const struct ucprov_pool *pool, struct ucprov_diagnostics *diagnostics);

/* Where the site file first says a domain: its line, and "vlans[0].search[1]". */
#define DOMAIN_SETTING_SIZE 80
unsigned domain_line(const struct domain *domain, const struct ucprov_site *site);
char *domain_setting(const struct domain *domain, const struct ucprov_site *site,
                     char text[DOMAIN_SETTING_SIZE]);

/* The domain that a name lies in: the longest that matches. `name` is in lower case. NULL: none. */
const struct domain *domains_enclosing(const struct domains *domains, const char *name);

/* A copy in lower case, in the arena. */
char *lower_case(struct ucprov_arena *arena, const char *text);

#endif
