/* SPDX-License-Identifier: MPL-2.0 */
/* Counts of phones: each once, and never too high, however many there are. */
#include "unit.h"

#include "recent_phones.h"

static void
note(uint16_t tag, uint32_t number)
{
    uint8_t address[6] = {0x00, 0x04};
    memcpy(address + 2, &number, sizeof(number));
    recent_phones_note(tag, address, sizeof(address));
}

static void
test_each_phone_counts_once(void **state)
{
    (void)state;
    uint16_t voice = recent_phones_tag("hq-voice");
    uint16_t other = recent_phones_tag("branch");
    assert_int_not_equal(voice, other);
    assert_int_equal(recent_phones_count(voice), 0);
    for (int round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < 42; i++) {
            note(voice, i);
        }
    }
    note(other, 7);
    assert_int_equal(recent_phones_count(voice), 42);
    assert_int_equal(recent_phones_count(other), 1);
}

/* With a phone for every 16 slots hardly any is forgotten; and a count is never too high. */
static void
test_many(void **state)
{
    (void)state;
    uint16_t tag = recent_phones_tag("campus");
    for (uint32_t i = 0; i < 4096; i++) {
        note(tag, i);
    }
    size_t count = recent_phones_count(tag);
    assert_in_range(count, 4080, 4096);
    for (uint32_t i = 0; i < 1000000; i++) {
        note(tag, i);
    }
    assert_in_range(recent_phones_count(tag), 60000, 1U << 16);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_phone_counts_once),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
