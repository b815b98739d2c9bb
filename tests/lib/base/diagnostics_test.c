/* SPDX-License-Identifier: MPL-2.0 */
/* Diagnostics: their order and form, and what happens beyond the bound. */
#include "unit.h"

#include <stdlib.h>

#include "base/diagnostics.h"

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
    ucprov_diagnostics_warning(&diagnostics, 0, NULL, "all of it");
    ucprov_diagnostics_error(&diagnostics, 9, "b.c", "%d is too much", 3);
    ucprov_diagnostics_error(&diagnostics, 2, NULL, "first");
    ucprov_diagnostics_error(&diagnostics, 9, "b.a", "later");
    ucprov_diagnostics_warning(&diagnostics, 2, "a", "second");
    char *text = printed(&diagnostics);
    assert_string_equal(text, "f:2: first\n"
                              "f:2: a: warning: second\n"
                              "f:9: b.c: 3 is too much\n"
                              "f:9: b.a: later\n"
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
    ucprov_diagnostics_error(&diagnostics, 1, NULL, "x");
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
    ucprov_diagnostics_error(&diagnostics, 1, NULL, "\"%s\"", "a\033[31m\n\177\xc3\xb6");
    /* CSI of eight bits (U+009B), and an override of the direction (U+202E): raw in a log, they
     * steer the terminal of who reads it, or show another name than there is. */
    ucprov_diagnostics_error(&diagnostics, 2, NULL,
                             "\xc2\x9b"
                             "31m\xe2\x80\xae.com");
    char *text = printed(&diagnostics);
    assert_string_equal(text, "f:1: \"a\\x1b[31m\\x0a\\x7f\xc3\xb6\"\n"
                              "f:2: \\xc2\\x9b"
                              "31m\\xe2\\x80\\xae.com\nf: 2 errors\n");
    free(text);
}

/* Past the limit they are counted, and no longer kept. */
static void
test_limit(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "f");
    for (unsigned i = 0; i < UCPROV_DIAGNOSTICS_MAX + 1; i++) {
        assert_int_equal(diagnostics.count, i);
        ucprov_diagnostics_error(&diagnostics, i + 1, NULL, "x");
    }
    assert_int_equal(diagnostics.count, UCPROV_DIAGNOSTICS_MAX);
    assert_int_equal(diagnostics.errors, UCPROV_DIAGNOSTICS_MAX + 1);
    ucprov_diagnostics_clear(&diagnostics);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_and_form),
        cmocka_unit_test(test_nothing_to_say),
        cmocka_unit_test(test_one_error_on_standard_input),
        cmocka_unit_test(test_control_characters),
        cmocka_unit_test(test_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
