/* SPDX-License-Identifier: MPL-2.0 */
/* The first line of a kind and address is logged, the others are counted, whatever strangers do. */
#include "unit.h"

#include "daemon/log_limiter.h"

static struct log_limiter limiter;
static struct log_buffer buffer;

static int
set_up(void **state)
{
    (void)state;
    memset(&limiter, 0, sizeof(limiter));
    memset(&buffer, 0, sizeof(buffer));
    return 0;
}

static struct in_addr
address(uint32_t number)
{
    return (struct in_addr){htonl(0x7f000000 + number)};
}

static size_t
count_lines(void)
{
    size_t lines = 0;
    for (size_t i = 0; i < buffer.used; i++) {
        lines += buffer.octets[i] == '\n';
    }
    return lines;
}

static bool
says(const char *words)
{
    return memmem(buffer.octets, buffer.used, words, strlen(words)) != NULL;
}

static void
first_of_a_kind_and_address(void **state)
{
    (void)state;
    assert_true(log_limiter_admit(&limiter, LOG_KIND_REQUEST, address(1), 0));
    assert_false(log_limiter_admit(&limiter, LOG_KIND_REQUEST, address(1), 1));
    assert_true(log_limiter_admit(&limiter, LOG_KIND_HANDSHAKE, address(1), 2));
    assert_true(log_limiter_admit(&limiter, LOG_KIND_REQUEST, address(2), 3));
    for (int i = 0; i < 1000; i++) {
        assert_false(log_limiter_admit(&limiter, LOG_KIND_REQUEST, address(1), 4));
    }
    log_limiter_report(&limiter, &buffer, 59999);
    assert_int_equal(count_lines(), 0);
    log_limiter_report(&limiter, &buffer, 60003);
    assert_int_equal(count_lines(), 1);
    assert_true(says("127.0.0.1: 1001 more requests that were refused in the last minute"));
    assert_true(log_limiter_admit(&limiter, LOG_KIND_REQUEST, address(1), 60004));
}

static void
more_addresses_than_entries(void **state)
{
    (void)state;
    size_t admitted = 0;
    for (uint32_t i = 0; i < 100000; i++) {
        admitted += log_limiter_admit(&limiter, LOG_KIND_CONNECTIONS, address(i), 5);
        admitted += log_limiter_admit(&limiter, LOG_KIND_CONNECTIONS, address(i), 5);
    }
    assert_int_equal(admitted, LOG_LIMITER_ENTRIES);
    log_limiter_report(&limiter, &buffer, 60005);
    assert_true(says("other addresses: 199872 connections that were refused"));
    assert_int_equal(count_lines() > 0, true);
    assert_true(log_limiter_admit(&limiter, LOG_KIND_CONNECTIONS, address(7), 60006));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(first_of_a_kind_and_address, set_up),
        cmocka_unit_test_setup(more_addresses_than_entries, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
