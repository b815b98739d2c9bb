/* SPDX-License-Identifier: MPL-2.0 */
/* Vendor classes, names of options, and the walk over sub-options. */
#include "unit.h"

#include "base/error.h"
#include "option/option.h"

static enum ucprov_client
client_of(const char *vendor_class)
{
    return ucprov_client_from_class(vendor_class, strlen(vendor_class));
}

static void
clients_are_told_by_their_class(void **state)
{
    (void)state;
    assert_int_equal(client_of("MS-UC-Client"), UCPROV_CLIENT_MS_UC);
    assert_int_equal(client_of("ms-uc-client"), UCPROV_CLIENT_OTHER);
    assert_int_equal(client_of("MS-UC-Clien"), UCPROV_CLIENT_OTHER);
    assert_int_equal(client_of("MS-UC-Client2"), UCPROV_CLIENT_OTHER);
    assert_int_equal(ucprov_client_from_class("MS-UC-Client", 13), UCPROV_CLIENT_OTHER);
    assert_int_equal(client_of("CPE-OCPHONE"), UCPROV_CLIENT_CPE_OCPHONE);
    assert_int_equal(client_of("CPE-OCPhone"), UCPROV_CLIENT_CPE_OCPHONE);
    assert_int_equal(client_of("CPE-OCPHONES"), UCPROV_CLIENT_OTHER);
    assert_int_equal(client_of("CPE-OCPHON"), UCPROV_CLIENT_OTHER);
    assert_int_equal(client_of("MSFT 5.0"), UCPROV_CLIENT_OTHER);
    assert_int_equal(ucprov_client_from_class(NULL, 0), UCPROV_CLIENT_OTHER);
}

static void
clients_have_names(void **state)
{
    (void)state;
    assert_string_equal(ucprov_client_name(UCPROV_CLIENT_OTHER), "other");
    assert_string_equal(ucprov_client_name(UCPROV_CLIENT_MS_UC), "ms-uc");
    assert_string_equal(ucprov_client_name(UCPROV_CLIENT_CPE_OCPHONE), "cpe-ocphone");
}

static void
vlan_encoding_names_go_both_ways(void **state)
{
    (void)state;
    static const char *const names[] = {"uint16", "ascii", "uint32"};
    for (size_t i = 0; i < 3; i++) {
        enum ucprov_vlan_encoding encoding = UCPROV_VLAN_UINT16;
        assert_true(ucprov_vlan_encoding_from_name(names[i], &encoding));
        assert_string_equal(ucprov_vlan_encoding_name(encoding), names[i]);
    }
    enum ucprov_vlan_encoding untouched = UCPROV_VLAN_ASCII;
    assert_false(ucprov_vlan_encoding_from_name("uint8", &untouched));
    assert_int_equal(untouched, UCPROV_VLAN_ASCII);
}

static void
options_and_sub_options_have_names(void **state)
{
    (void)state;
    assert_string_equal(ucprov_option_name(15), "domain name");
    assert_string_equal(ucprov_option_name(42), "time servers");
    assert_string_equal(ucprov_option_name(120), "SIP server");
    assert_non_null(ucprov_option_name(43));
    assert_non_null(ucprov_option_name(119));
    assert_null(ucprov_option_name(60));
    assert_null(ucprov_option_name(0));
    assert_string_equal(ucprov_sub_option_name(1), "UCIdentifier");
    assert_string_equal(ucprov_sub_option_name(5), "CertProvRelPath");
    assert_non_null(ucprov_sub_option_name(10));
    assert_null(ucprov_sub_option_name(0));
    assert_null(ucprov_sub_option_name(6));
    assert_null(ucprov_sub_option_name(255));
}

static void
sub_options_come_one_by_one(void **state)
{
    (void)state;
    struct ucprov_reader reader;
    struct ucprov_sub_option sub;
    ucprov_reader_init(&reader, OCTETS("\x01\x02"
                                       "ab\x00\x0a\x00\xff\x05"));
    assert_true(ucprov_sub_option_next(&reader, &sub));
    assert_int_equal(sub.code, 1);
    assert_int_equal(sub.claimed, 2);
    assert_octets_equal(sub.value, sub.length, "ab");
    assert_true(ucprov_sub_option_next(&reader, &sub));
    assert_int_equal(sub.code, UCPROV_SUB_PAD);
    assert_int_equal(sub.claimed, 0);
    assert_true(ucprov_sub_option_next(&reader, &sub));
    assert_int_equal(sub.code, 10);
    assert_int_equal(sub.claimed, 0);
    assert_true(ucprov_sub_option_next(&reader, &sub));
    assert_int_equal(sub.code, UCPROV_SUB_END);
    assert_int_equal(reader.error, UCPROV_OK);
    assert_true(ucprov_sub_option_next(&reader, &sub));
    assert_int_equal(sub.code, 5);
    assert_int_equal(sub.claimed, 0);
    assert_int_equal(reader.error, UCPROV_EWIRE_SHORT);
    assert_false(ucprov_sub_option_next(&reader, &sub));
}

static void
a_cut_sub_option_is_the_last(void **state)
{
    (void)state;
    struct ucprov_reader reader;
    struct ucprov_sub_option sub;
    ucprov_reader_init(&reader, OCTETS("\x05\x25/Cert"));
    assert_true(ucprov_sub_option_next(&reader, &sub));
    assert_int_equal(sub.claimed, 37);
    assert_octets_equal(sub.value, sub.length, "/Cert");
    assert_int_equal(reader.error, UCPROV_EWIRE_SHORT);
    assert_false(ucprov_sub_option_next(&reader, &sub));
}

static void
nothing_has_no_sub_options(void **state)
{
    (void)state;
    struct ucprov_reader reader;
    struct ucprov_sub_option sub;
    ucprov_reader_init(&reader, NULL, 0);
    assert_false(ucprov_sub_option_next(&reader, &sub));
    assert_int_equal(reader.error, UCPROV_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clients_are_told_by_their_class),
        cmocka_unit_test(clients_have_names),
        cmocka_unit_test(vlan_encoding_names_go_both_ways),
        cmocka_unit_test(options_and_sub_options_have_names),
        cmocka_unit_test(sub_options_come_one_by_one),
        cmocka_unit_test(a_cut_sub_option_is_the_last),
        cmocka_unit_test(nothing_has_no_sub_options),
    };
    return cmocka_run_group_tests_name("option", tests, NULL, NULL);
}
