/* SPDX-License-Identifier: MPL-2.0 */
/* Lines at, below and beyond the width, on terminals and elsewhere. */
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/wrap.h"

/* Without COLUMNS, unless a test sets it. */
static int
unset_columns(void **state)
{
    (void)state;
    return unsetenv("COLUMNS");
}

/* A terminal that says it has so many columns. Returns its stream; `master` keeps it open. */
static FILE *
open_terminal(unsigned short columns, int *master)
{
    const struct winsize size = {.ws_row = 24, .ws_col = columns};
    *master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(*master >= 0);
    assert_int_equal(grantpt(*master), 0);
    assert_int_equal(unlockpt(*master), 0);
    FILE *terminal = fopen(ptsname(*master), "r+");
    assert_non_null(terminal);
    assert_int_equal(ioctl(fileno(terminal), TIOCSWINSZ, &size), 0);
    return terminal;
}

static size_t
columns_of_terminal(unsigned short says)
{
    int master;
    FILE *terminal = open_terminal(says, &master);
    size_t columns = ucprov_columns(terminal);
    fclose(terminal);
    close(master);
    return columns;
}

static void
test_columns_of_a_terminal(void **state)
{
    (void)state;
    static const struct {
        unsigned short says;
        size_t columns;
    } cases[] = {{0, 80},    {1, 40},    {39, 40},   {40, 40},   {41, 41},    {80, 80},
                 {132, 132}, {199, 199}, {200, 200}, {201, 200}, {65535, 200}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(columns_of_terminal(cases[i].says), cases[i].columns);
    }
}

static void
test_columns_elsewhere(void **state)
{
    (void)state;
    char *text;
    size_t size;
    FILE *memory = open_memstream(&text, &size);
    FILE *file = tmpfile();
    assert_int_equal(ucprov_columns(memory), 80);
    assert_int_equal(ucprov_columns(file), 80);
    fclose(memory);
    fclose(file);
    free(text);
}

static void
test_columns_of_the_environment(void **state)
{
    (void)state;
    static const struct {
        const char *says;
        size_t columns; /* on a terminal of 100 */
    } cases[] = {
        {"60", 60},  {"39", 40},   {"201", 200}, {"", 100},     {"0", 100},
        {"-5", 100}, {" 60", 100}, {"60x", 100}, {"wide", 100}, {"99999999999999999999", 100}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        setenv("COLUMNS", cases[i].says, 1);
        assert_int_equal(columns_of_terminal(100), cases[i].columns);
    }
    setenv("COLUMNS", "60", 1);
    FILE *file = tmpfile();
    assert_int_equal(ucprov_columns(file), 60);
    fclose(file);
}

/* What is printed with lines of 40 columns. */
#define EXPECT(expected, call)                                                                     \
    do {                                                                                           \
        char *text;                                                                                \
        size_t size;                                                                               \
        FILE *out = open_memstream(&text, &size);                                                  \
        setenv("COLUMNS", "40", 1);                                                                \
        call;                                                                                      \
        fclose(out);                                                                               \
        assert_string_equal(text, expected);                                                       \
        free(text);                                                                                \
    } while (0)

#define DIGITS    "0123456789"
#define BLANKS_38 "                                      "
#define E_30      "éééééééééééééééééééééééééééééé" /* 30 characters, 60 octets */

static void
test_lines_are_filled(void **state)
{
    (void)state;
    EXPECT("\n", ucprov_wrap(out, "", ""));
    EXPECT("a\n", ucprov_wrap(out, "", "a"));
    EXPECT("a b\n", ucprov_wrap(out, "", "  a   b "));
    /* 39, 40 and 41 columns. */
    EXPECT(DIGITS DIGITS DIGITS " 12345678\n",
           ucprov_wrap(out, "", DIGITS DIGITS DIGITS " 12345678"));
    EXPECT(DIGITS DIGITS DIGITS " 123456789\n",
           ucprov_wrap(out, "", DIGITS DIGITS DIGITS " 123456789"));
    EXPECT(DIGITS DIGITS DIGITS "\n1234567890\n",
           ucprov_wrap(out, "", DIGITS DIGITS DIGITS " 1234567890"));
}

static void
test_a_line_feed_begins_a_line(void **state)
{
    (void)state;
    EXPECT("a: b\n   c\n\n   d\n", ucprov_wrap(out, "a: ", "b\nc\n\nd"));
}

