/* SPDX-License-Identifier: MPL-2.0 */
/* Who gets what: the table of libdhcp_ucprov(7), without Kea. */
#include "unit.h"

#include <stdlib.h>

#include "site/policy.h"
#include "sites.h"

static const char site_text[] =
    "pools = { hq = { sip_server = \"pool01.contoso.com\"; };\n"
    "          dr = { sip_server = \"pool02.contoso.com\"; }; };\n"
    "defaults = { domain = \"contoso.com\"; ntp = [ \"10.1.0.1\" ]; };\n"
    "vlans = (\n"
    "  { name = \"voice\"; subnet = \"10.20.0.0/16\"; pool = \"hq\"; vendor_classes = [ \"Other\" "
    "];\n"
    "    voice_vlan_id = 20; },\n"
    "  { name = \"shy\"; subnet = \"10.20.5.0/24\"; pool = \"hq\"; only_if_requested = true; },\n"
    "  { name = \"ours\"; subnet = \"10.20.6.0/24\"; pool = \"hq\"; kea_options = \"replace\"; },\n"
    "  { name = \"mixed\"; subnet = \"10.20.7.0/24\"; pool = \"hq\"; only_if_requested = true;\n"
    "    kea_options = { ntp = \"replace\"; search = \"keep\"; };\n"
    "    pilot = [ \"00:04:f2:95:31:a2\", \"64:16:7F:*\" ]; },\n"
    "  { name = \"data\"; subnet = [ \"10.10.0.0/16\", \"10.11.0.0/16\" ]; voice_vlan_id = 20; }\n"
    ");\n";

static struct ucprov_site *site;
static struct ucprov_policy *policy;

static int
build_policy(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "site.conf");
    site = parse_site(site_text);
    policy = ucprov_policy_new(site, NULL, 0, &diagnostics);
    ucprov_diagnostics_print(&diagnostics, stderr);
    ucprov_diagnostics_clear(&diagnostics);
    return policy == NULL;
}

static int
clean_up(void **state)
{
    (void)state;
    ucprov_policy_free(policy);
    ucprov_site_free(site);
    return 0;
}

/* What a client gets, as text: "15 42 43! 119 120!", "!" for those that replace Kea's own. */
static const char *
granted(const char *vlan_name, const char *vendor_class, const char *parameter_list)
{
    static char text[64];
    const struct ucprov_policy_vlan *vlan = ucprov_policy_find_vlan(policy, vlan_name);
    struct ucprov_reply_option options[UCPROV_REPLY_OPTIONS_MAX];
    enum ucprov_client client =
        ucprov_policy_client(vlan, vendor_class, vendor_class == NULL ? 0 : strlen(vendor_class));
    size_t length = parameter_list == NULL ? 0 : strlen(parameter_list);
    size_t count =
        ucprov_policy_options_for(vlan, client, (const uint8_t *)parameter_list, length, options);
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%u%s", i > 0 ? " " : "",
                                 options[i].option->code,
                                 options[i].rule == UCPROV_REPLY_PUT       ? "!"
                                 : options[i].rule == UCPROV_REPLY_CORRECT ? "~"
                                                                           : "");
    }
    if (!ucprov_policy_needs_parameter_list(vlan, client)) {
        assert_int_equal(ucprov_policy_options_for(vlan, client, NULL, 0, options), count);
    }
    return text;
}

/* What clients really send, and what each of them has to get. The lists of option 55 are published:
 * fingerbank's dhcp_fingerprints.conf, satori's dhcp.xml. That the first is Lync Phone Edition's is
 * inferred. A list's octets, in octal. */
static const struct {
    const char *who;
    const char *vendor_class;
    const char *parameter_list;
    const char *gets;
} fingerprints[] = {
    {"a Polycom CX, before it asks as MS-UC-Client", NULL,
     "\001\003\006\017\052\053\054\056\057\167", "15 42 119"},
    {"Windows CE, which the phones run", "Microsoft Windows CE", "\001\003\006\017\054\056\057",
     "15 42 119"},
    {"Windows CE with a Polycom CX's list", "Microsoft Windows CE",
     "\001\003\006\017\052\053\054\056\057\167", "15 42 119"},
    {"a Polycom VVX 310", "Polycom-VVX_310", "\200\102\240\053\007\066\052\017\006\004\003\002\001",
     "15 42 119"},
    {"a Yealink, which asks for 43 and 120", "yealink",
     "\001\002\003\004\006\007\014\017\034\052\102\103\053\170", "15 42 119 120!"},
    {"an Aastra 67xx", NULL, "\001\003\006\052\053\102\237\240", "15 42 119"},
    {"a Snom, which asks for 120", NULL, "\001\003\006\014\017\052\102\103\170", "15 42 119 120!"},
    {"a phone's DHCPINFORM", "MS-UC-Client", "\170\053", "15 42 43! 119 120!"},
};

