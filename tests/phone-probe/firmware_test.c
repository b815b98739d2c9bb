/* SPDX-License-Identifier: MPL-2.0 */
/* Firmware versions at each number that means something. */
#include "unit.h"

#include "firmware.h"

static struct firmware
version(const char *text)
{
    struct firmware firmware;
    assert_true(firmware_parse(&firmware, text));
    return firmware;
}

static void
parse(void **state)
{
    static const char *const wrong[] = {
        "",
        "4",
        "4.0.7577",
        "4.0.7577.",
        "4.0.7577.4372.",
        "4.0.7577.4372.1",
        ".0.7577.1",
        "4..7577.1",
        "4.0.7577.x",
        " 4.0.7577.1",
        "4.0.7577.1 ",
        "-4.0.7577.1",
        "4,0,1,2",
        "4.0.7577.65536",
        "99999999999.0.0.0",
        "4.0.000001.2",
    };
    struct firmware firmware;
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(firmware_parse(&firmware, wrong[i]));
    }
    firmware = version("4.0.7577.4372");
    assert_int_equal(firmware.parts[0], 4);
    assert_int_equal(firmware.parts[1], 0);
    assert_int_equal(firmware.parts[2], 7577);
    assert_int_equal(firmware.parts[3], 4372);
    assert_int_equal(version("65535.65535.65535.65535").parts[3], 65535);
}

static void
compare(void **state)
{
    static const char *const ascending[] = {"1.0.522.34",    "1.0.523.0",     "3.5.6907.187",
                                            "3.5.6907.1000", "4.0.7577.4363", "4.0.7577.4444",
                                            "4.0.10000.1",   "10.0.0.0"};
    const size_t count = sizeof(ascending) / sizeof(ascending[0]);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            struct firmware a = version(ascending[i]), b = version(ascending[j]);
            int order = firmware_compare(&a, &b);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
}

static void
support(void **state)
{
    static const struct {
        const char *version;
        enum firmware_support support;
    } known[] = {
        {"1.0.522.34", FIRMWARE_NEVER_REGISTERS}, {"1.0.522.65535", FIRMWARE_NEVER_REGISTERS},
        {"1.0.523.0", FIRMWARE_UNKNOWN_OLD},      {"3.5.6907.186", FIRMWARE_UNKNOWN_OLD},
        {"3.5.6907.187", FIRMWARE_UNSUPPORTED},   {"4.0.7577.4362", FIRMWARE_UNSUPPORTED},
        {"4.0.7577.4363", FIRMWARE_SUPPORTED},    {"4.0.7577.4372", FIRMWARE_SUPPORTED},
        {"4.0.7577.4500", FIRMWARE_SUPPORTED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        struct firmware firmware = version(known[i].version);
        assert_int_equal(firmware_support(&firmware), known[i].support);
        assert_true((firmware_support_text(known[i].support)[0] == '\0') ==
                    (known[i].support == FIRMWARE_SUPPORTED));
    }
}

static void
quirks(void **state)
{
    struct firmware before = version("4.0.7577.4371"), quirky = version("4.0.7577.4372"),
                    between = version("4.0.7577.4419"), any = version("4.0.7577.4420");
    struct firmware old = version("4.0.7577.4443"), sha = version("4.0.7577.4444");
    (void)state;
    assert_int_equal(firmware_web_server(&before), FIRMWARE_WEB_SERVER_UNKNOWN);
    assert_int_equal(firmware_web_server(&quirky), FIRMWARE_WEB_SERVER_POOL);
    assert_int_equal(firmware_web_server(&between), FIRMWARE_WEB_SERVER_UNKNOWN);
    assert_int_equal(firmware_web_server(&any), FIRMWARE_WEB_SERVER_ANY);
    assert_false(firmware_takes_sha256(&old));
    assert_true(firmware_takes_sha256(&sha));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse),
        cmocka_unit_test(compare),
        cmocka_unit_test(support),
        cmocka_unit_test(quirks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
