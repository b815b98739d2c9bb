/* SPDX-License-Identifier: MPL-2.0 */
/* Option 42 with 1 to 63 addresses, and lengths that hold none. */
#include "unit.h"

#include <arpa/inet.h>

#include "base/error.h"
#include "option/option.h"

static void
encodes_addresses_in_order(void **state)
{
    (void)state;
    struct ucprov_option option;
    struct in_addr addresses[2];
    assert_int_equal(inet_pton(AF_INET, "10.1.0.2", &addresses[0]), 1);
    assert_int_equal(inet_pton(AF_INET, "10.1.0.1", &addresses[1]), 1);
    assert_int_equal(ucprov_ntp_servers_encode(&option, addresses, 2), UCPROV_OK);
    assert_int_equal(option.code, 42);
    assert_octets_equal(option.data, option.length, "\x0a\x01\x00\x02\x0a\x01\x00\x01");
}

static void
encodes_63_addresses_at_most(void **state)
{
    (void)state;
    struct ucprov_option option;
    struct in_addr addresses[64] = {{0}};
    assert_int_equal(ucprov_ntp_servers_encode(&option, addresses, 63), UCPROV_OK);
    assert_int_equal(option.length, 252);
    assert_int_equal(ucprov_ntp_servers_encode(&option, addresses, 64), UCPROV_ETOOLONG);
    assert_int_equal(option.length, 0);
    assert_int_equal(ucprov_ntp_servers_encode(&option, addresses, 0), UCPROV_ERANGE);
    assert_int_equal(option.length, 0);
}

static void
decodes_addresses(void **state)
{
    (void)state;
    struct ucprov_ntp_servers servers;
    char text[INET_ADDRSTRLEN];
    assert_int_equal(
        ucprov_ntp_servers_decode(&servers, OCTETS("\x0a\x01\x00\x02\x0a\x01\x00\x01")), UCPROV_OK);
    assert_int_equal(servers.count, 2);
    assert_string_equal(inet_ntop(AF_INET, &servers.addresses[0], text, sizeof(text)), "10.1.0.2");
    assert_string_equal(inet_ntop(AF_INET, &servers.addresses[1], text, sizeof(text)), "10.1.0.1");
}

static void
decoding_says_what_is_unsound(void **state)
{
    (void)state;
    struct ucprov_ntp_servers servers;
    static const uint8_t octets[256];
    assert_int_equal(ucprov_ntp_servers_decode(&servers, NULL, 0), UCPROV_EWIRE_EMPTY);
    assert_int_equal(ucprov_ntp_servers_decode(&servers, octets, 3), UCPROV_EWIRE_SHORT);
    assert_int_equal(servers.count, 0);
    assert_int_equal(ucprov_ntp_servers_decode(&servers, octets, 7), UCPROV_EWIRE_SHORT);
    assert_int_equal(servers.count, 1);
    assert_int_equal(ucprov_ntp_servers_decode(&servers, octets, 252), UCPROV_OK);
    assert_int_equal(servers.count, 63);
    assert_int_equal(ucprov_ntp_servers_decode(&servers, octets, 256), UCPROV_ETOOLONG);
    assert_int_equal(servers.count, 63);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_addresses_in_order),
        cmocka_unit_test(encodes_63_addresses_at_most),
        cmocka_unit_test(decodes_addresses),
        cmocka_unit_test(decoding_says_what_is_unsound),
    };
    return cmocka_run_group_tests_name("ntp_servers", tests, NULL, NULL);
}