static void
test_real_clients(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(fingerprints) / sizeof(fingerprints[0]); i++) {
        print_message("    %s\n", fingerprints[i].who);
        assert_string_equal(
            granted("voice", fingerprints[i].vendor_class, fingerprints[i].parameter_list),
            fingerprints[i].gets);
    }
    /* On the native VLAN, none of them but VLAN discovery is any of ours. */
    assert_string_equal(granted("data", "Microsoft Windows CE", "\001\003\006\017\053"), "");
}

static void
test_phone_vlan(void **state)
{
    (void)state;
    assert_string_equal(granted("voice", "MS-UC-Client", NULL), "15 42 43! 119 120!");
    assert_string_equal(granted("voice", "MS-UC-Client", "\x78\x2b"), "15 42 43! 119 120!");
    assert_string_equal(granted("voice", "Other", NULL), "15 42 43! 119 120!");
    assert_string_equal(granted("voice", "CPE-OCPHONE", NULL), "15 42 43! 119");
    assert_string_equal(granted("voice", "CPE-OCPhone", "\x78"), "15 42 43! 119 120!");
    assert_string_equal(granted("voice", "ms-uc-client", NULL), "15 42 119");
    assert_string_equal(granted("voice", "MS-UC-Client2", NULL), "15 42 119");
    assert_string_equal(granted("voice", "yealink", "\x2b"), "15 42 119");
    assert_string_equal(granted("voice", NULL, NULL), "15 42 119");
    assert_string_equal(granted("voice", NULL, "\x78"), "15 42 119 120!");
}

static void
test_only_if_requested(void **state)
{
    (void)state;
    assert_string_equal(granted("shy", "MS-UC-Client", NULL), "43! 120!");
    assert_string_equal(granted("shy", "MS-UC-Client", "\x0f\x77"), "15 43! 119 120!");
    assert_string_equal(granted("shy", NULL, "\x2a"), "42");
    assert_string_equal(granted("shy", "CPE-OCPHONE", NULL), ""); /* no voice_vlan_id there */
}

/* "!" replaces Kea's in any case, "~" only where Kea sends its own unasked. */
static void
test_kea_options(void **state)
{
    (void)state;
    assert_string_equal(granted("ours", NULL, NULL), "15! 42! 119!");
    assert_string_equal(granted("ours", "MS-UC-Client", NULL), "15! 42! 43! 119! 120!");
    assert_string_equal(granted("mixed", NULL, NULL), "42~");
    assert_string_equal(granted("mixed", NULL, "\x0f\x2a\x77"), "15 42! 119");
}

static size_t
prompted(const char *vlan, const char *parameter_list, uint8_t codes[UCPROV_PROMPTS_MAX])
{
    const struct ucprov_policy_vlan *found = ucprov_policy_find_vlan(policy, vlan);
    return ucprov_policy_prompted(found->prompts, (const uint8_t *)parameter_list,
                                  strlen(parameter_list), codes);
}

static void
test_prompts(void **state)
{
    (void)state;
    uint8_t codes[UCPROV_PROMPTS_MAX];
    assert_int_equal(prompted("voice", "", codes), 3);
    assert_memory_equal(codes, "\x0f\x2a\x77", 3);
    assert_int_equal(prompted("voice", "\x77\x0f", codes), 1);
    assert_int_equal(codes[0], 42);
    assert_int_equal(prompted("voice", "\x77\x0f\x2a", codes), 0);
    assert_int_equal(prompted("ours", "", codes), 0);
    assert_int_equal(prompted("shy", "", codes), 0);
    assert_int_equal(prompted("data", "", codes), 0);
}

