/* SPDX-License-Identifier: MPL-2.0 */
/* From the text of a site file to a site: reads the groups, then checks what only the whole shows.
 */
#include "site/site.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hex.h"
#include "option/lint.h"

#include "site/site_reader.h"
#include "site/site_schema.h"
#include "site/site_text.h"

#define DEFAULT_TTL 3600

void
ucprov_digest(char digest[UCPROV_DIGEST_TEXT_SIZE], const void *octets, size_t length)
{
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    digest[0] = '\0';
    if (EVP_Digest(octets, length, hash, &size, EVP_sha256(), NULL) == 1) {
        ucprov_hex_encode(digest, hash, size);
    }
}

void
ucprov_pool_cert_prov(const struct ucprov_pool *pool, const struct ucprov_vlan *vlan,
                      struct ucprov_ms_uc_options *service)
{
    *service = (struct ucprov_ms_uc_options){.port = pool->port};
    snprintf(service->scheme, sizeof(service->scheme), "%s", pool->scheme);
    snprintf(service->web_server, sizeof(service->web_server), "%s", pool->web_server);
    snprintf(service->cert_prov_path, sizeof(service->cert_prov_path), "%s", pool->cert_prov_path);
    if (vlan != NULL && vlan->voice_vlan_in_ms_uc) {
        service->voice_vlan_id = vlan->voice_vlan_id;
        service->voice_vlan_encoding = vlan->voice_vlan_encoding;
    }
}

/* Pools */

/* Every phone's option 43 and 120 come of its pool: what does not fit is known here. */
static void
check_pool_options(struct site_reader *reader, const config_setting_t *setting,
                   const struct ucprov_pool *pool)
{
    struct ucprov_option option;
    struct ucprov_ms_uc_options service;
    ucprov_pool_cert_prov(pool, NULL, &service);
    if (ucprov_cert_prov_encode(&option, &service) != 0) {
        setting_error(reader, setting,
                      "option 43 would be longer than %d octets; shorten web_server or "
                      "cert_prov_path",
                      UCPROV_OPTION_MAX);
    }
    if (ucprov_sip_server_encode(&option, pool->sip_server) != 0) {
        setting_error(reader, setting,
                      "option 120 would be longer than %d octets; shorten sip_server",
                      UCPROV_OPTION_MAX);
    }
}

static void
read_one_pool(struct site_reader *reader, const config_setting_t *setting, struct ucprov_pool *pool)
{
    size_t errors = reader->diagnostics->errors;
    *pool = (struct ucprov_pool){
        .name = ucprov_arena_strdup(reader->arena, config_setting_name(setting)),
        .scheme = UCPROV_CERT_PROV_SCHEME,
        .port = UCPROV_CERT_PROV_PORT,
        .cert_prov_path = UCPROV_CERT_PROV_PATH,
        .line = config_setting_source_line(setting),
    };
    schema_read_group(reader, setting, pool_settings, pool);
    if (pool->web_server == NULL) {
        pool->web_server = pool->sip_server;
    }
    if (reader->diagnostics->errors == errors && pool->sip_server != NULL) {
        check_pool_options(reader, setting, pool);
    }
}

static void
read_pools(struct site_reader *reader, const config_setting_t *setting, struct ucprov_site *site)
{
    if (setting == NULL) {
        return;
    }
    if (!config_setting_is_group(setting)) {
        setting_error(reader, setting, "has to be a group of pools: { NAME = { ... }; ... }");
        return;
    }
    size_t count = (size_t)config_setting_length(setting);
    struct ucprov_pool *pools = ucprov_arena_alloc(reader->arena, count, sizeof(*pools));
    for (size_t i = 0; i < count && pools != NULL; i++) {
        read_one_pool(reader, config_setting_get_elem(setting, (unsigned)i), &pools[i]);
    }
    if (pools != NULL) {
        site->pools = reader->pools = pools;
        site->pool_count = reader->pool_count = count;
    }
}

/* Vlans */

