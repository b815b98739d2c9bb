/* SPDX-License-Identifier: MPL-2.0 */
/* Lines as they reach standard error: a line each, whole, and none of them lost. */
#include "unit.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/log.h"

static int ends[2], stderr_copy;
static char text[65536];

/* Standard error goes into a pipe. */
static int
set_up(void **state)
{
    (void)state;
    unsetenv("JOURNAL_STREAM");
    log_open_stderr();
    stderr_copy = dup(STDERR_FILENO);
    return pipe2(ends, O_NONBLOCK) == 0 && dup2(ends[1], STDERR_FILENO) >= 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    dup2(stderr_copy, STDERR_FILENO);
    close(stderr_copy);
    close(ends[0]);
    close(ends[1]);
    return 0;
}

/* What was written since, at most what a read gives. */
static const char *
written(void)
{
    ssize_t length = read(ends[0], text, sizeof(text) - 1);
    text[length > 0 ? length : 0] = '\0';
    return text;
}

/* A line without its time, which is checked: "2026-11-22T19:06:27Z ". */
static const char *
after_time(const char *line)
{
    static const char pattern[] = "dddd-dd-ddTdd:dd:ddZ ";
    for (size_t i = 0; i < sizeof(pattern) - 1; i++) {
        if (pattern[i] == 'd') {
            assert_true(isdigit((unsigned char)line[i]));
        } else {
            assert_int_equal(line[i], pattern[i]);
        }
    }
    return line + sizeof(pattern) - 1;
}

static void
test_line(void **state)
{
    (void)state;
    log_line(LOG_INFO, "%s: %d", "chain", 200);
    assert_string_equal(after_time(written()), "chain: 200\n");
    log_line(LOG_NOTICE, "stopping");
    assert_string_equal(after_time(written()), "stopping\n");
    log_line(LOG_WARNING, "soon");
    assert_string_equal(after_time(written()), "warning: soon\n");
    log_line(LOG_ERR, "no");
    assert_string_equal(after_time(written()), "error: no\n");
    log_line(LOG_CRIT, "no");
    assert_string_equal(after_time(written()), "error: no\n");
}

static void
test_journal(void **state)
{
    (void)state;
    setenv("JOURNAL_STREAM", "8:1", 1);
    log_open_stderr();
    log_line(LOG_INFO, "chain");
    assert_string_equal(written(), "<6>chain\n");
    log_line(LOG_ERR, "no\n<7>not mine");
    assert_string_equal(written(), "<3>no\\x0a<7>not mine\n");
}

/* One line stays one line, and a terminal is not told anything. */
static void
test_control_characters(void **state)
{
    (void)state;
    log_line(LOG_INFO, "%s", "a\nb\rc\x1b[31md\te\x7f\x01");
    assert_string_equal(after_time(written()), "a\\x0ab\\x0dc\\x1b[31md\\x09e\\x7f\\x01\n");
    log_line(LOG_INFO, "%s", "100% n\xc3\xb6");
    assert_string_equal(after_time(written()), "100% n\xc3\xb6\n");
    log_line(LOG_INFO, "%s", "");
    assert_string_equal(after_time(written()), "\n");
}

/* At N-1, N, N+1 and far beyond: a long line is cut, and ends with a newline. */
static void
test_long_lines(void **state)
{
    (void)state;
    static char message[3 * LOG_LINE_MAX];
    const size_t lengths[] = {LOG_LINE_MAX - 24,  LOG_LINE_MAX - 23, LOG_LINE_MAX - 22,
                              LOG_LINE_MAX - 1,   LOG_LINE_MAX,      LOG_LINE_MAX + 1,
                              sizeof(message) - 1};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        memset(message, 'm', lengths[i]);
        message[lengths[i]] = '\0';
        log_line(LOG_INFO, "%s", message);
        const char *line = written();
        size_t length = strlen(line);
        assert_in_range(length, 1, LOG_LINE_MAX);
        assert_int_equal(line[length - 1], '\n');
        assert_ptr_equal(strchr(line, '\n'), line + length - 1);
        assert_int_equal(strspn(after_time(line), "m"),
                         length - 1 - (size_t)(after_time(line) - line));
        assert_true(length - 22 >=
                    (lengths[i] < LOG_LINE_MAX - 23 ? lengths[i] : LOG_LINE_MAX - 24));
    }
}

/* Nothing is written before it is flushed, or the buffer is full; nothing is lost then. */
static void
test_buffer(void **state)
{
    (void)state;
    static struct log_buffer buffer;
    static char all[sizeof(text)];
    log_buffer_flush(&buffer);
    assert_string_equal(written(), "");
    log_buffer_add(&buffer, LOG_INFO, "first");
    assert_string_equal(written(), "");
    log_buffer_flush(&buffer);
    assert_string_equal(after_time(written()), "first\n");
    log_buffer_flush(&buffer);
    assert_string_equal(written(), "");
    for (unsigned i = 0; i < 1000; i++) {
        log_buffer_add(&buffer, LOG_INFO, "%04u", i);
        strcat(all, written());
        assert_in_range(buffer.used, 1, sizeof(buffer.octets));
    }
    log_buffer_flush(&buffer);
    strcat(all, written());
    char *rest = all, *line;
    for (unsigned i = 0; i < 1000; i++) {
        char expected[8];
        snprintf(expected, sizeof(expected), "%04u", i);
        line = strsep(&rest, "\n");
        assert_non_null(line);
        assert_string_equal(after_time(line), expected);
    }
    assert_string_equal(rest, "");
}

static void
test_buffer_of_long_lines(void **state)
{
    (void)state;
    static struct log_buffer buffer;
    static char message[2 * LOG_LINE_MAX];
    size_t octets = 0;
    memset(message, 'm', sizeof(message) - 1);
    for (int i = 0; i < 100; i++) {
        log_buffer_add(&buffer, LOG_ERR, "%s", message);
        octets += strlen(written());
        assert_in_range(buffer.used, 1, sizeof(buffer.octets));
    }
    log_buffer_flush(&buffer);
    octets += strlen(written());
    assert_in_range(octets, 100 * (LOG_LINE_MAX - 2), 100 * LOG_LINE_MAX);
}

/* Nobody reads: what does not fit is lost, and nothing waits or grows; when somebody reads again,
 * it says how much was. */
static void
test_nobody_reads(void **state)
{
    (void)state;
    static struct log_buffer buffer;
    const int lines = 100000;
    fcntl(STDERR_FILENO, F_SETFL, 0); /* a write would wait */
    for (int i = 0; i < lines; i++) {
        log_buffer_add(&buffer, LOG_INFO, "line %d", i);
    }
    log_line(LOG_ERR, "an important one");
    log_buffer_flush(&buffer);
    assert_in_range(buffer.used, 1, sizeof(buffer.octets));
    long long told = -1;
    size_t seen = 0;
    for (int i = 0; i < 100; i++) {
        const char *line = written();
        const char *lost = strstr(line, "warning: ");
        if (lost != NULL) {
            told = atoll(lost + strlen("warning: "));
            assert_non_null(strstr(lost, " lines of this log were lost: nobody read it\n"));
            seen--;
        }
        for (; *line != '\0'; line++) {
            seen += *line == '\n';
        }
        log_buffer_flush(&buffer);
    }
    assert_int_equal(told + (long long)seen, lines + 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_journal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_control_characters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_buffer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_buffer_of_long_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nobody_reads, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