static void
test_pilot(void **state)
{
    (void)state;
    static const struct {
        const char *octets;
        size_t length;
        bool included;
    } cases[] = {
        {"\x00\x04\xf2\x95\x31\xa2", 6, true},
        {"\x00\x04\xf2\x95\x31\xa3", 6, false},
        {"\x00\x04\xf2\x95\x31\xa2\x00", 7, false},
        {"\x00\x04\xf2\x95\x31", 5, false},
        {"\x64\x16\x7f", 3, true},
        {"\x64\x16\x7f\x00\x00\x00", 6, true},
        {"\x64\x16", 2, false},
        {"", 0, false},
    };
    const struct ucprov_policy_vlan *mixed = ucprov_policy_find_vlan(policy, "mixed");
    const struct ucprov_policy_vlan *voice = ucprov_policy_find_vlan(policy, "voice");
    for (size_t i = 0; i < COUNT(cases); i++) {
        const uint8_t *octets = (const uint8_t *)cases[i].octets;
        assert_int_equal(ucprov_policy_includes(mixed, octets, cases[i].length), cases[i].included);
        assert_true(ucprov_policy_includes(voice, octets, cases[i].length));
    }
}

static void
test_data_vlan(void **state)
{
    (void)state;
    assert_string_equal(granted("data", "MS-UC-Client", "\x78\x2b"), "");
    assert_string_equal(granted("data", "CPE-OCPHONE", "\x78\x0f"), "43!");
    assert_string_equal(granted("data", NULL, "\x78\x0f"), "");
}

static void
test_find(void **state)
{
    (void)state;
    static const struct {
        uint32_t address;
        const char *vlan;
    } cases[] = {
        {0x0a140001, "voice"}, {0x0a140501, "shy"}, {0x0a140801, "voice"},
        {0x0a0b0001, "data"},  {0x0a0c0001, NULL},  {0, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct ucprov_policy_vlan *vlan = ucprov_policy_find(policy, cases[i].address);
        assert_string_equal(vlan == NULL ? "" : vlan->name,
                            cases[i].vlan == NULL ? "" : cases[i].vlan);
    }
    assert_null(ucprov_policy_find_vlan(policy, "nobody"));
    assert_null(ucprov_policy_vlan_at(policy, 5));
}

/* Equal octets are stored once: two phone vlans share all they have in common. */
static void
test_sharing(void **state)
{
    (void)state;
    const struct ucprov_policy_vlan *voice = ucprov_policy_find_vlan(policy, "voice");
    const struct ucprov_policy_vlan *shy = ucprov_policy_find_vlan(policy, "shy");
    assert_ptr_equal(voice->ms_uc, shy->ms_uc);
    assert_ptr_equal(voice->search, shy->search);
    assert_int_equal(ucprov_policy_encoded_count(policy), 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(ucprov_policy_encoded_at(policy, i)->index, i);
    }
}

static void
test_choices(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "site.conf");
    const struct ucprov_pool_override good[] = {{"voice", "dr"}};
    struct ucprov_policy *moved = ucprov_policy_new(site, good, 1, &diagnostics);
    assert_non_null(moved);
    const struct ucprov_policy_vlan *voice = ucprov_policy_find_vlan(moved, "voice");
    assert_string_equal(voice->pool, "dr");
    assert_string_equal(voice->home, "hq");
    assert_memory_equal(voice->sip_servers->data, "\0\6pool02\7contoso\3com", 21);
    assert_string_equal(ucprov_policy_find_vlan(moved, "shy")->pool, "hq");
    ucprov_policy_free(moved);

    const struct ucprov_pool_override bad[] = {{"voice", "dd"}, {"nobody", "dr"}, {"data", "dr"}};
    assert_null(ucprov_policy_new(site, bad, 3, &diagnostics));
    assert_int_equal(diagnostics.errors, 3);
    ucprov_diagnostics_clear(&diagnostics);
}

/* Site text with a pool "long" whose web_server has so many characters; a vlan that sends
 * sub-option 10 along uses it, or only may by a choice. */
static void
print_long_site(char *text, size_t size, size_t length, const char *pool)
{
    print_to(text, size,
             "pools = { hq = { sip_server = \"pool01.contoso.com\"; };\n"
             "  long = { sip_server = \"p.contoso.com\"; web_server = \"%s\"; }; };\n"
             "vlans = ( { name = \"v\"; subnet = \"10.1.0.0/16\"; pool = \"%s\"; ntp = [ ];\n"
             "  search = [ ]; voice_vlan_id = 20; voice_vlan_in_ms_uc = true; } );\n",
             name_of_length(length), pool);
}

