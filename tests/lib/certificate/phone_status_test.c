/* SPDX-License-Identifier: MPL-2.0 */
/* Statuses as phones show them and people copy them. */
#include "unit.h"

#include "certificate/phone_status.h"

/* winhttp.h counts from 12000; [V] in the protocol notes are timeout and untrusted CA alone. */
static void
knows_winhttps_errors(void **state)
{
    (void)state;
    static const struct {
        unsigned number;
        const char *name;
        bool seen;
    } known[] = {
        {12002, "ERROR_WINHTTP_TIMEOUT", true},
        {12007, "ERROR_WINHTTP_NAME_NOT_RESOLVED", false},
        {12029, "ERROR_WINHTTP_CANNOT_CONNECT", false},
        {12037, "ERROR_WINHTTP_SECURE_CERT_DATE_INVALID", false},
        {12038, "ERROR_WINHTTP_SECURE_CERT_CN_INVALID", false},
        {12045, "ERROR_WINHTTP_SECURE_INVALID_CA", true},
        {12157, "ERROR_WINHTTP_SECURE_CHANNEL_ERROR", false},
        {12175, "ERROR_WINHTTP_SECURE_FAILURE", false},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        const struct ucprov_phone_error_text *found = ucprov_phone_error_find(known[i].number);
        assert_non_null(found);
        assert_string_equal(found->name, known[i].name);
        assert_int_equal(found->seen_on_phones, known[i].seen);
        assert_true(strlen(found->meaning) > 10 && strlen(found->remedy) > 10);
    }
    assert_null(ucprov_phone_error_find(0));
    assert_null(ucprov_phone_error_find(12000)); /* WINHTTP_ERROR_BASE is none itself */
    assert_null(ucprov_phone_error_find(12194)); /* behind WINHTTP_ERROR_LAST */
}

/* The names and numbers of Microsoft's table (Error Messages (Winhttp.h)), and nothing between. */
static void
knows_all_of_winhttp(void **state)
{
    (void)state;
    static const unsigned all[] = {
        12001, 12002, 12004, 12005, 12006, 12007, 12009, 12011, 12012, 12015, 12017, 12018,
        12019, 12029, 12030, 12032, 12037, 12038, 12044, 12045, 12057, 12100, 12101, 12102,
        12103, 12150, 12152, 12153, 12154, 12155, 12156, 12157, 12166, 12167, 12169, 12170,
        12172, 12175, 12176, 12177, 12178, 12179, 12180, 12181, 12182, 12183, 12184, 12185,
        12186, 12187, 12188, 12189, 12190, 12191, 12192, 12193};
    size_t found = 0;
    for (unsigned code = 0; code < 0x10000; code++) {
        const struct ucprov_phone_error_text *known = ucprov_phone_error_find(code);
        if (known != NULL) {
            assert_int_equal(code, all[found++]);
            assert_memory_equal(known->name, "ERROR_WINHTTP_", strlen("ERROR_WINHTTP_"));
            assert_true(strlen(known->meaning) > 10 && strlen(known->remedy) > 10);
        }
    }
    assert_int_equal(found, sizeof(all) / sizeof(all[0]));
}

static void
reads_what_people_write(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned error, http;
    } cases[] = {
        {"0x2F0D/0", 0x2f0d, 0},         {"2f0d", 0x2f0d, 0},        {"0x2EFD / 503", 0x2efd, 503},
        {"0X2F0d/0", 0x2f0d, 0},         {" 0x2EE2 \n", 0x2ee2, 0},  {"0/999", 0, 999},
        {"0xFFFF/000", 0xffff, 0},       {"0x80072F0D", 0x2f0d, 0},  {"80072f0d", 0x2f0d, 0},
        {"0X80072F0D/401", 0x2f0d, 401}, {"12045", 0x2f0d, 0},       {"12002/0", 0x2ee2, 0},
        {"2147954445", 0x2f0d, 0},       {"-2147012851", 0x2f0d, 0}, {"0x00002F0D", 0x2f0d, 0},
        {"0x80190194", 0, 404},          {"0x0/404", 0, 404},        {"2007", 0x2007, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct ucprov_problem problem = {"untouched"};
        unsigned error = 1;
        unsigned http = 1;
        assert_int_equal(ucprov_phone_status_parse(cases[i].text, &error, &http, &problem), 0);
        assert_int_equal(error, cases[i].error);
        assert_int_equal(http, cases[i].http);
    }
}

static void
refuses_what_is_no_status(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",           "0x",          "0x2F0DA",     "2F0D/",   "2F0D/1000", "2F0D/0/0",
        "/503",       "2F0D 503",    "0x2G0D",      "-1",      "2F0D/-1",   "2F0D/5x",
        "0x80082F0D", "0x180072F0D", "99999999999", "-2F0D",   "0x-1",      "--2147012851",
        "4294967296", "foo",         "nonsense",    "0x12345",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct ucprov_problem problem = {""};
        unsigned error;
        unsigned http;
        assert_int_equal(ucprov_phone_status_parse(texts[i], &error, &http, &problem), -1);
        assert_non_null(strstr(problem.text, "0x2F0D/0"));
    }
}

static void
writes_as_the_screen_does(void **state)
{
    (void)state;
    char text[UCPROV_PHONE_STATUS_SIZE];
    assert_string_equal(ucprov_phone_status_text(text, 0x2f0d, 0), "0x2F0D/0");
    assert_string_equal(ucprov_phone_status_text(text, 0x2efd, 503), "0x2EFD/503");
    assert_string_equal(ucprov_phone_status_text(text, 1, 0), "0x0001/0");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_winhttps_errors),     cmocka_unit_test(knows_all_of_winhttp),
        cmocka_unit_test(reads_what_people_write),   cmocka_unit_test(refuses_what_is_no_status),
        cmocka_unit_test(writes_as_the_screen_does),
    };
    return cmocka_run_group_tests_name("phone_status", tests, NULL, NULL);
}
