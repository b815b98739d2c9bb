/* SPDX-License-Identifier: MPL-2.0 */
/* Gathers the domains of all vlans and SIP domains, each once. Which pool a domain leads to when
 * vlans disagree is another question, which only those ask who make records. */
#include "site/site_domains.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define OPTION_15 SIZE_MAX

struct claims {
    size_t count;
    struct domain_claim *items;
};

char *
lower_case(struct ucprov_arena *arena, const char *text)
{
    char *copy = ucprov_arena_strdup(arena, text);
    for (char *c = copy; c != NULL && *c != '\0'; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    }
    return copy;
}

/* Claims */

static void
claim_of_vlan(struct claims *claims, const struct ucprov_vlan *vlan)
{
    if (vlan->pool == NULL) {
        return;
    }
    if (vlan->domain != NULL) {
        claims->items[claims->count++] = (struct domain_claim){vlan->domain, vlan, OPTION_15};
    }
    for (size_t i = 0; i < vlan->search.count; i++) {
        if (vlan->search.items[i] != vlan->domain) {
            claims->items[claims->count++] = (struct domain_claim){vlan->search.items[i], vlan, i};
        }
    }
}

/* By name without case (RFC 4343), then in the order of the file, SIP domains last. */
static int
compare_claims(const void *left, const void *right)
{
    const struct domain_claim *a = left;
    const struct domain_claim *b = right;
    int order = a->name == b->name ? 0 : strcasecmp(a->name, b->name);
    if (order != 0) {
        return order;
    }
    if (a->vlan != b->vlan) {
        return a->vlan == NULL ? 1 : b->vlan == NULL ? -1 : a->vlan > b->vlan ? 1 : -1;
    }
    size_t first = a->index + 1; /* option 15 before 119 */
    size_t second = b->index + 1;
    return (first > second) - (first < second);
}

/* False: out of memory. */
static bool
make_claims(struct claims *claims, const struct ucprov_site *site, struct ucprov_arena *arena)
{
    size_t most = site->dns.sip_domains.count;
    for (size_t i = 0; i < site->vlan_count; i++) {
        most += 1 + site->vlans[i].search.count;
    }
    claims->count = 0;
    claims->items = ucprov_arena_alloc(arena, most, sizeof(*claims->items));
    if (claims->items == NULL) {
        return false;
    }
    for (size_t i = 0; i < site->vlan_count; i++) {
        claim_of_vlan(claims, &site->vlans[i]);
    }
    for (size_t i = 0; i < site->dns.sip_domains.count; i++) {
        claims->items[claims->count++] =
            (struct domain_claim){site->dns.sip_domains.items[i], NULL, i};
    }
    qsort(claims->items, claims->count, sizeof(*claims->items), compare_claims);
    return true;
}

/* Where the site file says a domain */

unsigned
domain_line(const struct domain *domain, const struct ucprov_site *site)
{
    const struct domain_claim *claim = &domain->claims[0];
    const unsigned *lines =
        claim->vlan == NULL ? site->dns.sip_domains.lines : claim->vlan->search.lines;
    if (claim->index != OPTION_15 && lines != NULL) {
        return lines[claim->index];
    }
    return claim->vlan == NULL ? 0 : claim->vlan->line;
}

static char *
setting_of(const struct domain_claim *claim, const struct ucprov_site *site,
           char text[DOMAIN_SETTING_SIZE])
{
    if (claim->vlan == NULL) {
        snprintf(text, DOMAIN_SETTING_SIZE, "dns.sip_domains[%zu]", claim->index);
    } else if (claim->index == OPTION_15) {
        snprintf(text, DOMAIN_SETTING_SIZE, "vlans[%zu].domain",
                 (size_t)(claim->vlan - site->vlans));
    } else {
        snprintf(text, DOMAIN_SETTING_SIZE, "vlans[%zu].search[%zu]",
                 (size_t)(claim->vlan - site->vlans), claim->index);
    }
    return text;
}

char *
domain_setting(const struct domain *domain, const struct ucprov_site *site,
               char text[DOMAIN_SETTING_SIZE])
{
    return setting_of(&domain->claims[0], site, text);
}

/* Domains */

bool
domains_find(struct domains *domains, const struct ucprov_site *site, struct ucprov_arena *arena)
{
    struct claims claims;
    *domains = (struct domains){0};
    if (make_claims(&claims, site, arena)) {
        domains->items = ucprov_arena_alloc(arena, claims.count, sizeof(*domains->items));
    }
    for (size_t i = 0, next; domains->items != NULL && i < claims.count; i = next) {
        next = i + 1;
        while (next < claims.count &&
               strcasecmp(claims.items[i].name, claims.items[next].name) == 0) {
            next++;
        }
        domains->items[domains->count++] = (struct domain){
            .name = lower_case(arena, claims.items[i].name),
            .sip = claims.items[next - 1].vlan == NULL,
            .claims = &claims.items[i],
            .claim_count = next - i,
        };
    }
    return !ucprov_arena_failed(arena);
}

static int
compare_domain(const void *key, const void *element)
{
    return strcmp(key, ((const struct domain *)element)->name);
}

static const struct domain *
find_domain(const struct domains *domains, const char *name)
{
    return bsearch(name, domains->items, domains->count, sizeof(*domains->items), compare_domain);
}

