/* SPDX-License-Identifier: MPL-2.0 */
/* Names at 63, 253 and 255 octets, and compression pointers that lead astray. */
#include "unit.h"

#include "base/error.h"
#include "option/name.h"

struct text_case {
    const char *text;
    int error;
};

static void
text_is_checked(void **state)
{
    (void)state;
    static const struct text_case cases[] = {
        {"contoso.com", UCPROV_OK},
        {"local", UCPROV_OK},
        {"az.AZ.09", UCPROV_OK},
        {"_ntp._udp.contoso.com", UCPROV_OK},
        {"3com.Example-1.COM", UCPROV_OK},
        {"xn--mnchen-3ya.de", UCPROV_OK},
        {"10.1.1.1", UCPROV_OK},
        {"", UCPROV_ENAME_EMPTY},
        {".", UCPROV_ENAME_EMPTY_LABEL},
        {"..", UCPROV_ENAME_EMPTY_LABEL},
        {".contoso.com", UCPROV_ENAME_EMPTY_LABEL},
        {"pool01..contoso.com", UCPROV_ENAME_EMPTY_LABEL},
        {"contoso.com..", UCPROV_ENAME_EMPTY_LABEL},
        {"contoso.com.", UCPROV_ENAME_TRAILING_DOT},
        {"contoso com", UCPROV_ENAME_CHARACTER},
        {"contoso.com\n", UCPROV_ENAME_CHARACTER},
        {"*.contoso.com", UCPROV_ENAME_CHARACTER},
        {"https://contoso.com", UCPROV_ENAME_CHARACTER},
        {"contoso.com\x7f", UCPROV_ENAME_CHARACTER},
        {"-contoso.com", UCPROV_ENAME_HYPHEN},
        {"contoso-.com", UCPROV_ENAME_HYPHEN},
        {"contoso.-", UCPROV_ENAME_HYPHEN},
        {"m\xc3\xbcnchen.de", UCPROV_ENAME_NON_ASCII},
        {"contoso..\x80", UCPROV_ENAME_NON_ASCII},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct ucprov_name name;
        print_message("    \"%s\"\n", cases[i].text);
        assert_int_equal(ucprov_name_from_text(NULL, cases[i].text), cases[i].error);
        assert_int_equal(ucprov_name_from_text(&name, cases[i].text), cases[i].error);
    }
}

static void
hosts_are_checked(void **state)
{
    (void)state;
    static const struct text_case cases[] = {
        {"pool01.contoso.com", UCPROV_OK},
        {"10.contoso", UCPROV_OK},
        {"pool01", UCPROV_ENAME_NOT_QUALIFIED},
        {"10.1.1.10", UCPROV_ENAME_ADDRESS},
        {"10.1.1.999", UCPROV_ENAME_ADDRESS},
        {"pool01.", UCPROV_ENAME_TRAILING_DOT},
        {"", UCPROV_ENAME_EMPTY},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(ucprov_name_check_host(cases[i].text), cases[i].error);
    }
}

static void
labels_have_63_octets_at_most(void **state)
{
    (void)state;
    assert_int_equal(ucprov_name_from_text(NULL, repeat('a', 62)), UCPROV_OK);
    assert_int_equal(ucprov_name_from_text(NULL, repeat('a', 63)), UCPROV_OK);
    assert_int_equal(ucprov_name_from_text(NULL, repeat('a', 64)), UCPROV_ENAME_LABEL_LONG);
}

static void
names_have_253_characters_at_most(void **state)
{
    (void)state;
    struct ucprov_name name;
    assert_int_equal(ucprov_name_from_text(&name, name_of_length(252)), UCPROV_OK);
    assert_int_equal(name.length, 254);
    assert_int_equal(ucprov_name_from_text(&name, name_of_length(253)), UCPROV_OK);
    assert_int_equal(name.length, 255);
    assert_int_equal(ucprov_name_from_text(&name, name_of_length(254)), UCPROV_ENAME_LONG);
}