static void
test_a_label_hangs(void **state)
{
    (void)state;
    EXPECT("fault: " DIGITS " " DIGITS " " DIGITS "\n       " DIGITS "\n",
           ucprov_wrap(out, "fault: ", DIGITS " " DIGITS " " DIGITS " " DIGITS));
    EXPECT("é: a\n   b\n", ucprov_wrap(out, "é: ", "a\nb"));
}

static void
test_characters_are_counted(void **state)
{
    (void)state;
    assert_int_equal(ucprov_columns_of(""), 0);
    assert_int_equal(ucprov_columns_of("Zürich ☎"), 8);
    EXPECT(E_30 " 123456789\n", ucprov_wrap(out, "", E_30 " 123456789"));
    EXPECT(E_30 "\n1234567890\n", ucprov_wrap(out, "", E_30 " 1234567890"));
}

static void
test_wide_words(void **state)
{
    (void)state;
    static const char word[] = DIGITS DIGITS DIGITS "abcdefghijk"; /* one too wide */
    EXPECT("a\n" DIGITS DIGITS DIGITS "abcdefghijk\nb\n",
           ucprov_wrap(out, "", "a " DIGITS DIGITS DIGITS "abcdefghijk b"));
    EXPECT(DIGITS DIGITS DIGITS "abcdefg...\n", ucprov_wrap_from(out, 0, 0, UCPROV_WORD_CUT, word));
    EXPECT(DIGITS DIGITS DIGITS "abcdefghij\n",
           ucprov_wrap_from(out, 0, 0, UCPROV_WORD_CUT, DIGITS DIGITS DIGITS "abcdefghij"));
    EXPECT("a\n" DIGITS DIGITS DIGITS "abcdefg...\nb\n",
           ucprov_wrap_from(out, 0, 0, UCPROV_WORD_CUT, "a " DIGITS DIGITS DIGITS "abcdefghijk b"));
    EXPECT(DIGITS DIGITS DIGITS "abcdefghij\nk b\n",
           ucprov_wrap_from(out, 0, 0, UCPROV_WORD_BROKEN, DIGITS DIGITS DIGITS "abcdefghijk b"));
    /* Never within a character. */
    EXPECT(E_30 "ééééééé...\n", ucprov_wrap_from(out, 0, 0, UCPROV_WORD_CUT, E_30 "ééééééééééé"));
    EXPECT(E_30 "éééééééééé\né\n",
           ucprov_wrap_from(out, 0, 0, UCPROV_WORD_BROKEN, E_30 "ééééééééééé"));
}

static void
test_a_tab_holds_together(void **state)
{
    (void)state;
    EXPECT(DIGITS DIGITS DIGITS " [-c FILE]\n",
           ucprov_wrap(out, "", DIGITS DIGITS DIGITS " [-c\tFILE]"));
    EXPECT(DIGITS DIGITS DIGITS "\n[-cc FILE]\n",
           ucprov_wrap(out, "", DIGITS DIGITS DIGITS " [-cc\tFILE]"));
}

static void
test_columns_that_are_taken(void **state)
{
    (void)state;
    EXPECT("23456789 " DIGITS " " DIGITS "\n  a\n",
           ucprov_wrap_from(out, 10, 2, UCPROV_WORD_WHOLE, "23456789 " DIGITS " " DIGITS " a"));
    /* What has no room behind them goes below. */
    EXPECT("\n  " DIGITS "\n", ucprov_wrap_from(out, 31, 2, UCPROV_WORD_WHOLE, DIGITS));
    EXPECT(DIGITS "\n", ucprov_wrap_from(out, 30, 2, UCPROV_WORD_WHOLE, DIGITS));
    /* However far the indent, there is some room. */
    EXPECT("0123456789 12345\n" BLANKS_38 "a\n",
           ucprov_wrap_from(out, 38, 38, UCPROV_WORD_WHOLE, "0123456789 12345 a"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_columns_of_a_terminal, unset_columns),
        cmocka_unit_test_setup(test_columns_elsewhere, unset_columns),
        cmocka_unit_test_setup(test_columns_of_the_environment, unset_columns),
        cmocka_unit_test(test_lines_are_filled),
        cmocka_unit_test(test_a_line_feed_begins_a_line),
        cmocka_unit_test(test_a_label_hangs),
        cmocka_unit_test(test_characters_are_counted),
        cmocka_unit_test(test_wide_words),
        cmocka_unit_test(test_a_tab_holds_together),
        cmocka_unit_test(test_columns_that_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
