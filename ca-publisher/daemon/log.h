/* SPDX-License-Identifier: MPL-2.0 */
/* The daemon's log: lines on stderr for journald or a terminal, or syslog(3).
 *
 * Levels are those of syslog.h. A line is one line whatever is in it: what is not printable is
 * escaped (base/printable.h).
 */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <syslog.h>
#include <time.h>

#define LOG_LINE_MAX 1024

/* Where it goes: stderr with the levels that journald reads ("<6>..."), when it is journald's;
 * stderr with times otherwise. */
void log_open_stderr(void);
void log_open_syslog(void);

/* One line, at once. */
void log_line(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Lines that are written together: one system call for many. For one thread; big enough for a
 * batch of requests. */
struct log_buffer {
    size_t used;
    char octets[16 * LOG_LINE_MAX];
    time_t second; /* for which the time below was written */
    char time[32];
};

void log_buffer_add(struct log_buffer *buffer, int level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Writes what can be written without waiting; the rest stays for the next time. A line that finds
 * no room is lost, and counted: the log says so as soon as somebody reads it again. */
void log_buffer_flush(struct log_buffer *buffer);

#endif
