/* SPDX-License-Identifier: MPL-2.0 */
/* What options mean, for programs. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hex.h"
#include "base/printable.h"
#include "option/explain.h"
#include "option/lint_rules.h"

/* An octet is one character, or \xHH; and a NUL. */
#define ESCAPED_SIZE (4 * UCPROV_OPTION_WIRE_MAX + 1)

static json_t *
escaped_string(const char *text)
{
    char escaped[ESCAPED_SIZE];
    return json_string(ucprov_escape(escaped, sizeof(escaped), text, strlen(text)));
}

static json_t *
domain_name_means(const uint8_t *value, size_t length)
{
    char domain[UCPROV_OPTION_WIRE_MAX + 1];
    if (ucprov_domain_name_decode(domain, value, length) != UCPROV_OK) {
        return json_null();
    }
    return json_pack("{s:o}", "domain", escaped_string(domain));
}

static json_t *
ntp_servers_means(const uint8_t *value, size_t length)
{
    struct ucprov_ntp_servers servers;
    char address[INET_ADDRSTRLEN];
    if (ucprov_ntp_servers_decode(&servers, value, length) != UCPROV_OK) {
        return json_null();
    }
    json_t *list = json_array();
    for (size_t i = 0; i < servers.count; i++) {
        inet_ntop(AF_INET, &servers.addresses[i], address, sizeof(address));
        json_array_append_new(list, json_string(address));
    }
    return json_pack("{s:o}", "ntp", list);
}

static json_t *
domain_search_means(const uint8_t *value, size_t length)
{
    struct ucprov_domain_search search;
    char text[UCPROV_NAME_TEXT_SIZE];
    if (ucprov_domain_search_decode(&search, value, length) != UCPROV_OK) {
        return json_null();
    }
    json_t *list = json_array();
    for (size_t i = 0; i < search.count; i++) {
        json_array_append_new(list, json_string(ucprov_name_to_text(&search.names[i], text)));
    }
    return json_pack("{s:o}", "search", list);
}

static json_t *
sip_server_means(const uint8_t *value, size_t length)
{
    struct ucprov_name name;
    char text[UCPROV_NAME_TEXT_SIZE];
    if (ucprov_sip_server_decode(&name, value, length) != UCPROV_OK) {
        return json_null();
    }
    return json_pack("{s:s}", "sip_server", ucprov_name_to_text(&name, text));
}

static void
set_text(json_t *object, const char *key, const char *text)
{
    if (text[0] != '\0') {
        json_object_set_new(object, key, escaped_string(text));
    }
}

static void
set_number(json_t *object, const char *key, unsigned number)
{
    if (number != 0) {
        json_object_set_new(object, key, json_integer(number));
    }
}

/* The sub-options that are there. */
static json_t *
vendor_means(const uint8_t *value, size_t length)
{
    struct ucprov_ms_uc_options service;
    if (ucprov_cert_prov_decode(&service, value, length) != UCPROV_OK) {
        return json_null();
    }
    json_t *means = json_object();
    set_text(means, "scheme", service.scheme);
    set_text(means, "web_server", service.web_server);
    set_number(means, "port", service.port);
    set_text(means, "cert_prov_path", service.cert_prov_path);
    set_number(means, "voice_vlan_id", service.voice_vlan_id);
    if (json_object_size(means) > 0) {
        return means;
    }
    json_decref(means);
    return json_null();
}

static json_t *
option_means(uint8_t code, enum ucprov_client client, const uint8_t *value, size_t length)
{
    switch (code) {
    case UCPROV_OPTION_DOMAIN_NAME:
        return domain_name_means(value, length);
    case UCPROV_OPTION_NTP_SERVERS:
        return ntp_servers_means(value, length);
    case UCPROV_OPTION_VENDOR:
        return lint_is_phones_set(client, value, length) ? vendor_means(value, length)
                                                         : json_null();
    case UCPROV_OPTION_DOMAIN_SEARCH:
        return domain_search_means(value, length);
    case UCPROV_OPTION_SIP_SERVERS:
        return sip_server_means(value, length);
    default:
        return json_null();
    }
}

json_t *
ucprov_explain_json(uint8_t code, enum ucprov_client client, const uint8_t *value, size_t length)
{
    struct ucprov_findings findings = {.count = 0};
    char *hex = malloc(2 * length + 1);
    if (hex == NULL) {
        return NULL;
    }
    ucprov_lint_option(&findings, code, client, value, length);
    json_t *object = json_pack(
        "{s:i, s:s?, s:I, s:s, s:o, s:o}", "code", code, "name", ucprov_option_name(code), "length",
        (json_int_t)length, "hex", ucprov_hex_encode(hex, value, length), "means",
        option_means(code, client, value, length), "findings", ucprov_findings_json(&findings));
    ucprov_findings_clear(&findings);
    free(hex);
    return object;
}