static void
text_becomes_wire(void **state)
{
    (void)state;
    struct ucprov_name name;
    assert_int_equal(ucprov_name_from_text(&name, "pool01.Contoso.com"), UCPROV_OK);
    assert_octets_equal(name.wire, name.length,
                        "\x06pool01\x07"
                        "Contoso\x03"
                        "com\x00");
    assert_int_equal(ucprov_name_labels(&name), 3);
}

/* Reads at `offset`; -1000 and below is the error, else the place behind the name. */
static int
read_at(struct ucprov_name *name, const uint8_t *octets, size_t length, size_t offset)
{
    struct ucprov_reader reader;
    ucprov_reader_init(&reader, octets, length);
    reader.position += offset;
    int error = ucprov_name_read(&reader, name);
    assert_int_equal(error, reader.error);
    return error == UCPROV_OK ? (int)(reader.position - reader.start) : error;
}

static void
wire_becomes_text(void **state)
{
    (void)state;
    struct ucprov_name name;
    char text[UCPROV_NAME_TEXT_SIZE];
    assert_int_equal(read_at(&name,
                             OCTETS("\x03www\x07"
                                    "contoso\x03"
                                    "com\x00\xff"),
                             0),
                     17);
    assert_string_equal(ucprov_name_to_text(&name, text), "www.contoso.com");
    assert_int_equal(read_at(&name, OCTETS("\x00"), 0), 1);
    assert_string_equal(ucprov_name_to_text(&name, text), ".");
    assert_int_equal(ucprov_name_labels(&name), 0);
}

static void
odd_octets_are_escaped(void **state)
{
    (void)state;
    struct ucprov_name name;
    char text[UCPROV_NAME_TEXT_SIZE];
    assert_int_equal(read_at(&name,
                             OCTETS("\x05"
                                    "a.\\ \xff\x01\x00\x00"),
                             0),
                     9);
    assert_string_equal(ucprov_name_to_text(&name, text), "a\\.\\\\\\032\\255.\\000");
}

static void
the_longest_text_fits(void **state)
{
    (void)state;
    uint8_t octets[255] = {0};
    for (size_t i = 0; i < 254; i += 64) {
        octets[i] = (uint8_t)(i == 192 ? 61 : 63);
    }
    struct ucprov_name name;
    char text[UCPROV_NAME_TEXT_SIZE];
    assert_int_equal(read_at(&name, octets, sizeof(octets), 0), 255);
    /* 63 + 63 + 63 + 61 octets of 4 characters, and three dots */
    assert_int_equal(strlen(ucprov_name_to_text(&name, text)), 1003);
}

static void
pointers_are_followed(void **state)
{
    (void)state;
    static const char octets[] = "\x03"
                                 "com\x00"
                                 "\x07"
                                 "contoso\xc0\x00"
                                 "\x03www\xc0\x05"
                                 "\xc0\x0f\xff";
    struct ucprov_name name;
    char text[UCPROV_NAME_TEXT_SIZE];
    assert_int_equal(read_at(&name, OCTETS(octets), 5), 15);
    assert_string_equal(ucprov_name_to_text(&name, text), "contoso.com");
    assert_int_equal(read_at(&name, OCTETS(octets), 15), 21);
    assert_string_equal(ucprov_name_to_text(&name, text), "www.contoso.com");
    assert_int_equal(read_at(&name, OCTETS(octets), 21), 23);
    assert_string_equal(ucprov_name_to_text(&name, text), "www.contoso.com");
}

static void
pointers_lead_backwards_only(void **state)
{
    (void)state;
    struct ucprov_name name;
    assert_int_equal(read_at(&name, OCTETS("\xc0\x00"), 0), UCPROV_EWIRE_POINTER);
    assert_int_equal(read_at(&name, OCTETS("\xc0\x02\x00"), 0), UCPROV_EWIRE_POINTER);
    assert_int_equal(read_at(&name,
                             OCTETS("\x01"
                                    "a\xc0\x00"),
                             0),
                     UCPROV_EWIRE_POINTER);
    assert_int_equal(read_at(&name, OCTETS("\xc0\x02\xc0\x00"), 2), UCPROV_EWIRE_POINTER);
    assert_int_equal(read_at(&name, OCTETS("\x00\xc0"), 1), UCPROV_EWIRE_SHORT);
    assert_int_equal(read_at(&name, OCTETS("\x00\xff\xff"), 1), UCPROV_EWIRE_POINTER);
}

