/* SPDX-License-Identifier: MPL-2.0 */
/* Log lines are gathered in a buffer for each worker and written once a second or when it is full,
 * so that a request costs no system call for its line. */
#include "daemon/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/printable.h"

enum { TO_TERMINAL, TO_JOURNAL, TO_SYSLOG };
static int destination = TO_TERMINAL; /* set before there are threads */

void
log_open_stderr(void)
{
    destination = getenv("JOURNAL_STREAM") != NULL ? TO_JOURNAL : TO_TERMINAL; /* systemd.exec(5) */
}

void
log_open_syslog(void)
{
    openlog("ucprov-capubd", LOG_PID, LOG_DAEMON);
    destination = TO_SYSLOG;
}

static bool
is_plain(const char *text)
{
    while (*text >= ' ' && *text <= '~') {
        text++;
    }
    return *text == '\0';
}

/* One line that shows all that is in it: what would steer a terminal, or be taken for the next line, is
 * escaped. Returns its length. */
static size_t
write_text(char *line, size_t size, const char *format, va_list arguments)
{
    char text[LOG_LINE_MAX];
    vsnprintf(line, size, format, arguments);
    if (!is_plain(line)) { /* which is rare */
        strcpy(text, line);
        ucprov_printable(line, size, text, strlen(text));
    }
    return strlen(line);
}

static const char *
level_name(int level)
{
    return level <= LOG_ERR ? "error: " : level == LOG_WARNING ? "warning: " : "";
}

static void
write_time(struct log_buffer *buffer)
{
    time_t now = time(NULL);
    struct tm parts;
    if (now != buffer->second && gmtime_r(&now, &parts) != NULL) {
        strftime(buffer->time, sizeof(buffer->time), "%Y-%m-%dT%H:%M:%SZ ", &parts);
        buffer->second = now;
    }
}

/* Writes a line's beginning; returns its length. */
static size_t
write_prefix(struct log_buffer *buffer, char *line, int level)
{
    int length;
    if (destination == TO_JOURNAL) {
        length = snprintf(line, LOG_LINE_MAX, "<%d>", level);
    } else {
        write_time(buffer);
        length = snprintf(line, LOG_LINE_MAX, "%s%s", buffer->time, level_name(level));
    }
    return (size_t)length;
}

__attribute__((format(printf, 3, 0))) static void
add_line(struct log_buffer *buffer, int level, const char *format, va_list arguments)
{
    if (destination == TO_SYSLOG) {
        char text[LOG_LINE_MAX];
        write_text(text, sizeof(text), format, arguments);
        syslog(level, "%s", text);
        return;
    }
    if (sizeof(buffer->octets) - buffer->used < LOG_LINE_MAX) {
        log_buffer_flush(buffer);
    }
    char *line = buffer->octets + buffer->used;
    size_t prefix = write_prefix(buffer, line, level);
    size_t room = LOG_LINE_MAX - 1 - prefix; /* and a newline */
    size_t text = write_text(line + prefix, room, format, arguments);
    line[prefix + text] = '\n';
    buffer->used += prefix + text + 1;
}

void
log_buffer_add(struct log_buffer *buffer, int level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_line(buffer, level, format, arguments);
    va_end(arguments);
}

void
log_buffer_flush(struct log_buffer *buffer)
{
    size_t written = 0;
    while (written < buffer->used) {
        ssize_t length = write(STDERR_FILENO, buffer->octets + written, buffer->used - written);
        if (length <= 0) {
            break; /* nobody to tell */
        }
        written += (size_t)length;
    }
    buffer->used = 0;
}

void
log_line(int level, const char *format, ...)
{
    struct log_buffer buffer;
    buffer.used = 0;
    buffer.second = 0;
    buffer.time[0] = '\0';
    va_list arguments;
    va_start(arguments, format);
    add_line(&buffer, level, format, arguments);
    va_end(arguments);
    log_buffer_flush(&buffer);
}
