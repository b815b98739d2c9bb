/* SPDX-License-Identifier: MPL-2.0 */
/* Explanations as people read them, word for word, and as JSON. */
#include "unit.h"

#include <stdlib.h>

#include "option/explain.h"

#include "samples/option_samples.h"

/* What ucprov_explain_text() writes; the caller's to free. */
static char *
explain(uint8_t code, enum ucprov_client client, const uint8_t *value, size_t length)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    ucprov_explain_text(out, code, client, value, length);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void
check_text(uint8_t code, const uint8_t *value, size_t length, const char *expected)
{
    char *text = explain(code, UCPROV_CLIENT_OTHER, value, length);
    assert_string_equal(text, expected);
    free(text);
}

static void
plain_options_take_a_line(void **state)
{
    (void)state;
    check_text(15, OCTETS("contoso.com"), "Option 15   domain name         contoso.com\n");
    check_text(42, OCTETS("\x0a\x01\x00\x01"), "Option 42   time servers        10.1.0.1\n");
    check_text(42, OCTETS("\x0a\x01\x00\x01\x0a\x01\x00\x02"),
               "Option 42   time servers        10.1.0.1, 10.1.0.2\n");
    check_text(6, OCTETS("\x0a\x01"), "Option 6    (none of ours)      2 octets\n     0a01\n");
}

static void
names_are_shown_with_their_octets(void **state)
{
    (void)state;
    check_text(120, OCTETS("\x00" SIP_NAME),
               "Option 120  SIP server          sip.contoso.com\n"
               "     000373697007636f6e746f736f03636f6d00\n");
    check_text(119, OCTETS(SIP_NAME "\x02hq\xc0\x04"),
               "Option 119  domain search list  sip.contoso.com, hq.contoso.com\n"
               "     0373697007636f6e746f736f03636f6d00026871c004\n");
}

static void
unsound_values_show_their_octets(void **state)
{
    (void)state;
    check_text(15, OCTETS("a\x1b[2J"),
               "Option 15   domain name         a\\x1b[2J\n     611b5b324a\n");
    check_text(42, OCTETS("\x0a\x01\x00"),
               "Option 42   time servers        (not readable)\n"
               "     0a0100\n");
    check_text(120, OCTETS("a.b"), "Option 120  SIP server          (not readable)\n     612e62\n");
    check_text(119, OCTETS("a.b"), "Option 119  domain search list  (not readable)\n     612e62\n");
    check_text(120, OCTETS("\x00" SIP_NAME "\x00"),
               "Option 120  SIP server          sip.contoso.com\n"
               "     000373697007636f6e746f736f03636f6d0000\n");
    check_text(120, NULL, 0, "Option 120  SIP server          (not readable)\n");
}

static void
the_ms_uc_set_is_listed(void **state)
{
    (void)state;
    static const char head[] = "Option 43   for MS-UC-Client    82 octets\n"
                               "  1  UCIdentifier     MS-UC-Client\n"
                               "  2  URLScheme        https\n"
                               "  3  WebServerFqdn    sip.contoso.com\n"
                               "  4  WebServerPort    443\n"
                               "  5  CertProvRelPath  " PATH_TEXT "\n"
                               "     = https://sip.contoso.com:443" PATH_TEXT "\n"
                               "     010c4d532d55432d436c69656e74";
    char *text = explain(43, UCPROV_CLIENT_MS_UC, OCTETS(IDENTIFIER SCHEME SERVER PORT PATH));
    assert_memory_equal(text, head, sizeof(head) - 1);
    /* one line of two digits an octet */
    assert_int_equal(strlen(text), sizeof(head) - 1 + (82 - 14) * 2 + 1);
    free(text);
}

