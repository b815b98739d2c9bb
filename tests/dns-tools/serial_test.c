/* SPDX-License-Identifier: MPL-2.0 */
/* Serial numbers grow, and only when they should. */
#include "unit.h"

#include <stdlib.h>
#include <time.h>

#include "serial.h"

#define DAY_2026_11_22 1795305600 /* date -ud 2026-11-22 +%s */

static void
test_first(void **state)
{
    (void)state;
    assert_int_equal(serial_first(DAY_2026_11_22), 2026112200U);
    assert_int_equal(serial_first(DAY_2026_11_22 - 1), 2026112100U);
    assert_int_equal(serial_first(0), 1);
}

static void
test_next(void **state)
{
    (void)state;
    assert_int_equal(serial_next(2026112199U, DAY_2026_11_22), 2026112200U);
    assert_int_equal(serial_next(2026112200U, DAY_2026_11_22), 2026112201U);
    assert_int_equal(serial_next(2026112299U, DAY_2026_11_22), 2026112300U);
    assert_int_equal(serial_next(7, DAY_2026_11_22), 2026112200U);
    assert_int_equal(serial_next(7, 0), 8);
    assert_int_equal(serial_next(UINT32_MAX, 0), 1);
    /* Dates lie behind this one (RFC 1982). */
    assert_int_equal(serial_next(3000000000U, DAY_2026_11_22), 3000000001U);
    /* 2^31 ahead is not ahead: the most that may be added is 2^31 - 1 (RFC 1982 3.1). */
    assert_int_equal(serial_next(2026112200U + (1U << 31) - 1, DAY_2026_11_22), 4173595848U);
    assert_int_equal(serial_next(2026112200U + (1U << 31), DAY_2026_11_22), 4173595849U);
    assert_int_equal(serial_next(2026112200U + (1U << 31) + 1, DAY_2026_11_22), 2026112200U);
}

static void
test_read(void **state)
{
    (void)state;
    uint32_t serial;
    assert_true(
        serial_read("; x\n\n$ORIGIN a.\n@ 3600 IN SOA n. h. 4294967295 1 2 3 4\n", &serial));
    assert_int_equal(serial, UINT32_MAX);
    assert_false(serial_read("", &serial));
    assert_false(serial_read("; @ 3600 IN SOA n. h. 5 1 2 3 4", &serial));
    assert_false(serial_read("@ 3600 IN SOA n. h. x 1 2 3 4\n", &serial));
    assert_true(serial_same_content("; a\n; b\nx\n", "; c\nx\n"));
    assert_false(serial_same_content("; a\nx\n; b\n", "; a\nx\n"));
    assert_true(serial_same_content(";", ""));
}

/* No zone of ours, but as many lines as one might have: read in no time. */
static void
test_read_long_text(void **state)
{
    (void)state;
    static const char line[] = "host A 10.1.1.10\n";
    enum { LINES = 500000 };
    char *text = malloc(LINES * (sizeof(line) - 1) + 1);
    uint32_t serial;
    assert_non_null(text);
    for (size_t i = 0; i < LINES; i++) {
        memcpy(text + i * (sizeof(line) - 1), line, sizeof(line));
    }
    clock_t begin = clock();
    assert_false(serial_read(text, &serial));
    assert_true(clock() - begin < 5 * CLOCKS_PER_SEC);
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first),
        cmocka_unit_test(test_next),
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_read_long_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
