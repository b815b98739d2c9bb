/* SPDX-License-Identifier: MPL-2.0 */
/* Every rule is met here by octets written by hand: see every_rule_has_a_case(). */
#include "unit.h"

#include <stdlib.h>

#include "option/lint.h"

#include "samples/option_samples.h"

#define CONTOSO                                                                                    \
    "\x07"                                                                                         \
    "contoso\x03"                                                                                  \
    "com\x00"
#define A50  "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"
#define A250 A50 A50 A50 A50 A50

#define OTHER UCPROV_CLIENT_OTHER
#define MS_UC UCPROV_CLIENT_MS_UC
#define PHONE UCPROV_CLIENT_CPE_OCPHONE

struct option_case {
    uint8_t code;
    enum ucprov_client client;
    const char *octets;
    size_t length;
    const char *ids;  /* all that are found, in order, a blank between; "" for none */
    const char *says; /* a part of the first finding's text */
};

#define VALUE(literal) literal, sizeof(literal) - 1

static const struct option_case option_cases[] = {
    /* Nothing wrong. */
    {15, OTHER, VALUE("contoso.com"), "", NULL},
    {15, OTHER, VALUE("cafe"), "", NULL},
    {42, OTHER, VALUE("\x0a\x01\x00\x01\x0a\x01\x00\x02"), "", NULL},
    {42, OTHER, VALUE("1.1."), "", NULL},
    {43, MS_UC, VALUE(MS_UC_SET), "", NULL},
    {43, OTHER, VALUE(MS_UC_SET), "", NULL},
    {43, MS_UC, VALUE(PATH SERVER SCHEME IDENTIFIER), "", NULL},
    {43, MS_UC, VALUE(MS_UC_SET "\x0a\x02\x00\x14"), "", NULL},
    {43, PHONE, VALUE("\x0a\x02\x00\x14"), "", NULL},
    {43, OTHER, VALUE("\x0a\x02\x0f\xfe"), "", NULL},
    {119, OTHER,
     VALUE(CONTOSO "\x04"
                   "emea" CONTOSO),
     "", NULL},
    {119, OTHER,
     VALUE("\x20"
           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\x00"),
     "", NULL},
    {120, OTHER, VALUE("\x00" SIP_NAME), "", NULL},
    {60, OTHER, VALUE("anything"), "", NULL},
    {6, MS_UC, VALUE(""), "", NULL},

    /* Any option. */
    {15, OTHER, VALUE(A250 "xyz"), "domain.name", "63"},
    {15, OTHER, VALUE(A250 "wxyz"), "any.too-long domain.name", "option 15 has 254 octets"},
    {43, MS_UC, VALUE("\x63\xff" A250 "vwxyz" MS_UC_SET), "any.too-long vendor.unknown",
     "option 43 has 339 octets"},
    {43, MS_UC, VALUE("010c4d532d55432d436c69656e74"), "any.hex-text",
     "the hex digits \"010c4d532d55432d436c69656e74\""},
    {43, PHONE, VALUE("0x0a020014"), "any.hex-text", "Enter the value as hex"},
    {43, MS_UC, VALUE("01:0c:4D:53"), "any.hex-text", "01:0c:4D:53"},
    {120, OTHER, VALUE("0003736970036f726700"), "any.hex-text", "option 120"},
    {119, OTHER, VALUE("03636f6d00\0"), "any.hex-text", "option 119"},
    {15, OTHER, VALUE("636f6e746f736f2e636f6d"), "any.hex-text", "option 15"},
    {42, OTHER, VALUE("0a010001"), "any.hex-text", "option 42"},

    /* Option 15. */
    {15, OTHER, VALUE(""), "domain.empty", "empty"},
    {15, OTHER, VALUE("contoso.com\0"), "domain.nul", "octet 0 at place 12 of its 12"},
    {15, OTHER, VALUE("contoso.com emea.contoso.com"), "domain.list", "option 119"},
    {15, OTHER, VALUE("contoso.com,example.com"), "domain.list", "several domains"},
    {15, OTHER, VALUE("contoso.com."), "domain.name", "ends with a dot"},
    {15, OTHER, VALUE(CONTOSO), "domain.nul domain.name", "octet 0 at place 13"},

    /* Option 42. */
    {42, OTHER, VALUE(""), "ntp.empty", "empty"},
    {42, OTHER, VALUE("10.1.0.1"), "ntp.ascii", "the text \"10.1.0.1\""},
    {42, OTHER, VALUE("ntp.contoso.com"), "ntp.ascii", "four octets each"},
    {42, OTHER, VALUE("\x0a\x01\x00"), "ntp.length", "has 3 octets"},
    {42, OTHER, VALUE("\x0a\x01\x00\x01\x0a"), "ntp.length", "has 5 octets"},
    {42, OTHER, VALUE("\x00\x00\x00\x00"), "ntp.address", "0.0.0.0"},
    {42, OTHER, VALUE("\x7f\x00\x00\x01"), "ntp.address", "127.0.0.1"},
    {42, OTHER, VALUE("\xff\xff\xff\xff"), "ntp.address", "255.255.255.255"},
    {42, OTHER, VALUE("\xdf\xff\xff\xff\xe0\x00\x00\x00"), "ntp.address", "224.0.0.0"},
    {42, OTHER, VALUE("\x7e\xff\xff\xff\x80\x00\x00\x00\x01\x00\x00\x00"), "", NULL},

    /* Option 43, the frame. */
    {43, MS_UC, VALUE(""), "vendor.empty", "empty"},
    {43, MS_UC, VALUE("https://provisioning.example.com/"), "vendor.ascii", "the text \"https://"},
    {43, MS_UC, VALUE("https://provisioning.example.com/\0"), "vendor.ascii", "code, length"},
    {43, MS_UC, VALUE(IDENTIFIER SCHEME SERVER PORT "\x05\x25/CertProv"), "vendor.cut",
     "sub-option 5 says 37 octets and has 9: the value was cut at 54 octets."},
    {43, MS_UC, VALUE(IDENTIFIER SCHEME SERVER PORT "\x05"), "vendor.cut",
     "sub-option 5 has not even a length octet"},
    {43, MS_UC,
     VALUE(IDENTIFIER SCHEME "\x03\x1alspserver.fqdn.company.com" PORT
                             "\x05\x25/CertProv/CertProvisioningService."),
     "vendor.cut-90",
     "has 34: the value was cut at 90 octets, which is where Cisco IOS cuts \"option 43 hex\"."},
    {43, MS_UC, VALUE(MS_UC_SET "\xff"), "vendor.end-octet",
     "octet 255 after the last sub-option (octet 83 of the value)"},
    {43, MS_UC, VALUE(MS_UC_SET "\xff\x00"), "vendor.end-octet", "and 1 octet behind it"},
    {43, PHONE, VALUE("\x0a\x02\x00\x14\xff\xff\xff"), "vendor.end-octet", "2 octets behind it"},
    {43, MS_UC, VALUE(IDENTIFIER "\x00" SCHEME SERVER PORT PATH "\x00"), "vendor.padding",
     "2 octets of padding"},
    {43, MS_UC, VALUE(IDENTIFIER SCHEME SERVER SERVER PORT PATH), "vendor.duplicate",
     "sub-option 3 (WebServerFqdn) is there more than once"},
    {43, MS_UC, VALUE(MS_UC_SET "\x42\x03tft"), "vendor.unknown", "sub-option 66"},
    {43, MS_UC, VALUE(SCHEME SERVER PORT), "vendor.missing",
     "no sub-option 1 (UCIdentifier), 5 (CertProvRelPath)"},
    {43, MS_UC, VALUE("\x0a\x02\x00\x14"), "vendor.missing",
     "1 (UCIdentifier), 2 (URLScheme), 3 (WebServerFqdn), 5 (CertProvRelPath)"},
    {43, PHONE, VALUE("\x0b\x01\x01"), "vendor.other", "none of its sub-options"},
    {43, OTHER, VALUE("\x05"), "vendor.cut", "not even a length octet"},
    {43, OTHER, VALUE("\x01\x0cM"), "vendor.cut", "says 12 octets and has 1"},
    {43, OTHER, VALUE("\x01\x0cms-uc-"), "vendor.cut", "says 12 octets and has 6"},
    {43, OTHER, VALUE("\x0a\x01\x14"), "vendor.voice-vlan", "1 octet,"},
    {43, OTHER, VALUE(SERVER PORT), "vendor.missing", "1 (UCIdentifier)"},

    /* Option 43, another vendor's, as the vendors' manuals have it. */
    {43, OTHER, VALUE("\x01\x04\xc0\xa8\x03\xc3"), "vendor.other", "UniFi"},
    {43, MS_UC, VALUE("\x01\x04\xc0\xa8\x03\xc3"), "vendor.other", "leave this one to"},
    {43, PHONE, VALUE("\x01\x04\xc0\xa8\x03\xc3"), "vendor.other", "UniFi"},
    {43, OTHER, VALUE("\xf1\x04\xc0\x00\x02\x01"), "vendor.other", "Cisco access points"},
    {43, OTHER, VALUE("\xf1\x08\xc0\x00\x02\x01\xc0\x00\x02\x02"), "vendor.other", "Cisco"},
    {43, OTHER, VALUE("\xf1\x04\xc0\x00\x02\x01\xff"), "vendor.other", "Cisco"},
    {43, OTHER, VALUE("\x01\x07Siemens\x02\x04\x00\x00\x00\x0a"), "vendor.other", "Unify"},
    {43, OTHER, VALUE("\x01\x07Siemens\x03\x19sdlp://192.168.2.19:18443"), "vendor.other", "Unify"},
    {43, OTHER,
     VALUE("\x01\x0aSiemens\x00\x00\x00\x02\x04\x00\x00\x00\x0a\x00\x00\x00\x00\x00\xff"),
     "vendor.other", "Unify"},
    {43, OTHER,
     VALUE("\x64\x04\x0a\x01\x01\x05\x65\x08"
           "edge.xsf"),
     "vendor.other", "EXOS"},
    {43, OTHER,
     VALUE("\x00\x0djinstall.tgz_\x01\x0b"
           "switch.conf\x03\x04http"),
     "vendor.other", "Juniper"},
    {43, OTHER,
     VALUE("\x01\x0bswitch.conf\x03\x03"
           "ftp"),
     "vendor.other", "Juniper"},
    {43, OTHER, VALUE("\x0a\x04\xc0\xa8\x00\x01"), "vendor.other", "SIP-DECT"},
    {43, OTHER, VALUE("\x11\x02\x00\x01\x0a\x04\xc0\xa8\x00\x01"), "vendor.other", "SIP-DECT"},
    {43, PHONE, VALUE("\x0a\x04\xc0\xa8\x00\x01"), "vendor.voice-vlan", "SIP-DECT"},
    {43, OTHER,
     VALUE("\x03\x0d"
           "192.168.100.1"),
     "vendor.other", "Huawei"},
    {43, OTHER, VALUE("\x80\x07\x00\x00\x01\x02\x02\x02\x02"), "vendor.other", "H3C"},
    {43, OTHER, VALUE("\x06\x01\x08\xff"), "vendor.other", "PXE"},
    {43, OTHER, VALUE("\x01\x04\x00\x00\x00\x02\xff"), "vendor.other", "Windows clients"},
    {43, OTHER, VALUE("192.168.1.10"), "vendor.ascii", "Aruba access points"},
    {43, OTHER, VALUE("HQ:top,10.1.1.5,secret"), "vendor.ascii", "Aruba Instant"},
    {43, OTHER, VALUE("https://provisioning.example.com/"), "vendor.ascii", "Yealink"},
    {43, OTHER, VALUE("\x01\x04mine\x07\x01\x01"), "vendor.other", "not the phones' set: none"},
    {43, OTHER, VALUE("\x00\x00\x00"), "vendor.other", "leave this one to the devices"},

    /* The option's own code and length, in front of its value. */
    {43, OTHER, VALUE("\x2b\x52" MS_UC_SET), "any.own-header", "2b 52, 43 and 82"},
    {43, MS_UC, VALUE("\x2b\x52" MS_UC_SET), "any.own-header", "Take them away"},
    {43, PHONE, VALUE("\x2b\x04\x0a\x02\x00\x14"), "any.own-header", "43 and 4"},
    {43, OTHER,
     VALUE("\x2b\x1a"
           "1.2.3.4"),
     "any.own-header vendor.ascii", "says 26 octets where 7 are"},
    {43, OTHER, VALUE("\x2b\x08\xf1\x04\xc0\x00\x02\x01\xff\x00"), "any.own-header vendor.other",
     "2b 08"},
    {120, OTHER, VALUE("\x78\x12\x00" SIP_NAME), "any.own-header", "120 and 18"},
    {119, OTHER, VALUE("\x77\x0d" CONTOSO), "any.own-header", "119 and 13"},
    {15, OTHER,
     VALUE("\x0f\x0b"
           "contoso.com"),
     "any.own-header", "15 and 11"},
    {42, OTHER, VALUE("\x2a\x04\x0a\x01\x00\x01"), "any.own-header", "42 and 4"},
    {42, OTHER, VALUE("\x2a\x02\x00\x01"), "", NULL}, /* 42.2.0.1 */
    {42, OTHER, VALUE("\x2a\x06\x00\x01\x0a\x00\x00\x01"), "", NULL},

    /* Option 43, who gets it. */
    {43, PHONE, VALUE(MS_UC_SET), "vendor.foreign", "goes to CPE-OCPHONE, which reads"},
    {43, PHONE, VALUE(MS_UC_SET "\x0a\x02\x00\x14"), "vendor.mixed", "along with sub-option 10"},

    /* Option 43, the values. */
    {43, MS_UC, VALUE("\x01\x0dMS-UC-Client\0" SCHEME SERVER PORT PATH), "vendor.nul",
     "sub-option 1 (UCIdentifier) has octet 0 at place 13 of its 13"},
    {43, MS_UC,
     VALUE(IDENTIFIER "\x02\x06https\0"
                      "\x03\x10sip.contoso.com\0"
                      "\x04\x04"
                      "443\0"
                      "\x05\x26/CertProv/CertProvisioningService.svc\0"),
     "vendor.nul vendor.nul vendor.nul vendor.nul", "(URLScheme)"},
    {43, MS_UC, VALUE("\x01\x0cms-uc-client" SCHEME SERVER PORT PATH), "vendor.identifier-case",
     "is \"ms-uc-client\""},
    {43, MS_UC, VALUE("\x01\x04\x0a\x01\x01\x01" SCHEME SERVER PORT PATH), "vendor.identifier",
     "is \"\\x0a\\x01\\x01\\x01\""},
    {43, MS_UC, VALUE(IDENTIFIER "\x02\x05HTTPS" SERVER PORT PATH), "vendor.scheme", "\"HTTPS\""},
    {43, MS_UC, VALUE(IDENTIFIER "\x02\x08https://" SERVER PORT PATH), "vendor.scheme", "https:"},
    {43, MS_UC, VALUE(IDENTIFIER "\x02\x04http" SERVER PORT PATH), "vendor.scheme-http",
     "\"http\""},
    {43, MS_UC,
     VALUE(IDENTIFIER SCHEME "\x03\x08"
                             "10.1.1.1" PORT PATH),
     "vendor.web-server", "an IPv4 address"},
    {43, MS_UC, VALUE(IDENTIFIER SCHEME "\x03\x06pool01" PORT PATH), "vendor.web-server",
     "fully qualified"},
    {43, MS_UC, VALUE(IDENTIFIER SCHEME "\x03\x00" PORT PATH), "vendor.web-server", "empty"},
    {43, MS_UC, VALUE(IDENTIFIER SCHEME SERVER "\x04\x02\x01\xbb" PATH), "vendor.port-integer",
     "01bb in 2 octets"},
    {43, MS_UC, VALUE(IDENTIFIER SCHEME SERVER "\x04\x04\x00\x00\x01\xbb" PATH),
     "vendor.port-integer", "000001bb in 4 octets"},
    {43, MS_UC,
     VALUE(IDENTIFIER SCHEME SERVER "\x04\x02"
                                    "80" PATH),
     "", NULL},
    {43, MS_UC,
     VALUE(IDENTIFIER SCHEME SERVER "\x04\x05"
                                    "65535" PATH),
     "", NULL},
    {43, MS_UC,
     VALUE(IDENTIFIER SCHEME SERVER "\x04\x05"
                                    "65536" PATH),
     "vendor.port", "65536"},
    {43, MS_UC,
     VALUE(IDENTIFIER SCHEME SERVER "\x04\x01"
                                    "0" PATH),
     "vendor.port", "\"0\""},
    {43, MS_UC, VALUE(IDENTIFIER SCHEME SERVER "\x04\x04:443" PATH), "vendor.port", "\":443\""},
    {43, MS_UC, VALUE(IDENTIFIER SCHEME SERVER "\x04\x00" PATH), "vendor.port", "\"\""},
    {43, MS_UC,
     VALUE(IDENTIFIER SCHEME SERVER PORT "\x05\x24"
                                         "CertProv/CertProvisioningService.svc"),
     "vendor.path", "with the slash"},
    {43, MS_UC, VALUE(IDENTIFIER SCHEME SERVER PORT "\x05\x06/other"), "vendor.path-other",
     "\"/other\""},
    {43, PHONE, VALUE("\x0a\x02\x00\x00"), "vendor.voice-vlan", "\"\\x00\\x00\""},
    {43, PHONE, VALUE("\x0a\x02\x0f\xff"), "vendor.voice-vlan", "2 octets"},
    {43, PHONE, VALUE("\x0a\x01\x14"), "vendor.voice-vlan", "1 octet,"},
    {43, PHONE, VALUE("\x0a\x04voip"), "vendor.voice-vlan", "\"voip\""},
    {43, PHONE,
     VALUE("\x0a\x02"
           "20"),
     "vendor.voice-vlan-encoding", "VLAN 20 as decimal digits"},
    {43, PHONE, VALUE("\x0a\x04\x00\x00\x00\x14"), "vendor.voice-vlan-encoding",
     "VLAN 20 as four octets"},
    {43, MS_UC,
     VALUE(MS_UC_SET "\x0a\x02"
                     "20"),
     "vendor.voice-vlan-encoding", "VLAN 20"},

    /* Option 119. */
    {119, OTHER, VALUE(""), "search.empty", "empty"},
    {119, OTHER, VALUE("contoso.com"), "search.ascii", "the text \"contoso.com\""},
    {119, OTHER, VALUE("contoso.com\0"), "search.ascii", "RFC 3397"},
    {119, OTHER,
     VALUE(CONTOSO "\x04"
                   "emea\x07"
                   "contoso"),
     "search.no-root", "root label"},
    {119, OTHER,
     VALUE("\x07"
           "contoso\x05"
           "com\x00"),
     "search.malformed", "the label at octet 9 of option 119 says 5 octets and has 4"},
    {119, OTHER, VALUE(CONTOSO "\xc0\x0d"), "search.malformed", "at octet 14 (0xc0)"},
    {119, OTHER, VALUE(CONTOSO "\x80\x00"), "search.malformed", "at octet 14 (0x80)"},
    {119, OTHER, VALUE(CONTOSO "\x00"), "search.malformed", "a name without labels at octet 14"},
    {119, OTHER,
     VALUE("\x0b"
           "contoso.com\x00"),
     "search.name", "\"contoso\\.com\""},
    {119, OTHER,
     VALUE(CONTOSO "\x04"
                   "emea\xc0\x00\x02hq\xc0\x0d"),
     "search.compressed", "pointer (0xc0) at octet 19"},

    /* Option 120. */
    {120, OTHER, VALUE(""), "sip.empty", "option 120 is empty"},
    {120, OTHER, VALUE("\x00"), "sip.empty", "behind its encoding octet"},
    {120, OTHER, VALUE("\x00\x00"), "sip.empty", "without labels"},
    {120, OTHER, VALUE("sip.contoso.com"), "sip.ascii", "a bare ASCII name, \"sip.contoso.com\""},
    {120, OTHER, VALUE("sip.contoso.com\0"), "sip.ascii", "first octet is 0x73"},
    {120, OTHER, VALUE("\x01\x0a\x01\x01\x0a"), "sip.encoding-ip", "0x01"},
    {120, OTHER, VALUE(SIP_NAME), "sip.encoding", "0x03, not an RFC 3361 encoding: the labels"},
    {120, OTHER, VALUE("\x02\xff"), "sip.encoding", "0x02, not an RFC 3361 encoding."},
    {120, OTHER,
     VALUE("\x00\x03sip\x07"
           "contoso\x03"
           "com"),
     "sip.no-root", "Add an octet 0"},
    {120, OTHER,
     VALUE("\x00\x03sip\x0a"
           "contoso\x03"),
     "sip.malformed", "the label at octet 6 of option 120 says 10 octets and has 8"},
    {120, OTHER, VALUE("\x00\x03sip\xc0\x01"), "sip.malformed", "at octet 6 (0xc0)"},
    {120, OTHER, VALUE("\x00\x0fsip.contoso.com\x00"), "sip.name", "\"sip\\.contoso\\.com\""},
    {120, OTHER, VALUE("\x00\x06pool01\x00"), "sip.name", "fully qualified"},
    {120, OTHER, VALUE("\x00" SIP_NAME SIP_NAME), "sip.two-names", "\"sip.contoso.com\""},
    {120, OTHER,
     VALUE("\x00" SIP_NAME "\x02"
           "s2\xc0\x05"),
     "sip.two-names", "s2.contoso.com"},
    {120, OTHER, VALUE("\x00" SIP_NAME "\x00"), "sip.trailing", "1 octet behind"},
    {120, OTHER, VALUE("\x00" SIP_NAME "\xff\xff"), "sip.trailing", "the first of them 0xff"},
};

/* The pointer of a compressed name leads backwards, so that a single name in option 120 can have
 * one only to the encoding octet, the root label of a name that is not there. */
static const struct option_case sip_pointer_case = {120, OTHER,
                                                    VALUE("\x00\x03sip\x07"
                                                          "contoso\xc0\x00"),
                                                    "sip.compressed", "(0xc0) at octet 14"};

struct answer_case {
    enum ucprov_client client;
    struct ucprov_option_view options[3];
    size_t count;
    const char *ids;
};

#define VIEW(code, literal)                                                                        \
    {                                                                                              \
        code, (const uint8_t *)(literal), sizeof(literal) - 1                                      \
    }
#define NTP VIEW(42, "\x0a\x01\x00\x01")
#define SIP VIEW(120, "\x00" SIP_NAME)

static const struct answer_case answer_cases[] = {
    {MS_UC, {VIEW(43, MS_UC_SET), SIP, NTP}, 3, ""},
    {PHONE, {VIEW(43, "\x0a\x02\x00\x14")}, 1, ""},
    {OTHER, {VIEW(43, "\x01\x04\x0a\x01\x01\x01")}, 1, ""},
    {OTHER, {VIEW(43, "")}, 1, ""},
    {OTHER, {NTP}, 0, ""},
    {OTHER, {VIEW(43, MS_UC_SET), SIP}, 2, "vendor.foreign"},
    {OTHER, {VIEW(43, "\x0a\x02\x00\x14")}, 1, "vendor.foreign-vlan"},
    {OTHER, {VIEW(43, "\x0a\x04\xc0\xa8\x00\x01")}, 1, ""},
    {OTHER, {VIEW(43, "\x0a\x02\x00\x14\x0b\x01\x01")}, 1, ""},
    {OTHER, {VIEW(43, "\x01\x0cms-uc-client")}, 1, "vendor.foreign"},
    {OTHER, {VIEW(120, "sip.contoso.com")}, 1, "sip.ascii"},
    {PHONE, {VIEW(43, MS_UC_SET)}, 1, "vendor.foreign"},
    {PHONE, {NTP}, 1, "answer.no-voice-vlan"},
    {MS_UC, {SIP, NTP}, 2, "answer.no-vendor"},
    {MS_UC, {VIEW(43, MS_UC_SET), NTP}, 2, "answer.no-sip"},
    {MS_UC, {VIEW(43, MS_UC_SET), SIP}, 2, "ntp.missing"},
    {MS_UC, {NTP}, 0, "answer.no-vendor answer.no-sip ntp.missing"},
    {MS_UC, {VIEW(43, MS_UC_SET "\xff"), SIP, NTP}, 3, "vendor.end-octet"},
};

#define OPTION_CASES (sizeof(option_cases) / sizeof(option_cases[0]))
#define ANSWER_CASES (sizeof(answer_cases) / sizeof(answer_cases[0]))

static void
join_ids(const struct ucprov_findings *findings, char *ids, size_t size)
{
    ids[0] = '\0';
    for (size_t i = 0; i < findings->count; i++) {
        size_t used = strlen(ids);
        print_to(ids + used, size - used, "%s%s", i == 0 ? "" : " ", findings->items[i].id);
    }
}

static const struct ucprov_lint_rule *
find_rule(const char *id)
{
    size_t count;
    const struct ucprov_lint_rule *rules = ucprov_lint_rules(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rules[i].id, id) == 0) {
            return &rules[i];
        }
    }
    fail_msg("no rule %s", id);
    return NULL;
}

