/* SPDX-License-Identifier: MPL-2.0 */
/* Option 15 at 253 octets, and values that are unsound. */
#include "unit.h"

#include "base/error.h"
#include "option/option.h"

static void
encodes_text_without_terminator(void **state)
{
    (void)state;
    struct ucprov_option option;
    assert_int_equal(ucprov_domain_name_encode(&option, "contoso.com"), UCPROV_OK);
    assert_int_equal(option.code, 15);
    assert_octets_equal(option.data, option.length, "contoso.com");
}

static void
encodes_253_characters_at_most(void **state)
{
    (void)state;
    struct ucprov_option option;
    assert_int_equal(ucprov_domain_name_encode(&option, name_of_length(253)), UCPROV_OK);
    assert_int_equal(option.length, 253);
    assert_int_equal(ucprov_domain_name_encode(&option, name_of_length(254)), UCPROV_ENAME_LONG);
    assert_int_equal(option.length, 0);
}

static void
refuses_what_is_no_name(void **state)
{
    (void)state;
    struct ucprov_option option;
    assert_int_equal(ucprov_domain_name_encode(&option, "contoso.com."), UCPROV_ENAME_TRAILING_DOT);
    assert_int_equal(option.length, 0);
    assert_int_equal(ucprov_domain_name_encode(&option, ""), UCPROV_ENAME_EMPTY);
}

static void
decodes_up_to_a_nul(void **state)
{
    (void)state;
    char domain[UCPROV_OPTION_WIRE_MAX + 1];
    assert_int_equal(ucprov_domain_name_decode(domain, OCTETS("contoso.com")), UCPROV_OK);
    assert_string_equal(domain, "contoso.com");
    assert_int_equal(ucprov_domain_name_decode(domain, OCTETS("contoso.com\0x")), UCPROV_OK);
    assert_string_equal(domain, "contoso.com");
}

static void
decoding_says_what_is_unsound(void **state)
{
    (void)state;
    char domain[UCPROV_OPTION_WIRE_MAX + 1];
    uint8_t octets[256];
    memset(octets, 'a', sizeof(octets));
    assert_int_equal(ucprov_domain_name_decode(domain, NULL, 0), UCPROV_EWIRE_EMPTY);
    assert_int_equal(ucprov_domain_name_decode(domain, OCTETS("\0")), UCPROV_ENAME_EMPTY);
    assert_int_equal(ucprov_domain_name_decode(domain, OCTETS("a b")), UCPROV_ENAME_CHARACTER);
    assert_string_equal(domain, "a b");
    assert_int_equal(ucprov_domain_name_decode(domain, octets, 255), UCPROV_ENAME_LABEL_LONG);
    assert_int_equal(strlen(domain), 255);
    assert_int_equal(ucprov_domain_name_decode(domain, octets, 256), UCPROV_ETOOLONG);
    assert_int_equal(strlen(domain), 255);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_text_without_terminator),
        cmocka_unit_test(encodes_253_characters_at_most),
        cmocka_unit_test(refuses_what_is_no_name),
        cmocka_unit_test(decodes_up_to_a_nul),
        cmocka_unit_test(decoding_says_what_is_unsound),
    };
    return cmocka_run_group_tests_name("domain_name", tests, NULL, NULL);
}
