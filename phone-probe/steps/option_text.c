/* SPDX-License-Identifier: MPL-2.0 */
/* The shortest readable form of a value, and lint for the two options (3, 6) that the library,
 * which knows the phones' own options only, has no rules for. */
#include "steps/option_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/printable.h"
#include "option/lint.h"

#include "dhcp/dhcp_message.h"
#include "dhcp/dhcp_transport.h"

static void
print_octets(FILE *out, const struct ucprov_option_view *option)
{
    enum { SHOWN = 16 };
    char hex[2 * SHOWN + 1];
    size_t shown = option->length < SHOWN ? option->length : SHOWN;

    if (option->length == 0) {
        fputs("empty", out);
        return;
    }
    fprintf(out, "%zu octet%s that mean nothing sound: %s%s", option->length,
            option->length == 1 ? "" : "s", ucprov_hex_encode(hex, option->value, shown),
            shown < option->length ? "..." : "");
}

static void
print_escaped(FILE *out, const char *text)
{
    char escaped[4 * UCPROV_OPTION_WIRE_MAX + 1];

    fputs(ucprov_escape(escaped, sizeof(escaped), text, strlen(text)), out);
}

static bool
print_domain(FILE *out, const struct ucprov_option_view *option)
{
    char domain[UCPROV_OPTION_WIRE_MAX + 1];

    if (ucprov_domain_name_decode(domain, option->value, option->length) != 0) {
        return false;
    }
    print_escaped(out, domain);
    return true;
}

static bool
print_addresses(FILE *out, const struct ucprov_option_view *option)
{
    struct in_addr address;

    if (option->length == 0 || option->length % sizeof(address.s_addr) != 0) {
        return false;
    }
    for (size_t i = 0; i < option->length; i += sizeof(address.s_addr)) {
        memcpy(&address.s_addr, option->value + i, sizeof(address.s_addr));
        fprintf(out, "%s%s", i == 0 ? "" : ", ", address_text(address));
    }
    return true;
}

static bool
print_search(FILE *out, const struct ucprov_option_view *option)
{
    char text[UCPROV_NAME_TEXT_SIZE];
    struct ucprov_domain_search *search = malloc(sizeof(*search));
    bool sound =
        search != NULL && ucprov_domain_search_decode(search, option->value, option->length) == 0;

    for (size_t i = 0; sound && i < search->count; i++) {
        fprintf(out, "%s%s", i == 0 ? "" : ", ", ucprov_name_to_text(&search->names[i], text));
    }
    free(search);
    return sound;
}

static bool
print_sip_server(FILE *out, const struct ucprov_option_view *option)
{
    char text[UCPROV_NAME_TEXT_SIZE];
    struct ucprov_name name;

    if (ucprov_sip_server_decode(&name, option->value, option->length) != 0) {
        return false;
    }
    fputs(ucprov_name_to_text(&name, text), out);
    return true;
}

/* The URL that the parts make, what there is of them; or a VLAN id; or both. */
static bool
print_vendor(FILE *out, const struct ucprov_option_view *option)
{
    struct ucprov_ms_uc_options service;

    if (ucprov_cert_prov_decode(&service, option->value, option->length) != 0 ||
        (service.web_server[0] == '\0' && service.voice_vlan_id == 0)) {
        return false;
    }
    if (service.web_server[0] != '\0') {
        print_escaped(out, service.scheme);
        fputs("://", out);
        print_escaped(out, service.web_server);
        if (service.port != 0) {
            fprintf(out, ":%u", service.port);
        }
        print_escaped(out, service.cert_prov_path);
    }
    if (service.voice_vlan_id != 0) {
        fprintf(out, "%svoice VLAN %u (%s)", service.web_server[0] != '\0' ? ", " : "",
                service.voice_vlan_id, ucprov_vlan_encoding_name(service.voice_vlan_encoding));
    }
    return true;
}

void
option_text_print(FILE *out, const struct ucprov_option_view *option)
{
    bool sound = false;

    switch (option->code) {
    case DHCP_OPTION_SUBNET_MASK:
    case DHCP_OPTION_ROUTERS:
    case DHCP_OPTION_NAME_SERVERS:
    case DHCP_OPTION_SERVER_ID:
    case UCPROV_OPTION_NTP_SERVERS:
        sound = print_addresses(out, option);
        break;
    case UCPROV_OPTION_DOMAIN_NAME:
        sound = print_domain(out, option);
        break;
    case UCPROV_OPTION_DOMAIN_SEARCH:
        sound = print_search(out, option);
        break;
    case UCPROV_OPTION_SIP_SERVERS:
        sound = print_sip_server(out, option);
        break;
    case UCPROV_OPTION_VENDOR:
        sound = print_vendor(out, option);
        break;
    default:
        break;
    }
    if (!sound) {
        print_octets(out, option);
    }
}

static void
add_failure(struct ucprov_findings *findings, const char *id, uint8_t code, const char *what)
{
    ucprov_finding_note(findings, id, UCPROV_FAIL, NULL, "option %u %s.", code, what);
}

/* Options 3 and 6: addresses of four octets each, at least one (RFC 2132 3.5, 3.8). */
static void
lint_addresses(struct ucprov_findings *findings, const struct ucprov_option_view *option)
{
    static const uint8_t unspecified[sizeof(struct in_addr)];

    if (option->length == 0 || option->length % sizeof(unspecified) != 0) {
        add_failure(findings, "addresses.size", option->code,
                    "is no list of IPv4 addresses: its length is not a multiple of 4");
        return;
    }
    for (size_t i = 0; i < option->length; i += sizeof(unspecified)) {
        if (memcmp(option->value + i, unspecified, sizeof(unspecified)) == 0) {
            add_failure(findings, "addresses.unspecified", option->code,
                        "lists 0.0.0.0, which is nobody's address");
            return;
        }
    }
}

void
option_text_lint(struct ucprov_findings *findings, enum ucprov_client client,
                 const struct ucprov_option_view *option)
{
    if (option->code == DHCP_OPTION_ROUTERS || option->code == DHCP_OPTION_NAME_SERVERS) {
        lint_addresses(findings, option);
    } else {
        ucprov_lint_option(findings, option->code, client, option->value, option->length);
    }
}
