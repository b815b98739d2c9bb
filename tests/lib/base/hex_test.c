/* SPDX-License-Identifier: MPL-2.0 */
/* Hex as people and tools write it, and escaping at the end of a buffer. */
#include "unit.h"

#include "base/hex.h"
#include "base/printable.h"

static void
encodes_lower_case(void **state)
{
    (void)state;
    char text[7];
    assert_string_equal(ucprov_hex_encode(text, (const uint8_t *)"\x00\x7f\xAB", 3), "007fab");
    assert_string_equal(ucprov_hex_encode(text, NULL, 0), "");
}

static void
decodes_what_tools_print(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "010cff",   "010CFF",  "0x010cff",  "0X010cFF",   "01:0c:ff",    "01 0c ff",
        "01-0C-FF", "010c.ff", " 010cff\n", "01\t0c\nff", "0x01:0c:ff ",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        uint8_t octets[3];
        print_message("    \"%s\"\n", texts[i]);
        assert_int_equal(ucprov_hex_decode(octets, sizeof(octets), texts[i]), 3);
        assert_memory_equal(octets, "\x01\x0c\xff", 3);
    }
}

static void
refuses_what_is_no_hex(void **state)
{
    (void)state;
    static const char *const texts[] = {"0",      "010", "0g",    "g0", "0 1",
                                        "01 0:c", "zz",  "01,0c", "x01"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        uint8_t octets[8];
        print_message("    \"%s\"\n", texts[i]);
        assert_int_equal(ucprov_hex_decode(octets, sizeof(octets), texts[i]), -1);
    }
}

static void
decodes_up_to_the_buffer(void **state)
{
    (void)state;
    uint8_t octets[2];
    assert_int_equal(ucprov_hex_decode(octets, sizeof(octets), ""), 0);
    assert_int_equal(ucprov_hex_decode(octets, sizeof(octets), "01"), 1);
    assert_int_equal(ucprov_hex_decode(octets, sizeof(octets), "0102"), 2);
    assert_int_equal(ucprov_hex_decode(octets, sizeof(octets), "010203"), -1);
}

static void
escapes_what_is_not_printable(void **state)
{
    (void)state;
    char text[32];
    assert_string_equal(ucprov_escape(text, sizeof(text), "a b~", 4), "a b~");
    assert_string_equal(ucprov_escape(text, sizeof(text), "\x1b[\\\x7f\xff\0", 6),
                        "\\x1b[\\x5c\\x7f\\xff\\x00");
    assert_string_equal(ucprov_escape(text, sizeof(text), NULL, 0), "");
}

static void
cuts_with_dots_where_room_is_short(void **state)
{
    (void)state;
    char text[9] = "";
    assert_string_equal(ucprov_escape(text, 9, "12345678", 8), "12345678");
    assert_string_equal(ucprov_escape(text, 8, "12345678", 8), "1234...");
    assert_string_equal(ucprov_escape(text, 9, "1\x01\x02", 3), "1\\x01...");
    assert_string_equal(ucprov_escape(text, 8, "1\x01\x02", 3), "1...");
    assert_string_equal(ucprov_escape(text, 4, "12345678", 8), "...");
    assert_string_equal(ucprov_escape(text, 3, "12345678", 8), "..");
    assert_string_equal(ucprov_escape(text, 1, "12345678", 8), "");
    text[0] = 'x';
    ucprov_escape(text, 0, "12345678", 8);
    assert_int_equal(text[0], 'x');
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_lower_case),
        cmocka_unit_test(decodes_what_tools_print),
        cmocka_unit_test(refuses_what_is_no_hex),
        cmocka_unit_test(decodes_up_to_the_buffer),
        cmocka_unit_test(escapes_what_is_not_printable),
        cmocka_unit_test(cuts_with_dots_where_room_is_short),
    };
    return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
