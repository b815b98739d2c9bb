/* SPDX-License-Identifier: MPL-2.0 */
/* Prefixes as text, good and bad, and their first and last addresses. */
#include "unit.h"

#include "site/prefix.h"

static void
test_text(void **state)
{
    (void)state;
    struct ucprov_prefix prefix;
    char text[UCPROV_PREFIX_TEXT_SIZE];
    assert_true(ucprov_prefix_from_text(&prefix, "10.20.0.0/16"));
    assert_int_equal(prefix.address, 0x0a140000);
    assert_int_equal(prefix.length, 16);
    assert_string_equal(ucprov_prefix_to_text(prefix, text), "10.20.0.0/16");
    assert_true(ucprov_prefix_from_text(&prefix, "255.255.255.255/32"));
    assert_string_equal(ucprov_prefix_to_text(prefix, text), "255.255.255.255/32");
    assert_true(ucprov_prefix_from_text(&prefix, "0.0.0.0/0"));
}

static void
test_bad_text(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",           "10.20.0.0",     "10.20.0.0/",    "10.20.0.0/33",  "10.20.0.0/-1",
        "10.20.0/16", "10.20.0.256/8", "10.20.0.0/16 ", " 10.20.0.0/16", "10.20.0.0/+8",
        "fd00::/8",   "10.20.0.0/160", "10.20.0.0/1x",
    };
    struct ucprov_prefix prefix;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(ucprov_prefix_from_text(&prefix, bad[i]));
    }
}

static void
test_edges(void **state)
{
    (void)state;
    const struct ucprov_prefix net = {0x0a140005, 16};
    assert_int_equal(ucprov_prefix_clean(net).address, 0x0a140000);
    assert_int_equal(ucprov_prefix_first(net), 0x0a140000);
    assert_int_equal(ucprov_prefix_last(net), 0x0a14ffff);
    const struct ucprov_prefix all = {0, 0};
    assert_int_equal(ucprov_prefix_last(all), UINT32_MAX);
    const struct ucprov_prefix host = {0x0a140005, 32};
    assert_int_equal(ucprov_prefix_first(host), ucprov_prefix_last(host));
}

static void
test_order(void **state)
{
    (void)state;
    const struct ucprov_prefix wide = {0x0a000000, 8};
    const struct ucprov_prefix inside = {0x0a140000, 16};
    assert_true(ucprov_prefix_compare(wide, inside) < 0);
    assert_int_equal(ucprov_prefix_compare(wide, wide), 0);
    const struct ucprov_prefix longer = {0x0a000000, 9};
    assert_true(ucprov_prefix_compare(wide, longer) < 0);
}

static void
test_unicast(void **state)
{
    (void)state;
    assert_false(ucprov_address_is_unicast(0x00ffffff));
    assert_true(ucprov_address_is_unicast(0x01000000));
    assert_true(ucprov_address_is_unicast(0xdfffffff));  /* 223.255.255.255 */
    assert_false(ucprov_address_is_unicast(0xe0000000)); /* 224.0.0.0 */
    assert_false(ucprov_address_is_unicast(UINT32_MAX));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),  cmocka_unit_test(test_bad_text), cmocka_unit_test(test_edges),
        cmocka_unit_test(test_order), cmocka_unit_test(test_unicast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
