/* SPDX-License-Identifier: MPL-2.0 */
/* Picks the rules for an option, and adds the faults that only a whole answer shows: an option that
 * is missing, or that goes to the wrong client. The rules of single options are in lint_*.c. */
#include "option/lint_rules.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/hex.h"
#include "base/printable.h"

/* Hex digits pasted into a text field: two for each octet of the value that was meant, perhaps with
 * 0x in front. */
#define HEX_TEXT_MAX (2 * UCPROV_OPTION_WIRE_MAX + 2)

#define OWN_HEADER ((size_t)2) /* code and length, an octet each (RFC 2132 2) */

/* Would these octets make sense as the value of the option? Text that happens to consist of hex
 * digits, such as the domain "cafe", must not be taken for something else. */
static bool
is_plausible(uint8_t code, const uint8_t *value, size_t length)
{
    char domain[UCPROV_OPTION_WIRE_MAX + 1];
    struct ucprov_name name;
    struct ucprov_ms_uc_options service;
    int error;
    switch (code) {
    case UCPROV_OPTION_DOMAIN_NAME:
        return ucprov_domain_name_decode(domain, value, length) == UCPROV_OK &&
               strchr(domain, '.') != NULL;
    case UCPROV_OPTION_NTP_SERVERS:
        return length % sizeof(struct in_addr) == 0;
    case UCPROV_OPTION_VENDOR:
        error = ucprov_cert_prov_decode(&service, value, length);
        return ucprov_sub_option_name(value[0]) != NULL &&
               (error == UCPROV_OK || error == UCPROV_EWIRE_SHORT);
    case UCPROV_OPTION_SIP_SERVERS:
        return ucprov_sip_server_decode(&name, value, length) == UCPROV_OK;
    default:
        /* Names: there is a root label somewhere. */
        return code == UCPROV_OPTION_DOMAIN_SEARCH && memchr(value, 0, length) != NULL;
    }
}

/* 42 is an octet of an address, too; codes of sub-options and labels are never so large, and domain
 * names have no such octets. With a wrong length, what is behind has to make sense without them. */
size_t
lint_own_header(uint8_t code, const uint8_t *value, size_t length)
{
    if (length <= OWN_HEADER || value[0] != code) {
        return 0;
    }
    const uint8_t *rest = value + OWN_HEADER;
    size_t left = length - OWN_HEADER;
    if (code == UCPROV_OPTION_NTP_SERVERS) {
        return value[1] == left && left % sizeof(struct in_addr) == 0 ? OWN_HEADER : 0;
    }
    bool sound = value[1] == left || lint_is_text(rest, left) || is_plausible(code, rest, left);
    return sound ? OWN_HEADER : 0;
}

static void
report_own_header(struct ucprov_findings *findings, uint8_t code, const uint8_t *value,
                  size_t length)
{
    size_t left = length - OWN_HEADER;
    if (value[1] == left) {
        lint_add(findings, RULE_OWN_HEADER,
                 "the first two octets are the option's own code and length: %02x %02x, %u and %u.",
                 code, value[1], code, value[1]);
    } else {
        lint_add(findings, RULE_OWN_HEADER,
                 "the first two octets are the option's own code, %02x, and a length, %02x, which "
                 "says %u octets where %zu are.",
                 code, value[1], value[1], left);
    }
}

static bool
is_hex_text(uint8_t code, const uint8_t *value, size_t length)
{
    char text[HEX_TEXT_MAX + 1];
    uint8_t octets[UCPROV_OPTION_WIRE_MAX];
    if (length > HEX_TEXT_MAX || !lint_is_text(value, length)) {
        return false;
    }
    /* A NUL at the end ends the text, too. */
    memcpy(text, value, length);
    text[length] = '\0';
    if (text[strspn(text, "0123456789abcdefABCDEFx:")] != '\0') {
        return false;
    }
    int count = ucprov_hex_decode(octets, sizeof(octets), text);
    return count > 0 && is_plausible(code, octets, (size_t)count);
}

