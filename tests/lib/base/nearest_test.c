/* SPDX-License-Identifier: MPL-2.0 */
/* Slips that get a suggestion, and words too far off to get one. */
#include "unit.h"

#include "base/nearest.h"

static const char *
candidate(const void *context, size_t index)
{
    return ((const char *const *)context)[index];
}

static const char *const settings[] = {"name", "subnet", "search", "pool", "ntp", NULL};

static void
test_slips(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        const char *nearest;
    } cases[] = {
        {"serch", "search"},   {"sebnut", "subnet"}, {"ssearch", "search"},
        {"subnets", "subnet"}, {"nmae", "name"},     {"opol", "pool"},
        {"ntp", "ntp"},        {"ntq", "ntp"},       {"color", NULL},
        {"domain_name", NULL}, {"", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *found = ucprov_nearest(cases[i].word, candidate, settings);
        if (cases[i].nearest == NULL) {
            assert_null(found);
        } else {
            assert_non_null(found);
            assert_string_equal(found, cases[i].nearest);
        }
    }
}

/* Words beyond the limit get no suggestion, and do no harm. */
static void
test_long_words(void **state)
{
    (void)state;
    char word[400];
    memset(word, 's', sizeof(word));
    for (size_t length = 62; length <= 66; length++) {
        word[length] = '\0';
        assert_null(ucprov_nearest(word, candidate, settings));
        word[length] = 's';
    }
    word[sizeof(word) - 1] = '\0';
    assert_null(ucprov_nearest(word, candidate, settings));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slips),
        cmocka_unit_test(test_long_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
