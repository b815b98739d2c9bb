/* SPDX-License-Identifier: MPL-2.0 */
/* Encodes what a pool and a vlan give to phones, once, while the site file is read: what does not
 * fit is an error there, and what fits is what the policy hands out. */
#include "site/site_checks.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

/* Keeps an encoder's result. Returns its error. */
static int
keep_octets(struct site_reader *reader, struct ucprov_octets *octets, int error,
            const struct ucprov_option *option)
{
    uint8_t *data =
        error == UCPROV_OK ? ucprov_arena_alloc(reader->arena, option->length, 1) : NULL;
    if (data != NULL) {
        memcpy(data, option->data, option->length);
        *octets = (struct ucprov_octets){data, option->length};
    }
    return error;
}

static int
encode_ms_uc(struct ucprov_option *option, const struct ucprov_pool *pool)
{
    struct ucprov_ms_uc_options service = {.port = pool->port};
    snprintf(service.scheme, sizeof(service.scheme), "%s", pool->scheme);
    snprintf(service.web_server, sizeof(service.web_server), "%s", pool->web_server);
    snprintf(service.cert_prov_path, sizeof(service.cert_prov_path), "%s", pool->cert_prov_path);
    return ucprov_cert_prov_encode(option, &service);
}

void
encode_pool(struct site_reader *reader, const config_setting_t *group, struct ucprov_pool *pool)
{
    struct ucprov_option option;
    if (keep_octets(reader, &pool->ms_uc_option, encode_ms_uc(&option, pool), &option) != 0) {
        setting_report(reader, UCPROV_FAULT_OPTION_LONG, group,
                       "option 43 would be longer than %d octets; shorten web_server or "
                       "cert_prov_path",
                       UCPROV_OPTION_MAX);
    }
    int error = ucprov_sip_server_encode(&option, pool->sip_server);
    if (keep_octets(reader, &pool->sip_servers_option, error, &option) != 0) {
        setting_report(reader, UCPROV_FAULT_OPTION_LONG, group,
                       "option 120 would be longer than %d octets; shorten sip_server",
                       UCPROV_OPTION_MAX);
    }
}

static void
append_octets(struct ucprov_option *option, const struct ucprov_octets *octets)
{
    if (octets->length > 0) {
        memcpy(option->data + option->length, octets->data, octets->length);
        option->length = (uint8_t)(option->length + octets->length);
    }
}

/* Sub-options follow each other without anything around them (RFC 2132 8.4): one more goes to the
 * end. */
int
ucprov_ms_uc_option(struct ucprov_option *option, const struct ucprov_vlan *vlan,
                    const struct ucprov_pool *pool)
{
    option->code = UCPROV_OPTION_VENDOR;
    option->length = 0;
    append_octets(option, &pool->ms_uc_option);
    if (!vlan->voice_vlan_in_ms_uc) {
        return UCPROV_OK;
    }
    if (option->length + vlan->voice_vlan_option.length > UCPROV_OPTION_MAX) {
        option->length = 0;
        return UCPROV_ETOOLONG;
    }
    append_octets(option, &vlan->voice_vlan_option);
    return UCPROV_OK;
}

/* With sub-option 10, for the pools that may serve the vlan. */
static void
check_ms_uc(struct site_reader *reader, const config_setting_t *group,
            const struct ucprov_vlan *vlan)
{
    struct ucprov_option option;
    const struct ucprov_pool *pools[] = {vlan->pool, vlan->backup_pool};
    for (size_t i = 0; i < 2; i++) {
        if (pools[i] != NULL && ucprov_ms_uc_option(&option, vlan, pools[i]) != UCPROV_OK) {
            setting_report(reader, UCPROV_FAULT_OPTION_LONG,
                           member_or_group(group, "voice_vlan_in_ms_uc"),
                           "option 43 of pool \"%s\" with sub-option 10 would be longer than %d "
                           "octets",
                           pools[i]->name, UCPROV_OPTION_MAX);
        }
    }
}

static int
encode_search(struct site_reader *reader, struct ucprov_vlan *vlan)
{
    struct ucprov_option option;
    int error = ucprov_domain_search_encode(&option, vlan->search.items, vlan->search.count);
    return keep_octets(reader, &vlan->search_option, error, &option);
}

static int
encode_ntp(struct site_reader *reader, struct ucprov_vlan *vlan)
{
    struct ucprov_option option;
    int error = ucprov_ntp_servers_encode(&option, vlan->ntp.items, vlan->ntp.count);
    return keep_octets(reader, &vlan->ntp_option, error, &option);
}

/* What always fits, since it has been checked: a domain, and a number in its range. */
static int
encode_domain(struct site_reader *reader, struct ucprov_vlan *vlan)
{
    struct ucprov_option option;
    int error = ucprov_domain_name_encode(&option, vlan->domain);
    return keep_octets(reader, &vlan->domain_option, error, &option);
}

static int
encode_voice_vlan(struct site_reader *reader, struct ucprov_vlan *vlan)
{
    struct ucprov_option option;
    int error = ucprov_voice_vlan_encode(&option, vlan->voice_vlan_id, vlan->voice_vlan_encoding);
    return keep_octets(reader, &vlan->voice_vlan_option, error, &option);
}

void
encode_vlan(struct site_reader *reader, const config_setting_t *group, struct ucprov_vlan *vlan)
{
    if (vlan->search.count > 0 && encode_search(reader, vlan) != UCPROV_OK) {
        setting_report(reader, UCPROV_FAULT_OPTION_LONG, member_or_group(group, "search"),
                       "option 119 would be longer than %d octets, even compressed; shorten the "
                       "list",
                       UCPROV_OPTION_MAX);
    }
    if (vlan->ntp.count > 0 && encode_ntp(reader, vlan) != UCPROV_OK) {
        setting_report(reader, UCPROV_FAULT_OPTION_LONG, member_or_group(group, "ntp"),
                       "option 42 would be longer than %d octets; %zu addresses are too many",
                       UCPROV_OPTION_MAX, vlan->ntp.count);
    }
    if ((vlan->domain != NULL && encode_domain(reader, vlan) != UCPROV_OK) ||
        (vlan->voice_vlan_id != 0 && encode_voice_vlan(reader, vlan) != UCPROV_OK)) {
        setting_report(reader, UCPROV_FAULT_OPTION_ENCODING, group,
                       "its domain or voice_vlan_id cannot be encoded");
    }
    check_ms_uc(reader, group, vlan);
}
