/* SPDX-License-Identifier: MPL-2.0 */
/* Decides which records exist: roles of a pool in each domain, SRV records, other hosts; and
 * reports two sources that disagree on one name. It knows no DNS library and no output format. */
#include "records.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/nearest.h"
#include "option/name.h"

#include "site/site_domains.h"

#define SIP_TLS_PORT 5061 /* RFC 3261 19.1.2 */
#define NTP_PORT     123  /* RFC 5905 7.2 */

static const char ucupdates_label[] = UCPROV_UPDATE_NAME;
static const char sip_tls_label[] = "_sipinternaltls._tcp";
static const char ntp_label[] = "_ntp._udp";
/* What clients try where the SRV record is missing, and newer ones first: A records. */
static const char *const sign_in_labels[] = {"lyncdiscoverinternal", "sip", "sipinternal"};

/* Whose addresses an A record has. */
struct source {
    const char *owner;              /* of a host; NULL: any name of the pool */
    const struct domain *domain;    /* that the host lies in */
    const struct ucprov_pool *pool; /* NULL: dns.hosts */
    const struct ucprov_addresses *addresses;
    unsigned line;
};

/* A record in the making. */
struct draft {
    struct record record;
    const struct source *source; /* of RECORD_A */
};

struct builder {
    const struct ucprov_site *site;
    const struct ucprov_pool *forced;
    struct ucprov_diagnostics *diagnostics;
    struct ucprov_arena *arena;
    struct domains domains;
    const char *ntp_host;       /* lower case */
    const char **sip_servers;   /* of each pool, lower case */
    const struct source *roles; /* of each pool: the names that stand for it in a domain */
    bool *lacks_addresses;      /* each pool: reported */
    struct source *hosts;       /* in the order of their domains */
    size_t host_count;
    size_t next_host;     /* the first that no zone has taken */
    struct draft *drafts; /* of one zone; malloc */
    size_t count;
    size_t capacity;
    bool failed; /* out of memory */
};

/* Drafts */

static void
add_record(struct builder *builder, const struct draft *draft)
{
    if (builder->count == builder->capacity) {
        size_t capacity = 2 * builder->capacity + 64;
        struct draft *drafts = reallocarray(builder->drafts, capacity, sizeof(*drafts));
        if (drafts == NULL) {
            builder->failed = true;
            return;
        }
        builder->drafts = drafts;
        builder->capacity = capacity;
    }
    builder->drafts[builder->count] = *draft;
    builder->drafts[builder->count].record.ttl = builder->site->dns.ttl;
    builder->count++;
}

static void
add_addresses(struct builder *builder, const char *owner, const struct source *source)
{
    for (size_t i = 0; i < source->addresses->count && owner != NULL; i++) {
        add_record(builder,
                   &(struct draft){
                       {.owner = owner, .type = RECORD_A, .address = source->addresses->items[i]},
                       source});
    }
}

static void
add_service(struct builder *builder, const char *owner, uint16_t port, const char *target)
{
    if (owner != NULL) {
        add_record(builder, &(struct draft){{.owner = owner,
                                             .type = RECORD_SRV,
                                             .srv = {.port = port, .target = target}},
                                            NULL});
    }
}

/* "LABEL.DOMAIN", or NULL with an error reported when that is no name any more. `kind` is the
 * setting that switches such records off. */
static const char *
owner_in(struct builder *builder, const char *label, const struct domain *domain, const char *kind)
{
    size_t label_length = strlen(label);
    size_t domain_length = strlen(domain->name);
    size_t length = label_length + 1 + domain_length;
    if (length > UCPROV_NAME_TEXT_MAX) {
        char setting[DOMAIN_SETTING_SIZE];
        ucprov_diagnostics_add(builder->diagnostics, UCPROV_FAULT_DNS_NAME_LONG,
                               domain_line(domain, builder->site),
                               domain_setting(domain, builder->site, setting),
                               "\"%s.%s\" would have %zu characters; a name has at most %d (RFC "
                               "1035 2.3.4); shorten the domain, or write dns.%s = false",
                               label, domain->name, length, UCPROV_NAME_TEXT_MAX, kind);
        return NULL;
    }
    char *owner = ucprov_arena_alloc(builder->arena, length + 1, 1);
    if (owner != NULL) {
        memcpy(owner, label, label_length);
        owner[label_length] = '.';
        memcpy(owner + label_length + 1, domain->name, domain_length + 1);
    }
    return owner;
}