void
ucprov_lint_option(struct ucprov_findings *findings, uint8_t code, enum ucprov_client client,
                   const uint8_t *value, size_t length)
{
    if (ucprov_option_name(code) == NULL) {
        return;
    }
    if (length > UCPROV_OPTION_MAX) {
        lint_add(findings, RULE_TOO_LONG, "option %u has %zu octets.", code, length);
    }
    if (is_hex_text(code, value, length)) {
        char quote[QUOTE_SIZE];
        lint_add(findings, RULE_HEX_TEXT,
                 "option %u is text, the hex digits \"%s\", and not the octets they stand for.",
                 code, ucprov_escape(quote, sizeof(quote), value, length));
        return;
    }
    if (lint_own_header(code, value, length) > 0) {
        report_own_header(findings, code, value, length);
        value += OWN_HEADER;
        length -= OWN_HEADER;
    }
    switch (code) {
    case UCPROV_OPTION_DOMAIN_NAME:
        lint_domain_name(findings, value, length);
        return;
    case UCPROV_OPTION_NTP_SERVERS:
        lint_ntp_servers(findings, value, length);
        return;
    case UCPROV_OPTION_VENDOR:
        lint_vendor(findings, client, value, length);
        return;
    case UCPROV_OPTION_DOMAIN_SEARCH:
        lint_domain_search(findings, value, length);
        return;
    case UCPROV_OPTION_SIP_SERVERS:
        lint_sip_servers(findings, value, length);
        return;
    default:
        return;
    }
}

/* Other clients have an option 43 of their own, which is nothing of ours unless it says so. */
static void
lint_answer_option(struct ucprov_findings *findings, enum ucprov_client client,
                   const struct ucprov_option_view *option)
{
    if (client != UCPROV_CLIENT_OTHER || option->code != UCPROV_OPTION_VENDOR) {
        ucprov_lint_option(findings, option->code, client, option->value, option->length);
    } else if (lint_is_ms_uc_set(option->value, option->length)) {
        lint_add(findings, RULE_VENDOR_FOREIGN,
                 "option 43 is the MS-UC-Client set, and goes to a client that is none.");
    } else if (lint_is_voice_vlan_set(option->value, option->length)) {
        lint_add(findings, RULE_VENDOR_FOREIGN_VLAN,
                 "option 43 is the CPE-OCPHONE set, and goes to a client that is none.");
    }
}

static bool
has_option(const struct ucprov_option_view *options, size_t count, uint8_t code)
{
    for (size_t i = 0; i < count; i++) {
        if (options[i].code == code) {
            return true;
        }
    }
    return false;
}

static void
lint_missing_options(struct ucprov_findings *findings, enum ucprov_client client,
                     const struct ucprov_option_view *options, size_t count)
{
    bool has_vendor = has_option(options, count, UCPROV_OPTION_VENDOR);
    if (client == UCPROV_CLIENT_CPE_OCPHONE && !has_vendor) {
        lint_add(findings, RULE_ANSWER_NO_VOICE_VLAN, "the answer has no option 43.");
    }
    if (client != UCPROV_CLIENT_MS_UC) {
        return;
    }
    if (!has_vendor) {
        lint_add(findings, RULE_ANSWER_NO_VENDOR, "the answer has no option 43.");
    }
    if (!has_option(options, count, UCPROV_OPTION_SIP_SERVERS)) {
        lint_add(findings, RULE_ANSWER_NO_SIP, "the answer has no option 120.");
    }
    if (!has_option(options, count, UCPROV_OPTION_NTP_SERVERS)) {
        lint_add(findings, RULE_NTP_MISSING,
                 "the answer has no option 42; the phone's first DHCP answer may have one.");
    }
}

void
ucprov_lint_answer(struct ucprov_findings *findings, enum ucprov_client client,
                   const struct ucprov_option_view *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        lint_answer_option(findings, client, &options[i]);
    }
    lint_missing_options(findings, client, options, count);
}
