/* SPDX-License-Identifier: MPL-2.0 */
/* From the text of a site file to a site: reads the groups, then checks what only the whole shows.
 */
#include "site/site.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"

#include "site/site_checks.h"
#include "site/site_group.h"
#include "site/site_text.h"

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

/* Pools */

static void
read_one_pool(struct site_reader *reader, const config_setting_t *setting, struct ucprov_pool *pool)
{
    size_t errors = reader->diagnostics->errors;
    pool->name = ucprov_arena_strdup(reader->arena, config_setting_name(setting));
    pool->line = config_setting_source_line(setting);
    group_set_defaults(reader, pool_settings, pool);
    group_read(reader, setting, pool_settings, pool);
    group_copy_defaults(reader, pool_settings, pool);
    if (reader->diagnostics->errors == errors && pool->sip_server != NULL) {
        encode_pool(reader, setting, pool);
    }
}

static void
read_pools(struct site_reader *reader, const config_setting_t *setting, struct ucprov_site *site)
{
    if (setting == NULL) {
        return;
    }
    if (!config_setting_is_group(setting)) {
        setting_report(reader, UCPROV_FAULT_VALUE_TYPE, setting,
                       "has to be a group of pools: { NAME = { ... }; ... }");
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
read_one_vlan(struct site_reader *reader, const config_setting_t *setting,
              const struct ucprov_vlan *defaults, struct ucprov_vlan *vlan)
{
    size_t errors = reader->diagnostics->errors;
    *vlan = *defaults;
    vlan->line = config_setting_source_line(setting);
    group_read(reader, setting, vlan_settings, vlan);
    group_copy_defaults(reader, vlan_settings, vlan);
    if (reader->diagnostics->errors == errors) {
        check_vlan(reader, setting, vlan);
        encode_vlan(reader, setting, vlan);
    }
}

static void
read_vlans(struct site_reader *reader, const config_setting_t *setting,
           const struct ucprov_vlan *defaults, struct ucprov_site *site)
{
    if (setting == NULL || !setting_is_list_of_groups(reader, setting)) {
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

/* The file */

static void
read_ca(struct site_reader *reader, const config_setting_t *group, struct ucprov_ca *ca)
{
    size_t errors = reader->diagnostics->errors;
    group_set_defaults(reader, ca_settings, ca);
    group_read(reader, group, ca_settings, ca);
    if (reader->diagnostics->errors == errors) {
        check_ca(reader, group, ca);
    }
}

static void
read_site(struct site_reader *reader, const config_t *config, struct ucprov_site *site)
{
    const config_setting_t *root = config_root_setting(config);
    group_check_root(reader, root);
    read_pools(reader, config_setting_get_member(root, "pools"), site);

    struct ucprov_vlan defaults = {0};
    group_set_defaults(reader, vlan_settings, &defaults);
    const config_setting_t *setting = config_setting_get_member(root, "defaults");
    if (setting != NULL) {
        group_read(reader, setting, default_settings, &defaults);
    }
    setting = config_setting_get_member(root, "vlans");
    read_vlans(reader, setting, &defaults, site);
    check_vlans(reader, setting, site);

    group_set_defaults(reader, dns_settings, &site->dns);
    setting = config_setting_get_member(root, "dns");
    if (setting != NULL) {
        group_read(reader, setting, dns_settings, &site->dns);
    }
    setting = config_setting_get_member(root, "ca");
    if (setting != NULL) {
        read_ca(reader, setting, &site->ca);
    }
    if (site->vlan_count == 0) {
        ucprov_diagnostics_add(reader->diagnostics, UCPROV_FAULT_VLAN_NONE, 0, NULL,
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
    return site;
}

static void
parse_site(const char *text, struct ucprov_site *site, struct ucprov_diagnostics *diagnostics)
{
    config_t config;
    config_init(&config);
    if (config_read_string(&config, text) != CONFIG_TRUE) {
        ucprov_diagnostics_add(
            diagnostics, UCPROV_FAULT_FILE_SYNTAX, (unsigned)config_error_line(&config), NULL,
            "%s; is a bracket, a quote or a \";\" missing before it?", config_error_text(&config));
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
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_FILE_MEMORY, 0, NULL, "out of memory");
    } else {
        site_text_check(text, length, diagnostics);
        if (length == 0) {
            ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_FILE_EMPTY, 0, NULL,
                                   "is empty: was it cut off while it was written?");
        }
        if (diagnostics->errors == errors) {
            ucprov_digest(site->digest, text, length);
            parse_site(terminated, site, diagnostics);
        }
    }
    free(terminated);
    if (site != NULL && ucprov_arena_failed(site->arena)) {
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_FILE_MEMORY, 0, NULL, "out of memory");
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
