/* SPDX-License-Identifier: MPL-2.0 */
/* Nested and adjacent prefixes, and many random ones beside a plain search. */
#include "unit.h"

#include <stdlib.h>

#include "site/prefix_table.h"

static void
test_empty(void **state)
{
    (void)state;
    struct ucprov_prefix_table *table = ucprov_prefix_table_new(NULL, 0);
    assert_int_equal(ucprov_prefix_table_find(table, 0), UCPROV_PREFIX_NONE);
    assert_int_equal(ucprov_prefix_table_find(table, UINT32_MAX), UCPROV_PREFIX_NONE);
    ucprov_prefix_table_free(table);
}

static void
test_nesting(void **state)
{
    (void)state;
    struct ucprov_prefix_entry entries[] = {
        {{0x0a140500, 24}, 3}, /* 10.20.5.0/24 */
        {{0x0a000000, 8}, 1},  /* 10.0.0.0/8 */
        {{0x0a140000, 16}, 2}, /* 10.20.0.0/16 */
        {{0x0a1405ff, 32}, 4}, /* 10.20.5.255 */
    };
    struct ucprov_prefix_table *table = ucprov_prefix_table_new(entries, COUNT(entries));
    static const struct {
        uint32_t address;
        uint32_t value;
    } expected[] = {
        {0x09ffffff, UCPROV_PREFIX_NONE},
        {0x0a000000, 1},
        {0x0a13ffff, 1},
        {0x0a140000, 2},
        {0x0a1404ff, 2},
        {0x0a140500, 3},
        {0x0a1405fe, 3},
        {0x0a1405ff, 4},
        {0x0a140600, 2},
        {0x0a14ffff, 2},
        {0x0a150000, 1},
        {0x0affffff, 1},
        {0x0b000000, UCPROV_PREFIX_NONE},
    };
    for (size_t i = 0; i < COUNT(expected); i++) {
        assert_int_equal(ucprov_prefix_table_find(table, expected[i].address), expected[i].value);
    }
    ucprov_prefix_table_free(table);
}

/* The ends of the address space, and a default route around all. */
static void
test_ends(void **state)
{
    (void)state;
    struct ucprov_prefix_entry entries[] = {
        {{0xff000000, 8}, 2},
        {{0, 0}, 0},
        {{0, 32}, 1},
        {{UINT32_MAX, 32}, 3},
    };
    struct ucprov_prefix_table *table = ucprov_prefix_table_new(entries, COUNT(entries));
    assert_int_equal(ucprov_prefix_table_find(table, 0), 1);
    assert_int_equal(ucprov_prefix_table_find(table, 1), 0);
    assert_int_equal(ucprov_prefix_table_find(table, 0xfeffffff), 0);
    assert_int_equal(ucprov_prefix_table_find(table, 0xff000000), 2);
    assert_int_equal(ucprov_prefix_table_find(table, UINT32_MAX - 1), 2);
    assert_int_equal(ucprov_prefix_table_find(table, UINT32_MAX), 3);
    ucprov_prefix_table_free(table);
}

/* The deepest nesting there is: each of the 33 lengths around one address. */
static void
test_depth(void **state)
{
    (void)state;
    struct ucprov_prefix_entry entries[33];
    for (uint8_t length = 0; length <= 32; length++) {
        entries[length] = (struct ucprov_prefix_entry){
            ucprov_prefix_clean((struct ucprov_prefix){0x5a5a5a5a, length}), length};
    }
    struct ucprov_prefix_table *table = ucprov_prefix_table_new(entries, COUNT(entries));
    assert_int_equal(ucprov_prefix_table_find(table, 0x5a5a5a5a), 32);
    for (unsigned bit = 0; bit < 32; bit++) {
        assert_int_equal(ucprov_prefix_table_find(table, 0x5a5a5a5a ^ 1U << bit), 31 - bit);
    }
    ucprov_prefix_table_free(table);
}

/* Against the definition: the longest of all prefixes that hold the address. */
static void
test_random(void **state)
{
    (void)state;
    enum { PREFIXES = 300, LOOKUPS = 20000 };
    struct ucprov_prefix_entry entries[PREFIXES];
    struct ucprov_prefix_entry reference[PREFIXES];
    srandom(20);
    size_t count = 0;
    while (count < PREFIXES) {
        struct ucprov_prefix prefix = ucprov_prefix_clean(
            (struct ucprov_prefix){(uint32_t)random() << 1 & 0xf0ff0000, (uint8_t)(random() % 25)});
        size_t same = 0;
        while (same < count && ucprov_prefix_compare(entries[same].prefix, prefix) != 0) {
            same++;
        }
        if (same == count) {
            reference[count] = entries[count] =
                (struct ucprov_prefix_entry){prefix, (uint32_t)count};
            count++;
        }
    }
    struct ucprov_prefix_table *table = ucprov_prefix_table_new(entries, count);
    for (size_t i = 0; i < LOOKUPS; i++) {
        uint32_t address = (uint32_t)random() << 1 & 0xf0ffffff;
        uint32_t best = UCPROV_PREFIX_NONE;
        for (size_t j = 0; j < count; j++) {
            struct ucprov_prefix prefix = reference[j].prefix;
            if (ucprov_prefix_first(prefix) <= address && address <= ucprov_prefix_last(prefix) &&
                (best == UCPROV_PREFIX_NONE || prefix.length > reference[best].prefix.length)) {
                best = (uint32_t)j;
            }
        }
        assert_int_equal(ucprov_prefix_table_find(table, address), best);
    }
    ucprov_prefix_table_free(table);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty), cmocka_unit_test(test_nesting), cmocka_unit_test(test_ends),
        cmocka_unit_test(test_depth), cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