static void
the_url_does_without_a_port(void **state)
{
    (void)state;
    char *text = explain(43, UCPROV_CLIENT_MS_UC, OCTETS(SCHEME SERVER PATH));
    assert_non_null(strstr(text, "\n     = https://sip.contoso.com" PATH_TEXT "\n"));
    free(text);
    text = explain(43, UCPROV_CLIENT_MS_UC, OCTETS(SCHEME SERVER));
    assert_null(strstr(text, "     = "));
    free(text);
}

static void
what_is_cut_off_is_marked(void **state)
{
    (void)state;
    check_text(43, OCTETS("\x02\x05https\x05\x25/Cert"),
               "Option 43   for MS-UC-Client    14 octets\n"
               "  2  URLScheme        https\n"
               "  5  CertProvRelPath  /Cert   CUT OFF\n"
               "     020568747470730525"
               "2f43657274\n");
    check_text(43, OCTETS("\x05"),
               "Option 43   for MS-UC-Client    1 octets\n"
               "  5  CertProvRelPath     CUT OFF\n"
               "     05\n");
}

static void
another_vendors_are_shown_without_names(void **state)
{
    (void)state;
    check_text(43, OCTETS("\xf1\x08\xc0\x00\x02\x01\xc0\x00\x02\x02\x65\x01x\xff"),
               "Option 43   not the phones'     14 octets\n"
               "  241  192.0.2.1, 192.0.2.2\n"
               "  101  x\n"
               "  255 (end)\n"
               "     f108c0000201c0000202650178ff\n");
    check_text(43, OCTETS("192.168.1.10"),
               "Option 43   not the phones'     12 octets\n"
               "     192.168.1.10\n"
               "     3139322e3136382e312e3130\n");
    /* Juniper's code 0 is padding elsewhere. */
    check_text(43, OCTETS("\x00\x01x"), "Option 43   not the phones'     3 octets\n     000178\n");
}

static void
the_options_own_header_is_set_apart(void **state)
{
    (void)state;
    check_text(120, OCTETS("\x78\x12\x00" SIP_NAME),
               "Option 120  without 78 12 in front:\n"
               "Option 120  SIP server          sip.contoso.com\n"
               "     000373697007636f6e746f736f03636f6d00\n");
}

static void
odd_sub_options_are_shown(void **state)
{
    (void)state;
    check_text(43, OCTETS("\x63\x01x"),
               "Option 43   not the phones'     3 octets\n"
               "  99   x\n"
               "     630178\n");
    check_text(43, OCTETS("\x00\x0a\x02\x00\x14\xff\x01"),
               "Option 43   for CPE-OCPHONE     7 octets\n"
               "  0  (padding)\n"
               "  10 VoiceVLAN        20\n"
               "  255 (end)\n"
               "     000a020014ff01\n");
    check_text(43,
               OCTETS("\x0a\x02"
                      "20"),
               "Option 43   for CPE-OCPHONE     4 octets\n"
               "  10 VoiceVLAN        20 (decimal digits)\n"
               "     0a023230\n");
    check_text(43, OCTETS("\x0a\x04\x00\x00\x00\x14"),
               "Option 43   for CPE-OCPHONE     6 octets\n"
               "  10 VoiceVLAN        20 (four octets)\n"
               "     0a0400000014\n");
    check_text(43, OCTETS("\x0a\x01\x14\x42\x01x"),
               "Option 43   for CPE-OCPHONE     6 octets\n"
               "  10 VoiceVLAN        \\x14\n"
               "  66 (unknown)        x\n"
               "     0a0114420178\n");
}

static void
check_json(uint8_t code, const uint8_t *value, size_t length, const char *means)
{
    json_t *object = ucprov_explain_json(code, UCPROV_CLIENT_OTHER, value, length);
    assert_non_null(object);
    assert_int_equal(json_integer_value(json_object_get(object, "code")), code);
    assert_int_equal(json_integer_value(json_object_get(object, "length")), length);
    char *text = json_dumps(json_object_get(object, "means"),
                            JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text, means);
    free(text);
    json_decref(object);
}

