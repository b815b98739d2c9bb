/* SPDX-License-Identifier: MPL-2.0 */
/* Option 43, both sets: limits, the three encodings of a VLAN id, and known habits of servers. */
#include "unit.h"

#include "base/error.h"
#include "option/option.h"

#include "samples/option_samples.h"

static struct ucprov_ms_uc_options
contoso(void)
{
    return (struct ucprov_ms_uc_options){
        .scheme = "https",
        .web_server = "sip.contoso.com",
        .port = 443,
        .cert_prov_path = "/CertProv/CertProvisioningService.svc",
    };
}

static void
encodes_the_ms_uc_set(void **state)
{
    (void)state;
    struct ucprov_option option;
    struct ucprov_ms_uc_options service = contoso();
    assert_int_equal(ucprov_cert_prov_encode(&option, &service), UCPROV_OK);
    assert_int_equal(option.code, 43);
    assert_octets_equal(option.data, option.length, IDENTIFIER SCHEME SERVER PORT PATH);
}

static void
the_port_may_be_left_out(void **state)
{
    (void)state;
    struct ucprov_option option;
    struct ucprov_ms_uc_options service = contoso();
    service.port = 0;
    assert_int_equal(ucprov_cert_prov_encode(&option, &service), UCPROV_OK);
    assert_octets_equal(option.data, option.length, IDENTIFIER SCHEME SERVER PATH);
    service.port = 65535;
    assert_int_equal(ucprov_cert_prov_encode(&option, &service), UCPROV_OK);
    assert_octets_equal(option.data, option.length,
                        IDENTIFIER SCHEME SERVER "\x04\x05"
                                                 "65535" PATH);
    service.port = 1;
    assert_int_equal(ucprov_cert_prov_encode(&option, &service), UCPROV_OK);
    assert_octets_equal(option.data, option.length,
                        IDENTIFIER SCHEME SERVER "\x04\x01"
                                                 "1" PATH);
}

static void
the_voice_vlan_may_come_along(void **state)
{
    (void)state;
    struct ucprov_option option;
    struct ucprov_ms_uc_options service = contoso();
    service.voice_vlan_id = 20;
    assert_int_equal(ucprov_cert_prov_encode(&option, &service), UCPROV_OK);
    assert_octets_equal(option.data, option.length,
                        IDENTIFIER SCHEME SERVER PORT PATH "\x0a\x02\x00\x14");
    service.voice_vlan_encoding = UCPROV_VLAN_ASCII;
    assert_int_equal(ucprov_cert_prov_encode(&option, &service), UCPROV_OK);
    assert_octets_equal(option.data, option.length,
                        IDENTIFIER SCHEME SERVER PORT PATH "\x0a\x02"
                                                           "20");
    service.voice_vlan_id = 4094;
    assert_int_equal(ucprov_cert_prov_encode(&option, &service), UCPROV_OK);
    service.voice_vlan_id = 4095;
    assert_int_equal(ucprov_cert_prov_encode(&option, &service), UCPROV_ERANGE);
    assert_int_equal(option.length, 0);
}

static void
the_ms_uc_set_has_253_octets_at_most(void **state)
{
    (void)state;
    struct ucprov_option option;
    struct ucprov_ms_uc_options service = contoso();
    /* 14 + 7 + 2 + 5 + 39 octets beside the server's name */
    print_to(service.web_server, sizeof(service.web_server), "%s", name_of_length(185));
    assert_int_equal(ucprov_cert_prov_encode(&option, &service), UCPROV_OK);
    assert_int_equal(option.length, 252);
    print_to(service.web_server, sizeof(service.web_server), "%s", name_of_length(186));
    assert_int_equal(ucprov_cert_prov_encode(&option, &service), UCPROV_OK);
    assert_int_equal(option.length, 253);
    print_to(service.web_server, sizeof(service.web_server), "%s", name_of_length(187));
    assert_int_equal(ucprov_cert_prov_encode(&option, &service), UCPROV_ETOOLONG);
    assert_int_equal(option.length, 0);
}

static void
nothing_may_be_empty(void **state)
{
    (void)state;
    struct ucprov_option option;
    struct ucprov_ms_uc_options service = contoso();
    service.scheme[0] = '\0';
    assert_int_equal(ucprov_cert_prov_encode(&option, &service), UCPROV_ERANGE);
    service = contoso();
    service.web_server[0] = '\0';
    assert_int_equal(ucprov_cert_prov_encode(&option, &service), UCPROV_ERANGE);
    service = contoso();
    service.cert_prov_path[0] = '\0';
    assert_int_equal(ucprov_cert_prov_encode(&option, &service), UCPROV_ERANGE);
}

