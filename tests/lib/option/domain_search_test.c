/* SPDX-License-Identifier: MPL-2.0 */
/* Option 119: where compression begins, how it points, and when a list is too long. */
#include "unit.h"

#include "base/error.h"
#include "option/option.h"

#define CONTOSO                                                                                    \
    "\x07"                                                                                         \
    "contoso\x03"                                                                                  \
    "com\x00" /* 13 octets */

static void
encodes_uncompressed_where_it_fits(void **state)
{
    (void)state;
    struct ucprov_option option;
    static const char *const domains[] = {"contoso.com", "emea.contoso.com", "contoso.com"};
    assert_int_equal(ucprov_domain_search_encode(&option, domains, 3), UCPROV_OK);
    assert_int_equal(option.code, 119);
    assert_octets_equal(option.data, option.length,
                        CONTOSO "\x04"
                                "emea" CONTOSO CONTOSO);
}

static void
an_empty_list_is_refused(void **state)
{
    (void)state;
    struct ucprov_option option;
    assert_int_equal(ucprov_domain_search_encode(&option, NULL, 0), UCPROV_ERANGE);
    assert_int_equal(option.length, 0);
}

static void
a_wrong_name_is_refused(void **state)
{
    (void)state;
    struct ucprov_option option;
    static const char *const domains[] = {"contoso.com", "emea..contoso.com"};
    assert_int_equal(ucprov_domain_search_encode(&option, domains, 2), UCPROV_ENAME_EMPTY_LABEL);
    assert_int_equal(option.length, 0);
}

/* Three times 69 octets and one of 46 are 253. */
static void
compression_begins_at_254_octets(void **state)
{
    (void)state;
    struct ucprov_option option;
    char a[128], b[128];
    print_to(a, sizeof(a), "%s.com", repeat('a', 63)); /* 69 octets */
    print_to(b, sizeof(b), "%s", repeat('b', 44));     /* 46 octets with the root */
    const char *const domains[] = {a, a, a, b};
    assert_int_equal(ucprov_domain_search_encode(&option, domains, 4), UCPROV_OK);
    assert_int_equal(option.length, 253);
    assert_memory_equal(option.data + 69,
                        "\x3f"
                        "a",
                        2);
    print_to(b, sizeof(b), "%s", repeat('b', 45));
    assert_int_equal(ucprov_domain_search_encode(&option, domains, 4), UCPROV_OK);
    assert_int_equal(option.length, 69 + 2 + 2 + 47);
    assert_memory_equal(option.data + 69,
                        "\xc0\x00\xc0\x00\x2d"
                        "bb",
                        7);
}

static void
compression_finds_the_longest_end(void **state)
{
    (void)state;
    struct ucprov_option option;
    char filler[256];
    print_to(filler, sizeof(filler), "%s", name_of_length(200)); /* 202 octets */
    const char *const domains[] = {
        "contoso.com", "emea.Contoso.COM", "hq.EMEA.contoso.com", "example.com", "com", "org",
        filler};
    assert_int_equal(ucprov_domain_search_encode(&option, domains, 7), UCPROV_OK);
    /* contoso 0, com 8, emea 13, hq 20, example 25, com 35, org 37, filler 42 */
    static const char expected[] = CONTOSO "\x04"
                                           "emea\xc0\x00"
                                           "\x02hq\xc0\x0d"
                                           "\x07"
                                           "example\xc0\x08"
                                           "\xc0\x08"
                                           "\x03org\x00"
                                           "\x3f";
    assert_int_equal(option.length, 42 + 202);
    assert_memory_equal(option.data, expected, sizeof(expected) - 1);
}

/* The encoder's pointers are read by a decoder that was tested with hand-written octets. */
static void
compression_has_253_octets_at_most(void **state)
{
    (void)state;
    struct ucprov_option option;
    struct ucprov_domain_search search;
    char filler[256];
    /* 202 octets, then 13, 2 for each repetition, and a label with its pointer */
    print_to(filler, sizeof(filler), "%s", name_of_length(200));
    char last[64];
    const char *const domains[] = {filler, "contoso.com", "contoso.com", last};
    print_to(last, sizeof(last), "%s.contoso.com", repeat('x', 32)); /* 33 + 2 */
    assert_int_equal(ucprov_domain_search_encode(&option, domains, 4), UCPROV_OK);
    assert_int_equal(option.length, 252);
    print_to(last, sizeof(last), "%s.contoso.com", repeat('x', 33));
    assert_int_equal(ucprov_domain_search_encode(&option, domains, 4), UCPROV_OK);
    assert_int_equal(option.length, 253);
    assert_int_equal(ucprov_domain_search_decode(&search, option.data, option.length), UCPROV_OK);
    char text[UCPROV_NAME_TEXT_SIZE];
    assert_int_equal(search.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(ucprov_name_to_text(&search.names[i], text), domains[i]);
    }
    print_to(last, sizeof(last), "%s.contoso.com", repeat('x', 34));
    assert_int_equal(ucprov_domain_search_encode(&option, domains, 4), UCPROV_ETOOLONG);
    assert_int_equal(option.length, 0);
}

