/* SPDX-License-Identifier: MPL-2.0 */
/* Limits for each address, at the limit and beyond it, over time, and with more addresses than
 * there is room for. */
#include "unit.h"

#include <pthread.h>

#include "daemon/client_limits.h"

static struct client_limits *table;

static int
set_up(void **state)
{
    (void)state;
    table = client_limits_new(1);
    return table != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    client_limits_free(table);
    return 0;
}

static struct in_addr
address(uint32_t number)
{
    return (struct in_addr){htonl(0x0a000000 + number)};
}

static void
test_connections_up_to_the_limit(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_true(client_limits_connect(table, address(1), 3, 1000));
    }
    assert_false(client_limits_connect(table, address(1), 3, 1000));
    assert_true(client_limits_connect(table, address(2), 3, 1000)); /* another one */
    client_limits_disconnect(table, address(1));
    assert_true(client_limits_connect(table, address(1), 3, 1000));
    assert_false(client_limits_connect(table, address(1), 3, 1000));
    assert_true(client_limits_connect(table, address(1), 4, 1000)); /* after a reload */
}

static void
test_refused_connections_are_not_counted(void **state)
{
    (void)state;
    assert_true(client_limits_connect(table, address(1), 1, 1000));
    for (int i = 0; i < 10; i++) {
        assert_false(client_limits_connect(table, address(1), 1, 1000));
    }
    client_limits_disconnect(table, address(1));
    assert_true(client_limits_connect(table, address(1), 1, 1000));
}

static void
test_no_limit(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 100000; i++) {
        assert_true(client_limits_connect(table, address(1), 0, 1000));
        assert_true(client_limits_request(table, address(1), 0, 1000));
    }
}

static void
test_disconnecting_too_often_does_no_harm(void **state)
{
    (void)state;
    client_limits_disconnect(table, address(1)); /* that nobody knows */
    assert_true(client_limits_connect(table, address(1), 1, 1000));
    client_limits_disconnect(table, address(1));
    client_limits_disconnect(table, address(1));
    assert_true(client_limits_connect(table, address(1), 1, 1000));
    assert_false(client_limits_connect(table, address(1), 1, 1000));
}

/* How many requests of `tries` are allowed at a time. */
static unsigned
allowed(uint32_t number, uint32_t rate, unsigned tries, uint64_t now)
{
    unsigned count = 0;
    for (unsigned i = 0; i < tries; i++) {
        count += client_limits_request(table, address(number), rate, now);
    }
    return count;
}

static void
test_requests_come_back_as_time_goes_by(void **state)
{
    (void)state;
    assert_int_equal(allowed(1, 10, 100, 5000), 20); /* twice as many at once */
    assert_int_equal(allowed(1, 10, 100, 5000), 0);
    assert_int_equal(allowed(1, 10, 100, 5099), 0); /* a tenth of a second is one */
    assert_int_equal(allowed(1, 10, 100, 5100), 1);
    assert_int_equal(allowed(1, 10, 100, 6100), 10);
    assert_int_equal(allowed(1, 10, 100, 60000), 20); /* and no more than that */
    assert_int_equal(allowed(2, 10, 100, 60000), 20);
}

static void
test_small_and_large_rates(void **state)
{
    (void)state;
    assert_int_equal(allowed(1, 1, 100, 1000), 2);
    assert_int_equal(allowed(1, 1, 100, 1999), 0);
    assert_int_equal(allowed(1, 1, 100, 2000), 1);
    assert_int_equal(allowed(2, 1000000, 2000001, 1000), 2000000);
    assert_int_equal(allowed(2, 1000000, 2000, 1001), 1000);
    assert_int_equal(allowed(3, UINT32_MAX, 1000, 1000), 1000);
}

/* What phones and load balancers do: each request on a connection of its own. The bucket has to
 * refill meanwhile, whatever else of the address is noted. */
static unsigned
allowed_one_by_one(uint32_t number, uint32_t rate, unsigned tries, uint64_t begin, uint64_t every)
{
    unsigned count = 0;
    for (unsigned i = 0; i < tries; i++) {
        uint64_t now = begin + i * every;
        assert_true(client_limits_connect(table, address(number), 100, now));
        count += client_limits_request(table, address(number), rate, now);
        client_limits_disconnect(table, address(number));
    }
    return count;
}

static void
test_a_connection_for_each_request(void **state)
{
    (void)state;
    assert_int_equal(allowed_one_by_one(1, 100, 1000, 1000, 40), 1000); /* a quarter of the rate */
    assert_int_equal(allowed_one_by_one(2, 100, 1000, 1000, 10), 1000); /* all of it */
    assert_int_equal(allowed_one_by_one(3, 10, 1000, 1000, 25), 269);   /* 20, and 10 a second */
    assert_int_equal(allowed_one_by_one(3, 10, 10, 1000 + 999 * 25 + 2000, 0), 10);
}