static void
other_label_types_are_refused(void **state)
{
    (void)state;
    struct ucprov_name name;
    assert_int_equal(read_at(&name, OCTETS("\x40\x00"), 0), UCPROV_EWIRE_LABEL);
    assert_int_equal(read_at(&name, OCTETS("\x80\x00"), 0), UCPROV_EWIRE_LABEL);
    assert_int_equal(name.length, 0);
    assert_int_equal(ucprov_name_labels(&name), 0);
}

static void
what_ends_early_is_refused(void **state)
{
    (void)state;
    struct ucprov_name name;
    static const char octets[] = "\x03www\x03"
                                 "com";
    for (size_t length = 0; length < sizeof(octets); length++) {
        assert_int_equal(read_at(&name, (const uint8_t *)octets, length, 0),
                         length == 9 ? UCPROV_OK : UCPROV_EWIRE_SHORT);
    }
    /* sizeof has the terminator, which is a root label. */
    assert_int_equal(read_at(&name, (const uint8_t *)octets, sizeof(octets), 0), 9);
}

static void
wire_has_255_octets_at_most(void **state)
{
    (void)state;
    uint8_t octets[256] = {0};
    struct ucprov_name name;
    for (size_t i = 0; i < 256; i += 64) {
        octets[i] = 63;
    }
    octets[192] = 61;
    assert_int_equal(read_at(&name, octets, 255, 0), 255);
    octets[192] = 62;
    assert_int_equal(read_at(&name, octets, 256, 0), UCPROV_EWIRE_NAME_LONG);
    assert_int_equal(name.length, 0);
}

static void
an_error_before_stays(void **state)
{
    (void)state;
    struct ucprov_name name;
    struct ucprov_reader reader;
    ucprov_reader_init(&reader, OCTETS("\x00"));
    reader.error = UCPROV_EWIRE_LABEL;
    assert_int_equal(ucprov_name_read(&reader, &name), UCPROV_EWIRE_LABEL);
}

static void
case_does_not_matter(void **state)
{
    (void)state;
    struct ucprov_name a, b;
    ucprov_name_from_text(&a, "az.AZ");
    ucprov_name_from_text(&b, "AZ.az");
    assert_true(ucprov_name_equal(&a, &b));
    ucprov_name_from_text(&a, "Pool01.CONTOSO.com");
    ucprov_name_from_text(&b, "pool01.contoso.COM");
    assert_true(ucprov_name_equal(&a, &b));
    ucprov_name_from_text(&b, "pool02.contoso.com");
    assert_false(ucprov_name_equal(&a, &b));
    ucprov_name_from_text(&b, "contoso.com");
    assert_false(ucprov_name_equal(&a, &b));
    ucprov_name_from_text(&a, "a.bc");
    ucprov_name_from_text(&b, "ab.c");
    assert_false(ucprov_name_equal(&a, &b));
    /* "[" and "{" are 32 apart, too, and no letters */
    read_at(&a, OCTETS("\x01[\x00"), 0);
    read_at(&b, OCTETS("\x01{\x00"), 0);
    assert_false(ucprov_name_equal(&a, &b));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_checked),
        cmocka_unit_test(hosts_are_checked),
        cmocka_unit_test(labels_have_63_octets_at_most),
        cmocka_unit_test(names_have_253_characters_at_most),
        cmocka_unit_test(text_becomes_wire),
        cmocka_unit_test(wire_becomes_text),
        cmocka_unit_test(odd_octets_are_escaped),
        cmocka_unit_test(the_longest_text_fits),
        cmocka_unit_test(pointers_are_followed),
        cmocka_unit_test(pointers_lead_backwards_only),
        cmocka_unit_test(other_label_types_are_refused),
        cmocka_unit_test(what_ends_early_is_refused),
        cmocka_unit_test(wire_has_255_octets_at_most),
        cmocka_unit_test(an_error_before_stays),
        cmocka_unit_test(case_does_not_matter),
    };
    return cmocka_run_group_tests_name("name", tests, NULL, NULL);
}
