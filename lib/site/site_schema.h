/* SPDX-License-Identifier: MPL-2.0 */
/* The table of settings: from it come parsing, defaults, the nearest known name for a misspelled
 * one, and the list that `ucprov-checkconf --list-settings` prints. */
#ifndef SITE_SCHEMA_H
#define SITE_SCHEMA_H

#include "site/site_reader.h"

struct setting_definition {
    const char *name; /* NULL ends a table */
    value_reader *read;
    size_t offset; /* of the field in the record */
    bool required;
    const char *kind;     /* of value, for people */
    const char *fallback; /* the default as the site file would say it; NULL: none */
    const char *help;
};

struct group_definition {
    const char *path; /* "pools.NAME" */
    const struct setting_definition *settings;
};

extern const struct setting_definition pool_settings[];       /* struct ucprov_pool */
extern const struct setting_definition vlan_settings[];       /* struct ucprov_vlan */
extern const struct setting_definition dns_settings[];        /* struct ucprov_dns */
extern const struct setting_definition dns_domain_settings[]; /* struct ucprov_dns_domain */
extern const struct setting_definition dns_host_settings[];   /* struct ucprov_dns_host */
extern const struct setting_definition ca_settings[];         /* struct ucprov_ca */
extern const struct group_definition site_groups[];           /* all of them; path NULL ends it */

/* vlan_settings from here on may stand in "defaults" too: all but name and subnet. */
extern const struct setting_definition *const default_settings;

/* Reads every member of a group into a record. Reports members that no table knows, and required
 * ones that are missing. */
void schema_read_group(struct site_reader *reader, const config_setting_t *group,
                       const struct setting_definition *settings, void *record);

/* Reports a member that stands where it is not known, with the nearest known name. */
void schema_report_unknown(struct site_reader *reader, const config_setting_t *member,
                           const char *const *known);

#endif