static void
check_vlan_options(struct site_reader *reader, const config_setting_t *setting,
                   const struct ucprov_vlan *vlan)
{
    struct ucprov_option option;
    if (vlan->search.count > 0 &&
        ucprov_domain_search_encode(&option, vlan->search.items, vlan->search.count) != 0) {
        setting_error(reader, member_or_group(setting, "search"),
                      "option 119 would be longer than %d octets, even compressed; shorten the "
                      "list",
                      UCPROV_OPTION_MAX);
    }
    if (vlan->ntp.count > 0 &&
        ucprov_ntp_servers_encode(&option, vlan->ntp.items, vlan->ntp.count) != 0) {
        setting_error(reader, member_or_group(setting, "ntp"),
                      "option 42 would be longer than %d octets; %zu addresses are too many",
                      UCPROV_OPTION_MAX, vlan->ntp.count);
    }
    struct ucprov_ms_uc_options service;
    const struct ucprov_pool *pools[] = {vlan->pool, vlan->backup_pool};
    for (size_t i = 0; i < 2 && vlan->voice_vlan_in_ms_uc; i++) {
        if (pools[i] == NULL) {
            continue;
        }
        ucprov_pool_cert_prov(pools[i], vlan, &service);
        if (ucprov_cert_prov_encode(&option, &service) != 0) {
            setting_error(reader, member_or_group(setting, "voice_vlan_in_ms_uc"),
                          "option 43 of pool \"%s\" with sub-option 10 would be longer than %d "
                          "octets",
                          pools[i]->name, UCPROV_OPTION_MAX);
        }
    }
}

/* What a phone can do without, and an administrator should know of. */
static void
warn_of_gaps(struct site_reader *reader, const config_setting_t *setting,
             const struct ucprov_vlan *vlan)
{
    if (vlan->ntp.items == NULL) {
        setting_warning(reader, setting,
                        "no \"ntp\": unless Kea itself sends option 42 or DNS names a time "
                        "server, phones have no time, and then no TLS; ntp = [ ] says that it "
                        "is meant");
    }
    if (vlan->domain == NULL && vlan->search.items == NULL) {
        setting_warning(reader, setting,
                        "no \"domain\": unless Kea itself sends option 15, phones do not look "
                        "for ucupdates-r2; search = [ ] says that it is meant");
    }
}

/* Settings that say something to phones, where there are none. */
static void
warn_of_idle_settings(struct site_reader *reader, const config_setting_t *setting)
{
    static const char *const idle[] = {
        "domain", "search", "ntp", "voice_vlan_in_ms_uc", "vendor_classes", "only_if_requested"};
    for (size_t i = 0; i < sizeof(idle) / sizeof(*idle); i++) {
        const config_setting_t *member = config_setting_get_member(setting, idle[i]);
        if (member != NULL) {
            setting_warning(reader, member,
                            "has no effect: without \"pool\", no phone lives in this vlan");
        }
    }
}

static void
check_vlan(struct site_reader *reader, const config_setting_t *setting,
           const struct ucprov_vlan *vlan)
{
    if (vlan->pool == NULL && vlan->voice_vlan_id == 0) {
        setting_error(reader, setting,
                      "neither \"pool\" nor \"voice_vlan_id\": nothing would be handed out");
    }
    if (vlan->backup_pool != NULL && vlan->pool == NULL) {
        setting_error(reader, member_or_group(setting, "backup_pool"),
                      "there is no \"pool\" that it could stand in for");
    }
    if (vlan->backup_pool != NULL && vlan->backup_pool == vlan->pool) {
        setting_error(reader, member_or_group(setting, "backup_pool"),
                      "is the same pool as \"pool\"");
    }
    if (vlan->voice_vlan_in_ms_uc && vlan->voice_vlan_id == 0) {
        setting_error(reader, member_or_group(setting, "voice_vlan_in_ms_uc"),
                      "is true, and there is no \"voice_vlan_id\" to send");
    }
    check_vlan_options(reader, setting, vlan);
    if (vlan->pool != NULL) {
        warn_of_gaps(reader, setting, vlan);
    } else {
        warn_of_idle_settings(reader, setting);
    }
}

static void
read_one_vlan(struct site_reader *reader, const config_setting_t *setting,
              const struct ucprov_vlan *defaults, struct ucprov_vlan *vlan)
{
    size_t errors = reader->diagnostics->errors;
    *vlan = *defaults;
    vlan->line = config_setting_source_line(setting);
    schema_read_group(reader, setting, vlan_settings, vlan);
    if (vlan->search.items == NULL && vlan->domain != NULL) {
        const char **only = ucprov_arena_alloc(reader->arena, 1, sizeof(*only));
        if (only != NULL) {
            *only = vlan->domain;
            vlan->search = (struct ucprov_strings){.count = 1, .items = only};
        }
    }
    if (reader->diagnostics->errors == errors) {
        check_vlan(reader, setting, vlan);
    }
}

static void
read_vlans(struct site_reader *reader, const config_setting_t *setting,
           const struct ucprov_vlan *defaults, struct ucprov_site *site)
{
    if (setting == NULL) {
        return;
    }
    if (!config_setting_is_list(setting)) {
        setting_error(reader, setting, "has to be a list of groups: ( { ... }, { ... } )");
        return;
    }
    size_t count = (size_t)config_setting_length(setting);
    struct ucprov_vlan *vlans = ucprov_arena_alloc(reader->arena, count, sizeof(*vlans));
    for (size_t i = 0; i < count && vlans != NULL; i++) {
        read_one_vlan(reader, config_setting_get_elem(setting, (unsigned)i), defaults, &vlans[i]);
    }
    if (vlans != NULL) {
        site->vlans = vlans;
        site->vlan_count = count;
    }
}

