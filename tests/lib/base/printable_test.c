/* SPDX-License-Identifier: MPL-2.0 */
/* Text that is shown as it is, text that is escaped, and where it is cut. */
#include "unit.h"

#include "base/printable.h"

static void
keeps_what_people_can_read(void **state)
{
    (void)state;
    char text[64];
    static const char *const texts[] = {
        "", "a b~\\", "M\xc3\xbcnchen", "\xe2\x82\xac", "\xf0\x9f\x93\x9e", "\xd7\xa9\xd7\x9c"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_string_equal(ucprov_printable(text, sizeof(text), texts[i], strlen(texts[i])),
                            texts[i]);
    }
}

static void
escapes_controls_and_what_reorders_or_hides(void **state)
{
    (void)state;
    static const struct {
        const char *octets, *text;
    } cases[] = {
        {"\x1b[31m", "\\x1b[31m"},           {"a\nb", "a\\x0ab"},      {"\x7f", "\\x7f"},
        {"\xc2\x9b", "\\xc2\\x9b"},          {"\xc2\xa0", "\xc2\xa0"}, {"\xc2\xad", "\\xc2\\xad"},
        {"\xe2\x80\xae", "\\xe2\\x80\\xae"}, /* U+202E */
        {"\xe2\x80\xaf", "\xe2\x80\xaf"},    /* U+202F */
        {"\xe2\x81\xa6", "\\xe2\\x81\\xa6"}, /* U+2066 */
        {"\xe2\x80\x8b", "\\xe2\\x80\\x8b"}, /* U+200B */
        {"\xef\xbb\xbf", "\\xef\\xbb\\xbf"}, /* U+FEFF */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[64];
        ucprov_printable(text, sizeof(text), cases[i].octets, strlen(cases[i].octets));
        assert_string_equal(text, cases[i].text);
    }
}

/* RFC 3629 sections 3 and 10. */
static void
escapes_what_is_no_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *octets, *text;
    } cases[] = {
        {"\xff", "\\xff"},
        {"\x80", "\\x80"},
        {"\xc3", "\\xc3"},
        {"\xc3(", "\\xc3("},
        {"\xc0\x80", "\\xc0\\x80"},                   /* overlong NUL */
        {"\xc1\xbf", "\\xc1\\xbf"},                   /* overlong */
        {"\xe0\x9f\xbf", "\\xe0\\x9f\\xbf"},          /* overlong */
        {"\xe0\xa0\x80", "\xe0\xa0\x80"},             /* the first that is not */
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},          /* surrogate U+D800 */
        {"\xed\xbf\xbf", "\\xed\\xbf\\xbf"},          /* surrogate U+DFFF */
        {"\xed\x9f\xbf", "\xed\x9f\xbf"},             /* U+D7FF */
        {"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},     /* U+10FFFF */
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* more */
        {"\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[64];
        ucprov_printable(text, sizeof(text), cases[i].octets, strlen(cases[i].octets));
        assert_string_equal(text, cases[i].text);
    }
}

static void
cuts_between_characters(void **state)
{
    (void)state;
    char text[16] = "";
    assert_string_equal(ucprov_printable(text, 9, "12345678", 8), "12345678");
    assert_string_equal(ucprov_printable(text, 8, "12345678", 8), "1234...");
    assert_string_equal(ucprov_printable(text, 7, "a\xc3\xbc\xc3\xbc\xc3\xbc", 7), "a\xc3\xbc...");
    assert_string_equal(ucprov_printable(text, 6, "a\xc3\xbc\xc3\xbc\xc3\xbc", 7), "a...");
    assert_string_equal(ucprov_printable(text, 8, "1\x01\x02", 3), "1...");
    assert_string_equal(ucprov_printable(text, 9, "1\x01\x02", 3), "1\\x01...");
    assert_string_equal(ucprov_printable(text, 4, "12345678", 8), "...");
    assert_string_equal(ucprov_printable(text, 3, "12345678", 8), "..");
    assert_string_equal(ucprov_printable(text, 1, "12345678", 8), "");
    text[0] = 'x';
    ucprov_printable(text, 0, "12345678", 8);
    assert_int_equal(text[0], 'x');
    assert_string_equal(ucprov_printable(text, 8, "a\0b", 3), "a\\x00b");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_people_can_read),
        cmocka_unit_test(escapes_controls_and_what_reorders_or_hides),
        cmocka_unit_test(escapes_what_is_no_utf8),
        cmocka_unit_test(cuts_between_characters),
    };
    return cmocka_run_group_tests_name("printable", tests, NULL, NULL);
}
