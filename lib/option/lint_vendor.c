/* SPDX-License-Identifier: MPL-2.0 */
/* Option 43: what each client's set of sub-options has to be. */
#include "option/lint_rules.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/hex.h"
#include "base/printable.h"
#include "option/other_vendor.h"

#define SUBS_TRACKED      (UCPROV_SUB_VOICE_VLAN + 1)
#define IDENTIFIER_LEAST  2 /* octets of sub-option 1, by which it is recognized */
#define MISSING_TEXT_SIZE 128
#define PORT_HEX_SIZE     (2 * sizeof(uint32_t) + 1)

/* The sub-options that we know, each as it came first. */
struct vendor_set {
    bool has[SUBS_TRACKED];
    bool whole[SUBS_TRACKED]; /* and it is not cut off */
    struct ucprov_sub_option first[SUBS_TRACKED];
    size_t count; /* of sub-options, those that we do not know, too */
    bool cut;
};

/* `length` is that of the whole option. */
static void
report_cut(struct ucprov_findings *findings, const struct ucprov_sub_option *sub, size_t length)
{
    bool cisco = length == UCPROV_CISCO_IOS_CUT;
    enum lint_rule rule = cisco ? RULE_VENDOR_CUT_90 : RULE_VENDOR_CUT;
    const char *place = cisco ? ", which is where Cisco IOS cuts \"option 43 hex\"" : "";
    if (sub->claimed > 0) {
        lint_add(findings, rule,
                 "sub-option %u says %u octets and has %u: the value was cut at %zu octets%s.",
                 sub->code, sub->claimed, sub->length, length, place);
    } else {
        lint_add(findings, rule,
                 "sub-option %u has not even a length octet: the value was cut at %zu octets%s.",
                 sub->code, length, place);
    }
}

static void
report_end(struct ucprov_findings *findings, const struct ucprov_reader *reader)
{
    size_t place = (size_t)(reader->position - reader->start);
    size_t left = ucprov_reader_left(reader);
    if (left == 0) {
        lint_add(findings, RULE_VENDOR_END_OCTET,
                 "octet 255 after the last sub-option (octet %zu of the value).", place);
    } else {
        lint_add(findings, RULE_VENDOR_END_OCTET,
                 "octet 255 after the last sub-option (octet %zu of the value), and %zu %s behind "
                 "it.",
                 place, left, left == 1 ? "octet" : "octets");
    }
}

static void
take_sub_option(struct ucprov_findings *findings, struct vendor_set *set,
                const struct ucprov_sub_option *sub)
{
    const char *name = ucprov_sub_option_name(sub->code);
    if (name == NULL) {
        lint_add(findings, RULE_VENDOR_UNKNOWN, "sub-option %u is none of theirs.", sub->code);
    } else if (set->has[sub->code]) {
        lint_add(findings, RULE_VENDOR_DUPLICATE, "sub-option %u (%s) is there more than once.",
                 sub->code, name);
    } else {
        set->has[sub->code] = true;
        set->whole[sub->code] = !set->cut;
        set->first[sub->code] = *sub;
    }
}

/* Walks the sub-options, reports what is wrong with their frame, and takes note of each. */
static void
walk_set(struct ucprov_findings *findings, struct vendor_set *set, const uint8_t *value,
         size_t length)
{
    struct ucprov_reader reader;
    struct ucprov_sub_option sub;
    size_t padding = 0;
    ucprov_reader_init(&reader, value, length);
    while (ucprov_sub_option_next(&reader, &sub)) {
        if (sub.code == UCPROV_SUB_END) {
            report_end(findings, &reader);
            break;
        }
        if (sub.code == UCPROV_SUB_PAD) {
            padding++;
            continue;
        }
        set->cut = reader.error != UCPROV_OK;
        if (set->cut) {
            report_cut(findings, &sub, length);
        }
        set->count++;
        take_sub_option(findings, set, &sub);
    }
    if (padding > 0) {
        lint_add(findings, RULE_VENDOR_PADDING, "%zu %s of padding (0) between sub-options.",
                 padding, padding == 1 ? "octet" : "octets");
    }
}

/* The text of a sub-option without NULs at its end, which are reported. NULL when it has no text to
 * look at: it is not there, or cut off. */
