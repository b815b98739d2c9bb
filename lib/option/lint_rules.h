/* SPDX-License-Identifier: MPL-2.0 */
/* The rules of lint, and what its parts share. */
#ifndef LINT_RULES_H
#define LINT_RULES_H

#include <stdbool.h>

#include "option/lint.h"

enum lint_rule {
    RULE_TOO_LONG,
    RULE_HEX_TEXT,
    RULE_OWN_HEADER,

    RULE_DOMAIN_EMPTY,
    RULE_DOMAIN_NUL,
    RULE_DOMAIN_LIST,
    RULE_DOMAIN_NAME,

    RULE_NTP_EMPTY,
    RULE_NTP_ASCII,
    RULE_NTP_LENGTH,
    RULE_NTP_ADDRESS,
    RULE_NTP_MISSING,

    RULE_VENDOR_EMPTY,
    RULE_VENDOR_ASCII,
    RULE_VENDOR_OTHER,
    RULE_VENDOR_CUT_90,
    RULE_VENDOR_CUT,
    RULE_VENDOR_END_OCTET,
    RULE_VENDOR_PADDING,
    RULE_VENDOR_DUPLICATE,
    RULE_VENDOR_UNKNOWN,
    RULE_VENDOR_MISSING,
    RULE_VENDOR_FOREIGN,
    RULE_VENDOR_FOREIGN_VLAN,
    RULE_VENDOR_MIXED,
    RULE_VENDOR_NUL,
    RULE_VENDOR_IDENTIFIER_CASE,
    RULE_VENDOR_IDENTIFIER,
    RULE_VENDOR_SCHEME,
    RULE_VENDOR_SCHEME_HTTP,
    RULE_VENDOR_WEB_SERVER,
    RULE_VENDOR_PORT_INTEGER,
    RULE_VENDOR_PORT,
    RULE_VENDOR_PATH,
    RULE_VENDOR_PATH_OTHER,
    RULE_VENDOR_VOICE_VLAN,
    RULE_VENDOR_VOICE_VLAN_ENCODING,

    RULE_SEARCH_EMPTY,
    RULE_SEARCH_ASCII,
    RULE_SEARCH_NO_ROOT,
    RULE_SEARCH_MALFORMED,
    RULE_SEARCH_NAME,
    RULE_SEARCH_COMPRESSED,

    RULE_SIP_EMPTY,
    RULE_SIP_ASCII,
    RULE_SIP_ENCODING_IP,
    RULE_SIP_ENCODING,
    RULE_SIP_NO_ROOT,
    RULE_SIP_MALFORMED,
    RULE_SIP_NAME,
    RULE_SIP_COMPRESSED,
    RULE_SIP_TWO_NAMES,
    RULE_SIP_TRAILING,

    RULE_ANSWER_NO_VENDOR,
    RULE_ANSWER_NO_VOICE_VLAN,
    RULE_ANSWER_NO_SIP,

    RULE_COUNT
};

/* Room for a value quoted in a finding; longer ones are cut with "...". */
#define QUOTE_SIZE 49

/* Adds a finding of the rule, with this text. */
void lint_add(struct ucprov_findings *findings, enum lint_rule rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Nothing but printable ASCII, and something of it; NULs may follow. */
bool lint_is_text(const uint8_t *value, size_t length);

/* One per option; lengths above 253 and hex digits as text are found before. */
void lint_domain_name(struct ucprov_findings *findings, const uint8_t *value, size_t length);
void lint_ntp_servers(struct ucprov_findings *findings, const uint8_t *value, size_t length);
void lint_vendor(struct ucprov_findings *findings, enum ucprov_client client, const uint8_t *value,
                 size_t length);
void lint_domain_search(struct ucprov_findings *findings, const uint8_t *value, size_t length);
void lint_sip_servers(struct ucprov_findings *findings, const uint8_t *value, size_t length);

/* How many octets at its beginning are the option's own code and length, which belong in front of
 * its value: 2, or 0. */
size_t lint_own_header(uint8_t code, const uint8_t *value, size_t length);

/* Does an option 43 have anything of the phones' sets, however damaged? Text and nothing have not.
 * `client` is whose it is; UCPROV_CLIENT_OTHER: not known. */
bool lint_is_phones_set(enum ucprov_client client, const uint8_t *value, size_t length);

/* Whose option 43 that is: `client`, or the best guess where it is UCPROV_CLIENT_OTHER. */
enum ucprov_client lint_vendor_client(enum ucprov_client client, const uint8_t *value,
                                      size_t length);

/* An MS-UC-Client set, whatever else is wrong with it: sub-option 1 says so. */
bool lint_is_ms_uc_set(const uint8_t *value, size_t length);

/* Sub-option 10 with a VLAN id, and nothing else. */
bool lint_is_voice_vlan_set(const uint8_t *value, size_t length);

#endif
