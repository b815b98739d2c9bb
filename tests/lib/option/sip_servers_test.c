/* SPDX-License-Identifier: MPL-2.0 */
/* Option 120: its one name, and everything else that servers put there. */
#include "unit.h"

#include "base/error.h"
#include "option/option.h"

static void
encodes_one_name(void **state)
{
    (void)state;
    struct ucprov_option option;
    assert_int_equal(ucprov_sip_server_encode(&option, "pool01.contoso.com"), UCPROV_OK);
    assert_int_equal(option.code, 120);
    assert_octets_equal(option.data, option.length,
                        "\x00\x06pool01\x07"
                        "contoso\x03"
                        "com\x00");
}

static void
the_name_fits_up_to_250_characters(void **state)
{
    (void)state;
    struct ucprov_option option;
    assert_int_equal(ucprov_sip_server_encode(&option, name_of_length(249)), UCPROV_OK);
    assert_int_equal(option.length, 252);
    assert_int_equal(ucprov_sip_server_encode(&option, name_of_length(250)), UCPROV_OK);
    assert_int_equal(option.length, 253);
    assert_int_equal(ucprov_sip_server_encode(&option, name_of_length(251)), UCPROV_ETOOLONG);
    assert_int_equal(option.length, 0);
}

static void
only_a_host_name_will_do(void **state)
{
    (void)state;
    struct ucprov_option option;
    assert_int_equal(ucprov_sip_server_encode(&option, "pool01"), UCPROV_ENAME_NOT_QUALIFIED);
    assert_int_equal(ucprov_sip_server_encode(&option, "10.1.1.1"), UCPROV_ENAME_ADDRESS);
    assert_int_equal(ucprov_sip_server_encode(&option, ""), UCPROV_ENAME_EMPTY);
    assert_int_equal(option.length, 0);
}

static void
decodes_one_name(void **state)
{
    (void)state;
    struct ucprov_name name;
    char text[UCPROV_NAME_TEXT_SIZE];
    assert_int_equal(ucprov_sip_server_decode(&name, OCTETS("\x00\x03sip\x07"
                                                            "contoso\x03"
                                                            "com\x00")),
                     UCPROV_OK);
    assert_string_equal(ucprov_name_to_text(&name, text), "sip.contoso.com");
}

static void
decoding_says_what_is_unsound(void **state)
{
    (void)state;
    struct ucprov_name name;
    char text[UCPROV_NAME_TEXT_SIZE];
    assert_int_equal(ucprov_sip_server_decode(&name, NULL, 0), UCPROV_EWIRE_EMPTY);
    assert_int_equal(ucprov_sip_server_decode(&name, OCTETS("sip.contoso.com")),
                     UCPROV_EWIRE_VALUE);
    assert_int_equal(ucprov_sip_server_decode(&name, OCTETS("\x01\x0a\x01\x01\x01")),
                     UCPROV_EWIRE_VALUE);
    assert_int_equal(ucprov_sip_server_decode(&name, OCTETS("\x00")), UCPROV_EWIRE_SHORT);
    assert_int_equal(ucprov_sip_server_decode(&name, OCTETS("\x00\x00")), UCPROV_EWIRE_VALUE);
    assert_int_equal(ucprov_sip_server_decode(&name, OCTETS("\x00\x03sip\x03"
                                                            "com")),
                     UCPROV_EWIRE_SHORT);
    assert_int_equal(ucprov_sip_server_decode(&name, OCTETS("\x00\x03sip\x03"
                                                            "com\x00\x00")),
                     UCPROV_EWIRE_TRAILING);
    assert_string_equal(ucprov_name_to_text(&name, text), "sip.com");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_one_name),
        cmocka_unit_test(the_name_fits_up_to_250_characters),
        cmocka_unit_test(only_a_host_name_will_do),
        cmocka_unit_test(decodes_one_name),
        cmocka_unit_test(decoding_says_what_is_unsound),
    };
    return cmocka_run_group_tests_name("sip_servers", tests, NULL, NULL);
}
