/* SPDX-License-Identifier: MPL-2.0 */
/* Gathers the domains of all vlans and SIP domains, each once, and settles which pool a domain
 * leads to when vlans disagree. No records are made here. */
#include "site/site_domains.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define OPTION_15 SIZE_MAX

/* A place of the site that says a domain. */
struct claim {
    const char *name;
    const struct ucprov_vlan *vlan; /* NULL: dns.sip_domains */
    size_t index;                   /* in the list; OPTION_15: the vlan's own domain */
};

struct claims {
    size_t count;
    struct claim *items;
};

struct collection {
    const struct ucprov_site *site;
    const struct ucprov_pool *forced; /* NULL: what the site says */
    const struct ucprov_pool *only; /* the one that every phone vlan has; NULL: there are several */
    struct ucprov_arena *arena;
    struct ucprov_diagnostics *diagnostics;
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
        claims->items[claims->count++] = (struct claim){vlan->domain, vlan, OPTION_15};
    }
    for (size_t i = 0; i < vlan->search.count; i++) {
        if (vlan->search.items[i] != vlan->domain) {
            claims->items[claims->count++] = (struct claim){vlan->search.items[i], vlan, i};
        }
    }
}

/* By name without case (RFC 4343), then in the order of the file, SIP domains last. */
static int
compare_claims(const void *left, const void *right)
{
    const struct claim *a = left;
    const struct claim *b = right;
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

/* False: out of memory. The claims are the caller's to free. */
static bool
make_claims(struct claims *claims, const struct ucprov_site *site)
{
    size_t most = site->dns.sip_domains.count;
    for (size_t i = 0; i < site->vlan_count; i++) {
        most += 1 + site->vlans[i].search.count;
    }
    claims->count = 0;
    claims->items = reallocarray(NULL, most + 1, sizeof(*claims->items));
    if (claims->items == NULL) {
        return false;
    }
    for (size_t i = 0; i < site->vlan_count; i++) {
        claim_of_vlan(claims, &site->vlans[i]);
    }
    for (size_t i = 0; i < site->dns.sip_domains.count; i++) {
        claims->items[claims->count++] = (struct claim){site->dns.sip_domains.items[i], NULL, i};
    }
    qsort(claims->items, claims->count, sizeof(*claims->items), compare_claims);
    return true;
}

/* Where the site file says a domain */

static unsigned
line_of(const struct ucprov_site *site, const struct claim *claim)
{
    const unsigned *lines =
        claim->vlan == NULL ? site->dns.sip_domains.lines : claim->vlan->search.lines;
    if (claim->index != OPTION_15 && lines != NULL) {
        return lines[claim->index];
    }
    return claim->vlan == NULL ? 0 : claim->vlan->line;
}

#define SETTING_SIZE 80

static const char *
setting_of(const struct ucprov_site *site, const struct claim *claim, struct ucprov_arena *arena)
{
    char text[SETTING_SIZE];
    if (claim->vlan == NULL) {
        snprintf(text, sizeof(text), "dns.sip_domains[%zu]", claim->index);
    } else if (claim->index == OPTION_15) {
        snprintf(text, sizeof(text), "vlans[%zu].domain", (size_t)(claim->vlan - site->vlans));
    } else {
        snprintf(text, sizeof(text), "vlans[%zu].search[%zu]", (size_t)(claim->vlan - site->vlans),
                 claim->index);
    }
    return ucprov_arena_strdup(arena, text);
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

static void
report_two_pools(const struct collection *collection, const struct claim *first,
                 const struct claim *second, const char *name)
{
    ucprov_diagnostics_error(
        collection->diagnostics, second->vlan->line,
        setting_of(collection->site, second, collection->arena),
        "\"%s\" is served by pool \"%s\" in vlan \"%s\", and by pool \"%s\" in vlan \"%s\" (line "
        "%u); say which it takes: dns.domains = ( { name = \"%s\"; pool = \"%s\"; } )",
        name, second->vlan->pool->name, second->vlan->name, first->vlan->pool->name,
        first->vlan->name, first->vlan->line, name, first->vlan->pool->name);
}

/* The pool of the domain that `count` claims are about. NULL with an error reported. */
static const struct ucprov_pool *
pool_of(const struct collection *collection, const struct claim *claims, size_t count,
        const struct domain *domain)
{
    if (collection->forced != NULL) {
        return collection->forced;
    }
    const struct ucprov_pool *pool = chosen_pool(collection->site, domain->name);
    if (pool != NULL) {
        return pool;
    }
    for (size_t i = 1; i < count && claims[i].vlan != NULL; i++) {
        if (claims[i].vlan->pool != claims[0].vlan->pool) {
            report_two_pools(collection, &claims[0], &claims[i], domain->name);
            return NULL;
        }
    }
    if (claims[0].vlan != NULL) {
        return claims[0].vlan->pool;
    }
    if (collection->only == NULL) {
        ucprov_diagnostics_error(
            collection->diagnostics, domain->line, domain->setting,
            "\"%s\": no vlan hands it out, so that its pool is not known; say which it takes: "
            "dns.domains = ( { name = \"%s\"; pool = \"NAME\"; } )",
            domain->name, domain->name);
    }
    return collection->only;
}

static void
collect_one(const struct collection *collection, const struct claim *claims, size_t count,
            struct domain *domain)
{
    const struct ucprov_dns *dns = &collection->site->dns;
    *domain = (struct domain){
        .name = lower_case(collection->arena, claims[0].name),
        .sip = claims[count - 1].vlan == NULL,
        .line = line_of(collection->site, &claims[0]),
        .setting = setting_of(collection->site, &claims[0], collection->arena),
    };
    if (domain->name != NULL && (dns->ucupdates || (domain->sip && dns->sign_in))) {
        domain->pool = pool_of(collection, claims, count, domain);
    }
}

static void
collect_all(const struct collection *collection, const struct claims *claims,
            struct domains *domains)
{
    for (size_t i = 0, next; i < claims->count; i = next) {
        next = i + 1;
        while (next < claims->count &&
               strcasecmp(claims->items[i].name, claims->items[next].name) == 0) {
            next++;
        }
        collect_one(collection, &claims->items[i], next - i, &domains->items[domains->count++]);
    }
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

static void
warn_of_idle_choices(const struct collection *collection, const struct domains *domains)
{
    const struct ucprov_dns_domains *chosen = &collection->site->dns.domains;
    for (size_t i = 0; i < chosen->count; i++) {
        const char *name = lower_case(collection->arena, chosen->items[i].name);
        if (name != NULL && find_domain(domains, name) == NULL) {
            ucprov_diagnostics_warning(collection->diagnostics, chosen->items[i].line,
                                       "dns.domains",
                                       "\"%s\" has no effect: no phone vlan hands it out, and it "
                                       "is not in dns.sip_domains",
                                       chosen->items[i].name);
        }
    }
}

bool
domains_collect(struct domains *domains, const struct ucprov_site *site,
                const struct ucprov_pool *pool, struct ucprov_arena *arena,
                struct ucprov_diagnostics *diagnostics)
{
    const struct collection collection = {site, pool, only_pool(site), arena, diagnostics};
    size_t errors = diagnostics->errors;
    struct claims claims;
    *domains = (struct domains){0};
    if (make_claims(&claims, site)) {
        domains->items = ucprov_arena_alloc(arena, claims.count, sizeof(*domains->items));
    }
    if (domains->items != NULL) {
        collect_all(&collection, &claims, domains);
    }
    free(claims.items);
    if (domains->items == NULL || ucprov_arena_failed(arena)) {
        ucprov_diagnostics_error(diagnostics, 0, NULL, "out of memory");
        return false;
    }
    warn_of_idle_choices(&collection, domains);
    return diagnostics->errors == errors;
}