/* Connections that ask for nothing do not touch the bucket, either. */
static void
test_connections_without_requests(void **state)
{
    (void)state;
    assert_int_equal(allowed(1, 10, 100, 1000), 20);
    for (uint64_t now = 1000; now < 3000; now++) {
        client_limits_connect(table, address(1), 0, now);
        client_limits_disconnect(table, address(1));
    }
    assert_int_equal(allowed(1, 10, 100, 3000), 20);
}

/* A clock that stands still, goes back, or jumps; and one that begins at 0. */
static void
test_odd_clocks(void **state)
{
    (void)state;
    assert_int_equal(allowed(1, 5, 100, 0), 10);
    assert_int_equal(allowed(1, 5, 100, 0), 0);
    assert_int_equal(allowed(2, 5, 100, 100000), 10);
    assert_int_equal(allowed(2, 5, 100, 50000), 0);
    assert_int_equal(allowed(2, 5, 100, UINT64_MAX), 10);
    assert_int_equal(allowed(2, UINT32_MAX, 100, UINT64_MAX), 100);
}

/* However many addresses come by, those that have connections stay counted. */
static void
test_the_table_does_not_grow(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 64; i++) {
        assert_true(client_limits_connect(table, address(i), 1, 1));
    }
    for (uint32_t i = 1000; i < 500000; i++) {
        assert_true(client_limits_connect(table, address(i), 1, 2 + i));
        client_limits_disconnect(table, address(i));
    }
    unsigned counted = 0;
    for (uint32_t i = 0; i < 64; i++) {
        counted += !client_limits_connect(table, address(i), 1, 1000000);
    }
    assert_int_equal(counted, 64);
}

/* What finds no room goes uncounted, which hurts nobody but us. */
static void
test_a_full_table(void **state)
{
    (void)state;
    const uint32_t room = CLIENT_LIMITS_CAPACITY_MIN, many = 8 * room;
    for (uint32_t i = 0; i < many; i++) {
        assert_true(client_limits_connect(table, address(i), 1, 1));
    }
    unsigned uncounted = 0;
    for (uint32_t i = 0; i < many; i++) {
        uncounted += client_limits_connect(table, address(i), 1, 1);
    }
    assert_in_range(uncounted, many - room, many - room + room / 8);
    for (uint32_t i = 0; i < many; i++) {
        client_limits_disconnect(table, address(i));
    }
}

/* Phones' addresses follow each other: the capacity holds for them. */
static void
test_capacity(void **state)
{
    (void)state;
    struct client_limits *large = client_limits_new(20000);
    assert_non_null(large);
    for (uint32_t i = 0; i < 10000; i++) {
        assert_true(client_limits_connect(large, address(i), 1, 1));
    }
    unsigned uncounted = 0;
    for (uint32_t i = 0; i < 10000; i++) {
        uncounted += client_limits_connect(large, address(i), 1, 1);
    }
    assert_in_range(uncounted, 0, 500); /* of a table that is at most half full */
    client_limits_free(large);
}

/* After a reload: what was spent at a high rate is not held against it at a low one for longer than
 * it takes to refill its whole bucket. */
static void
test_a_lower_rate(void **state)
{
    (void)state;
    uint64_t now = 5000;
    for (int i = 0; i < 2000; i++) {
        assert_true(client_limits_request(table, address(1), 1000, now));
    }
    assert_false(client_limits_request(table, address(1), 1000, now));
    assert_false(client_limits_request(table, address(1), 5, now));
    assert_true(client_limits_request(table, address(1), 5, now + 200));
    assert_false(client_limits_request(table, address(1), 5, now + 200));
}

#define THREADS 4
#define ROUNDS  50000

static void *
come_and_go(void *context)
{
    struct client_limits *shared = context;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        if (client_limits_connect(shared, address(i % 7), 0, i)) {
            client_limits_request(shared, address(i % 7), 1000, i);
            client_limits_disconnect(shared, address(i % 7));
        }
    }
    return NULL;
}

static void
test_threads(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, come_and_go, table), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    for (uint32_t i = 0; i < 7; i++) {
        assert_true(client_limits_connect(table, address(i), 1, ROUNDS));
        assert_false(client_limits_connect(table, address(i), 1, ROUNDS));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_connections_up_to_the_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused_connections_are_not_counted, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_no_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_disconnecting_too_often_does_no_harm, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_requests_come_back_as_time_goes_by, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_small_and_large_rates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_connection_for_each_request, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_connections_without_requests, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_odd_clocks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_table_does_not_grow, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_full_table, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_capacity, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_lower_rate, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_threads, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
