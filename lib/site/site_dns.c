/* SPDX-License-Identifier: MPL-2.0 */
/* Readers of the lists of groups in "dns": both are kept in the order of names, so that they can be
 * searched, and a name twice is found. */
#include <stddef.h>
#include <stdlib.h>
#include <strings.h>

#include "site/site_reader.h"
#include "site/site_schema.h"

#define DNS_DOMAIN(field) offsetof(struct ucprov_dns_domain, field)
#define DNS_HOST(field)   offsetof(struct ucprov_dns_host, field)

/* clang-format off: one setting a row reads better */
const struct setting_definition dns_domain_settings[] = {
    {"name", read_domain, DNS_DOMAIN(name), true, "domain name", NULL, "of a vlan or a SIP domain"},
    {"pool", read_pool, DNS_DOMAIN(pool), true, "name of a pool", NULL,
     "what its records point to"},
    {0},
};

const struct setting_definition dns_host_settings[] = {
    {"name", read_host, DNS_HOST(name), true, "host name", NULL, "in one of the domains"},
    {"addresses", read_addresses, DNS_HOST(addresses), true, "IPv4 addresses", NULL,
     "its A records"},
    {0},
};
/* clang-format on */

static bool
is_list_of_groups(struct site_reader *reader, const config_setting_t *setting)
{
    if (!config_setting_is_list(setting)) {
        setting_error(reader, setting, "has to be a list of groups: ( { ... }, { ... } )");
        return false;
    }
    return true;
}

static void
report_twice(struct site_reader *reader, unsigned line, const char *setting, const char *name,
             unsigned first)
{
    ucprov_diagnostics_error(reader->diagnostics, line, setting,
                             "\"%s\" is in the list already (line %u)", name, first);
}

static int
compare_domains(const void *left, const void *right)
{
    const struct ucprov_dns_domain *a = left;
    const struct ucprov_dns_domain *b = right;
    int order = strcasecmp(a->name, b->name);
    return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

void
read_dns_domains(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    if (!is_list_of_groups(reader, setting)) {
        return;
    }
    size_t count = (size_t)config_setting_length(setting);
    struct ucprov_dns_domain *items = ucprov_arena_alloc(reader->arena, count, sizeof(*items));
    size_t good = 0;
    for (size_t i = 0; i < count && items != NULL; i++) {
        const config_setting_t *group = config_setting_get_elem(setting, (unsigned)i);
        items[good].line = config_setting_source_line(group);
        schema_read_group(reader, group, dns_domain_settings, &items[good]);
        good += items[good].name != NULL;
    }
    if (items == NULL) {
        return;
    }
    qsort(items, good, sizeof(*items), compare_domains);
    for (size_t i = 1; i < good; i++) {
        if (strcasecmp(items[i - 1].name, items[i].name) == 0) {
            report_twice(reader, items[i].line, "dns.domains", items[i].name, items[i - 1].line);
        }
    }
    *(struct ucprov_dns_domains *)field = (struct ucprov_dns_domains){good, items};
}

static int
compare_hosts(const void *left, const void *right)
{
    const struct ucprov_dns_host *a = left;
    const struct ucprov_dns_host *b = right;
    int order = strcasecmp(a->name, b->name);
    return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

void
read_dns_hosts(struct site_reader *reader, const config_setting_t *setting, void *field)
{
    if (!is_list_of_groups(reader, setting)) {
        return;
    }
    size_t count = (size_t)config_setting_length(setting);
    struct ucprov_dns_host *items = ucprov_arena_alloc(reader->arena, count, sizeof(*items));
    size_t good = 0;
    for (size_t i = 0; i < count && items != NULL; i++) {
        const config_setting_t *group = config_setting_get_elem(setting, (unsigned)i);
        items[good].line = config_setting_source_line(group);
        schema_read_group(reader, group, dns_host_settings, &items[good]);
        good += items[good].name != NULL;
    }
    if (items == NULL) {
        return;
    }
    qsort(items, good, sizeof(*items), compare_hosts);
    for (size_t i = 1; i < good; i++) {
        if (strcasecmp(items[i - 1].name, items[i].name) == 0) {
            report_twice(reader, items[i].line, "dns.hosts", items[i].name, items[i - 1].line);
        }
    }
    *(struct ucprov_dns_hosts *)field = (struct ucprov_dns_hosts){good, items};
}
