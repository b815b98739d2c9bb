/* SPDX-License-Identifier: MPL-2.0 */
/* Whole command lines: what is taken, what is complained of and how, and what --help prints. */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/command_help.h"
#include "base/command_line.h"

struct arguments {
    const char *file;
    const char *server;
    int number;
    bool dry_run;
    size_t count;
    const char *operands[2];
};

enum { SETTING_CONFIG, SETTING_CHECK, SETTING_UPDATE, SETTING_NUMBER, SETTING_DRY_RUN, SETTINGS };

enum { MODE_PRINT = 1, MODE_CHECK = 2, MODE_UPDATE = 4 };

static const struct ucprov_setting settings[SETTINGS] = {
    [SETTING_CONFIG] = {.name = "config",
                        .letter = 'c',
                        .kind = UCPROV_SETTING_FILE,
                        .field = UCPROV_FIELD(struct arguments, file),
                        .metavar = "FILE",
                        .help = "site file",
                        .fallback = "/etc/site.conf"},
    [SETTING_CHECK] = {.name = "check",
                       .kind = UCPROV_SETTING_TEXT,
                       .field = UCPROV_FIELD(struct arguments, server),
                       .metavar = "SERVER",
                       .help = "ask this server",
                       .heading = ""},
    [SETTING_UPDATE] = {.name = "update",
                        .kind = UCPROV_SETTING_TEXT,
                        .field = UCPROV_FIELD(struct arguments, server),
                        .metavar = "SERVER",
                        .help = "bring this server up to date"},
    [SETTING_NUMBER] = {.name = "number",
                        .letter = 'n',
                        .kind = UCPROV_SETTING_NUMBER,
                        .field = UCPROV_FIELD(struct arguments, number),
                        .modes = MODE_CHECK | MODE_UPDATE,
                        .metavar = "N",
                        .help = "of questions",
                        .heading = "How often:",
                        .min = 1,
                        .max = 8},
    [SETTING_DRY_RUN] = {.name = "dry-run",
                         .letter = 'd',
                         .field = UCPROV_FIELD(struct arguments, dry_run),
                         .modes = MODE_UPDATE,
                         .help = "send nothing"},
};

static const struct ucprov_mode modes[] = {
    {-1, "printing"}, {SETTING_CHECK, NULL}, {SETTING_UPDATE, NULL}};

static const struct ucprov_setting operand = {
    .kind = UCPROV_SETTING_FILE,
    .field = UCPROV_FIELD_LIST(struct arguments, operands, count),
};

static const struct ucprov_command_line line = {
    .program = "zone",
    .usage = "[-c\tFILE]\n--check\tSERVER",
    .intro = "Makes records.",
    .outro = "Exit status: 0 fine.",
    .settings = settings,
    .setting_count = SETTINGS,
    .operand = &operand,
    .modes = modes,
    .mode_count = sizeof(modes) / sizeof(modes[0]),
};

/* What a call wrote to stdout and stderr. */
static char written[4096];

#define WORDS_MAX 8

/* Reads a command line of words with blanks between, and keeps what is written. */
static int
read_line(const struct ucprov_command_line *it, const char *words, struct arguments *arguments,
          struct ucprov_given *given)
{
    static char copy[256];
    char program[] = "argv0";
    char *argv[WORDS_MAX + 2] = {program};
    int argc = 1;
    print_to(copy, sizeof(copy), "%s", words);
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) {
        assert_true(argc <= WORDS_MAX);
        argv[argc++] = word;
    }
    FILE *kept = tmpfile();
    int out = dup(1), err = dup(2);
    fflush(stdout);
    dup2(fileno(kept), 1);
    dup2(fileno(kept), 2);
    *arguments = (struct arguments){0};
    int status = ucprov_command_line_read(it, argc, argv, arguments, given);
    fflush(stdout);
    dup2(out, 1);
    dup2(err, 2);
    close(out);
    close(err);
    rewind(kept);
    written[fread(written, 1, sizeof(written) - 1, kept)] = '\0';
    fclose(kept);
    return status;
}

static void
expect_refusal(const struct ucprov_command_line *it, const char *words, const char *says)
{
    struct arguments arguments;
    assert_int_equal(read_line(it, words, &arguments, NULL), 2);
    assert_string_equal(written, says);
}

