/* SPDX-License-Identifier: MPL-2.0 */
/* A short table that is searched from end to end: it is asked only when something goes wrong, and
 * at most LOG_LIMITER_ENTRIES lines come of it in a minute, and as many sums. */
#include "daemon/log_limiter.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stddef.h>

#define MINUTE_MS (LOG_LIMITER_SECONDS * 1000)

static const char *const kind_texts[] = {
    [LOG_KIND_REQUEST] = "requests that were refused",
    [LOG_KIND_CONNECTIONS] = "connections that were refused",
    [LOG_KIND_HANDSHAKE] = "TLS handshakes that failed",
};

static struct log_limiter_entry *
find_entry(struct log_limiter *limiter, enum log_kind kind, struct in_addr address)
{
    struct log_limiter_entry *unused = NULL;
    for (size_t i = 0; i < LOG_LIMITER_ENTRIES; i++) {
        struct log_limiter_entry *entry = &limiter->entries[i];
        if (entry->since == 0) {
            unused = unused == NULL ? entry : unused;
        } else if (entry->kind == kind && entry->address == address.s_addr) {
            return entry;
        }
    }
    return unused;
}

bool
log_limiter_admit(struct log_limiter *limiter, enum log_kind kind, struct in_addr address,
                  uint64_t now)
{
    struct log_limiter_entry *entry = find_entry(limiter, kind, address);
    if (entry == NULL) {
        limiter->kept_back[kind]++;
        limiter->since = limiter->since == 0 ? now : limiter->since;
        return false;
    }
    if (entry->since != 0) {
        entry->kept_back++;
        return false;
    }
    *entry = (struct log_limiter_entry){address.s_addr, kind, now > 0 ? now : 1, 0};
    return true;
}

static void
report_entry(struct log_limiter_entry *entry, struct log_buffer *log)
{
    char text[INET_ADDRSTRLEN];
    struct in_addr address = {entry->address};
    if (entry->kept_back > 0) {
        log_buffer_add(log, LOG_NOTICE, "%s: %" PRIu64 " more %s in the last minute",
                       inet_ntop(AF_INET, &address, text, sizeof(text)), entry->kept_back,
                       kind_texts[entry->kind]);
    }
    *entry = (struct log_limiter_entry){0};
}

static void
report_others(struct log_limiter *limiter, struct log_buffer *log)
{
    for (size_t kind = 0; kind < LOG_KINDS; kind++) {
        if (limiter->kept_back[kind] > 0) {
            log_buffer_add(log, LOG_NOTICE, "other addresses: %" PRIu64 " %s in the last minute",
                           limiter->kept_back[kind], kind_texts[kind]);
        }
        limiter->kept_back[kind] = 0;
    }
    limiter->since = 0;
}

void
log_limiter_report(struct log_limiter *limiter, struct log_buffer *log, uint64_t now)
{
    for (size_t i = 0; i < LOG_LIMITER_ENTRIES; i++) {
        struct log_limiter_entry *entry = &limiter->entries[i];
        if (entry->since != 0 && now - entry->since >= MINUTE_MS) {
            report_entry(entry, log);
        }
    }
    if (limiter->since != 0 && now - limiter->since >= MINUTE_MS) {
        report_others(limiter, log);
    }
}
