/* SPDX-License-Identifier: MPL-2.0 */
/* Fails are what contradicts the format that the phones are known to take; warnings are where the
 * phones' behavior is not known. */
#include "option/lint_rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PRINTABLE_FIRST 0x20
#define PRINTABLE_LAST  0x7e

#define SIP_SHAPE    "Send octet 0, then one name as labels with the root label at its end."
#define SEARCH_SHAPE "Send each domain as labels with a root label at its end (RFC 3397)."
#define STRING_SHAPE "Send it as unterminated ASCII."
#define SUB_SHAPE    "Send sub-options 1 to 5, each as code, length and value."
#define OWN_OPTION_43                                                                              \
    "Each vendor class needs an option 43 of its own: leave this one to the devices it is for."
#define SUB_10_SHAPE   "Send a VLAN id from 1 to 4094 as two octets, high octet first."
#define ONE_BY_ONE     "Send each sub-option once, and nothing in between."
#define ADDRESSES_ONLY "Send the servers' addresses, four octets each."

static const struct ucprov_lint_rule rules[RULE_COUNT] = {
    [RULE_TOO_LONG] = {"any.too-long", UCPROV_WARN,
                       "Keep it within 253 octets: Kea 2.2 splits longer ones, and whether the "
                       "phones join the parts is not known."},
    [RULE_HEX_TEXT] = {"any.hex-text", UCPROV_FAIL, "Enter the value as hex, not as a string."},
    [RULE_OWN_HEADER] = {"any.own-header", UCPROV_FAIL,
                         "Take them away: DHCP servers put code and length in front themselves."},

    [RULE_DOMAIN_EMPTY] = {"domain.empty", UCPROV_FAIL, "Send the domain, or leave 15 out."},
    [RULE_DOMAIN_NUL] = {"domain.nul", UCPROV_FAIL, STRING_SHAPE},
    [RULE_DOMAIN_LIST] = {"domain.list", UCPROV_FAIL,
                          "Send one domain here, and the list in option 119."},
    [RULE_DOMAIN_NAME] = {"domain.name", UCPROV_FAIL,
                          "Send one domain name as ASCII, such as contoso.com."},

    [RULE_NTP_EMPTY] = {"ntp.empty", UCPROV_FAIL, ADDRESSES_ONLY},
    [RULE_NTP_ASCII] = {"ntp.ascii", UCPROV_FAIL, ADDRESSES_ONLY},
    [RULE_NTP_LENGTH] = {"ntp.length", UCPROV_FAIL, ADDRESSES_ONLY},
    [RULE_NTP_ADDRESS] = {"ntp.address", UCPROV_FAIL, "Send the address of a time server."},
    [RULE_NTP_MISSING] = {"ntp.missing", UCPROV_WARN,
                          "Send option 42, or have SRV _ntp._udp.<SIP domain> or A "
                          "time.windows.com in the DNS: without time there is no TLS."},

    [RULE_VENDOR_EMPTY] = {"vendor.empty", UCPROV_FAIL, SUB_SHAPE},
    [RULE_VENDOR_ASCII] = {"vendor.ascii", UCPROV_FAIL,
                           "Where option 60 is MS-UC-Client, send sub-options 1 to 5, each as "
                           "code, length and value. " OWN_OPTION_43},
    [RULE_VENDOR_OTHER] = {"vendor.other", UCPROV_FAIL,
                           "Where option 60 is MS-UC-Client, send sub-options 1 to 5; where it is "
                           "CPE-OCPHONE, 10. " OWN_OPTION_43},
    [RULE_VENDOR_CUT_90] = {"vendor.cut-90", UCPROV_FAIL,
                            "The phone will not offer PIN sign-in. Use \"option ext 43 hex\"."},
    [RULE_VENDOR_CUT] = {"vendor.cut", UCPROV_FAIL,
                         "Send the whole value; look for what limits its length, or for a wrong "
                         "length octet."},
    [RULE_VENDOR_END_OCTET] = {"vendor.end-octet", UCPROV_FAIL,
                               "Send the sub-options alone: dnsmasq adds an END octet to vendor "
                               "options made one by one, so give it the whole value as hex."},
    [RULE_VENDOR_PADDING] = {"vendor.padding", UCPROV_FAIL, ONE_BY_ONE},
    [RULE_VENDOR_DUPLICATE] = {"vendor.duplicate", UCPROV_FAIL,
                               "Which one a phone takes is not known. " ONE_BY_ONE},
    [RULE_VENDOR_UNKNOWN] =
        {"vendor.unknown", UCPROV_WARN,
         "The phones are known to read 1 to 5 and 10: leave it out here. If other "
         "devices need it, it belongs in an option 43 for their vendor class."},
    [RULE_VENDOR_MISSING] = {"vendor.missing", UCPROV_FAIL, "Add what is missing."},
    [RULE_VENDOR_FOREIGN] = {"vendor.foreign", UCPROV_FAIL,
                             "Send it only where option 60 is MS-UC-Client: others take it for "
                             "something else."},
    [RULE_VENDOR_FOREIGN_VLAN] = {"vendor.foreign-vlan", UCPROV_WARN,
                                  "Send it only where option 60 is CPE-OCPHONE: others may take it "
                                  "for something else."},
    [RULE_VENDOR_MIXED] = {"vendor.mixed", UCPROV_WARN,
                           "Send sub-option 10 alone where option 60 is CPE-OCPHONE."},
    [RULE_VENDOR_NUL] = {"vendor.nul", UCPROV_FAIL,
                         "Send unterminated ASCII: define it as binary or hex where a string type "
                         "adds the NUL (as Windows' does)."},
    [RULE_VENDOR_IDENTIFIER_CASE] = {"vendor.identifier-case", UCPROV_FAIL,
                                     "Write it MS-UC-Client: case matters."},
    [RULE_VENDOR_IDENTIFIER] = {"vendor.identifier", UCPROV_FAIL, "It has to be MS-UC-Client."},
    [RULE_VENDOR_SCHEME] = {"vendor.scheme", UCPROV_FAIL, "It has to be https, in lower case."},
    [RULE_VENDOR_SCHEME_HTTP] = {"vendor.scheme-http", UCPROV_WARN,
                                 "Every real sample says https, even where the phone then comes by "
                                 "http; use https."},
    [RULE_VENDOR_WEB_SERVER] = {"vendor.web-server", UCPROV_FAIL,
                                "It has to be the fully qualified name of the web server."},
    [RULE_VENDOR_PORT_INTEGER] = {"vendor.port-integer", UCPROV_FAIL,
                                  "Send the port as text: 443 is the octets 343433."},
    [RULE_VENDOR_PORT] = {"vendor.port", UCPROV_FAIL,
                          "Send a port from 1 to 65535 as text, such as 443, or leave it out."},
    [RULE_VENDOR_PATH] = {"vendor.path", UCPROV_FAIL,
                          "It has to be /CertProv/CertProvisioningService.svc, with the slash."},
    [RULE_VENDOR_PATH_OTHER] = {"vendor.path-other", UCPROV_WARN,
                                "Lync and Skype for Business have the service at "
                                "/CertProv/CertProvisioningService.svc; use that unless yours "
                                "really is elsewhere."},
    [RULE_VENDOR_VOICE_VLAN] = {"vendor.voice-vlan", UCPROV_FAIL, SUB_10_SHAPE},
    [RULE_VENDOR_VOICE_VLAN_ENCODING] = {"vendor.voice-vlan-encoding", UCPROV_WARN,
                                         "What a phone takes is not certain: two octets are the "
                                         "default, AudioCodes documents decimal digits. Try the "
                                         "other encoding if phones stay where they are."},

    [RULE_SEARCH_EMPTY] = {"search.empty", UCPROV_FAIL, "Send a domain, or leave 119 out."},
    [RULE_SEARCH_ASCII] = {"search.ascii", UCPROV_FAIL, SEARCH_SHAPE},
    [RULE_SEARCH_NO_ROOT] = {"search.no-root", UCPROV_FAIL, SEARCH_SHAPE},
    [RULE_SEARCH_MALFORMED] = {"search.malformed", UCPROV_FAIL, SEARCH_SHAPE},
    [RULE_SEARCH_NAME] = {"search.name", UCPROV_FAIL, SEARCH_SHAPE},
    [RULE_SEARCH_COMPRESSED] = {"search.compressed", UCPROV_WARN,
                                "Real samples for these phones are uncompressed: shorten the list "
                                "until it fits without, if phones do not find their domains."},

    [RULE_SIP_EMPTY] = {"sip.empty", UCPROV_FAIL, SIP_SHAPE},
    [RULE_SIP_ASCII] = {"sip.ascii", UCPROV_FAIL, SIP_SHAPE},
    [RULE_SIP_ENCODING_IP] = {"sip.encoding-ip", UCPROV_FAIL, SIP_SHAPE},
    [RULE_SIP_ENCODING] = {"sip.encoding", UCPROV_FAIL, SIP_SHAPE},
    [RULE_SIP_NO_ROOT] = {"sip.no-root", UCPROV_FAIL, "Add an octet 0 at the end."},
    [RULE_SIP_MALFORMED] = {"sip.malformed", UCPROV_FAIL, SIP_SHAPE},
    [RULE_SIP_NAME] = {"sip.name", UCPROV_FAIL,
                       "It has to be the fully qualified name of the registrar, a label each "
                       "between the dots."},
    [RULE_SIP_COMPRESSED] = {"sip.compressed", UCPROV_WARN,
                             "Every real sample is uncompressed: write the labels out."},
    [RULE_SIP_TWO_NAMES] = {"sip.two-names", UCPROV_FAIL, "Send one name, that of the registrar."},
    [RULE_SIP_TRAILING] = {"sip.trailing", UCPROV_FAIL, "End the value with the root label."},

    [RULE_ANSWER_NO_VENDOR] = {"answer.no-vendor", UCPROV_FAIL,
                               "An MS-UC-Client needs 43 and 120 in one answer: send it "
                               "sub-options 1 to 5."},
    [RULE_ANSWER_NO_VOICE_VLAN] = {"answer.no-voice-vlan", UCPROV_WARN,
                                   "The phone boots on without a voice VLAN: send sub-option 10 if "
                                   "it should have one and LLDP does not say which."},
    [RULE_ANSWER_NO_SIP] = {"answer.no-sip", UCPROV_FAIL,
                            "An MS-UC-Client needs 43 and 120 in one answer: send the "
                            "registrar's name."},
};

const struct ucprov_lint_rule *
ucprov_lint_rules(size_t *count)
{
    *count = RULE_COUNT;
    return rules;
}

void
lint_add(struct ucprov_findings *findings, enum lint_rule rule, const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    va_end(arguments);
    ucprov_findings_add(findings, rules[rule].id, rules[rule].severity, text,
                        strdup(rules[rule].remedy));
}

bool
lint_is_text(const uint8_t *value, size_t length)
{
    while (length > 0 && value[length - 1] == '\0') {
        length--;
    }
    for (size_t i = 0; i < length; i++) {
        if (value[i] < PRINTABLE_FIRST || value[i] > PRINTABLE_LAST) {
            return false;
        }
    }
    return length > 0;
}
