/* SPDX-License-Identifier: MPL-2.0 */
/* DHCP requests, octet by octet (RFC 2131 2, RFC 3046 2). */
#include "unit.h"

#include <arpa/inet.h>

#include "dhcp/dhcp_message.h"

#define OPTIONS_OFFSET 240 /* behind the fixed part and the magic cookie */

static const uint8_t hardware[] = {0x00, 0x04, 0xf2, 0x95, 0x31, 0xa2};
static const uint8_t parameters[] = {120, 43};

/* What the options of an INFORM begin with: message type and parameter list. */
#define OPTIONS "\x35\x01\x08\x37\x02\x78\x2b"

static struct dhcp_request
request_through(const char *relay, const char *link)
{
    return (struct dhcp_request){.type = DHCP_INFORM,
                                 .relay.s_addr = inet_addr(relay),
                                 .link.s_addr = inet_addr(link),
                                 .hardware = hardware,
                                 .parameters = parameters,
                                 .parameters_length = sizeof(parameters)};
}

/* Writes a request, and checks the options that it ends with; all behind them is padding. */
static void
check_options(const struct dhcp_request *request, const char *expected, size_t length)
{
    uint8_t octets[DHCP_REQUEST_SIZE];
    struct ucprov_writer writer;

    ucprov_writer_init(&writer, octets, sizeof(octets));
    dhcp_request_write(&writer, request);
    assert_int_equal(writer.error, 0);
    assert_int_equal(ucprov_writer_length(&writer), DHCP_MESSAGE_MIN);
    assert_memory_equal(octets + OPTIONS_OFFSET, expected, length);
    for (size_t i = OPTIONS_OFFSET + length; i < DHCP_MESSAGE_MIN; i++) {
        assert_int_equal(octets[i], 0);
    }
}

#define CHECK_OPTIONS(request, literal) check_options(request, literal, sizeof(literal) - 1)

/* Sub-option 19 has exactly two octets. RFC 8357 4.1 gives it none, which Kea since 2.3.2 drops. */
static void
source_port_as_kea_reads_it(void **state)
{
    struct dhcp_request request = request_through("10.20.0.9", "0.0.0.0");
    (void)state;
    CHECK_OPTIONS(&request, OPTIONS "\x52\x04\x13\x02\0\0\xff");
}

/* RFC 8357 4.1. */
static void
source_port_to_the_letter(void **state)
{
    struct dhcp_request request = request_through("10.20.0.9", "0.0.0.0");
    (void)state;
    request.empty_source_port = true;
    CHECK_OPTIONS(&request, OPTIONS "\x52\x02\x13\x00\xff");
}

/* RFC 3527 3: sub-option 5 is an address; where there is none, it is not there. */
static void
link_selection(void **state)
{
    struct dhcp_request request = request_through("10.20.0.9", "10.30.0.1");
    (void)state;
    CHECK_OPTIONS(&request, OPTIONS "\x52\x0a\x05\x04\x0a\x1e\x00\x01\x13\x02\0\0\xff");
    request.empty_source_port = true;
    CHECK_OPTIONS(&request, OPTIONS "\x52\x08\x05\x04\x0a\x1e\x00\x01\x13\x00\xff");
}

/* The phone itself sends no option 82 (RFC 3046 2.1), whatever is asked of its relay agent. */
static void
not_relayed(void **state)
{
    struct dhcp_request request = request_through("0.0.0.0", "10.30.0.1");
    (void)state;
    CHECK_OPTIONS(&request, OPTIONS "\xff");
    request.empty_source_port = true;
    CHECK_OPTIONS(&request, OPTIONS "\xff");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(source_port_as_kea_reads_it),
        cmocka_unit_test(source_port_to_the_letter),
        cmocka_unit_test(link_selection),
        cmocka_unit_test(not_relayed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
