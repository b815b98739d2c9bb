/* SPDX-License-Identifier: MPL-2.0 */
/* How addresses are spread over buckets. */
#include "unit.h"

#include "daemon/address_bucket.h"

/* As phones get them from a DHCP server. */
static void
test_addresses_that_follow_each_other(void **state)
{
    (void)state;
    unsigned used = 0;
    static bool seen[ADDRESS_BUCKETS];
    for (uint32_t i = 0; i < ADDRESS_BUCKETS; i++) {
        size_t bucket = address_bucket(htonl(0x0a140000 + i));
        assert_in_range(bucket, 0, ADDRESS_BUCKETS - 1);
        used += !seen[bucket];
        seen[bucket] = true;
    }
    assert_in_range(used, ADDRESS_BUCKETS / 2, ADDRESS_BUCKETS);
}

static void
test_first_and_last_address(void **state)
{
    (void)state;
    assert_in_range(address_bucket(htonl(0)), 0, ADDRESS_BUCKETS - 1);
    assert_in_range(address_bucket(htonl(UINT32_MAX)), 0, ADDRESS_BUCKETS - 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses_that_follow_each_other),
        cmocka_unit_test(test_first_and_last_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
