/* SPDX-License-Identifier: MPL-2.0 */
/* Who came lately, and whom the list forgets. */
#include "unit.h"

#include <arpa/inet.h>
#include <pthread.h>

#include "daemon/recent_clients.h"

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

/* Strangers from everywhere, their addresses far from each other. */
#define STRANGERS 10000
#define DISTANCE  429496

static struct in_addr
address_of(uint32_t stranger)
{
    return (struct in_addr){htonl(stranger * DISTANCE)};
}

/* They come in no order, each several times. */
static void
note_strangers(void)
{
    uint32_t number = 1;
    for (time_t now = 0; now < 300000; now++) {
        number = number * 1664525 + 1013904223;
        recent_clients_note(clients, address_of(number % STRANGERS), "HTTP", now);
    }
}

/* The list stays sorted and without doubles. */
static void
test_many(void **state)
{
    (void)state;
    static struct recent_client list[RECENT_CLIENTS_KEPT];
    size_t total;
    note_strangers();
    size_t count = recent_clients_list(clients, list, RECENT_CLIENTS_KEPT, &total);
    assert_int_equal(count, RECENT_CLIENTS_KEPT);
    assert_int_equal(total, recent_clients_total(clients));
    for (size_t i = 1; i < count; i++) {
        assert_true(list[i - 1].last > list[i].last);
    }
}

/* Notes all that are listed again, and says in `listed` who they are. */
static void
note_listed(bool listed[STRANGERS])
{
    static struct recent_client list[RECENT_CLIENTS_KEPT];
    size_t total;
    size_t count = recent_clients_list(clients, list, RECENT_CLIENTS_KEPT, &total);
    assert_int_equal(count, RECENT_CLIENTS_KEPT);
    for (size_t i = 0; i < count; i++) {
        struct in_addr address = {inet_addr(list[i].address)};
        recent_clients_note(clients, address, "HTTP", 300000);
        uint32_t stranger = ntohl(address.s_addr) / DISTANCE;
        assert_in_range(stranger, 0, STRANGERS - 1);
        assert_false(listed[stranger]);
        listed[stranger] = true;
    }
}

/* Each one that is listed is found again; nobody that was forgotten is, but counts as new. */
static void
test_found_or_forgotten(void **state)
{
    (void)state;
    static bool listed[STRANGERS];
    note_strangers();
    size_t total = recent_clients_total(clients);
    note_listed(listed);
    assert_int_equal(recent_clients_total(clients), total);
    for (uint32_t i = 0; i < STRANGERS; i++) {
        if (!listed[i]) {
            struct recent_client newest;
            size_t ignored;
            recent_clients_note(clients, address_of(i), "HTTP", 300001);
            assert_int_equal(recent_clients_total(clients), ++total);
            assert_int_equal(recent_clients_list(clients, &newest, 1, &ignored), 1);
            assert_int_equal(newest.count, 1);
        }
    }
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
        cmocka_unit_test_setup_teardown(test_found_or_forgotten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_threads, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