/* What no two vlans may have in common */

struct claim {
    const struct ucprov_vlan *vlan;
    struct ucprov_prefix subnet;
};

static int
compare_claims(const void *left, const void *right)
{
    const struct claim *a = left;
    const struct claim *b = right;
    int order = ucprov_prefix_compare(a->subnet, b->subnet);
    return order != 0 ? order : (a->vlan > b->vlan) - (a->vlan < b->vlan);
}

static int
compare_names(const void *left, const void *right)
{
    const struct ucprov_vlan *a = ((const struct claim *)left)->vlan;
    const struct ucprov_vlan *b = ((const struct claim *)right)->vlan;
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : (a > b) - (a < b);
}

static const char *
shown_name(const struct ucprov_vlan *vlan)
{
    return vlan->name == NULL ? "?" : vlan->name;
}

static void
report_claims(struct site_reader *reader, const config_setting_t *list,
              const struct ucprov_site *site, struct claim *claims, size_t count)
{
    char text[UCPROV_PREFIX_TEXT_SIZE];
    qsort(claims, count, sizeof(*claims), compare_claims);
    for (size_t i = 1; i < count; i++) {
        if (ucprov_prefix_compare(claims[i - 1].subnet, claims[i].subnet) == 0) {
            const struct ucprov_vlan *vlan = claims[i].vlan;
            const config_setting_t *group =
                config_setting_get_elem(list, (unsigned)(vlan - site->vlans));
            setting_error(reader, member_or_group(group, "subnet"),
                          "%s is a subnet of vlan \"%s\" (line %u) already",
                          ucprov_prefix_to_text(claims[i].subnet, text),
                          shown_name(claims[i - 1].vlan), claims[i - 1].vlan->line);
        }
    }
}

static void
report_names(struct site_reader *reader, const config_setting_t *list,
             const struct ucprov_site *site, struct claim *claims, size_t count)
{
    qsort(claims, count, sizeof(*claims), compare_names);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(claims[i - 1].vlan->name, claims[i].vlan->name) == 0) {
            const config_setting_t *group =
                config_setting_get_elem(list, (unsigned)(claims[i].vlan - site->vlans));
            setting_error(reader, member_or_group(group, "name"),
                          "another vlan (line %u) is called \"%s\" already",
                          claims[i - 1].vlan->line, claims[i].vlan->name);
        }
    }
}

static void
check_vlans_together(struct site_reader *reader, const config_setting_t *list,
                     const struct ucprov_site *site)
{
    size_t total = site->vlan_count;
    for (size_t i = 0; i < site->vlan_count; i++) {
        total += site->vlans[i].subnet_count;
    }
    struct claim *claims = reallocarray(NULL, total + 1, sizeof(*claims));
    if (claims == NULL) {
        ucprov_diagnostics_error(reader->diagnostics, 0, NULL, "out of memory");
        return;
    }
    size_t subnets = 0;
    for (size_t i = 0; i < site->vlan_count; i++) {
        for (size_t j = 0; j < site->vlans[i].subnet_count; j++) {
            claims[subnets++] = (struct claim){&site->vlans[i], site->vlans[i].subnets[j]};
        }
    }
    report_claims(reader, list, site, claims, subnets);

    size_t names = 0;
    for (size_t i = 0; i < site->vlan_count; i++) {
        if (site->vlans[i].name != NULL) {
            claims[names++] = (struct claim){.vlan = &site->vlans[i]};
        }
    }
    report_names(reader, list, site, claims, names);
    free(claims);
}

/* The file */

static const char *const root_settings[] = {"pools", "defaults", "vlans", "dns", "ca", NULL};

static void
report_unknown_groups(struct site_reader *reader, const config_setting_t *root)
{
    unsigned count = (unsigned)config_setting_length(root);
    for (unsigned i = 0; i < count; i++) {
        const config_setting_t *member = config_setting_get_elem(root, i);
        size_t known = 0;
        while (root_settings[known] != NULL &&
               strcmp(root_settings[known], config_setting_name(member)) != 0) {
            known++;
        }
        if (root_settings[known] == NULL) {
            schema_report_unknown(reader, member, root_settings);
        }
    }
}

