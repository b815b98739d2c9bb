/* SPDX-License-Identifier: MPL-2.0 */
/* The rules across the settings of a vlan, and of all vlans. */
#include "site/site_checks.h"

#include <stdlib.h>
#include <string.h>

/* What a phone can do without, and an administrator should know of. */
static void
warn_of_gaps(struct site_reader *reader, const config_setting_t *setting,
             const struct ucprov_vlan *vlan)
{
    if (vlan->ntp.items == NULL) {
        setting_report(reader, UCPROV_FAULT_VLAN_NO_NTP, setting,
                       "no \"ntp\": unless Kea itself sends option 42 or DNS names a time "
                       "server, phones have no time, and then no TLS; ntp = [ ] says that it "
                       "is meant");
    }
    if (vlan->domain == NULL && vlan->search.items == NULL) {
        setting_report(reader, UCPROV_FAULT_VLAN_NO_DOMAIN, setting,
                       "no \"domain\": unless Kea itself sends option 15, phones do not look "
                       "for " UCPROV_UPDATE_NAME "; search = [ ] says that it is meant");
    }
}

/* Settings that say something to phones, where there are none. */
static void
warn_of_idle_settings(struct site_reader *reader, const config_setting_t *setting)
{
    static const char *const idle[] = {
        "domain",     "search", "ntp", "voice_vlan_in_ms_uc", "vendor_classes", "only_if_requested",
        "kea_options"};
    for (size_t i = 0; i < sizeof(idle) / sizeof(*idle); i++) {
        const config_setting_t *member = config_setting_get_member(setting, idle[i]);
        if (member != NULL) {
            setting_report(reader, UCPROV_FAULT_VLAN_IDLE_SETTING, member,
                           "has no effect: without \"pool\", no phone lives in this vlan");
        }
    }
}

void
check_vlan(struct site_reader *reader, const config_setting_t *setting,
           const struct ucprov_vlan *vlan)
{
    if (vlan->pool == NULL && vlan->voice_vlan_id == 0) {
        setting_report(reader, UCPROV_FAULT_VLAN_NOTHING, setting,
                       "neither \"pool\" nor \"voice_vlan_id\": nothing would be handed out");
    }
    if (vlan->backup_pool != NULL && vlan->pool == NULL) {
        setting_report(reader, UCPROV_FAULT_VLAN_BACKUP_POOL,
                       member_or_group(setting, "backup_pool"),
                       "there is no \"pool\" that it could stand in for");
    }
    if (vlan->backup_pool != NULL && vlan->backup_pool == vlan->pool) {
        setting_report(reader, UCPROV_FAULT_VLAN_BACKUP_POOL,
                       member_or_group(setting, "backup_pool"), "is the same pool as \"pool\"");
    }
    if (vlan->voice_vlan_in_ms_uc && vlan->voice_vlan_id == 0) {
        setting_report(reader, UCPROV_FAULT_VLAN_VOICE,
                       member_or_group(setting, "voice_vlan_in_ms_uc"),
                       "is true, and there is no \"voice_vlan_id\" to send");
    }
    if (vlan->pool != NULL) {
        warn_of_gaps(reader, setting, vlan);
    } else {
        warn_of_idle_settings(reader, setting);
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
            setting_report(reader, UCPROV_FAULT_VLAN_SUBNET_TWICE, member_or_group(group, "subnet"),
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
            setting_report(reader, UCPROV_FAULT_VLAN_NAME_TWICE, member_or_group(group, "name"),
                           "another vlan (line %u) is called \"%s\" already",
                           claims[i - 1].vlan->line, claims[i].vlan->name);
        }
    }
}

void
check_vlans(struct site_reader *reader, const config_setting_t *list,
            const struct ucprov_site *site)
{
    size_t total = site->vlan_count;
    for (size_t i = 0; i < site->vlan_count; i++) {
        total += site->vlans[i].subnets.count;
    }
    struct claim *claims = reallocarray(NULL, total + 1, sizeof(*claims));
    if (claims == NULL) {
        ucprov_diagnostics_add(reader->diagnostics, UCPROV_FAULT_FILE_MEMORY, 0, NULL,
                               "out of memory");
        return;
    }
    size_t subnets = 0;
    for (size_t i = 0; i < site->vlan_count; i++) {
        for (size_t j = 0; j < site->vlans[i].subnets.count; j++) {
            claims[subnets++] = (struct claim){&site->vlans[i], site->vlans[i].subnets.items[j]};
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
