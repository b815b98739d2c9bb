/* SPDX-License-Identifier: MPL-2.0 */
/* Diagnostics: their order and form, and what happens beyond the bound. */
#include "unit.h"

#include <stdlib.h>

#include "base/diagnostics.h"

#define AN_ERROR        UCPROV_FAULT_VALUE_NAME
#define A_WARNING       UCPROV_FAULT_VLAN_NO_NTP
#define ANOTHER_WARNING UCPROV_FAULT_CA_CHAIN

static char *
printed(struct ucprov_diagnostics *diagnostics)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    ucprov_diagnostics_sort(diagnostics);
    ucprov_diagnostics_print(diagnostics, stream);
    fclose(stream);
    ucprov_diagnostics_clear(diagnostics);
    return text;
}

static void
test_order_and_form(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "f");
    ucprov_diagnostics_add(&diagnostics, A_WARNING, 0, NULL, "all of it");
    ucprov_diagnostics_add(&diagnostics, AN_ERROR, 9, "b.c", "%d is too much", 3);
    ucprov_diagnostics_add(&diagnostics, AN_ERROR, 2, NULL, "first");
    ucprov_diagnostics_add(&diagnostics, AN_ERROR, 9, "b.a", "later");
    ucprov_diagnostics_add(&diagnostics, A_WARNING, 2, "a", "second");
    char *text = printed(&diagnostics);
    assert_string_equal(text, "f:2: first\n"
                              "f:9: b.c: 3 is too much\n"
                              "f:9: b.a: later\n"
                              "f:2: a: warning: second\n"
                              "f: warning: all of it\n"
                              "f: 3 errors, 2 warnings\n");
    free(text);
}

static void
test_nothing_to_say(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "f");
    char *text = printed(&diagnostics);
    assert_string_equal(text, "");
    free(text);
}

static void
test_one_error_on_standard_input(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "-");
    ucprov_diagnostics_add(&diagnostics, AN_ERROR, 1, NULL, "x");
    char *text = printed(&diagnostics);
    assert_string_equal(text, "(standard input):1: x\n(standard input): 1 error\n");
    free(text);
}

/* A file must not steer the terminal that shows what is wrong with it. */
static void
test_control_characters(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "f");
    ucprov_diagnostics_add(&diagnostics, AN_ERROR, 1, NULL, "\"%s\"", "a\033[31m\n\177\xc3\xb6");
    /* CSI of eight bits (U+009B), and an override of the direction (U+202E): raw in a log, they
     * steer the terminal of who reads it, or show another name than there is. */
    ucprov_diagnostics_add(&diagnostics, AN_ERROR, 2, NULL,
                           "\xc2\x9b"
                           "31m\xe2\x80\xae.com");
    char *text = printed(&diagnostics);
    assert_string_equal(text, "f:1: \"a\\x1b[31m\\x0a\\x7f\xc3\xb6\"\n"
                              "f:2: \\xc2\\x9b"
                              "31m\\xe2\\x80\\xae.com\nf: 2 errors\n");
    free(text);
}

/* What is said of the warnings of a kind, one more than before and each in a line of its own. */
static char *
alike(unsigned count)
{
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "f");
    for (unsigned i = 0; i < count; i++) {
        ucprov_diagnostics_add(&diagnostics, ANOTHER_WARNING, 0, NULL, "%u is another kind", i);
        ucprov_diagnostics_add(&diagnostics, A_WARNING, i + 5, "a", "has %u", i);
    }
    ucprov_diagnostics_add(&diagnostics, AN_ERROR, 9999, "b", "is wrong");
    assert_int_equal(diagnostics.warnings, 2 * count);
    return printed(&diagnostics);
}

static unsigned
lines_of(const char *text)
{
    unsigned lines = 0;
    for (; *text != '\0'; text++) {
        lines += *text == '\n';
    }
    return lines;
}

static void
test_warnings_of_a_kind_are_summed_up(void **state)
{
    (void)state;
    char *text = alike(UCPROV_ALIKE_MAX);
    assert_int_equal(lines_of(text), 2 * UCPROV_ALIKE_MAX + 2);
    assert_non_null(strstr(text, "f:14: a: warning: has 9\n"));
    free(text);
    text = alike(UCPROV_ALIKE_MAX + 1);
    assert_string_equal(text, "f:9999: b: is wrong\n"
                              "f:5: a: warning: 11 vlans have no \"ntp\"; the first: has 0\n"
                              "f: warning: 11 like this; the first: 0 is another kind\n"
                              "f: 1 error, 22 warnings\n");
    free(text);
    text = alike(10000);
    assert_string_equal(text, "f:9999: b: is wrong\n"
                              "f:5: a: warning: 10000 vlans have no \"ntp\"; the first: has 0\n"
                              "f: warning: 10000 like this; the first: 0 is another kind\n"
                              "f: 1 error, 20000 warnings\n");
    free(text);
}

static void
test_json(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "f");
    ucprov_diagnostics_add(&diagnostics, UCPROV_FAULT_VALUE_POOL, 12, "vlans[0].pool", "none");
    ucprov_diagnostics_add(&diagnostics, UCPROV_FAULT_VLAN_NONE, 0, NULL, "no vlans");
    json_t *list = json_pack("[o,o]", ucprov_diagnostic_json(diagnostics.items[0]),
                             ucprov_diagnostic_json(diagnostics.items[1]));
    json_t *expected =
        json_pack("[{s:s,s:s,s:s,s:n,s:i,s:s,s:i},{s:s,s:s,s:s,s:n,s:i,s:n,s:i}]", "id",
                  "value.pool", "severity", "fail", "text", "none", "remedy", "line", 12, "setting",
                  "vlans[0].pool", "count", 1, "id", "vlan.none", "severity", "warn", "text",
                  "no vlans", "remedy", "line", 0, "setting", "count", 1);
    assert_non_null(expected);
    assert_true(json_equal(list, expected));
    json_decref(list);
    json_decref(expected);
    ucprov_diagnostics_clear(&diagnostics);
}

/* Past the limit they are counted, and no longer kept; the list says so itself, as its last error,
 * also after what is said of the file as a whole. */
static void
test_limit(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "f");
    for (unsigned i = 0; i < UCPROV_ERRORS_MAX + 1; i++) {
        assert_int_equal(diagnostics.count, i);
        assert_null(diagnostics.cut);
        ucprov_diagnostics_add(&diagnostics, AN_ERROR, i, NULL, "x");
    }
    ucprov_diagnostics_add(&diagnostics, A_WARNING, 7, "a", "has room");
    assert_int_equal(diagnostics.errors, UCPROV_ERRORS_MAX + 1);
    char *text = ucprov_diagnostic_format(&diagnostics, UCPROV_ERRORS_MAX);
    assert_string_equal(text, "f: 1 more error is not shown");
    free(text);
    ucprov_diagnostics_add(&diagnostics, AN_ERROR, 1, "b", "x");
    text = printed(&diagnostics);
    const char *end = "\nf:999: x\nf: x\nf: 2 more errors are not shown\n"
                      "f:7: a: warning: has room\nf: 1002 errors, 1 warning\n";
    assert_int_equal(lines_of(text), UCPROV_ERRORS_MAX + 3);
    assert_string_equal(strstr(text, "\nf:999: "), end);
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_and_form),
        cmocka_unit_test(test_nothing_to_say),
        cmocka_unit_test(test_one_error_on_standard_input),
        cmocka_unit_test(test_control_characters),
        cmocka_unit_test(test_warnings_of_a_kind_are_summed_up),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