static const char *
sub_text(struct ucprov_findings *findings, const struct vendor_set *set, uint8_t code,
         char text[UCPROV_OPTION_WIRE_MAX + 1])
{
    const struct ucprov_sub_option *sub = &set->first[code];
    if (!set->whole[code]) {
        return NULL;
    }
    memcpy(text, sub->value, sub->length);
    text[sub->length] = '\0';
    if (strlen(text) < sub->length) {
        lint_add(findings, RULE_VENDOR_NUL,
                 "sub-option %u (%s) has octet 0 at place %zu of its %u.", code,
                 ucprov_sub_option_name(code), strlen(text) + 1, sub->length);
    }
    return text;
}

static char *
quote_text(char quote[QUOTE_SIZE], const char *text)
{
    return ucprov_escape(quote, QUOTE_SIZE, text, strlen(text));
}

static void
lint_identifier(struct ucprov_findings *findings, const struct vendor_set *set)
{
    char buffer[UCPROV_OPTION_WIRE_MAX + 1];
    char quote[QUOTE_SIZE];
    const char *text = sub_text(findings, set, UCPROV_SUB_UC_IDENTIFIER, buffer);
    if (text == NULL || strcmp(text, UCPROV_CLASS_MS_UC) == 0) {
        return;
    }
    bool only_case = strcasecmp(text, UCPROV_CLASS_MS_UC) == 0;
    lint_add(findings, only_case ? RULE_VENDOR_IDENTIFIER_CASE : RULE_VENDOR_IDENTIFIER,
             "sub-option 1 (UCIdentifier) is \"%s\".", quote_text(quote, text));
}

static void
lint_scheme(struct ucprov_findings *findings, const struct vendor_set *set)
{
    char buffer[UCPROV_OPTION_WIRE_MAX + 1];
    char quote[QUOTE_SIZE];
    const char *text = sub_text(findings, set, UCPROV_SUB_URL_SCHEME, buffer);
    if (text == NULL || strcmp(text, UCPROV_CERT_PROV_SCHEME) == 0) {
        return;
    }
    bool http = strcmp(text, "http") == 0;
    lint_add(findings, http ? RULE_VENDOR_SCHEME_HTTP : RULE_VENDOR_SCHEME,
             "sub-option 2 (URLScheme) is \"%s\".", quote_text(quote, text));
}

static void
lint_web_server(struct ucprov_findings *findings, const struct vendor_set *set)
{
    char buffer[UCPROV_OPTION_WIRE_MAX + 1];
    char quote[QUOTE_SIZE];
    const char *text = sub_text(findings, set, UCPROV_SUB_WEB_SERVER_FQDN, buffer);
    int error = text == NULL ? UCPROV_OK : ucprov_name_check_host(text);
    if (error != UCPROV_OK) {
        lint_add(findings, RULE_VENDOR_WEB_SERVER, "sub-option 3 (WebServerFqdn) is \"%s\": %s.",
                 quote_text(quote, text), ucprov_strerror(error));
    }
}

/* 443 as an integer is 01bb or 000001bb: no text that anybody would write. */
static bool
is_port_integer(const struct ucprov_sub_option *sub)
{
    return (sub->length == sizeof(uint16_t) || sub->length == sizeof(uint32_t)) &&
           !lint_is_text(sub->value, sub->length);
}

static bool
is_port_text(const char *text)
{
    unsigned long number = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || text[digits] != '\0') {
        return false;
    }
    for (; *text != '\0' && number <= UINT16_MAX; text++) {
        number = number * 10 + (unsigned long)(*text - '0');
    }
    return number > 0 && number <= UINT16_MAX;
}

static void
lint_port(struct ucprov_findings *findings, const struct vendor_set *set)
{
    const struct ucprov_sub_option *sub = &set->first[UCPROV_SUB_WEB_SERVER_PORT];
    char buffer[UCPROV_OPTION_WIRE_MAX + 1];
    char quote[QUOTE_SIZE];
    if (set->whole[UCPROV_SUB_WEB_SERVER_PORT] && is_port_integer(sub)) {
        char hex[PORT_HEX_SIZE];
        lint_add(findings, RULE_VENDOR_PORT_INTEGER,
                 "sub-option 4 (WebServerPort) is an integer, %s in %u octets.",
                 ucprov_hex_encode(hex, sub->value, sub->length), sub->length);
        return;
    }
    const char *text = sub_text(findings, set, UCPROV_SUB_WEB_SERVER_PORT, buffer);
    if (text != NULL && !is_port_text(text)) {
        lint_add(findings, RULE_VENDOR_PORT, "sub-option 4 (WebServerPort) is \"%s\".",
                 quote_text(quote, text));
    }
}

