/* SPDX-License-Identifier: MPL-2.0 */
/* Every error code has words of its own, which fit into a message. */
#include "unit.h"

#include "base/error.h"

static void
each_code_has_a_text_of_its_own(void **state)
{
    (void)state;
    for (int a = UCPROV_ETOOLONG; a <= UCPROV_EWIRE_VALUE; a++) {
        assert_string_not_equal(ucprov_strerror(a), "unknown error");
        for (int b = UCPROV_ETOOLONG; b < a; b++) {
            assert_string_not_equal(ucprov_strerror(a), ucprov_strerror(b));
        }
    }
}

static void
other_numbers_have_a_text_too(void **state)
{
    (void)state;
    assert_string_equal(ucprov_strerror(UCPROV_OK), "no error");
    assert_string_equal(ucprov_strerror(UCPROV_ETOOLONG - 1), "unknown error");
    assert_string_equal(ucprov_strerror(UCPROV_EWIRE_VALUE + 1), "unknown error");
    assert_string_equal(ucprov_strerror(22), "unknown error");
}

static void
texts_are_clauses(void **state)
{
    (void)state;
    for (int code = UCPROV_ETOOLONG; code <= UCPROV_EWIRE_VALUE; code++) {
        const char *text = ucprov_strerror(code);
        assert_true(text[strlen(text) - 1] != '.');
        assert_true(strlen(text) < 80);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_code_has_a_text_of_its_own),
        cmocka_unit_test(other_numbers_have_a_text_too),
        cmocka_unit_test(texts_are_clauses),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
