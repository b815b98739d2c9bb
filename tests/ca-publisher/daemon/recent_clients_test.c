/* SPDX-License-Identifier: MPL-2.0 */
/* The file itself: no other part is needed. */
#include "daemon/recent_clients.c"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct recent_clients *clients;

static int
set_up(void **state)
{
    (void)state;
    clients = recent_clients_new();
    return clients != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    recent_clients_free(clients);
    return 0;
}

static void
note(uint32_t number, const char *protocol, time_t now)
{
    recent_clients_note(clients, (struct in_addr){htonl(0x0a000000 + number)}, protocol, now);
}

static void
test_nobody(void **state)
{
    (void)state;
    struct recent_client list[1];
    size_t total = 7;
    assert_int_equal(recent_clients_list(clients, list, 1, &total), 0);
    assert_int_equal(total, 0);
    assert_int_equal(recent_clients_total(clients), 0);
}

static void
test_the_most_recent_come_first(void **state)
{
    (void)state;
    struct recent_client list[4];
    size_t total;
    note(1, "HTTP", 100);
    note(2, "HTTP", 101);
    note(3, "HTTP", 102);
    note(1, "TLS 1.0", 103);
    assert_int_equal(recent_clients_list(clients, list, 4, &total), 3);
    assert_int_equal(total, 3);
    assert_string_equal(list[0].address, "10.0.0.1");
    assert_string_equal(list[0].protocol, "TLS 1.0");
    assert_int_equal(list[0].last, 103);
    assert_int_equal(list[0].count, 2);
    assert_string_equal(list[1].address, "10.0.0.3");
    assert_int_equal(list[1].count, 1);
    assert_string_equal(list[2].address, "10.0.0.2");
}

static void
test_no_more_than_asked_for(void **state)
{
    (void)state;
    struct recent_client list[3];
    size_t total;
    for (uint32_t i = 0; i < 10; i++) {
        note(i, "HTTP", 100 + (time_t)i);
    }
    memset(list, 0, sizeof(list));
    assert_int_equal(recent_clients_list(clients, list, 2, &total), 2);
    assert_int_equal(total, 10);
    assert_string_equal(list[1].address, "10.0.0.8");
    assert_int_equal(list[2].count, 0);
    assert_int_equal(recent_clients_list(clients, list, 0, &total), 0);
}

static void
test_the_least_recent_one_is_forgotten(void **state)
{
    (void)state;
    static struct recent_client list[RECENT_CLIENTS_KEPT + 1];
    size_t total;
    for (uint32_t i = 0; i < RECENT_CLIENTS_KEPT; i++) {
        note(i, "HTTP", i);
    }
    assert_int_equal(recent_clients_list(clients, list, RECENT_CLIENTS_KEPT + 1, &total),
                     RECENT_CLIENTS_KEPT);
    assert_string_equal(list[RECENT_CLIENTS_KEPT - 1].address, "10.0.0.0");
    note(0, "HTTP", RECENT_CLIENTS_KEPT); /* is the youngest now: 1 goes */
    note(RECENT_CLIENTS_KEPT, "HTTP", RECENT_CLIENTS_KEPT + 1);
    assert_int_equal(recent_clients_list(clients, list, RECENT_CLIENTS_KEPT + 1, &total),
                     RECENT_CLIENTS_KEPT);
    assert_int_equal(total, RECENT_CLIENTS_KEPT + 1);
    assert_string_equal(list[RECENT_CLIENTS_KEPT - 1].address, "10.0.0.2");
    assert_string_equal(list[1].address, "10.0.0.0");
    assert_int_equal(list[1].count, 2);
    note(1, "HTTP", RECENT_CLIENTS_KEPT + 2); /* was forgotten: counts again */
    assert_int_equal(recent_clients_list(clients, list, 1, &total), 1);
    assert_int_equal(total, RECENT_CLIENTS_KEPT + 2);
    assert_int_equal(list[0].count, 1);
}

/* Strangers from everywhere, each several times: the list stays sorted and without doubles. */
static void
test_many(void **state)
{
    (void)state;
    static struct recent_client list[RECENT_CLIENTS_KEPT];
    size_t total;
    uint32_t number = 1;
    for (time_t now = 0; now < 300000; now++) {
        number = number * 1664525 + 1013904223;
        recent_clients_note(clients, (struct in_addr){htonl(number % 10000 * 429496)}, "HTTP", now);
    }
    size_t count = recent_clients_list(clients, list, RECENT_CLIENTS_KEPT, &total);
    assert_int_equal(count, RECENT_CLIENTS_KEPT);
    assert_int_equal(total, recent_clients_total(clients));
    for (size_t i = 1; i < count; i++) {
        assert_true(list[i - 1].last > list[i].last);
    }
    /* Each in its bucket, and once. */
    size_t found = 0;
    for (size_t bucket = 0; bucket < BUCKETS; bucket++) {
        struct client *visitor;
        LIST_FOREACH(visitor, &clients->buckets[bucket], by_address)
        {
            assert_int_equal(bucket_of(visitor->address), bucket);
            assert_ptr_equal(find_client(clients, visitor->address), visitor);
            found++;
        }
    }
    assert_int_equal(found, RECENT_CLIENTS_KEPT);
}

static void
test_buckets(void **state)
{
    (void)state;
    unsigned used = 0;
    static unsigned char seen[BUCKETS];
    for (uint32_t i = 0; i < BUCKETS; i++) { /* addresses that follow each other */
        size_t bucket = bucket_of(htonl(0x0a140000 + i));
        assert_in_range(bucket, 0, BUCKETS - 1);
        used += !seen[bucket];
        seen[bucket] = 1;
    }
    assert_in_range(used, BUCKETS / 2, BUCKETS);
    assert_in_range(bucket_of(htonl(0)), 0, BUCKETS - 1);
    assert_in_range(bucket_of(htonl(UINT32_MAX)), 0, BUCKETS - 1);
}

#define THREADS 4

static void *
visit(void *context)
{
    for (uint32_t i = 0; i < 20000; i++) {
        note(i % 5000, context, i);
    }
    return NULL;
}

static void
test_threads(void **state)
{
    (void)state;
    static struct recent_client list[RECENT_CLIENTS_KEPT];
    static char protocol[] = "HTTP";
    pthread_t threads[THREADS];
    size_t total;
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, visit, protocol), 0);
    }
    for (int i = 0; i < 100; i++) {
        recent_clients_list(clients, list, RECENT_CLIENTS_KEPT, &total);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(recent_clients_list(clients, list, RECENT_CLIENTS_KEPT, &total),
                     RECENT_CLIENTS_KEPT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_most_recent_come_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_more_than_asked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_least_recent_one_is_forgotten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_buckets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_threads, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