/* The records of one domain */

/* False: the pool has none; an error, once a pool. */
static bool
has_addresses(struct builder *builder, const struct domain *domain, const char *label,
              const char *kind)
{
    if (domain->pool->addresses.count > 0) {
        return true;
    }
    size_t index = (size_t)(domain->pool - builder->site->pools);
    if (!builder->lacks_addresses[index]) {
        builder->lacks_addresses[index] = true;
        char setting[128];
        snprintf(setting, sizeof(setting), "pools.%s.addresses", domain->pool->name);
        ucprov_diagnostics_add(builder->diagnostics, UCPROV_FAULT_DNS_NO_ADDRESSES,
                               domain->pool->line, setting,
                               "is missing, and \"%s.%s\" needs it: write addresses = [ "
                               "\"ADDRESS\" ] in the pool, or dns.%s = false",
                               label, domain->name, kind);
    }
    return false;
}

static void
add_sign_in(struct builder *builder, const struct domain *domain)
{
    size_t index = (size_t)(domain->pool - builder->site->pools);
    add_service(builder, owner_in(builder, sip_tls_label, domain, "sign_in"), SIP_TLS_PORT,
                builder->sip_servers[index]);
    if (!has_addresses(builder, domain, "sip", "sign_in")) {
        return;
    }
    for (size_t i = 0; i < sizeof(sign_in_labels) / sizeof(*sign_in_labels); i++) {
        add_addresses(builder, owner_in(builder, sign_in_labels[i], domain, "sign_in"),
                      &builder->roles[index]);
    }
}

static void
add_domain(struct builder *builder, const struct domain *domain)
{
    const struct ucprov_dns *dns = &builder->site->dns;
    if (dns->ucupdates && has_addresses(builder, domain, ucupdates_label, "ucupdates")) {
        add_addresses(builder, owner_in(builder, ucupdates_label, domain, "ucupdates"),
                      &builder->roles[domain->pool - builder->site->pools]);
    }
    if (dns->sign_in && domain->sip) {
        add_sign_in(builder, domain);
    }
    if (dns->ntp && domain->sip && builder->ntp_host != NULL) {
        add_service(builder, owner_in(builder, ntp_label, domain, "ntp"), NTP_PORT,
                    builder->ntp_host);
    }
    while (builder->next_host < builder->host_count &&
           builder->hosts[builder->next_host].domain == domain) {
        const struct source *host = &builder->hosts[builder->next_host++];
        add_addresses(builder, host->owner, host);
    }
}

/* From drafts to a zone */

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int
compare_services(const struct record *a, const struct record *b)
{
    int order = ORDER(a->srv.priority, b->srv.priority);
    order = order != 0 ? order : ORDER(a->srv.weight, b->srv.weight);
    order = order != 0 ? order : ORDER(a->srv.port, b->srv.port);
    return order != 0 ? order : strcmp(a->srv.target, b->srv.target);
}

static int
compare_drafts(const void *left, const void *right)
{
    const struct record *a = &((const struct draft *)left)->record;
    const struct record *b = &((const struct draft *)right)->record;
    int order = a->owner == b->owner ? 0 : strcmp(a->owner, b->owner);
    if (order != 0 || a->type != b->type) {
        return order != 0 ? order : ORDER(a->type, b->type);
    }
    return a->type == RECORD_SRV ? compare_services(a, b)
                                 : ORDER(ntohl(a->address.s_addr), ntohl(b->address.s_addr));
}

static void
report_two_sources(struct builder *builder, const struct draft *a, const struct draft *b)
{
    const struct source *first = a->source->line <= b->source->line ? a->source : b->source;
    const struct source *second = first == a->source ? b->source : a->source;
    ucprov_diagnostics_add(
        builder->diagnostics, UCPROV_FAULT_DNS_TWO_SOURCES, second->line, NULL,
        "\"%s\" would have the addresses of %s%s%s, and of %s%s%s (line %u), which differ; rename "
        "one, take it out of dns.hosts, or write dns.servers = false",
        a->record.owner, second->pool == NULL ? "dns.hosts" : "pool \"",
        second->pool == NULL ? "" : second->pool->name, second->pool == NULL ? "" : "\"",
        first->pool == NULL ? "dns.hosts" : "pool \"", first->pool == NULL ? "" : first->pool->name,
        first->pool == NULL ? "" : "\"", first->line);
}