static void
encodes_the_voice_vlan(void **state)
{
    (void)state;
    struct ucprov_option option;
    assert_int_equal(ucprov_voice_vlan_encode(&option, 300, UCPROV_VLAN_UINT16), UCPROV_OK);
    assert_int_equal(option.code, 43);
    assert_octets_equal(option.data, option.length, "\x0a\x02\x01\x2c");
    assert_int_equal(ucprov_voice_vlan_encode(&option, 300, UCPROV_VLAN_UINT32), UCPROV_OK);
    assert_octets_equal(option.data, option.length, "\x0a\x04\x00\x00\x01\x2c");
    assert_int_equal(ucprov_voice_vlan_encode(&option, 300, UCPROV_VLAN_ASCII), UCPROV_OK);
    assert_octets_equal(option.data, option.length,
                        "\x0a\x03"
                        "300");
}

static void
voice_vlans_are_1_to_4094(void **state)
{
    (void)state;
    struct ucprov_option option;
    assert_int_equal(ucprov_voice_vlan_encode(&option, 0, UCPROV_VLAN_UINT16), UCPROV_ERANGE);
    assert_int_equal(option.length, 0);
    assert_int_equal(ucprov_voice_vlan_encode(&option, 1, UCPROV_VLAN_UINT16), UCPROV_OK);
    assert_octets_equal(option.data, option.length, "\x0a\x02\x00\x01");
    assert_int_equal(ucprov_voice_vlan_encode(&option, 4094, UCPROV_VLAN_UINT16), UCPROV_OK);
    assert_octets_equal(option.data, option.length, "\x0a\x02\x0f\xfe");
    assert_int_equal(ucprov_voice_vlan_encode(&option, 4095, UCPROV_VLAN_UINT16), UCPROV_ERANGE);
    assert_int_equal(ucprov_voice_vlan_encode(&option, 20, (enum ucprov_vlan_encoding)3),
                     UCPROV_ERANGE);
    assert_int_equal(option.length, 0);
}

struct vlan_case {
    const char *octets;
    size_t length;
    uint16_t id;
    enum ucprov_vlan_encoding encoding;
    int error;
};

#define VLAN(literal) literal, sizeof(literal) - 1

static void
decodes_all_three_encodings(void **state)
{
    (void)state;
    static const struct vlan_case cases[] = {
        {VLAN("\x00\x01"), 1, UCPROV_VLAN_UINT16, UCPROV_OK},
        {VLAN("\x0f\xfe"), 4094, UCPROV_VLAN_UINT16, UCPROV_OK},
        {VLAN("\x00\x00\x00\x14"), 20, UCPROV_VLAN_UINT32, UCPROV_OK},
        {VLAN("\x00\x00\x0f\xfe"), 4094, UCPROV_VLAN_UINT32, UCPROV_OK},
        {VLAN("5"), 5, UCPROV_VLAN_ASCII, UCPROV_OK},
        {VLAN("20"), 20, UCPROV_VLAN_ASCII, UCPROV_OK},
        {VLAN("300"), 300, UCPROV_VLAN_ASCII, UCPROV_OK},
        {VLAN("4094"), 4094, UCPROV_VLAN_ASCII, UCPROV_OK},
        {VLAN("0020"), 20, UCPROV_VLAN_ASCII, UCPROV_OK},
        {VLAN("20\0"), 20, UCPROV_VLAN_ASCII, UCPROV_OK},
        {VLAN("300\0"), 300, UCPROV_VLAN_ASCII, UCPROV_OK},
        {VLAN("5\0"), 5, UCPROV_VLAN_ASCII, UCPROV_OK},
        {VLAN(""), 0, UCPROV_VLAN_UINT16, UCPROV_EWIRE_EMPTY},
        {VLAN("\x00\x00"), 0, UCPROV_VLAN_UINT16, UCPROV_EWIRE_VALUE},
        {VLAN("\x0f\xff"), 4095, UCPROV_VLAN_UINT16, UCPROV_EWIRE_VALUE},
        {VLAN("\x00\x00\x0f\xff"), 4095, UCPROV_VLAN_UINT16, UCPROV_EWIRE_VALUE},
        {VLAN("4095"), 4095, UCPROV_VLAN_ASCII, UCPROV_EWIRE_VALUE},
        {VLAN("0"), 0, UCPROV_VLAN_ASCII, UCPROV_EWIRE_VALUE},
        {VLAN("00020"), 0, UCPROV_VLAN_UINT16, UCPROV_EWIRE_VALUE},
        {VLAN("\x14"), 0, UCPROV_VLAN_UINT16, UCPROV_EWIRE_VALUE},
        {VLAN("\x00\x00\x14"), 0, UCPROV_VLAN_UINT16, UCPROV_EWIRE_VALUE},
        {VLAN("2x"), 0, UCPROV_VLAN_UINT16, UCPROV_EWIRE_VALUE},
        {VLAN("\0\0\0"), 0, UCPROV_VLAN_UINT16, UCPROV_EWIRE_VALUE},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint16_t id;
        enum ucprov_vlan_encoding encoding;
        int error = ucprov_voice_vlan_decode(&id, &encoding, (const uint8_t *)cases[i].octets,
                                             cases[i].length);
        print_message("    case %zu\n", i);
        assert_int_equal(error, cases[i].error);
        if (error == UCPROV_OK) {
            assert_int_equal(id, cases[i].id);
            assert_int_equal(encoding, cases[i].encoding);
        }
    }
}

