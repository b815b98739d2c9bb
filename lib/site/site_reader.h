/* SPDX-License-Identifier: MPL-2.0 */
/* Reading a site file: what the table of settings, the readers of values and the checks share. */
#ifndef SITE_READER_H
#define SITE_READER_H

#include <libconfig.h>
#include <stdbool.h>

#include "site/site.h"

#include "base/arena.h"

struct site_reader {
    struct ucprov_arena *arena;
    struct ucprov_diagnostics *diagnostics;
    const struct ucprov_pool *pools; /* read before anything refers to them */
    size_t pool_count;
};

/* Where a setting stands, for messages: "vlans[0].search[1]". */
#define SETTING_PATH_SIZE 192
char *setting_path(const config_setting_t *setting, char path[SETTING_PATH_SIZE]);

/* An error or a warning about a setting. */
void setting_error(struct site_reader *reader, const config_setting_t *setting, const char *format,
                   ...) __attribute__((format(printf, 3, 4)));
void setting_warning(struct site_reader *reader, const config_setting_t *setting,
                     const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The text of a setting; NULL, with an error reported, when it is no string, or an empty one. */
const char *setting_string(struct site_reader *reader, const config_setting_t *setting);

/* The same, checked as a domain name. */
const char *setting_domain(struct site_reader *reader, const config_setting_t *setting);

/* The same, checked as the absolute name of a file. */
const char *setting_file_name(struct site_reader *reader, const config_setting_t *setting);

/* The same, checked as the name of a host. */
const char *setting_host(struct site_reader *reader, const config_setting_t *setting);

/* Reads a value into a field of the site. What it cannot take it reports, and leaves the field as
 * it was. */
typedef void value_reader(struct site_reader *reader, const config_setting_t *setting, void *field);

value_reader read_token;          /* const char *: letters, digits, "-", "_", "." */
value_reader read_host;           /* const char *: a fully qualified name */
value_reader read_domain;         /* const char *: a domain name */
value_reader read_domains;        /* struct ucprov_strings */
value_reader read_hosts;          /* struct ucprov_strings */
value_reader read_dns_domains;    /* struct ucprov_dns_domains */
value_reader read_dns_hosts;      /* struct ucprov_dns_hosts */
value_reader read_scheme;         /* const char * */
value_reader read_url_path;       /* const char * */
value_reader read_port;           /* uint16_t */
value_reader read_addresses;      /* struct ucprov_addresses */
value_reader read_subnets;        /* struct subnets */
value_reader read_pool;           /* const struct ucprov_pool * */
value_reader read_vlan_id;        /* uint16_t */
value_reader read_vlan_encoding;  /* enum ucprov_vlan_encoding */
value_reader read_boolean;        /* bool */
value_reader read_vendor_classes; /* struct ucprov_strings */
value_reader read_ttl;            /* uint32_t */
value_reader read_file_name;      /* const char * */
value_reader read_file_names;     /* struct ucprov_strings */
value_reader read_listeners;      /* struct ucprov_listeners */
value_reader read_workers;        /* uint32_t */
value_reader read_connections;    /* uint32_t */
value_reader read_limit;          /* uint32_t: 0 is none */
value_reader read_size;           /* uint32_t: octets of what a stranger sends */
value_reader read_seconds;        /* uint32_t */

/* The whole group "ca", with its defaults, checked. */
void read_ca(struct site_reader *reader, const config_setting_t *group, struct ucprov_ca *ca);

/* The member of a group, or the group itself when it is not there: what a message is about. */
const config_setting_t *member_or_group(const config_setting_t *group, const char *name);

/* What "subnet" fills: the two fields of struct ucprov_vlan, in their order. */
struct subnets {
    size_t count;
    const struct ucprov_prefix *items;
};

#endif