static bool
same_addresses(const struct ucprov_addresses *a, const struct ucprov_addresses *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; i < a->count && same; i++) {
        size_t j = 0;
        while (j < b->count && a->items[i].s_addr != b->items[j].s_addr) {
            j++;
        }
        same = j < b->count;
    }
    return same;
}

/* The A records of one owner have to come of one source, or of sources that say the same. With
 * --pool, the names that stand for the pool in a domain win over those of other pools' servers. */
static size_t
settle_owner(struct builder *builder, struct draft *drafts, size_t count)
{
    const struct draft *winner = &drafts[0];
    for (size_t i = 0; i < count && builder->forced != NULL; i++) {
        winner = drafts[i].source->owner == NULL ? &drafts[i] : winner;
    }
    bool may_drop = builder->forced != NULL && winner->source->owner == NULL;
    const struct source *settled = winner->source; /* the last one found to say the same */
    struct draft first = *winner;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const struct source *source = drafts[i].source;
        if (source != settled && source->addresses != first.source->addresses &&
            !same_addresses(source->addresses, first.source->addresses)) {
            if (may_drop && source->pool != NULL) {
                continue;
            }
            report_two_sources(builder, &first, &drafts[i]);
            return count;
        }
        settled = source;
        drafts[kept++] = drafts[i];
    }
    return kept;
}

/* Settles the owners of sorted drafts, and drops the same record said twice. */
static void
settle(struct builder *builder)
{
    struct draft *drafts = builder->drafts;
    size_t kept = 0;
    for (size_t i = 0, next; i < builder->count; i = next) {
        size_t left = 1;
        for (next = i + 1; next < builder->count && drafts[i].record.type == RECORD_A &&
                           drafts[next].record.type == RECORD_A &&
                           strcmp(drafts[i].record.owner, drafts[next].record.owner) == 0;
             next++) {
            left++;
        }
        if (left > 1 && drafts[i].record.type == RECORD_A) {
            left = settle_owner(builder, &drafts[i], left);
        }
        for (size_t j = 0; j < left; j++) {
            if (kept == 0 || compare_drafts(&drafts[kept - 1], &drafts[i + j]) != 0) {
                drafts[kept++] = drafts[i + j];
            }
        }
    }
    builder->count = kept;
}

static void
build_zone(struct builder *builder, const struct domain *domain, struct zone *zone)
{
    builder->count = 0;
    add_domain(builder, domain);
    if (builder->count > 1) {
        qsort(builder->drafts, builder->count, sizeof(*builder->drafts), compare_drafts);
        settle(builder);
    }
    struct record *records = ucprov_arena_alloc(builder->arena, builder->count, sizeof(*records));
    for (size_t i = 0; i < builder->count && records != NULL; i++) {
        records[i] = builder->drafts[i].record;
    }
    *zone = (struct zone){domain->name, builder->count, records};
}

/* What is needed before */

static void
add_host(struct builder *builder, const char *name, const struct source *source)
{
    char *owner = lower_case(builder->arena, name);
    const struct domain *domain =
        owner == NULL ? NULL : domains_enclosing(&builder->domains, owner);
    if (domain != NULL) {
        struct source *host = &builder->hosts[builder->host_count++];
        *host = *source;
        host->owner = owner;
        host->domain = domain;
    } else if (source->pool == NULL) {
        ucprov_diagnostics_add(builder->diagnostics, UCPROV_FAULT_DNS_IDLE_HOST, source->line,
                               "dns.hosts",
                               "\"%s\" has no effect: it lies in none of the domains that "
                               "records are made for",
                               name);
    }
}

static int
compare_sources(const void *left, const void *right)
{
    const struct source *a = left;
    const struct source *b = right;
    return a->domain != b->domain ? ORDER(a->domain, b->domain) : strcmp(a->owner, b->owner);
}

static void
find_hosts(struct builder *builder)
{
    const struct ucprov_site *site = builder->site;
    for (size_t i = 0; i < site->pool_count && site->dns.servers; i++) {
        const struct ucprov_pool *pool = &site->pools[i];
        add_host(builder, pool->sip_server, &builder->roles[i]);
        if (strcmp(pool->web_server, pool->sip_server) != 0) {
            add_host(builder, pool->web_server, &builder->roles[i]);
        }
    }
    for (size_t i = 0; i < site->dns.hosts.count; i++) {
        const struct ucprov_dns_host *host = &site->dns.hosts.items[i];
        add_host(builder, host->name,
                 &(struct source){.addresses = &host->addresses, .line = host->line});
    }
    qsort(builder->hosts, builder->host_count, sizeof(*builder->hosts), compare_sources);
}