static void
read_site(struct site_reader *reader, const config_t *config, struct ucprov_site *site)
{
    const config_setting_t *root = config_root_setting(config);
    report_unknown_groups(reader, root);
    read_pools(reader, config_setting_get_member(root, "pools"), site);

    struct ucprov_vlan defaults = {.voice_vlan_encoding = UCPROV_VLAN_UINT16};
    const config_setting_t *setting = config_setting_get_member(root, "defaults");
    if (setting != NULL) {
        schema_read_group(reader, setting, default_settings, &defaults);
    }
    setting = config_setting_get_member(root, "vlans");
    read_vlans(reader, setting, &defaults, site);
    check_vlans_together(reader, setting, site);

    setting = config_setting_get_member(root, "dns");
    if (setting != NULL) {
        schema_read_group(reader, setting, dns_settings, &site->dns);
    }
    setting = config_setting_get_member(root, "ca");
    if (setting != NULL) {
        read_ca(reader, setting, &site->ca);
    }
    if (site->vlan_count == 0) {
        ucprov_diagnostics_warning(reader->diagnostics, 0, NULL,
                                   "no \"vlans\": no phone gets anything from it");
    }
}

static struct ucprov_site *
site_new(const char *file)
{
    struct ucprov_arena *arena = ucprov_arena_new();
    if (arena == NULL) {
        return NULL;
    }
    struct ucprov_site *site = ucprov_arena_alloc(arena, 1, sizeof(*site));
    if (site == NULL) {
        ucprov_arena_free(arena);
        return NULL;
    }
    site->arena = arena;
    site->file = ucprov_arena_strdup(arena, file);
    site->dns = (struct ucprov_dns){
        .ttl = DEFAULT_TTL, .ucupdates = true, .sign_in = true, .ntp = true, .servers = true};
    return site;
}

static void
parse_site(const char *text, struct ucprov_site *site, struct ucprov_diagnostics *diagnostics)
{
    config_t config;
    config_init(&config);
    if (config_read_string(&config, text) != CONFIG_TRUE) {
        ucprov_diagnostics_error(diagnostics, (unsigned)config_error_line(&config), NULL,
                                 "%s; is a bracket, a quote or a \";\" missing before it?",
                                 config_error_text(&config));
    } else {
        struct site_reader reader = {.arena = site->arena, .diagnostics = diagnostics};
        read_site(&reader, &config, site);
    }
    config_destroy(&config);
}

struct ucprov_site *
ucprov_site_parse(const char *file, const char *text, size_t length,
                  struct ucprov_diagnostics *diagnostics)
{
    size_t errors = diagnostics->errors;
    struct ucprov_site *site = site_new(file);
    char *terminated = strndup(text, length);
    if (site == NULL || terminated == NULL) {
        ucprov_diagnostics_error(diagnostics, 0, NULL, "out of memory");
    } else {
        site_text_check(text, length, diagnostics);
        if (diagnostics->errors == errors) {
            ucprov_digest(site->digest, text, length);
            parse_site(terminated, site, diagnostics);
        }
    }
    free(terminated);
    if (site != NULL && ucprov_arena_failed(site->arena)) {
        ucprov_diagnostics_error(diagnostics, 0, NULL, "out of memory");
    }
    ucprov_diagnostics_sort(diagnostics);
    if (diagnostics->errors > errors) {
        ucprov_site_free(site);
        return NULL;
    }
    return site;
}

struct ucprov_site *
ucprov_site_load(const char *file, struct ucprov_diagnostics *diagnostics)
{
    struct site_text text;
    if (!site_text_read(&text, file, diagnostics)) {
        return NULL;
    }
    struct ucprov_site *site = ucprov_site_parse(file, text.octets, text.length, diagnostics);
    if (site != NULL) {
        site->modified = text.modified;
    }
    free(text.octets);
    return site;
}

struct ucprov_site *
ucprov_site_new_empty(const char *file)
{
    struct ucprov_site *site = site_new(file);
    if (site != NULL && ucprov_arena_failed(site->arena)) {
        ucprov_site_free(site);
        return NULL;
    }
    return site;
}

void
ucprov_site_free(struct ucprov_site *site)
{
    if (site != NULL) {
        ucprov_arena_free(site->arena); /* the site itself lies in it */
    }
}

const struct ucprov_pool *
ucprov_site_find_pool(const struct ucprov_site *site, const char *name)
{
    for (size_t i = 0; i < site->pool_count; i++) {
        if (strcmp(site->pools[i].name, name) == 0) {
            return &site->pools[i];
        }
    }
    return NULL;
}

const struct ucprov_vlan *
ucprov_site_find_vlan(const struct ucprov_site *site, const char *name)
{
    for (size_t i = 0; i < site->vlan_count; i++) {
        if (strcmp(site->vlans[i].name, name) == 0) {
            return &site->vlans[i];
        }
    }
    return NULL;
}