/* What the first and only diagnostic says; NULL: there is none. The caller's to free. */
static char *
what_is_wrong(const char *text, const struct ucprov_pool_override *choice)
{
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "site.conf");
    struct ucprov_site *made = ucprov_site_parse("site.conf", text, strlen(text), &diagnostics);
    ucprov_policy_free(
        made == NULL ? NULL : ucprov_policy_new(made, choice, choice != NULL, &diagnostics));
    assert_in_range(diagnostics.count, 0, 1);
    char *message = diagnostics.count == 0 ? NULL : ucprov_diagnostic_format(&diagnostics, 0);
    ucprov_site_free(made);
    ucprov_diagnostics_clear(&diagnostics);
    return message;
}

static void
expect_wrong(const char *text, const struct ucprov_pool_override *choice, const char *expected)
{
    char *message = what_is_wrong(text, choice);
    if (expected == NULL) {
        assert_null(message);
    } else {
        assert_string_equal(message, expected);
    }
    free(message);
}

/* 14 + 7 + 2 + FQDN + 5 + 39 leave 186 octets, of which sub-option 10 takes 4. */
static void
test_sub_option_10_may_be_too_much(void **state)
{
    (void)state;
    const struct ucprov_pool_override choice = {"v", "long"};
    char text[1024];
    for (size_t length = 181; length <= 183; length++) {
        print_long_site(text, sizeof(text), length, "long");
        expect_wrong(text, NULL,
                     length <= 182 ? NULL
                                   : "site.conf:4: vlans[0].voice_vlan_in_ms_uc: option 43 of pool "
                                     "\"long\" with sub-option 10 would be longer than 253 octets");
        print_long_site(text, sizeof(text), length, "hq");
        expect_wrong(text, NULL, NULL);
        expect_wrong(text, &choice,
                     length <= 182
                         ? NULL
                         : "site.conf:3: vlan \"v\" with pool \"long\": option 43: does not "
                           "fit in the 253 octets of one option");
    }
}

#define MS_UC                                                                                      \
    "\x01\x0cMS-UC-Client\x02\x05https\x03\x12pool01.contoso.com\x04\x03"                          \
    "443\x05\x25/CertProv/CertProvisioningService.svc"

static void
test_octets(void **state)
{
    (void)state;
    char text[1024];
    struct ucprov_diagnostics diagnostics;
    print_long_site(text, sizeof(text), 100, "hq");
    ucprov_diagnostics_init(&diagnostics, "site.conf");
    struct ucprov_site *made = ucprov_site_parse("site.conf", text, strlen(text), &diagnostics);
    struct ucprov_policy *encoded = ucprov_policy_new(made, NULL, 0, &diagnostics);
    ucprov_site_free(made); /* the policy has copies of its own */
    const struct ucprov_policy_vlan *vlan = ucprov_policy_vlan_at(encoded, 0);
    assert_octets_equal(vlan->ms_uc->data, vlan->ms_uc->length, MS_UC "\x0a\x02\x00\x14");
    assert_octets_equal(vlan->cpe_ocphone->data, vlan->cpe_ocphone->length, "\x0a\x02\x00\x14");
    assert_null(vlan->domain);
    assert_null(vlan->ntp);
    assert_null(vlan->search);
    ucprov_policy_free(encoded);
    ucprov_diagnostics_clear(&diagnostics);

    const struct ucprov_policy_vlan *voice = ucprov_policy_find_vlan(policy, "voice");
    assert_octets_equal(voice->ms_uc->data, voice->ms_uc->length, MS_UC);
    assert_octets_equal(voice->domain->data, voice->domain->length, "contoso.com");
    assert_octets_equal(voice->ntp->data, voice->ntp->length, "\x0a\x01\x00\x01");
    assert_octets_equal(voice->search->data, voice->search->length, "\7contoso\3com\0");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_real_clients),
        cmocka_unit_test(test_phone_vlan),
        cmocka_unit_test(test_only_if_requested),
        cmocka_unit_test(test_kea_options),
        cmocka_unit_test(test_prompts),
        cmocka_unit_test(test_pilot),
        cmocka_unit_test(test_data_vlan),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_sharing),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_octets),
        cmocka_unit_test(test_sub_option_10_may_be_too_much),
    };
    return cmocka_run_group_tests(tests, build_policy, clean_up);
}