static bool
prepare_builder(struct builder *builder)
{
    const struct ucprov_site *site = builder->site;
    struct ucprov_arena *arena = builder->arena;
    struct source *roles = ucprov_arena_alloc(arena, site->pool_count, sizeof(*roles));
    builder->roles = roles;
    builder->sip_servers =
        ucprov_arena_alloc(arena, site->pool_count, sizeof(*builder->sip_servers));
    builder->lacks_addresses = ucprov_arena_alloc(arena, site->pool_count, sizeof(bool));
    builder->hosts = ucprov_arena_alloc(arena, 2 * site->pool_count + site->dns.hosts.count,
                                        sizeof(*builder->hosts));
    if (ucprov_arena_failed(arena)) {
        return false;
    }
    for (size_t i = 0; i < site->pool_count; i++) {
        const struct ucprov_pool *pool = &site->pools[i];
        builder->sip_servers[i] = lower_case(arena, pool->sip_server);
        roles[i] = (struct source){.pool = pool, .addresses = &pool->addresses, .line = pool->line};
    }
    if (site->dns.ntp_host != NULL) {
        builder->ntp_host = lower_case(arena, site->dns.ntp_host);
    }
    find_hosts(builder);
    return !ucprov_arena_failed(arena);
}

static void
build_zones(struct builder *builder, struct zones *zones)
{
    struct zone *items = ucprov_arena_alloc(builder->arena, builder->domains.count, sizeof(*items));
    zones->items = items;
    if (items == NULL || !prepare_builder(builder)) {
        builder->failed = true;
        return;
    }
    for (size_t i = 0; i < builder->domains.count && !builder->failed; i++) {
        build_zone(builder, &builder->domains.items[i], &items[zones->count]);
        zones->count += items[zones->count].count > 0;
    }
    builder->failed |= ucprov_arena_failed(builder->arena);
}

/* The pool of that name; NULL with an error reported. */
static const struct ucprov_pool *
named_pool(const struct ucprov_site *site, const char *name, struct ucprov_diagnostics *diagnostics)
{
    const struct ucprov_pool *pool = ucprov_site_find_pool(site, name);
    if (pool == NULL) {
        struct ucprov_suggestion near;
        ucprov_diagnostics_add(
            diagnostics, UCPROV_FAULT_VALUE_POOL, 0, "pools", "no pool named \"%s\"%s", name,
            ucprov_suggest(&near, name, UCPROV_WORDS_IN(site->pools, site->pool_count, name), ""));
    }
    return pool;
}

struct zones *
zones_new(const struct ucprov_site *site, const char *pool, struct ucprov_diagnostics *diagnostics)
{
    size_t errors = diagnostics->errors;
    struct ucprov_arena *arena = ucprov_arena_new();
    struct zones *zones = arena == NULL ? NULL : ucprov_arena_alloc(arena, 1, sizeof(*zones));
    if (zones == NULL) {
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_FILE_MEMORY, 0, NULL, "out of memory");
        ucprov_arena_free(arena);
        return NULL;
    }
    zones->arena = arena;
    struct builder builder = {.site = site, .diagnostics = diagnostics, .arena = arena};
    if (pool != NULL) {
        builder.forced = named_pool(site, pool, diagnostics);
    }
    if (!domains_find(&builder.domains, site, arena)) {
        builder.failed = true;
    } else if (diagnostics->errors == errors &&
               domains_choose_pools(&builder.domains, site, builder.forced, diagnostics)) {
        build_zones(&builder, zones);
    }
    free(builder.drafts);
    if (builder.failed) {
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_FILE_MEMORY, 0, NULL, "out of memory");
    }
    ucprov_diagnostics_sort(diagnostics);
    if (diagnostics->errors > errors) {
        zones_free(zones);
        return NULL;
    }
    return zones;
}

void
zones_free(struct zones *zones)
{
    if (zones != NULL) {
        ucprov_arena_free(zones->arena); /* the zones lie in it, too */
    }
}

static int
compare_zone(const void *key, const void *element)
{
    return strcasecmp(key, ((const struct zone *)element)->domain);
}

const struct zone *
zones_find(const struct zones *zones, const char *domain)
{
    return bsearch(domain, zones->items, zones->count, sizeof(*zones->items), compare_zone);
}
