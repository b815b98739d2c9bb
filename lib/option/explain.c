/* SPDX-License-Identifier: MPL-2.0 */
/* Prints one option for a person to read: its parts by name, the URL that they add up to, the
 * octets in hex. It judges nothing, that is lint's; and shows whatever can be read of octets that
 * are wrong. */
#include "option/explain.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/error.h"
#include "base/hex.h"
#include "base/printable.h"

#include "option/lint_rules.h"

#define INDENT     "     " /* of what belongs to the part above */
#define UNREADABLE "(not readable)"

/* Octets that are turned to hex at a time: a value put together may be longer than one option. */
#define HEX_CHUNK ((size_t)256)

#define VENDOR_CLASS_SIZE 48 /* "for CLASS"; a longer one is cut */

/* An octet is one character, or \xHH; and a NUL. */
#define ESCAPED_SIZE (4 * UCPROV_OPTION_WIRE_MAX + 1)

static void
print_headline(FILE *out, uint8_t code, const char *name)
{
    fprintf(out, "Option %-3u  %-18s  ", code, name);
}

static void
print_escaped(FILE *out, const void *octets, size_t length)
{
    char text[ESCAPED_SIZE];
    fputs(ucprov_escape(text, sizeof(text), octets, length), out);
}

static void
print_hex(FILE *out, const uint8_t *value, size_t length)
{
    if (length == 0) {
        return;
    }
    char text[2 * HEX_CHUNK + 1];
    fputs(INDENT, out);
    for (size_t done = 0; done < length; done += HEX_CHUNK) {
        size_t left = length - done;
        fputs(ucprov_hex_encode(text, value + done, left < HEX_CHUNK ? left : HEX_CHUNK), out);
    }
    fputc('\n', out);
}

static int
explain_domain_name(FILE *out, const uint8_t *value, size_t length)
{
    char domain[UCPROV_OPTION_WIRE_MAX + 1];
    print_escaped(out, value, length);
    fputc('\n', out);
    return ucprov_domain_name_decode(domain, value, length);
}

static int
explain_ntp_servers(FILE *out, const uint8_t *value, size_t length)
{
    struct ucprov_ntp_servers servers;
    char address[INET_ADDRSTRLEN];
    int error = ucprov_ntp_servers_decode(&servers, value, length);
    for (size_t i = 0; i < servers.count; i++) {
        inet_ntop(AF_INET, &servers.addresses[i], address, sizeof(address));
        fprintf(out, "%s%s", i == 0 ? "" : ", ", address);
    }
    fputs(servers.count == 0 ? UNREADABLE "\n" : "\n", out);
    return error;
}

static void
explain_domain_search(FILE *out, const uint8_t *value, size_t length)
{
    struct ucprov_domain_search search;
    char text[UCPROV_NAME_TEXT_SIZE];
    ucprov_domain_search_decode(&search, value, length);
    for (size_t i = 0; i < search.count; i++) {
        fprintf(out, "%s%s", i == 0 ? "" : ", ", ucprov_name_to_text(&search.names[i], text));
    }
    fputs(search.count == 0 ? UNREADABLE "\n" : "\n", out);
}

static void
explain_sip_server(FILE *out, const uint8_t *value, size_t length)
{
    struct ucprov_name name;
    char text[UCPROV_NAME_TEXT_SIZE];
    int error = ucprov_sip_server_decode(&name, value, length);
    bool readable = error == UCPROV_OK || error == UCPROV_EWIRE_TRAILING;
    fprintf(out, "%s\n", readable ? ucprov_name_to_text(&name, text) : UNREADABLE);
}

static void
print_voice_vlan(FILE *out, const struct ucprov_sub_option *sub)
{
    static const char *const notes[] = {
        [UCPROV_VLAN_UINT16] = "",
        [UCPROV_VLAN_ASCII] = " (decimal digits)",
        [UCPROV_VLAN_UINT32] = " (four octets)",
    };
    uint16_t id;
    enum ucprov_vlan_encoding encoding;
    if (ucprov_voice_vlan_decode(&id, &encoding, sub->value, sub->length) == UCPROV_OK) {
        fprintf(out, "%u%s", id, notes[encoding]);
    } else {
        print_escaped(out, sub->value, sub->length);
    }
}

/* Others' values are text or addresses, mostly. */
static void
print_other_value(FILE *out, const struct ucprov_sub_option *sub)
{
    struct in_addr address;
    char text[INET_ADDRSTRLEN];
    if (sub->length == 0 || sub->length % sizeof(address) != 0 ||
        lint_is_text(sub->value, sub->length)) {
        print_escaped(out, sub->value, sub->length);
        return;
    }
    for (size_t i = 0; i < sub->length; i += sizeof(address)) {
        memcpy(&address, sub->value + i, sizeof(address));
        fprintf(out, "%s%s", i == 0 ? "" : ", ", inet_ntop(AF_INET, &address, text, sizeof(text)));
    }
}