static void
test_what_is_right(void **state)
{
    (void)state;
    struct arguments arguments;
    struct ucprov_given given;
    assert_int_equal(read_line(&line, "", &arguments, &given), -1);
    assert_string_equal(written, "");
    assert_string_equal(arguments.file, "/etc/site.conf");
    assert_int_equal(given.settings, 0);
    assert_int_equal(given.mode, MODE_PRINT);

    assert_int_equal(read_line(&line, "a -dn3 --upd x --config=s.conf -- -b", &arguments, &given),
                     -1);
    assert_string_equal(arguments.file, "s.conf");
    assert_string_equal(arguments.server, "x");
    assert_int_equal(arguments.number, 3);
    assert_true(arguments.dry_run);
    assert_int_equal(arguments.count, 2);
    assert_string_equal(arguments.operands[0], "a");
    assert_string_equal(arguments.operands[1], "-b");
    assert_int_equal(given.mode, MODE_UPDATE);
    assert_true(ucprov_is_given(&given, SETTING_CONFIG));
    assert_false(ucprov_is_given(&given, SETTING_CHECK));
    assert_true(ucprov_is_given(&given, SETTING_DRY_RUN));
    /* What has no value says the same when it is said again. */
    assert_int_equal(read_line(&line, "--update x -d --dry-run", &arguments, &given), -1);
    assert_true(arguments.dry_run);
}

static void
test_options_that_are_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        const char *says;
    } cases[] = {
        {"--chekc x", "zone: \"--chekc\": no such option; did you mean \"--check\"?\n"},
        {"--chekc=x", "zone: \"--chekc=x\": no such option; did you mean \"--check\"?\n"},
        {"--verison", "zone: \"--verison\": no such option; did you mean \"--version\"?\n"},
        {"--color", "zone: \"--color\": no such option; try --help\n"},
        {"--c", "zone: \"--c\": several options begin so; try --help\n"},
        {"-x", "zone: \"-x\": no such option; try --help\n"},
        {"-dx", "zone: \"-x\": no such option; try --help\n"},
        {"-d\xc3", "zone: \"-\\xc3\": no such option; try --help\n"},
        {"--dry-run=1", "zone: \"--dry-run=1\": the option takes no value; try --help\n"},
        {"--help=1", "zone: \"--help=1\": the option takes no value; try --help\n"},
        {"--config", "zone: --config: needs a value: FILE; try --help\n"},
        {"-c", "zone: --config: needs a value: FILE; try --help\n"},
        {"-n 9 --check x", "zone: --number: \"9\": write a number from 1 to 8\n"},
        {"-n \x1b[2J", "zone: --number: \"\\x1b[2J\": write a number from 1 to 8\n"},
        {"-c a -c b", "zone: --config: given twice; it takes one value\n"},
        {"-c a --check x --conf=a", "zone: --config: given twice; it takes one value\n"},
        {"--check x -n 2 a -n 9", "zone: --number: given twice; it takes one value\n"},
        {"- -", "zone: \"-\": given twice; standard input can be read once\n"},
        {"a b c", "zone: \"c\": one too many: 2 at the most\n"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        expect_refusal(&line, cases[i].words, cases[i].says);
    }
}

static void
test_modes(void **state)
{
    (void)state;
    struct ucprov_command_line other = line;
    expect_refusal(&line, "--check a --update b",
                   "zone: --check and --update: give one or the other\n");
    expect_refusal(&line, "--check a -d",
                   "zone: --dry-run: goes with --update, not with --check\n");
    expect_refusal(&line, "-n 1",
                   "zone: --number: goes with --check or --update, not with printing\n");
    struct ucprov_setting bound = operand;
    bound.modes = MODE_UPDATE;
    bound.metavar = "FILE";
    other.operand = &bound;
    expect_refusal(&other, "a --check b", "zone: FILE: goes with --update, not with --check\n");
    other.operand = line.operand;
    /* Without a default. */
    other.modes++;
    other.mode_count--;
    other.mode_missing = "give --check or --update";
    expect_refusal(&other, "-c a", "zone: give --check or --update; try --help\n");
    /* With one that has no name. */
    const struct ucprov_mode unnamed[] = {{-1, NULL}, modes[1], modes[2]};
    other = line;
    other.modes = unnamed;
    expect_refusal(&other, "-d", "zone: --dry-run: goes with --update\n");
}

static int
run_it(int argc, char **argv)
{
    assert_string_equal(argv[0], "check");
    return 40 + argc;
}

static const struct ucprov_command commands[] = {{"issue", NULL, "makes a certificate"},
                                                 {"check", run_it, "judges one"}};

