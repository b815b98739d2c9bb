/* SPDX-License-Identifier: MPL-2.0 */
/* The next serial, greater than the last one and than today's date, so that secondaries always
 * follow; and whether two zone files differ in more than their comments. */
#include "serial.h"

#include <stdio.h>
#include <string.h>

uint32_t
serial_first(time_t modified)
{
    struct tm day;
    if (modified == 0 || gmtime_r(&modified, &day) == NULL || day.tm_year < 0 ||
        day.tm_year > 2000) {
        return 1;
    }
    return (uint32_t)(day.tm_year + 1900) * 1000000U + (uint32_t)(day.tm_mon + 1) * 10000U +
           (uint32_t)day.tm_mday * 100U;
}

/* RFC 1982 3.2. */
static bool
is_greater(uint32_t a, uint32_t b)
{
    return a != b && a - b < 0x80000000U;
}

uint32_t
serial_next(uint32_t previous, time_t modified)
{
    uint32_t next = previous + 1;
    uint32_t first = serial_first(modified);
    /* Greater than both: 2^31 ahead of the previous one is not ahead for a secondary. */
    if (is_greater(first, next) && is_greater(first, previous)) {
        next = first;
    }
    return next == 0 ? 1 : next;
}

bool
serial_read(const char *text, uint32_t *serial)
{
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        /* sscanf() would look for the end of the text, each time. */
        if (*line == '@' && sscanf(line, "@ %*u IN SOA %*s %*s %u", serial) == 1) {
            return true;
        }
    }
    return false;
}

static const char *
behind_comments(const char *text)
{
    while (*text == ';') {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return text;
}

bool
serial_same_content(const char *a, const char *b)
{
    return strcmp(behind_comments(a), behind_comments(b)) == 0;
}
