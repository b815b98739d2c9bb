/* SPDX-License-Identifier: MPL-2.0 */
/* What strangers can make a worker log: the first line of a kind and an address, then a count.
 *
 * A table of fixed size, of one thread. Once a minute what was kept back is summed up, a line for
 * an address and kind; where the table is full, a line for the kind.
 */
#ifndef LOG_LIMITER_H
#define LOG_LIMITER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "daemon/log.h"

enum log_kind {
    LOG_KIND_REQUEST,     /* an answer that is no success */
    LOG_KIND_CONNECTIONS, /* too many of an address */
    LOG_KIND_HANDSHAKE,   /* TLS that fails */
    LOG_KINDS
};

#define LOG_LIMITER_ENTRIES 64
#define LOG_LIMITER_SECONDS 60

struct log_limiter_entry {
    in_addr_t address;
    enum log_kind kind;
    uint64_t since; /* monotonic, milliseconds: the line that was logged; 0: the entry is free */
    uint64_t kept_back; /* since then */
};

struct log_limiter { /* all zero: nothing was logged */
    struct log_limiter_entry entries[LOG_LIMITER_ENTRIES];
    uint64_t kept_back[LOG_KINDS]; /* of addresses that found no entry */
    uint64_t since;                /* of those */
};

/* Whether a line of this kind, about this address, may be logged; if not, it is counted. */
bool log_limiter_admit(struct log_limiter *limiter, enum log_kind kind, struct in_addr address,
                       uint64_t now);

/* Logs the counts whose minute is over. */
void log_limiter_report(struct log_limiter *limiter, struct log_buffer *log, uint64_t now);

#endif