static void
assert_printable(const char *text)
{
    assert_non_null(text);
    for (const char *character = text; *character != '\0'; character++) {
        assert_in_range((unsigned char)*character, 0x20, 0x7e);
    }
}

static void
assert_as_the_rules_say(const struct ucprov_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct ucprov_lint_rule *rule = find_rule(findings->items[i].id);
        assert_int_equal(findings->items[i].severity, rule->severity);
        assert_string_equal(findings->items[i].remedy, rule->remedy);
        assert_printable(findings->items[i].text);
    }
}

static void
check_option(const struct option_case *option)
{
    struct ucprov_findings findings = {.count = 0};
    char ids[1024];
    /* A copy of its own, so that AddressSanitizer and valgrind see the least step outside. */
    uint8_t *value = malloc(option->length + (option->length == 0));
    assert_non_null(value);
    memcpy(value, option->octets, option->length);
    ucprov_lint_option(&findings, option->code, option->client, value, option->length);
    free(value);
    join_ids(&findings, ids, sizeof(ids));
    print_message("    %u: %s\n", option->code,
                  findings.count == 0 ? "fine" : findings.items[0].text);
    assert_string_equal(ids, option->ids);
    assert_as_the_rules_say(&findings);
    if (option->says != NULL) {
        assert_true(strstr(findings.items[0].text, option->says) != NULL ||
                    strstr(findings.items[0].remedy, option->says) != NULL);
    }
    ucprov_findings_clear(&findings);
}

