/* SPDX-License-Identifier: MPL-2.0 */
/* Log lines are gathered in a buffer for each worker and written once a second or when it is full,
 * so that a request costs no system call for its line. */
#include "daemon/log.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/printable.h"

enum { TO_TERMINAL, TO_JOURNAL, TO_SYSLOG };
static int destination = TO_TERMINAL; /* set before there are threads */

/* Lines that no reader took, of all threads, until one can be told. */
static atomic_ullong lost;
static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER; /* nobody waits while he has it */

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

/* One line that shows all that is in it: what would steer a terminal, or be taken for the next
 * line, is escaped. Returns its length. */
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
    if (sizeof(buffer->octets) - buffer->used < LOG_LINE_MAX) {
        atomic_fetch_add(&lost, 1);
        return;
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

/* As much of it as can be written without waiting: a reader that has stopped must not stop phones.
 * O_NONBLOCK would be everybody's who has this pipe or terminal. A pipe that can be written takes
 * PIPE_BUF octets at once. Returns how many were written; 0: none now; -1: nobody will ever read
 * it. */
static ssize_t
write_at_once(const char *octets, size_t length)
{
    ssize_t written = send(STDERR_FILENO, octets, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (written < 0 && errno == ENOTSOCK) {
        struct pollfd poller = {.fd = STDERR_FILENO, .events = POLLOUT};
        if (poll(&poller, 1, 0) == 1 && (poller.revents & POLLOUT) != 0) {
            written = write(STDERR_FILENO, octets, length < PIPE_BUF ? length : PIPE_BUF);
        } else {
            written = poller.revents == 0 ? 0 : -1;
        }
    }
    return written < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : written;
}

/* The octets of whole lines that go into one write. */
static size_t
whole_lines(const char *octets, size_t length)
{
    if (length <= PIPE_BUF) {
        return length;
    }
    const char *end = memrchr(octets, '\n', PIPE_BUF);
    return end != NULL ? (size_t)(end + 1 - octets) : PIPE_BUF;
}

/* In front of what is written next. */
static bool
tell_of_lost_lines(void)
{
    char line[96];
    unsigned long long count = atomic_exchange(&lost, 0);
    if (count == 0) {
        return true;
    }
    int length =
        snprintf(line, sizeof(line), "%s%llu lines of this log were lost: nobody read it\n",
                 destination == TO_JOURNAL ? "<4>" : "warning: ", count);
    if (write_at_once(line, (size_t)length) <= 0) {
        atomic_fetch_add(&lost, count);
        return false;
    }
    return true;
}

/* What cannot be written yet stays for the next time. */
void
log_buffer_flush(struct log_buffer *buffer)
{
    size_t written = 0;
    if (buffer->used == 0) {
        return;
    }
    pthread_mutex_lock(&writing);
    bool goes_on = tell_of_lost_lines();
    while (goes_on && written < buffer->used) {
        const char *rest = buffer->octets + written;
        ssize_t length = write_at_once(rest, whole_lines(rest, buffer->used - written));
        goes_on = length > 0;
        written = length < 0 ? buffer->used : written + (size_t)length;
    }
    pthread_mutex_unlock(&writing);
    buffer->used -= written;
    memmove(buffer->octets, buffer->octets + written, buffer->used);
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
    if (buffer.used > 0) {
        atomic_fetch_add(&lost, 1);
    }
}