static void
lint_path(struct ucprov_findings *findings, const struct vendor_set *set)
{
    char buffer[UCPROV_OPTION_WIRE_MAX + 1];
    char quote[QUOTE_SIZE];
    const char *text = sub_text(findings, set, UCPROV_SUB_CERT_PROV_REL_PATH, buffer);
    if (text == NULL || strcmp(text, UCPROV_CERT_PROV_PATH) == 0) {
        return;
    }
    lint_add(findings, text[0] == '/' ? RULE_VENDOR_PATH_OTHER : RULE_VENDOR_PATH,
             "sub-option 5 (CertProvRelPath) is \"%s\".", quote_text(quote, text));
}

static void
lint_voice_vlan(struct ucprov_findings *findings, const struct vendor_set *set)
{
    const struct ucprov_sub_option *sub = &set->first[UCPROV_SUB_VOICE_VLAN];
    uint16_t id;
    enum ucprov_vlan_encoding encoding;
    char quote[QUOTE_SIZE];
    if (!set->whole[UCPROV_SUB_VOICE_VLAN]) {
        return;
    }
    if (ucprov_voice_vlan_decode(&id, &encoding, sub->value, sub->length) != UCPROV_OK) {
        bool address = other_vendor_is_address(sub->value, sub->length);
        ucprov_escape(quote, sizeof(quote), sub->value, sub->length);
        lint_add(findings, RULE_VENDOR_VOICE_VLAN,
                 "sub-option 10 (VoiceVLAN), %u %s, is no VLAN id: \"%s\"%s.", sub->length,
                 sub->length == 1 ? "octet" : "octets", quote,
                 address ? ", an IPv4 address, as SIP-DECT base stations need it (in an option 43 "
                           "of their own)"
                         : "");
    } else if (encoding != UCPROV_VLAN_UINT16) {
        lint_add(findings, RULE_VENDOR_VOICE_VLAN_ENCODING,
                 "sub-option 10 (VoiceVLAN) gives VLAN %u as %s.", id,
                 encoding == UCPROV_VLAN_ASCII ? "decimal digits" : "four octets");
    }
}

static void
lint_ms_uc_missing(struct ucprov_findings *findings, const struct vendor_set *set)
{
    /* 4 may be left out. */
    static const uint8_t needed[] = {UCPROV_SUB_UC_IDENTIFIER, UCPROV_SUB_URL_SCHEME,
                                     UCPROV_SUB_WEB_SERVER_FQDN, UCPROV_SUB_CERT_PROV_REL_PATH};
    char text[MISSING_TEXT_SIZE] = "";
    size_t used = 0;
    for (size_t i = 0; i < sizeof(needed); i++) {
        if (!set->has[needed[i]]) {
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%u (%s)",
                                     used == 0 ? "" : ", ", needed[i],
                                     ucprov_sub_option_name(needed[i]));
        }
    }
    /* What is cut off is missing for that reason, which has been said. */
    if (used > 0 && !set->cut) {
        lint_add(findings, RULE_VENDOR_MISSING, "no sub-option %s.", text);
    }
}

static void
lint_ms_uc(struct ucprov_findings *findings, const struct vendor_set *set)
{
    lint_identifier(findings, set);
    lint_scheme(findings, set);
    lint_web_server(findings, set);
    lint_port(findings, set);
    lint_path(findings, set);
    lint_voice_vlan(findings, set);
    lint_ms_uc_missing(findings, set);
}

static bool
has_ms_uc_sub_option(const struct vendor_set *set)
{
    for (uint8_t code = UCPROV_SUB_UC_IDENTIFIER; code <= UCPROV_SUB_CERT_PROV_REL_PATH; code++) {
        if (set->has[code]) {
            return true;
        }
    }
    return false;
}