static void
print_sub_option(FILE *out, const struct ucprov_sub_option *sub, bool cut, bool named)
{
    const char *name = ucprov_sub_option_name(sub->code);
    if (sub->code == UCPROV_SUB_PAD || sub->code == UCPROV_SUB_END) {
        fprintf(out, "  %-2u %s\n", sub->code, sub->code == UCPROV_SUB_PAD ? "(padding)" : "(end)");
        return;
    }
    if (named) {
        fprintf(out, "  %-2u %-15s  ", sub->code, name == NULL ? "(unknown)" : name);
    } else {
        fprintf(out, "  %-3u  ", sub->code);
    }
    if (!named) {
        print_other_value(out, sub);
    } else if (sub->code == UCPROV_SUB_VOICE_VLAN && !cut) {
        print_voice_vlan(out, sub);
    } else {
        print_escaped(out, sub->value, sub->length);
    }
    fputs(cut ? "   CUT OFF\n" : "\n", out);
}

/* Only where nothing of it is missing. */
static void
print_url(FILE *out, const uint8_t *value, size_t length)
{
    struct ucprov_ms_uc_options service;
    if (ucprov_cert_prov_decode(&service, value, length) != UCPROV_OK ||
        service.scheme[0] == '\0' || service.web_server[0] == '\0' ||
        service.cert_prov_path[0] == '\0') {
        return;
    }
    fputs(INDENT "= ", out);
    print_escaped(out, service.scheme, strlen(service.scheme));
    fputs("://", out);
    print_escaped(out, service.web_server, strlen(service.web_server));
    if (service.port != 0) {
        fprintf(out, ":%u", service.port);
    }
    print_escaped(out, service.cert_prov_path, strlen(service.cert_prov_path));
    fputc('\n', out);
}

/* The sub-options of an option 43; `named`: by the names that the phones' have. */
static void
print_sub_options(FILE *out, const uint8_t *value, size_t length, bool named)
{
    struct ucprov_reader reader;
    struct ucprov_sub_option sub;
    ucprov_reader_init(&reader, value, length);
    while (ucprov_sub_option_next(&reader, &sub)) {
        print_sub_option(out, &sub, reader.error != UCPROV_OK, named);
        if (sub.code == UCPROV_SUB_END) {
            break;
        }
    }
}

/* Text, or what may be sub-options: those of Juniper's begin with 0, which is padding elsewhere. */
static void
print_other_set(FILE *out, const uint8_t *value, size_t length)
{
    if (lint_is_text(value, length)) {
        fputs(INDENT, out);
        print_escaped(out, value, length);
        fputc('\n', out);
    } else if (length > 0 && value[0] != UCPROV_SUB_PAD) {
        print_sub_options(out, value, length, false);
    }
}

static void
explain_vendor(FILE *out, enum ucprov_client client, const char *vendor_class, const uint8_t *value,
               size_t length)
{
    char whose[VENDOR_CLASS_SIZE];
    char quote[VENDOR_CLASS_SIZE - sizeof("for ") + 1];
    bool guessed = client == UCPROV_CLIENT_OTHER && vendor_class == NULL;
    bool phones = vendor_class == NULL ? length == 0 || lint_is_phones_set(client, value, length)
                                       : lint_is_ms_uc_set(value, length);
    bool cpe_ocphone = lint_vendor_client(client, value, length) == UCPROV_CLIENT_CPE_OCPHONE;
    if (vendor_class != NULL) {
        snprintf(whose, sizeof(whose), "for %s",
                 ucprov_escape(quote, sizeof(quote), vendor_class, strlen(vendor_class)));
    } else {
        snprintf(whose, sizeof(whose), "%s",
                 guessed && !phones ? "not the phones'"
                 : cpe_ocphone      ? "for " UCPROV_CLASS_OCPHONE
                                    : "for " UCPROV_CLASS_MS_UC);
    }
    print_headline(out, UCPROV_OPTION_VENDOR, whose);
    fprintf(out, "%zu octets\n", length);
    if (phones) {
        print_sub_options(out, value, length, true);
        print_url(out, value, length);
    } else {
        print_other_set(out, value, length);
    }
    print_hex(out, value, length);
}

void
ucprov_explain_vendor_text(FILE *out, const char *vendor_class, const uint8_t *value, size_t length)
{
    explain_vendor(out, UCPROV_CLIENT_OTHER, vendor_class, value, length);
}

void
ucprov_explain_text(FILE *out, uint8_t code, enum ucprov_client client, const uint8_t *value,
                    size_t length)
{
    const char *name = ucprov_option_name(code);
    int error = UCPROV_ERANGE; /* the octets are of interest, too */
    size_t header = lint_own_header(code, value, length);
    if (header > 0) {
        fprintf(out, "Option %-3u  without %02x %02x in front:\n", code, value[0], value[1]);
        value += header;
        length -= header;
    }
    if (code == UCPROV_OPTION_VENDOR) {
        explain_vendor(out, client, NULL, value, length);
        return;
    }
    print_headline(out, code, name == NULL ? "(none of ours)" : name);
    switch (code) {
    case UCPROV_OPTION_DOMAIN_NAME:
        error = explain_domain_name(out, value, length);
        break;
    case UCPROV_OPTION_NTP_SERVERS:
        error = explain_ntp_servers(out, value, length);
        break;
    case UCPROV_OPTION_DOMAIN_SEARCH:
        explain_domain_search(out, value, length);
        break;
    case UCPROV_OPTION_SIP_SERVERS:
        explain_sip_server(out, value, length);
        break;
    default:
        fprintf(out, "%zu octets\n", length);
    }
    if (error != UCPROV_OK) {
        print_hex(out, value, length);
    }
}