const struct domain *
domains_enclosing(const struct domains *domains, const char *name)
{
    const struct domain *domain = find_domain(domains, name);
    while (domain == NULL && (name = strchr(name, '.')) != NULL) {
        domain = find_domain(domains, ++name);
    }
    return domain;
}

/* Pools */

static const struct ucprov_pool *
only_pool(const struct ucprov_site *site)
{
    const struct ucprov_pool *only = site->pool_count == 1 ? &site->pools[0] : NULL;
    for (size_t i = 0; i < site->vlan_count; i++) {
        const struct ucprov_pool *pool = site->vlans[i].pool;
        if (pool != NULL && only != NULL && pool != only) {
            return NULL;
        }
        only = pool != NULL ? pool : only;
    }
    return only;
}

static int
compare_chosen(const void *key, const void *element)
{
    return strcasecmp(key, ((const struct ucprov_dns_domain *)element)->name);
}

/* What "dns.domains" says; NULL: nothing. */
static const struct ucprov_pool *
chosen_pool(const struct ucprov_site *site, const char *name)
{
    const struct ucprov_dns_domains *domains = &site->dns.domains;
    if (domains->count == 0) {
        return NULL;
    }
    const struct ucprov_dns_domain *found =
        bsearch(name, domains->items, domains->count, sizeof(*domains->items), compare_chosen);
    return found == NULL ? NULL : found->pool;
}

struct choice {
    const struct ucprov_site *site;
    const struct ucprov_pool *forced; /* NULL: what the site says */
    const struct ucprov_pool *only; /* the one that every phone vlan has; NULL: there are several */
    struct ucprov_diagnostics *diagnostics;
};

static void
report_two_pools(const struct choice *choice, const struct domain *domain,
                 const struct domain_claim *second)
{
    const struct ucprov_vlan *first = domain->claims[0].vlan;
    char setting[DOMAIN_SETTING_SIZE];
    ucprov_diagnostics_add(
        choice->diagnostics, UCPROV_FAULT_DNS_TWO_POOLS, second->vlan->line,
        setting_of(second, choice->site, setting),
        "\"%s\" is served by pool \"%s\" in vlan \"%s\", and by pool \"%s\" in vlan \"%s\" (line "
        "%u); say which it takes: dns.domains = ( { name = \"%s\"; pool = \"%s\"; } )",
        domain->name, second->vlan->pool->name, second->vlan->name, first->pool->name, first->name,
        first->line, domain->name, first->pool->name);
}

/* A SIP domain that no vlan hands out. NULL with an error reported. */
static const struct ucprov_pool *
pool_without_vlan(const struct choice *choice, const struct domain *domain)
{
    char setting[DOMAIN_SETTING_SIZE];
    if (choice->only == NULL) {
        ucprov_diagnostics_add(
            choice->diagnostics, UCPROV_FAULT_DNS_NO_POOL, domain_line(domain, choice->site),
            domain_setting(domain, choice->site, setting),
            "\"%s\": no vlan hands it out, so that its pool is not known; say which it takes: "
            "dns.domains = ( { name = \"%s\"; pool = \"NAME\"; } )",
            domain->name, domain->name);
    }
    return choice->only;
}

/* NULL with an error reported. */
static const struct ucprov_pool *
pool_of(const struct choice *choice, const struct domain *domain)
{
    if (choice->forced != NULL) {
        return choice->forced;
    }
    const struct domain_claim *claims = domain->claims;
    const struct ucprov_pool *pool = chosen_pool(choice->site, domain->name);
    if (pool != NULL) {
        return pool;
    }
    if (claims[0].vlan == NULL) {
        return pool_without_vlan(choice, domain);
    }
    for (size_t i = 1; i < domain->claim_count && claims[i].vlan != NULL; i++) {
        if (claims[i].vlan->pool != claims[0].vlan->pool) {
            report_two_pools(choice, domain, &claims[i]);
            return NULL;
        }
    }
    return claims[0].vlan->pool;
}

static int
compare_choice_to_domain(const void *key, const void *element)
{
    return strcasecmp(key, ((const struct domain *)element)->name);
}

static void
warn_of_idle_choices(const struct choice *choice, const struct domains *domains)
{
    const struct ucprov_dns_domains *chosen = &choice->site->dns.domains;
    for (size_t i = 0; i < chosen->count; i++) {
        const char *name = chosen->items[i].name;
        if (bsearch(name, domains->items, domains->count, sizeof(*domains->items),
                    compare_choice_to_domain) == NULL) {
            ucprov_diagnostics_add(choice->diagnostics, UCPROV_FAULT_DNS_IDLE_DOMAIN,
                                   chosen->items[i].line, "dns.domains",
                                   "\"%s\" has no effect: no phone vlan hands it out, and it "
                                   "is not in dns.sip_domains",
                                   name);
        }
    }
}

bool
domains_choose_pools(const struct domains *domains, const struct ucprov_site *site,
                     const struct ucprov_pool *pool, struct ucprov_diagnostics *diagnostics)
{
    const struct choice choice = {site, pool, only_pool(site), diagnostics};
    size_t errors = diagnostics->errors;
    for (size_t i = 0; i < domains->count; i++) {
        struct domain *domain = &domains->items[i];
        bool needs_pool = site->dns.ucupdates || (domain->sip && site->dns.sign_in);
        domain->pool = needs_pool ? pool_of(&choice, domain) : NULL;
    }
    warn_of_idle_choices(&choice, domains);
    return diagnostics->errors == errors;
}