static void
lint_cpe_ocphone(struct ucprov_findings *findings, const struct vendor_set *set)
{
    bool has_voice_vlan = set->has[UCPROV_SUB_VOICE_VLAN];
    if (has_ms_uc_sub_option(set)) {
        lint_add(findings, has_voice_vlan ? RULE_VENDOR_MIXED : RULE_VENDOR_FOREIGN,
                 "sub-options 1 to 5 are for MS-UC-Client, and this goes to CPE-OCPHONE%s.",
                 has_voice_vlan ? ", along with sub-option 10" : ", which reads sub-option 10");
    } else if (!has_voice_vlan && !set->cut) {
        lint_add(findings, RULE_VENDOR_MISSING, "no sub-option 10 (VoiceVLAN).");
    }
    lint_voice_vlan(findings, set);
}

/* A client that is not known is guessed from what it gets. */
static enum ucprov_client
whose(enum ucprov_client client, const struct vendor_set *set)
{
    if (client != UCPROV_CLIENT_OTHER) {
        return client;
    }
    bool only_voice_vlan = set->has[UCPROV_SUB_VOICE_VLAN] && !has_ms_uc_sub_option(set);
    return only_voice_vlan ? UCPROV_CLIENT_CPE_OCPHONE : UCPROV_CLIENT_MS_UC;
}

/* Sub-option 1, cut off or not, in whatever case. */
static bool
is_identifier(const struct ucprov_sub_option *sub)
{
    size_t whole = strlen(UCPROV_CLASS_MS_UC);
    size_t length = sub->length < whole ? sub->length : whole;
    return (sub->length >= IDENTIFIER_LEAST || sub->claimed == whole) &&
           strncasecmp((const char *)sub->value, UCPROV_CLASS_MS_UC, length) == 0;
}

static bool
has_text(const struct ucprov_sub_option *sub, const char *text)
{
    return memmem(sub->value, sub->length, text, strlen(text)) != NULL;
}

/* A server's name, and a port in whatever form. */
static bool
is_server(const struct ucprov_sub_option *server, const struct ucprov_sub_option *port)
{
    char name[UCPROV_OPTION_WIRE_MAX + 1];
    memcpy(name, server->value, server->length);
    name[server->length] = '\0';
    return ucprov_name_check_host(name) == UCPROV_OK &&
           (is_port_integer(port) || lint_is_text(port->value, port->length));
}

/* A VLAN id; or what should have been one: it stands alone, or has the size of one. */
static bool
is_voice_vlan(enum ucprov_client client, const struct vendor_set *set)
{
    const struct ucprov_sub_option *sub = &set->first[UCPROV_SUB_VOICE_VLAN];
    uint16_t id;
    enum ucprov_vlan_encoding encoding;
    if (!set->has[UCPROV_SUB_VOICE_VLAN]) {
        return false;
    }
    return client == UCPROV_CLIENT_CPE_OCPHONE ||
           ucprov_voice_vlan_decode(&id, &encoding, sub->value, sub->length) == UCPROV_OK ||
           ((set->count == 1 || sub->length <= sizeof(uint32_t)) &&
            !other_vendor_is_address(sub->value, sub->length));
}

static void
walk_silently(struct vendor_set *set, const uint8_t *value, size_t length)
{
    struct ucprov_findings unread = {.count = 0};
    *set = (struct vendor_set){.cut = false};
    walk_set(&unread, set, value, length);
    ucprov_findings_clear(&unread);
}

bool
lint_is_phones_set(enum ucprov_client client, const uint8_t *value, size_t length)
{
    struct vendor_set set;
    if (length == 0 || lint_is_text(value, length)) {
        return false;
    }
    walk_silently(&set, value, length);
    const struct ucprov_sub_option *subs = set.first;
    /* Too little is left to tell: the cut is what matters. */
    bool stub =
        set.cut && set.count == 1 && value[0] != UCPROV_SUB_PAD && has_ms_uc_sub_option(&set);
    return stub ||
           (set.has[UCPROV_SUB_UC_IDENTIFIER] && is_identifier(&subs[UCPROV_SUB_UC_IDENTIFIER])) ||
           (set.has[UCPROV_SUB_URL_SCHEME] && has_text(&subs[UCPROV_SUB_URL_SCHEME], "http")) ||
           (set.has[UCPROV_SUB_CERT_PROV_REL_PATH] &&
            has_text(&subs[UCPROV_SUB_CERT_PROV_REL_PATH], "CertProv")) ||
           (set.has[UCPROV_SUB_WEB_SERVER_FQDN] && set.has[UCPROV_SUB_WEB_SERVER_PORT] &&
            is_server(&subs[UCPROV_SUB_WEB_SERVER_FQDN], &subs[UCPROV_SUB_WEB_SERVER_PORT])) ||
           is_voice_vlan(client, &set);
}

