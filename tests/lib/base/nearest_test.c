/* SPDX-License-Identifier: MPL-2.0 */
/* Slips that get a suggestion, and words too far off to get one. */
#include "unit.h"

#include "base/nearest.h"

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
        const char *found = ucprov_nearest(cases[i].word, UCPROV_WORDS(settings, SIZE_MAX));
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
        assert_null(ucprov_nearest(word, UCPROV_WORDS(settings, SIZE_MAX)));
        word[length] = 's';
    }
    word[sizeof(word) - 1] = '\0';
    assert_null(ucprov_nearest(word, UCPROV_WORDS(settings, SIZE_MAX)));
}

/* A word in each structure, behind something else. */
static void
test_words_in_structures(void **state)
{
    (void)state;
    static const struct {
        int number;
        const char *name;
    } rows[] = {{1, "vlan"}, {2, "dhcp"}, {3, NULL}, {4, "inform"}};
    assert_string_equal(ucprov_nearest("dchp", UCPROV_WORDS_IN(rows, 4, name)), "dhcp");
    assert_null(ucprov_nearest("dchp", UCPROV_WORDS_IN(rows, 1, name)));
    assert_null(ucprov_nearest("infrom", UCPROV_WORDS_IN(rows, 4, name)));
    assert_null(ucprov_nearest("dchp", UCPROV_WORDS(NULL, 0)));
}

static void
test_lists_of_words(void **state)
{
    (void)state;
    static const char *const words[] = {"bind", "zone", "json"};
    char text[64];
    assert_int_equal(ucprov_words_find(UCPROV_WORDS(words, 3), "json"), 2);
    assert_true(ucprov_words_find(UCPROV_WORDS(words, 2), "json") == SIZE_MAX);
    assert_string_equal(ucprov_words_join(text, sizeof(text), UCPROV_WORDS(words, 3), NULL),
                        "bind, zone or json");
    assert_string_equal(ucprov_words_join(text, sizeof(text), UCPROV_WORDS(words, 2), "zone"),
                        "bind or zone (default)");
    assert_string_equal(ucprov_words_join(text, sizeof(text), UCPROV_WORDS(words, 1), NULL),
                        "bind");
    assert_string_equal(ucprov_words_join(text, sizeof(text), UCPROV_WORDS(words, 0), NULL), "");
    for (size_t size = 1; size <= sizeof("bind, zone or json"); size++) {
        assert_int_equal(strlen(ucprov_words_join(text, size, UCPROV_WORDS(words, 3), NULL)),
                         size - 1);
    }
}

static void
test_suggestions(void **state)
{
    (void)state;
    static const char *const words[] = {"pool", "a\x1b[2J"};
    char long_word[65] = "";
    const char *const long_words[] = {memset(long_word, '\x01', sizeof(long_word) - 1)};
    struct ucprov_suggestion near;
    assert_string_equal(ucprov_suggest(&near, "opol", UCPROV_WORDS(words, 2), "; try --help"),
                        "; did you mean \"pool\"?");
    assert_string_equal(ucprov_suggest(&near, "color", UCPROV_WORDS(words, 2), "; try --help"),
                        "; try --help");
    assert_string_equal(ucprov_suggest(&near, "a[2J", UCPROV_WORDS(words, 2), ""),
                        "; did you mean \"a\\x1b[2J\"?");
    struct ucprov_words options = UCPROV_WORDS(words, 2);
    options.prefix = "--";
    assert_string_equal(ucprov_suggest(&near, "opol", options, ""), "; did you mean \"--pool\"?");
    const char *cut = ucprov_suggest(&near, long_word, UCPROV_WORDS(long_words, 1), "");
    assert_true(strlen(cut) < UCPROV_SUGGESTION_SIZE);
    assert_string_equal(cut + strlen(cut) - 5, "...\"?");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slips),
        cmocka_unit_test(test_long_words),
        cmocka_unit_test(test_words_in_structures),
        cmocka_unit_test(test_lists_of_words),
        cmocka_unit_test(test_suggestions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
