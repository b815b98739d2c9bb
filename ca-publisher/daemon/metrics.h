/* SPDX-License-Identifier: MPL-2.0 */
/* What the daemon counts, for Prometheus.
 *
 * Each worker counts into a set of its own, which it alone writes; the sets are added up when
 * somebody asks.
 */
#ifndef METRICS_H
#define METRICS_H

#include <event2/buffer.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#define METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum request_kind {
    REQUEST_CHAIN,     /* GetRootCertChains */
    REQUEST_OPERATION, /* another operation */
    REQUEST_FAULT,     /* no SOAP request */
    REQUEST_WSDL,
    REQUEST_DOWNLOAD,
    REQUEST_PAGE,
    REQUEST_HEALTH,
    REQUEST_OTHER, /* nothing of ours */
    REQUEST_KINDS
};

const char *request_kind_name(enum request_kind kind); /* static */

enum request_status {
    STATUS_200,
    STATUS_304,
    STATUS_404,
    STATUS_405,
    STATUS_429,
    STATUS_500,
    STATUS_503,
    STATUS_KINDS
};

enum request_status request_status_of(int http_status);

enum tls_version { TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, TLS_VERSIONS };

enum failure {
    FAILURE_TLS_VERSION, /* nothing in common */
    FAILURE_TLS_CIPHER,  /* no suite in common */
    FAILURE_TLS_ALERT,   /* the client refused us: it does not know the CA, most likely */
    FAILURE_TLS_CLOSED,  /* the client left during the handshake */
    FAILURE_TLS_OTHER,
    FAILURE_HANDSHAKE_TIMEOUT,
    FAILURE_REQUEST_TIMEOUT,
    FAILURE_CONNECTIONS, /* gave way: max_connections */
    FAILURE_PER_ADDRESS, /* refused: max_connections_per_address */
    FAILURE_RATE,        /* refused: max_requests_per_second */
    FAILURES
};

/* All members are counters of one type: the structure can be taken for an array of them. */
struct metrics {
    _Atomic uint64_t requests[REQUEST_KINDS][STATUS_KINDS];
    _Atomic uint64_t handshakes[TLS_VERSIONS];
    _Atomic uint64_t failures[FAILURES];
    _Atomic uint64_t connections; /* accepted */
    _Atomic uint64_t open;        /* now */
};

#define METRICS_COUNTERS (sizeof(struct metrics) / sizeof(_Atomic uint64_t))

/* Adds to a counter that this thread alone writes: no locked instruction is needed. */
static inline void
metrics_add(_Atomic uint64_t *counter, uint64_t amount)
{
    uint64_t value = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, value + amount, memory_order_relaxed);
}

/* What is not counted by workers. */
struct metrics_state {
    time_t chain_expires;
    time_t loaded;    /* when what is served was read */
    uint64_t reloads; /* that succeeded */
    uint64_t reloads_refused;
    uint64_t visitors; /* different addresses that fetched the chain */
};

/* Adds `from` to `sum`, which is the caller's alone. */
void metrics_sum(struct metrics *sum, const struct metrics *from);

/* Writes them as Prometheus's text. Returns 0, or -1 when out of memory. */
int metrics_write(struct evbuffer *out, const struct metrics *metrics,
                  const struct metrics_state *state);

#endif