bool
lint_is_voice_vlan_set(const uint8_t *value, size_t length)
{
    struct vendor_set set;
    uint16_t id;
    enum ucprov_vlan_encoding encoding;
    walk_silently(&set, value, length);
    const struct ucprov_sub_option *sub = &set.first[UCPROV_SUB_VOICE_VLAN];
    return set.count == 1 && set.whole[UCPROV_SUB_VOICE_VLAN] &&
           ucprov_voice_vlan_decode(&id, &encoding, sub->value, sub->length) == UCPROV_OK;
}

/* Nothing that would mend it for phones: what is right for others would be lost. */
static void
report_other(struct ucprov_findings *findings, const uint8_t *value, size_t length)
{
    const struct other_vendor *vendor = other_vendor_find(value, length);
    if (vendor == NULL) {
        lint_add(findings, RULE_VENDOR_OTHER,
                 "option 43 is not the phones' set: none of its sub-options has their form.");
    } else {
        lint_add(findings, RULE_VENDOR_OTHER,
                 "option 43 is not the phones' set; it looks like that of %s: %s.", vendor->whose,
                 vendor->why);
    }
}

static void
report_text(struct ucprov_findings *findings, const uint8_t *value, size_t length)
{
    const struct other_vendor *vendor = other_vendor_find(value, length);
    char quote[QUOTE_SIZE];
    ucprov_escape(quote, sizeof(quote), value, length);
    if (vendor == NULL) {
        lint_add(findings, RULE_VENDOR_ASCII, "option 43 is the text \"%s\".", quote);
    } else {
        lint_add(findings, RULE_VENDOR_ASCII,
                 "option 43 is the text \"%s\", not the phones' set; it looks like that of %s: "
                 "%s.",
                 quote, vendor->whose, vendor->why);
    }
}

void
lint_vendor(struct ucprov_findings *findings, enum ucprov_client client, const uint8_t *value,
            size_t length)
{
    struct vendor_set set = {.cut = false};
    if (length == 0) {
        lint_add(findings, RULE_VENDOR_EMPTY, "option 43 is empty.");
        return;
    }
    /* Every code of ours is below the printable ones. */
    if (lint_is_text(value, length)) {
        report_text(findings, value, length);
        return;
    }
    if (!lint_is_phones_set(client, value, length)) {
        report_other(findings, value, length);
        return;
    }
    walk_set(findings, &set, value, length);
    if (whose(client, &set) == UCPROV_CLIENT_CPE_OCPHONE) {
        lint_cpe_ocphone(findings, &set);
    } else {
        lint_ms_uc(findings, &set);
    }
}

enum ucprov_client
lint_vendor_client(enum ucprov_client client, const uint8_t *value, size_t length)
{
    struct vendor_set set;
    walk_silently(&set, value, length);
    return whose(client, &set);
}

bool
lint_is_ms_uc_set(const uint8_t *value, size_t length)
{
    struct ucprov_reader reader;
    struct ucprov_sub_option sub;
    ucprov_reader_init(&reader, value, length);
    while (ucprov_sub_option_next(&reader, &sub) && sub.code != UCPROV_SUB_END) {
        if (sub.code == UCPROV_SUB_UC_IDENTIFIER && sub.length >= strlen(UCPROV_CLASS_MS_UC) &&
            strncasecmp((const char *)sub.value, UCPROV_CLASS_MS_UC, strlen(UCPROV_CLASS_MS_UC)) ==
                0) {
            return true;
        }
    }
    return false;
}

const char *
ucprov_vendor_likeness(const uint8_t *value, size_t length)
{
    const struct other_vendor *vendor = other_vendor_find(value, length);
    return vendor == NULL ? NULL : vendor->whose;
}