static void
test_operands(void **state)
{
    (void)state;
    static const struct ucprov_setting one = {.kind = UCPROV_SETTING_TEXT,
                                              .field = UCPROV_FIELD(struct arguments, server),
                                              .unit = "file or host"};
    struct ucprov_command_line other = line;
    other.operand_missing = "check what?";
    expect_refusal(&other, "-c a", "zone: check what?; try --help\n");
    other.operand = &one;
    expect_refusal(&other, "a b", "zone: \"b\": one file or host at a time\n");
    other = line;
    other.operand = NULL;
    expect_refusal(&other, "a", "zone: \"a\": every argument needs its option; try --help\n");
    other.commands = commands;
    other.command_count = 2;
    expect_refusal(&other, "isseu", "zone: \"isseu\": no such command; did you mean \"issue\"?\n");
    expect_refusal(&other, "-c a check",
                   "zone: \"check\": a command comes first, and its options behind it\n");
    expect_refusal(&other, "reboot",
                   "zone: \"reboot\": every argument needs its option; try --help\n");
    other.setting_count = 0;
    other.mode_count = 0;
    expect_refusal(&other, "reboot", "zone: \"reboot\": no such command; try --help\n");
}

static int
otherwise(int argc, char **argv)
{
    (void)argv;
    return 20 + argc;
}

static void
test_commands(void **state)
{
    (void)state;
    char words[][8] = {"ca", "check", "-x"};
    char *argv[] = {words[0], words[1], words[2], NULL};
    struct ucprov_command_line other = {.program = "ca", .commands = commands, .command_count = 2};
    assert_int_equal(ucprov_command_run(&other, 3, argv, NULL), 42);
    assert_int_equal(ucprov_command_run(&other, 1, argv, otherwise), 21);
    argv[1] = words[2];
    assert_int_equal(ucprov_command_run(&other, 2, argv, otherwise), 22);
}

static void
test_version(void **state)
{
    (void)state;
    struct arguments arguments;
    assert_int_equal(read_line(&line, "-V", &arguments, NULL), 0);
    assert_string_equal(written, "zone " UCPROV_VERSION "\n");
    assert_int_equal(read_line(&line, "--version --nonsense", &arguments, NULL), 0);
}

static void
test_help(void **state)
{
    (void)state;
    struct arguments arguments;
    static const struct ucprov_setting told = {
        .metavar = "FILE...", .field = {0}, .help = "what to read"};
    struct ucprov_command_line other = line;
    setenv("COLUMNS", "40", 1);
    assert_int_equal(read_line(&line, "--help", &arguments, NULL), 0);
    assert_string_equal(written, "Usage: zone [-c FILE]\n"
                                 "       zone --check SERVER\n"
                                 "\n"
                                 "Makes records.\n"
                                 "\n"
                                 "  -c, --config FILE\n"
                                 "                    site file; default:\n"
                                 "                    /etc/site.conf\n"
                                 "\n"
                                 "      --check SERVER\n"
                                 "                    ask this server\n"
                                 "      --update SERVER\n"
                                 "                    bring this server up\n"
                                 "                    to date\n"
                                 "\n"
                                 "How often:\n"
                                 "  -n, --number N    of questions\n"
                                 "  -d, --dry-run     send nothing\n"
                                 "  -h, --help\n"
                                 "  -V, --version\n"
                                 "\n"
                                 "Exit status: 0 fine.\n");
    setenv("COLUMNS", "80", 1);
    other.operand = &told;
    other.commands = commands;
    other.command_count = 2;
    assert_int_equal(read_line(&other, "-h", &arguments, NULL), 0);
    assert_non_null(strstr(written, "\n\nCommands, each with a --help of its own:\n"
                                    "  issue  makes a certificate\n"
                                    "  check  judges one\n"
                                    "\n"
                                    "  FILE...              what to read\n"
                                    "  -c, --config FILE    site file; default: /etc/site.conf\n"));
}

static void
test_help_lists_choices(void **state)
{
    (void)state;
    static const char *const names[] = {"text", "hex", "json"};
    const struct ucprov_setting choices[] = {
        {.name = "format",
         .kind = UCPROV_SETTING_CHOICE,
         .metavar = "F",
         .fallback = "hex",
         .choices = UCPROV_WORDS(names, 3)},
        {.name = "other",
         .kind = UCPROV_SETTING_CHOICE,
         .metavar = "F",
         .help = "for others",
         .choices = UCPROV_WORDS(names, 2)},
    };
    const struct ucprov_command_line other = {.program = "zone",
                                              .usage = "...",
                                              .intro = "",
                                              .outro = "",
                                              .settings = choices,
                                              .setting_count = 2};
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    command_help_print(out, &other);
    fclose(out);
    assert_non_null(strstr(text, "      --format F  text, hex (default) or json\n"
                                 "      --other F   for others: text or hex\n"));
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_right), cmocka_unit_test(test_options_that_are_wrong),
        cmocka_unit_test(test_modes),         cmocka_unit_test(test_operands),
        cmocka_unit_test(test_commands),      cmocka_unit_test(test_version),
        cmocka_unit_test(test_help),          cmocka_unit_test(test_help_lists_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