static void
json_says_what_octets_mean(void **state)
{
    (void)state;
    check_json(15, OCTETS("contoso.com\0"), "{\"domain\":\"contoso.com\"}");
    check_json(42, OCTETS("\x0a\x01\x00\x01"), "{\"ntp\":[\"10.1.0.1\"]}");
    check_json(43, OCTETS(IDENTIFIER SCHEME SERVER PORT PATH "\x0a\x02\x00\x14"),
               "{\"cert_prov_path\":\"" PATH_TEXT "\",\"port\":443,\"scheme\":\"https\","
               "\"voice_vlan_id\":20,\"web_server\":\"sip.contoso.com\"}");
    check_json(43, OCTETS("\x0a\x02\x00\x14"), "{\"voice_vlan_id\":20}");
    check_json(119, OCTETS(SIP_NAME "\x02hq\xc0\x04"),
               "{\"search\":[\"sip.contoso.com\",\"hq.contoso.com\"]}");
    check_json(120, OCTETS("\x00" SIP_NAME), "{\"sip_server\":\"sip.contoso.com\"}");
}

static void
json_says_null_for_what_means_nothing(void **state)
{
    (void)state;
    check_json(15, OCTETS("\xff"), "null");
    check_json(42, OCTETS("\x0a\x01\x00"), "null");
    check_json(43, OCTETS("\x63\x00"), "null");
    check_json(43, OCTETS(SCHEME "\x05\x25/Cert"), "null");
    check_json(119, OCTETS("contoso.com"), "null");
    check_json(120, OCTETS("contoso.com"), "null");
    check_json(60, OCTETS("contoso.com"), "null");
}

static void
json_has_names_hex_and_findings(void **state)
{
    (void)state;
    json_t *object = ucprov_explain_json(120, UCPROV_CLIENT_OTHER, OCTETS("a.b"));
    assert_string_equal(json_string_value(json_object_get(object, "name")), "SIP server");
    assert_string_equal(json_string_value(json_object_get(object, "hex")), "612e62");
    json_t *findings = json_object_get(object, "findings");
    assert_int_equal(json_array_size(findings), 1);
    json_t *finding = json_array_get(findings, 0);
    assert_string_equal(json_string_value(json_object_get(finding, "id")), "sip.ascii");
    assert_string_equal(json_string_value(json_object_get(finding, "severity")), "fail");
    assert_non_null(strstr(json_string_value(json_object_get(finding, "text")), "0x61"));
    json_decref(object);

    object = ucprov_explain_json(43, UCPROV_CLIENT_OTHER,
                                 OCTETS("\x0a\x02"
                                        "20"));
    finding = json_array_get(json_object_get(object, "findings"), 0);
    assert_string_equal(json_string_value(json_object_get(finding, "severity")), "warn");
    json_decref(object);

    object = ucprov_explain_json(60, UCPROV_CLIENT_OTHER, NULL, 0);
    assert_true(json_is_null(json_object_get(object, "name")));
    assert_string_equal(json_string_value(json_object_get(object, "hex")), "");
    assert_int_equal(json_array_size(json_object_get(object, "findings")), 0);
    json_decref(object);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_options_take_a_line),
        cmocka_unit_test(names_are_shown_with_their_octets),
        cmocka_unit_test(unsound_values_show_their_octets),
        cmocka_unit_test(the_ms_uc_set_is_listed),
        cmocka_unit_test(the_url_does_without_a_port),
        cmocka_unit_test(what_is_cut_off_is_marked),
        cmocka_unit_test(another_vendors_are_shown_without_names),
        cmocka_unit_test(the_options_own_header_is_set_apart),
        cmocka_unit_test(odd_sub_options_are_shown),
        cmocka_unit_test(json_says_what_octets_mean),
        cmocka_unit_test(json_says_null_for_what_means_nothing),
        cmocka_unit_test(json_has_names_hex_and_findings),
    };
    return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