static void
a_very_long_list_is_refused(void **state)
{
    (void)state;
    struct ucprov_option option;
    static const char *domains[1000];
    for (size_t i = 0; i < 1000; i++) {
        domains[i] = "contoso.com";
    }
    /* 13 octets, and 120 pointers */
    assert_int_equal(ucprov_domain_search_encode(&option, domains, 121), UCPROV_OK);
    assert_int_equal(option.length, 253);
    assert_int_equal(ucprov_domain_search_encode(&option, domains, 122), UCPROV_ETOOLONG);
    assert_int_equal(ucprov_domain_search_encode(&option, domains, 1000), UCPROV_ETOOLONG);
}

static void
decodes_names_and_pointers(void **state)
{
    (void)state;
    struct ucprov_domain_search search;
    char text[UCPROV_NAME_TEXT_SIZE];
    assert_int_equal(
        ucprov_domain_search_decode(&search, OCTETS(CONTOSO "\x04"
                                                            "emea\xc0\x00\x05local\x00")),
        UCPROV_OK);
    assert_int_equal(search.count, 3);
    assert_string_equal(ucprov_name_to_text(&search.names[0], text), "contoso.com");
    assert_string_equal(ucprov_name_to_text(&search.names[1], text), "emea.contoso.com");
    assert_string_equal(ucprov_name_to_text(&search.names[2], text), "local");
}

static void
decoding_says_what_is_unsound(void **state)
{
    (void)state;
    struct ucprov_domain_search search;
    assert_int_equal(ucprov_domain_search_decode(&search, NULL, 0), UCPROV_EWIRE_EMPTY);
    assert_int_equal(ucprov_domain_search_decode(&search, OCTETS("\x00")), UCPROV_EWIRE_VALUE);
    assert_int_equal(ucprov_domain_search_decode(&search, OCTETS(CONTOSO "\x03"
                                                                         "com")),
                     UCPROV_EWIRE_SHORT);
    assert_int_equal(search.count, 1);
    assert_int_equal(ucprov_domain_search_decode(&search, OCTETS(CONTOSO "\xc0\x0d")),
                     UCPROV_EWIRE_POINTER);
    assert_int_equal(ucprov_domain_search_decode(&search, OCTETS("contoso.com")),
                     UCPROV_EWIRE_LABEL);
}

static void
decoding_stops_at_255_names(void **state)
{
    (void)state;
    struct ucprov_domain_search search;
    uint8_t octets[3 + 2 * 255] = {1, 'a', 0};
    for (size_t i = 3; i < sizeof(octets); i += 2) {
        octets[i] = 0xc0;
    }
    assert_int_equal(ucprov_domain_search_decode(&search, octets, 3 + 2 * 254), UCPROV_OK);
    assert_int_equal(search.count, 255);
    assert_int_equal(ucprov_domain_search_decode(&search, octets, 3 + 2 * 255), UCPROV_ETOOLONG);
    assert_int_equal(search.count, 255);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_uncompressed_where_it_fits),
        cmocka_unit_test(an_empty_list_is_refused),
        cmocka_unit_test(a_wrong_name_is_refused),
        cmocka_unit_test(compression_begins_at_254_octets),
        cmocka_unit_test(compression_finds_the_longest_end),
        cmocka_unit_test(compression_has_253_octets_at_most),
        cmocka_unit_test(a_very_long_list_is_refused),
        cmocka_unit_test(decodes_names_and_pointers),
        cmocka_unit_test(decoding_says_what_is_unsound),
        cmocka_unit_test(decoding_stops_at_255_names),
    };
    return cmocka_run_group_tests_name("domain_search", tests, NULL, NULL);
}
