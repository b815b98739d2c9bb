/* SPDX-License-Identifier: MPL-2.0 */
/* RequestHandlerAuditLog_SERVER_DATE.log: what an update server writes down of each phone that
 * asks.
 *
 * A line has twelve fields with commas between: logging time, host address, device type, MAC,
 * serial number, vendor, model, revision, locale, request modules, response modules, user. A module
 * is its name, version and time, with ";" between. Fields may be quoted. The file is untrusted.
 */
#ifndef PROBE_AUDIT_H
#define PROBE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "firmware.h"

#define AUDIT_FIELD_SIZE   96           /* with the NUL; longer ones are cut */
#define AUDIT_LINE_MAX     16384        /* octets; what is longer is no line of such a log */
#define AUDIT_FILE_MAX     (256U << 20) /* octets; a year of a large site */
#define AUDIT_PHONES_MAX   65536
#define AUDIT_FIELDS       12 /* the last ones may be missing: those from the response on */
#define AUDIT_FIELDS_LEAST 10

/* A phone, as a line has it. All text is printable. */
struct audit_entry {
    char time[AUDIT_FIELD_SIZE];
    char address[AUDIT_FIELD_SIZE];
    char type[AUDIT_FIELD_SIZE];
    char mac[AUDIT_FIELD_SIZE]; /* "00:04:f2:95:31:a2" where it is one, else as it stands there */
    char serial[AUDIT_FIELD_SIZE];
    char vendor[AUDIT_FIELD_SIZE];
    char model[AUDIT_FIELD_SIZE];
    char revision[AUDIT_FIELD_SIZE];
    char user[AUDIT_FIELD_SIZE];
    struct firmware firmware; /* that it has: of its request modules */
    struct firmware offered;  /* of the response modules */
    bool has_firmware;
    bool has_offered;
};

/* Reads a line without its end. False: it is none that tells of a phone. */
bool audit_line_read(struct audit_entry *entry, const char *line, size_t length);

/* The phones of one or several files, each once, as it was seen last. */
struct audit {
    size_t count;
    struct audit_entry **phones; /* in the order they came in first */
    size_t unreadable;           /* lines that tell of no phone, but for a headline */
    size_t surplus;              /* lines of phones that had no room */
    void *index;                 /* by MAC, or serial number; tsearch(3)'s */
};

/* Reads what is in memory: UTF-8, or UTF-16 (little-endian) behind its byte order mark, as Windows
 * writes. Lines end with LF or CR LF. False: out of memory. */
bool audit_read(struct audit *audit, const void *octets, size_t length);

void audit_clear(struct audit *audit);

#endif