static void
assert_is_contoso(const struct ucprov_ms_uc_options *service)
{
    assert_string_equal(service->scheme, "https");
    assert_string_equal(service->web_server, "sip.contoso.com");
    assert_int_equal(service->port, 443);
    assert_string_equal(service->cert_prov_path, "/CertProv/CertProvisioningService.svc");
}

static void
decodes_in_any_order_and_with_known_habits(void **state)
{
    (void)state;
    struct ucprov_ms_uc_options service;
    assert_int_equal(ucprov_cert_prov_decode(&service, OCTETS(PATH PORT SERVER SCHEME IDENTIFIER)),
                     UCPROV_OK);
    assert_is_contoso(&service);
    assert_int_equal(
        ucprov_cert_prov_decode(&service, OCTETS(IDENTIFIER SCHEME SERVER PORT PATH "\xff\x01")),
        UCPROV_OK);
    assert_is_contoso(&service);
    assert_int_equal(ucprov_cert_prov_decode(&service, OCTETS("\x01\x0dMS-UC-Client\0"
                                                              "\x02\x06https\0"
                                                              "\x03\x10sip.contoso.com\0"
                                                              "\x04\x04"
                                                              "443\0" PATH)),
                     UCPROV_OK);
    assert_is_contoso(&service);
    assert_int_equal(ucprov_cert_prov_decode(&service, OCTETS(SCHEME "\x63\x02zz" SERVER "\x00"
                                                                     "\x04\x02\x01\xbb" PATH)),
                     UCPROV_OK);
    assert_is_contoso(&service);
    assert_int_equal(ucprov_cert_prov_decode(&service, OCTETS("\x04\x04\x00\x00\x01\xbb")),
                     UCPROV_OK);
    assert_int_equal(service.port, 443);
}

static void
decodes_the_voice_vlan_in_a_set(void **state)
{
    (void)state;
    struct ucprov_ms_uc_options service;
    assert_int_equal(ucprov_cert_prov_decode(&service, OCTETS("\x0a\x02"
                                                              "20")),
                     UCPROV_OK);
    assert_int_equal(service.voice_vlan_id, 20);
    assert_int_equal(service.voice_vlan_encoding, UCPROV_VLAN_ASCII);
    assert_string_equal(service.scheme, "");
}

static void
decoding_says_what_is_unsound(void **state)
{
    (void)state;
    struct ucprov_ms_uc_options service;
    assert_int_equal(ucprov_cert_prov_decode(&service, NULL, 0), UCPROV_EWIRE_EMPTY);
    assert_int_equal(ucprov_cert_prov_decode(&service, OCTETS(SERVER "\x05\x25/Cert")),
                     UCPROV_EWIRE_SHORT);
    assert_string_equal(service.web_server, "sip.contoso.com");
    assert_string_equal(service.cert_prov_path, "/Cert");
    assert_int_equal(ucprov_cert_prov_decode(&service, OCTETS(SERVER "\x05")), UCPROV_EWIRE_SHORT);
    assert_int_equal(ucprov_cert_prov_decode(&service, OCTETS("\x03\x03"
                                                              "a\0b")),
                     UCPROV_EWIRE_VALUE);
    assert_int_equal(ucprov_cert_prov_decode(&service, OCTETS("\x04\x05"
                                                              "65536")),
                     UCPROV_EWIRE_VALUE);
    assert_int_equal(ucprov_cert_prov_decode(&service, OCTETS("\x04\x01"
                                                              "0")),
                     UCPROV_EWIRE_VALUE);
    assert_int_equal(ucprov_cert_prov_decode(&service, OCTETS("\x04\x03"
                                                              "44x")),
                     UCPROV_EWIRE_VALUE);
    assert_int_equal(ucprov_cert_prov_decode(&service, OCTETS("\x04\x00")), UCPROV_EWIRE_VALUE);
    assert_int_equal(ucprov_cert_prov_decode(&service, OCTETS("\x0a\x00")), UCPROV_EWIRE_EMPTY);
    /* The rest is read all the same. */
    assert_int_equal(ucprov_cert_prov_decode(&service, OCTETS("\x04\x01x" SERVER)),
                     UCPROV_EWIRE_VALUE);
    assert_string_equal(service.web_server, "sip.contoso.com");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_the_ms_uc_set),
        cmocka_unit_test(the_port_may_be_left_out),
        cmocka_unit_test(the_voice_vlan_may_come_along),
        cmocka_unit_test(the_ms_uc_set_has_253_octets_at_most),
        cmocka_unit_test(nothing_may_be_empty),
        cmocka_unit_test(encodes_the_voice_vlan),
        cmocka_unit_test(voice_vlans_are_1_to_4094),
        cmocka_unit_test(decodes_all_three_encodings),
        cmocka_unit_test(decodes_in_any_order_and_with_known_habits),
        cmocka_unit_test(decodes_the_voice_vlan_in_a_set),
        cmocka_unit_test(decoding_says_what_is_unsound),
    };
    return cmocka_run_group_tests_name("vendor_option", tests, NULL, NULL);
}