static void
options_have_the_expected_findings(void **state)
{
    (void)state;
    for (size_t i = 0; i < OPTION_CASES; i++) {
        check_option(&option_cases[i]);
    }
    check_option(&sip_pointer_case);
}

static void
answers_have_the_expected_findings(void **state)
{
    (void)state;
    for (size_t i = 0; i < ANSWER_CASES; i++) {
        struct ucprov_findings findings = {.count = 0};
        char ids[1024];
        ucprov_lint_answer(&findings, answer_cases[i].client, answer_cases[i].options,
                           answer_cases[i].count);
        join_ids(&findings, ids, sizeof(ids));
        print_message("    answer %zu: %s\n", i, ids);
        assert_string_equal(ids, answer_cases[i].ids);
        assert_as_the_rules_say(&findings);
        ucprov_findings_clear(&findings);
    }
}

/* Is the id one of the words? */
static bool
has_id(const char *ids, const char *id)
{
    size_t length = strlen(id);
    for (const char *word = ids; *word != '\0'; word += strcspn(word, " ")) {
        word += strspn(word, " ");
        if (strcspn(word, " ") == length && strncmp(word, id, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool
is_expected_somewhere(const char *id)
{
    for (size_t i = 0; i < OPTION_CASES; i++) {
        if (has_id(option_cases[i].ids, id)) {
            return true;
        }
    }
    for (size_t i = 0; i < ANSWER_CASES; i++) {
        if (has_id(answer_cases[i].ids, id)) {
            return true;
        }
    }
    return has_id(sip_pointer_case.ids, id);
}

static void
every_rule_has_a_case(void **state)
{
    (void)state;
    size_t count;
    const struct ucprov_lint_rule *rules = ucprov_lint_rules(&count);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(rules[i].id);
        if (!is_expected_somewhere(rules[i].id)) {
            fail_msg("no case expects %s", rules[i].id);
        }
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(rules[i].id, rules[j].id);
        }
    }
}

static void
findings_are_appended(void **state)
{
    (void)state;
    struct ucprov_findings findings = {.count = 0};
    static const uint8_t zeros[252];
    ucprov_lint_option(&findings, 42, OTHER, zeros, 4);
    ucprov_lint_option(&findings, 42, OTHER, zeros, 4);
    assert_int_equal(findings.count, 2);
    ucprov_lint_option(&findings, 42, OTHER, zeros, sizeof(zeros));
    assert_int_equal(findings.count, 2 + sizeof(zeros) / 4);
    assert_as_the_rules_say(&findings);
    ucprov_findings_clear(&findings);
}

/* "0x", and two digits for each of the 255 octets that an option can have. */
static void
hex_text_is_found_up_to_255_octets(void **state)
{
    (void)state;
    uint8_t value[2 + 2 * 255 + 2];
    memset(value, '0', sizeof(value));
    memcpy(value, "0x01fd", 6);
    for (size_t length = sizeof(value) - 4; length <= sizeof(value); length += 2) {
        struct ucprov_findings findings = {.count = 0};
        char ids[1024];
        ucprov_lint_option(&findings, 43, MS_UC, value, length);
        join_ids(&findings, ids, sizeof(ids));
        assert_string_equal(ids, length == sizeof(value) ? "any.too-long vendor.ascii"
                                                         : "any.too-long any.hex-text");
        ucprov_findings_clear(&findings);
    }
}

/* The longest values that a text quotes, and all of them octets that are shown as four characters.
 */
static void
long_values_are_printable(void **state)
{
    (void)state;
    static const uint8_t codes[] = {15, 42, 43, 119, 120};
    for (unsigned first = 0; first < 256; first++) {
        for (unsigned fill = 0; fill < 256; fill++) {
            uint8_t value[255];
            memset(value, (int)fill, sizeof(value));
            value[0] = (uint8_t)first;
            for (size_t i = 0; i < sizeof(codes); i++) {
                struct ucprov_findings findings = {.count = 0};
                ucprov_lint_option(&findings, codes[i], OTHER, value, sizeof(value));
                assert_as_the_rules_say(&findings);
                value[1] = 250;
                ucprov_lint_option(&findings, codes[i], PHONE, value, sizeof(value));
                assert_as_the_rules_say(&findings);
                ucprov_findings_clear(&findings);
                value[1] = (uint8_t)fill;
            }
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_have_the_expected_findings),
        cmocka_unit_test(answers_have_the_expected_findings),
        cmocka_unit_test(every_rule_has_a_case),
        cmocka_unit_test(findings_are_appended),
        cmocka_unit_test(hex_text_is_found_up_to_255_octets),
        cmocka_unit_test(long_values_are_printable),
    };
    return cmocka_run_group_tests_name("lint", tests, NULL, NULL);
}
