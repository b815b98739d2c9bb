/* SPDX-License-Identifier: MPL-2.0 */
/* Names of the counters, and their sum as Prometheus' text format. Counting itself is an inline
 * function in the header. */
#include "daemon/metrics.h"

#include <inttypes.h>

static const char *const request_names[REQUEST_KINDS] = {
    [REQUEST_CHAIN] = "chain",   [REQUEST_OPERATION] = "operation", [REQUEST_FAULT] = "fault",
    [REQUEST_WSDL] = "wsdl",     [REQUEST_DOWNLOAD] = "download",   [REQUEST_PAGE] = "page",
    [REQUEST_HEALTH] = "health", [REQUEST_OTHER] = "other",
};

static const int statuses[STATUS_KINDS] = {200, 304, 404, 405, 429, 500, 503};

static const char *const version_names[TLS_VERSIONS] = {"1.0", "1.1", "1.2", "1.3"};

static const char *const failure_names[FAILURES] = {
    [FAILURE_TLS_VERSION] = "tls_version",
    [FAILURE_TLS_CIPHER] = "tls_cipher",
    [FAILURE_TLS_ALERT] = "tls_alert",
    [FAILURE_TLS_CLOSED] = "tls_closed",
    [FAILURE_TLS_OTHER] = "tls_other",
    [FAILURE_HANDSHAKE_TIMEOUT] = "handshake_timeout",
    [FAILURE_REQUEST_TIMEOUT] = "request_timeout",
    [FAILURE_CONNECTIONS] = "max_connections",
    [FAILURE_PER_ADDRESS] = "max_connections_per_address",
    [FAILURE_RATE] = "max_requests_per_second",
};

const char *
request_kind_name(enum request_kind kind)
{
    return request_names[kind];
}

enum request_status
request_status_of(int http_status)
{
    for (enum request_status i = 0; i < STATUS_KINDS; i++) {
        if (statuses[i] == http_status) {
            return i;
        }
    }
    return STATUS_500;
}

void
metrics_sum(struct metrics *sum, const struct metrics *from)
{
    _Atomic uint64_t *to = (_Atomic uint64_t *)(void *)sum;
    const _Atomic uint64_t *add = (const _Atomic uint64_t *)(const void *)from;
    for (size_t i = 0; i < METRICS_COUNTERS; i++) {
        metrics_add(&to[i], atomic_load_explicit(&add[i], memory_order_relaxed));
    }
}

static void
write_head(struct evbuffer *out, const char *name, const char *type, const char *help)
{
    evbuffer_add_printf(out, "# HELP ucprov_%s %s\n# TYPE ucprov_%s %s\n", name, help, name, type);
}

static int
write_one(struct evbuffer *out, const char *name, const char *type, const char *help,
          uint64_t value)
{
    write_head(out, name, type, help);
    return evbuffer_add_printf(out, "ucprov_%s %" PRIu64 "\n", name, value);
}

static void
write_requests(struct evbuffer *out, const struct metrics *metrics)
{
    write_head(out, "requests_total", "counter", "Requests answered.");
    for (size_t kind = 0; kind < REQUEST_KINDS; kind++) {
        for (size_t status = 0; status < STATUS_KINDS; status++) {
            uint64_t count = metrics->requests[kind][status];
            if (count > 0 || (kind == REQUEST_CHAIN && status == STATUS_200)) {
                evbuffer_add_printf(
                    out, "ucprov_requests_total{kind=\"%s\",status=\"%d\"} %" PRIu64 "\n",
                    request_names[kind], statuses[status], count);
            }
        }
    }
}

static void
write_labeled(struct evbuffer *out, const char *name, const char *label, const char *help,
              const char *const *values, const _Atomic uint64_t *counts, size_t count)
{
    write_head(out, name, "counter", help);
    for (size_t i = 0; i < count; i++) {
        evbuffer_add_printf(out, "ucprov_%s{%s=\"%s\"} %" PRIu64 "\n", name, label, values[i],
                            counts[i]);
    }
}

int
metrics_write(struct evbuffer *out, const struct metrics *metrics,
              const struct metrics_state *state)
{
    write_requests(out, metrics);
    write_labeled(out, "tls_handshakes_total", "version", "TLS handshakes done.", version_names,
                  metrics->handshakes, TLS_VERSIONS);
    write_labeled(out, "failures_total", "reason", "Connections and requests that got no answer.",
                  failure_names, metrics->failures, FAILURES);
    write_one(out, "connections_total", "counter", "Connections accepted.", metrics->connections);
    write_one(out, "connections", "gauge", "Connections open.", metrics->open);
    write_one(out, "clients_total", "counter", "Different addresses that fetched the chain.",
              state->visitors);
    write_one(out, "reloads_total", "counter", "Reloads that came into force.", state->reloads);
    write_one(out, "reloads_refused_total", "counter",
              "Reloads that were refused; the old configuration serves on.",
              state->reloads_refused);
    write_one(out, "loaded_timestamp_seconds", "gauge", "When what is served was read.",
              (uint64_t)state->loaded);
    return write_one(out, "chain_expiry_timestamp_seconds", "gauge",
                     "When the first certificate of a chain expires.",
                     (uint64_t)state->chain_expires) < 0
               ? -1
               : 0;
}
