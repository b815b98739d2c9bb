/* SPDX-License-Identifier: MPL-2.0 */
/* Cursors at the last octet and beyond it, and that the first error sticks. */
#include "unit.h"

#include "base/error.h"
#include "base/wire.h"

static void
writes_in_network_order(void **state)
{
    (void)state;
    uint8_t buffer[9];
    struct ucprov_writer writer;
    ucprov_writer_init(&writer, buffer, sizeof(buffer));
    ucprov_write_u8(&writer, 0x01);
    ucprov_write_u16(&writer, 0x0203);
    ucprov_write_u32(&writer, 0x04050607);
    ucprov_write_octets(&writer, "\x08\x09", 2);
    assert_int_equal(writer.error, UCPROV_OK);
    assert_octets_equal(buffer, ucprov_writer_length(&writer),
                        "\x01\x02\x03\x04\x05\x06\x07\x08\x09");
}

static void
a_write_that_does_not_fit_sticks(void **state)
{
    (void)state;
    uint8_t buffer[4] = {0};
    struct ucprov_writer writer;
    ucprov_writer_init(&writer, buffer, 3);
    ucprov_write_u16(&writer, 0xaaaa);
    ucprov_write_u16(&writer, 0xbbbb);
    assert_int_equal(writer.error, UCPROV_ETOOLONG);
    ucprov_write_u8(&writer, 0xcc); /* would fit */
    assert_int_equal(ucprov_writer_length(&writer), 2);
    assert_memory_equal(buffer, "\xaa\xaa\x00\x00", 4);
}

static void
a_buffer_fills_to_the_last_octet(void **state)
{
    (void)state;
    uint8_t buffer[4];
    struct ucprov_writer writer;
    ucprov_writer_init(&writer, buffer, sizeof(buffer));
    ucprov_write_u32(&writer, 1);
    assert_int_equal(writer.error, UCPROV_OK);
    ucprov_write_octets(&writer, NULL, 0);
    assert_int_equal(writer.error, UCPROV_OK);
    ucprov_write_u8(&writer, 1);
    assert_int_equal(writer.error, UCPROV_ETOOLONG);
}

static void
reads_in_network_order(void **state)
{
    (void)state;
    struct ucprov_reader reader;
    ucprov_reader_init(&reader, OCTETS("\x01\xf2\x03\xf4\x05\x06\x07\x08\x09"));
    assert_int_equal(ucprov_read_u8(&reader), 0x01);
    assert_int_equal(ucprov_read_u16(&reader), 0xf203);
    assert_int_equal(ucprov_read_u32(&reader), 0xf4050607);
    assert_memory_equal(ucprov_read_octets(&reader, 2), "\x08\x09", 2);
    assert_int_equal(ucprov_reader_left(&reader), 0);
    assert_int_equal(reader.error, UCPROV_OK);
}

static void
a_read_past_the_end_sticks(void **state)
{
    (void)state;
    struct ucprov_reader reader;
    ucprov_reader_init(&reader, OCTETS("\x01\x02\x03"));
    assert_int_equal(ucprov_read_u32(&reader), 0);
    assert_int_equal(reader.error, UCPROV_EWIRE_SHORT);
    assert_int_equal(ucprov_read_u8(&reader), 0); /* is there, but behind the error */
    assert_int_equal(ucprov_read_u16(&reader), 0);
    assert_null(ucprov_read_octets(&reader, 0));
    assert_int_equal(ucprov_reader_left(&reader), 3);
}

static void
nothing_can_be_read_from_null(void **state)
{
    (void)state;
    struct ucprov_reader reader;
    ucprov_reader_init(&reader, NULL, 0);
    assert_int_equal(ucprov_reader_left(&reader), 0);
    assert_int_equal(ucprov_read_u8(&reader), 0);
    assert_int_equal(reader.error, UCPROV_EWIRE_SHORT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_in_network_order),
        cmocka_unit_test(a_write_that_does_not_fit_sticks),
        cmocka_unit_test(a_buffer_fills_to_the_last_octet),
        cmocka_unit_test(reads_in_network_order),
        cmocka_unit_test(a_read_past_the_end_sticks),
        cmocka_unit_test(nothing_can_be_read_from_null),
    };
    return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
