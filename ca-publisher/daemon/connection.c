/* SPDX-License-Identifier: MPL-2.0 */
/* One connection from accept to close: counts it, times it, keeps what its TLS handshake said, and
 * closes it when it takes too long or too many want in. What it asks for and gets is for
 * http_handlers.c to say. */
#include "daemon/connection.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#include "daemon/worker.h"

#define SETTLED_MS 100 /* a connection this old may be closed so that others can come */

/* Connections by descriptor: evhttp's own structures have no room for a pointer of ours. An entry
 * belongs to the thread whose descriptor it is. */
static _Atomic(struct connection *) *by_descriptor;
static size_t descriptor_count;

int
connection_table_init(size_t descriptors)
{
    by_descriptor = calloc(descriptors, sizeof(*by_descriptor));
    descriptor_count = by_descriptor != NULL ? descriptors : 0;
    return by_descriptor != NULL ? 0 : -1;
}

static const struct ucprov_ca_limits *
limits_of(const struct worker *worker)
{
    return &worker->publication->site->ca.limits;
}

const char *
connection_protocol(const struct connection *connection)
{
    if (connection->ssl == NULL) {
        return "HTTP";
    }
    switch (SSL_version(connection->ssl)) {
    case TLS1_VERSION:
        return "TLS 1.0";
    case TLS1_1_VERSION:
        return "TLS 1.1";
    case TLS1_2_VERSION:
        return "TLS 1.2";
    default:
        return "TLS 1.3";
    }
}

/* TLS */

static int
on_client_hello(SSL *ssl, int *alert, void *context)
{
    (void)alert;
    (void)context;
    struct connection *connection = SSL_get_app_data(ssl);
    if (connection != NULL) {
        client_hello_read(connection->hello, ssl);
    }
    return SSL_CLIENT_HELLO_SUCCESS;
}

static void
on_handshake_done(struct connection *connection)
{
    struct connections *connections = &connection->worker->connections;
    int version = SSL_version(connection->ssl);
    if (version >= TLS1_VERSION && version <= TLS1_3_VERSION) {
        metrics_add(&connection->worker->metrics.handshakes[version - TLS1_VERSION], 1);
    }
    connection->handshaking = false;
    connection->since = ucprov_clock_tick_ms();
    TAILQ_REMOVE(&connections->handshaking, connection, next);
    TAILQ_INSERT_TAIL(&connections->waiting, connection, next);
}

static void
on_progress(const SSL *ssl, int where, int result)
{
    (void)result;
    if ((where & SSL_CB_HANDSHAKE_DONE) == 0) {
        return;
    }
    struct connection *connection = SSL_get_app_data(ssl);
    if (connection != NULL && connection->handshaking) {
        on_handshake_done(connection);
    }
}

void
connection_prepare_context(SSL_CTX *context)
{
    SSL_CTX_set_client_hello_cb(context, on_client_hello, NULL);
    SSL_CTX_set_info_callback(context, on_progress);
}

/* The client closed or reset the connection. (libevent passes an SSL_ERROR_SYSCALL on as it is.) */
static bool
is_leaving(unsigned long error)
{
    return error == SSL_ERROR_SYSCALL ||
           (ERR_GET_LIB(error) == ERR_LIB_SSL &&
            ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING);
}

static enum failure
failure_of(unsigned long error)
{
    switch (ERR_GET_REASON(error)) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_WRONG_VERSION_NUMBER:
        return FAILURE_TLS_VERSION;
    case SSL_R_NO_SHARED_CIPHER:
        return FAILURE_TLS_CIPHER;
    default: /* alerts are 1000 and their number (ssl.h) */
        return error == 0                                      ? FAILURE_TLS_CLOSED
               : ERR_GET_REASON(error) >= SSL_AD_REASON_OFFSET ? FAILURE_TLS_ALERT
                                                               : FAILURE_TLS_OTHER;
    }
}

static void
log_failed_handshake(struct connection *connection, unsigned long error)
{
    char offer[CLIENT_HELLO_TEXT_SIZE];
    const char *reason = error != 0 ? ERR_reason_error_string(error) : "the client left";
    if (!log_limiter_admit(&connection->worker->log_limiter, LOG_KIND_HANDSHAKE,
                           connection->address, ucprov_clock_tick_ms())) {
        return;
    }
    log_buffer_add(
        &connection->worker->log, LOG_NOTICE,
        "%s: TLS handshake failed on %s: %s; the client offers %s", connection->address_text,
        listener_kind_name(connection->kind), reason != NULL ? reason : "unknown error",
        connection->hello->seen ? client_hello_text(offer, connection->hello, connection->ssl)
                                : "nothing that is TLS");
}

static void
note_failed_handshake(struct connection *connection)
{
    unsigned long error = bufferevent_get_openssl_error(connection->bufferevent);
    if (is_leaving(error)) {
        error = 0;
    }
    if (error == 0 && !connection->hello->seen) {
        return; /* somebody who only looked whether the port is open */
    }
    metrics_add(&connection->worker->metrics.failures[failure_of(error)], 1);
    log_failed_handshake(connection, error);
}

/* Beginning and end */

static struct connection_queue *
queue_of(struct connection *connection)
{
    struct connections *connections = &connection->worker->connections;
    return connection->handshaking ? &connections->handshaking : &connections->waiting;
}

/* evhttp is about to free the connection, whoever asked for it. */
static void
on_close(struct evhttp_connection *http, void *context)
{
    (void)http;
    struct connection *connection = context;
    struct worker *worker = connection->worker;
    int descriptor = bufferevent_getfd(connection->bufferevent);
    if (connection->handshaking && !connection->dismissed) {
        note_failed_handshake(connection);
    }
    if (connection->ssl != NULL) {
        SSL_set_app_data(connection->ssl, NULL); /* it may outlive us */
    }
    if (descriptor >= 0 && (size_t)descriptor < descriptor_count) {
        atomic_store_explicit(&by_descriptor[descriptor], NULL, memory_order_relaxed);
    }
    TAILQ_REMOVE(queue_of(connection), connection, next);
    if (connection->counted) {
        client_limits_disconnect(worker->state->addresses, connection->address);
    }
    metrics_add(&worker->metrics.open, (uint64_t)-1);
    acceptor_closed(&worker->acceptor);
    free(connection);
}

static void
close_for(struct connection *connection, enum failure failure)
{
    metrics_add(&connection->worker->metrics.failures[failure], 1);
    connection->dismissed = true;
    evhttp_connection_free(connection->http); /* and on_close() */
}

/* Of all workers. */
static bool
are_too_many(const struct worker *worker)
{
    const struct accept_budget *budget = &worker->state->budget;
    return atomic_load_explicit(&budget->open, memory_order_relaxed) >
           atomic_load_explicit(&budget->most, memory_order_relaxed);
}

/* The first of a queue that is not the new connection: that one is the last. */
static struct connection *
oldest_but(struct connection_queue *queue, const struct connection *new)
{
    struct connection *oldest = TAILQ_FIRST(queue);
    return oldest != new ? oldest : NULL;
}

/* That which has waited longest, but for `new`. */
static struct connection *
find_oldest(struct connections *connections, const struct connection *new)
{
    struct connection *oldest = oldest_but(&connections->waiting, new);
    struct connection *shaking = oldest_but(&connections->handshaking, new);
    if (oldest == NULL || (shaking != NULL && shaking->since < oldest->since)) {
        oldest = shaking;
    }
    return oldest;
}

/* The connection of this worker that has waited longest makes room for a new one. Where there is
 * none but the new one, that stays: there are some to spare, and other workers' make room in their
 * turn. */
static void
make_room_for(struct connections *connections, const struct connection *new)
{
    struct connection *oldest = find_oldest(connections, new);
    if (oldest != NULL) {
        close_for(oldest, FAILURE_CONNECTIONS);
    }
}

void
connections_make_room(struct connections *connections, uint64_t now)
{
    const struct worker *worker = connections->arrivals.context;
    struct connection *oldest;
    while (are_too_many(worker) && (oldest = find_oldest(connections, NULL)) != NULL &&
           now - oldest->since >= SETTLED_MS) {
        close_for(oldest, FAILURE_CONNECTIONS);
    }
}

static void
log_refused(const struct connection *connection)
{
    struct worker *worker = connection->worker;
    if (log_limiter_admit(&worker->log_limiter, LOG_KIND_CONNECTIONS, connection->address,
                          connection->since)) {
        log_buffer_add(&worker->log, LOG_NOTICE,
                       "%s: has %u connections: no more (ca.max_connections_per_address)",
                       connection->address_text, limits_of(worker)->max_connections_per_address);
    }
}

/* False: it cannot be kept, since its descriptor is larger than there should be any. */
static bool
take_http(struct connection *connection, struct evhttp_connection *http)
{
    int descriptor = bufferevent_getfd(connection->bufferevent);
    const struct sockaddr *peer = evhttp_connection_get_addr(http);
    if (descriptor < 0 || (size_t)descriptor >= descriptor_count) {
        return false;
    }
    connection->http = http;
    connection->address = ((const struct sockaddr_in *)(const void *)peer)->sin_addr;
    inet_ntop(AF_INET, &connection->address, connection->address_text,
              sizeof(connection->address_text));
    atomic_store_explicit(&by_descriptor[descriptor], connection, memory_order_relaxed);
    return true;
}

static void
adopt_connection(struct connection *connection)
{
    struct worker *worker = connection->worker;
    connection->since = ucprov_clock_tick_ms();
    connection->counted =
        client_limits_connect(worker->state->addresses, connection->address,
                              limits_of(worker)->max_connections_per_address, connection->since);
    evhttp_connection_set_closecb(connection->http, on_close, connection);
    TAILQ_INSERT_TAIL(queue_of(connection), connection, next);
    metrics_add(&worker->metrics.connections, 1);
    metrics_add(&worker->metrics.open, 1);
    if (!connection->counted) {
        log_refused(connection);
        close_for(connection, FAILURE_PER_ADDRESS);
    } else if (are_too_many(worker)) {
        make_room_for(&worker->connections, connection);
    }
}

static void
on_arrived(struct http_arrival *arrival, struct evhttp_connection *http, void *context)
{
    struct worker *worker = context;
    struct connection *connection = (struct connection *)arrival; /* its first member */
    if (http != NULL && take_http(connection, http)) {
        adopt_connection(connection);
        return;
    }
    if (connection->ssl != NULL) {
        SSL_set_app_data(connection->ssl, NULL); /* it may outlive us */
    }
    if (http != NULL) {
        evhttp_connection_free(http);
    }
    acceptor_closed(&worker->acceptor);
    free(connection);
}

static struct connection *
connection_new(struct endpoint *endpoint, SSL_CTX *context)
{
    struct connection *connection =
        calloc(1, sizeof(*connection) + (context != NULL ? sizeof(*connection->hello) : 0));
    if (connection == NULL) {
        return NULL;
    }
    connection->worker = endpoint->worker;
    connection->kind = endpoint->kind;
    if (context != NULL) {
        connection->hello = (struct client_hello *)(connection + 1);
        connection->handshaking = true;
        connection->ssl = SSL_new(context);
        if (connection->ssl == NULL) {
            free(connection);
            return NULL;
        }
        SSL_set_app_data(connection->ssl, connection);
    }
    return connection;
}

/* Without memory evhttp makes a bufferevent of its own, which connection_of() does not know. */
struct bufferevent *
connection_accept(struct event_base *base, void *context)
{
    struct endpoint *endpoint = context;
    struct worker *worker = endpoint->worker;
    struct connection *connection =
        connection_new(endpoint, worker->publication->contexts[endpoint->kind]);
    if (connection == NULL) {
        return NULL;
    }
    connection->bufferevent =
        connection->ssl != NULL
            ? bufferevent_openssl_socket_new(base, -1, connection->ssl, BUFFEREVENT_SSL_ACCEPTING,
                                             BEV_OPT_CLOSE_ON_FREE)
            : bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    if (connection->bufferevent == NULL) {
        SSL_free(connection->ssl);
        free(connection);
        return NULL;
    }
    bufferevent_setwatermark(
        connection->bufferevent, EV_READ, 0,
        http_input_max(limits_of(worker)->max_header_size, limits_of(worker)->max_body_size));
    acceptor_opened(&worker->acceptor);
    http_arrivals_add(&worker->connections.arrivals, &connection->arrival, connection->bufferevent);
    return connection->bufferevent;
}

struct connection *
connection_of(struct evhttp_request *request)
{
    struct evhttp_connection *http = evhttp_request_get_connection(request);
    int descriptor = bufferevent_getfd(evhttp_connection_get_bufferevent(http));
    return descriptor >= 0 && (size_t)descriptor < descriptor_count
               ? atomic_load_explicit(&by_descriptor[descriptor], memory_order_relaxed)
               : NULL;
}

void
connection_touch(struct connection *connection, uint64_t now)
{
    struct connection_queue *queue = &connection->worker->connections.waiting;
    connection->since = now;
    if (TAILQ_NEXT(connection, next) != NULL) {
        TAILQ_REMOVE(queue, connection, next);
        TAILQ_INSERT_TAIL(queue, connection, next);
    }
}

#define TLS_RECORD_MAX 16384 /* octets of plain text (RFC 8446 section 5.1) */

/* Writes what OpenSSL takes, head and body in one record and system call. What it does not take
 * now, the bufferevent offers again, and as SSL_write(3) demands: the same octets, in one piece. */
static void
write_tls(SSL *ssl, struct evbuffer *output)
{
    unsigned char octets[TLS_RECORD_MAX];
    ev_ssize_t length = evbuffer_copyout(output, octets, sizeof(octets));
    size_t written = 0;
    if (length > 0 && SSL_write_ex(ssl, octets, (size_t)length, &written) == 1) {
        evbuffer_drain(output, written);
    } else {
        evbuffer_pullup(output, length);
        ERR_clear_error(); /* the bufferevent meets it again */
    }
}

/* A socket's bufferevent lets nobody else take octets from the front of its output. */
static void
write_plain(struct bufferevent *bufferevent, struct evbuffer *output)
{
    evbuffer_unfreeze(output, 1);
    evbuffer_write(output, bufferevent_getfd(bufferevent));
    evbuffer_freeze(output, 1);
}

void
connection_flush(struct connection *connection)
{
    struct bufferevent *bufferevent = connection->bufferevent;
    struct evbuffer *output = bufferevent_get_output(bufferevent);
    if (connection->ssl != NULL) {
        write_tls(connection->ssl, output);
    } else {
        write_plain(bufferevent, output);
    }
    if (evbuffer_get_length(output) == 0) {
        bufferevent_trigger(bufferevent, EV_WRITE, BEV_TRIG_IGNORE_WATERMARKS);
    }
}

static void
expire_queue(struct connection_queue *queue, uint64_t now, uint32_t seconds, enum failure failure)
{
    struct connection *connection;
    while ((connection = TAILQ_FIRST(queue)) != NULL &&
           now - connection->since >= (uint64_t)seconds * 1000) {
        close_for(connection, failure);
    }
}

void
connections_expire(struct connections *connections, uint64_t now)
{
    const struct worker *worker = connections->arrivals.context;
    const struct ucprov_ca_limits *limits = limits_of(worker);
    expire_queue(&connections->handshaking, now, limits->handshake_timeout,
                 FAILURE_HANDSHAKE_TIMEOUT);
    expire_queue(&connections->waiting, now, limits->request_timeout, FAILURE_REQUEST_TIMEOUT);
}

bool
connections_none(const struct connections *connections)
{
    return http_arrivals_none(&connections->arrivals) && TAILQ_EMPTY(&connections->handshaking) &&
           TAILQ_EMPTY(&connections->waiting);
}

int
connections_init(struct connections *connections, struct worker *worker)
{
    TAILQ_INIT(&connections->handshaking);
    TAILQ_INIT(&connections->waiting);
    return http_arrivals_init(&connections->arrivals, worker->base, on_arrived, worker);
}

static void
close_all(struct connection_queue *queue)
{
    struct connection *connection;
    while ((connection = TAILQ_FIRST(queue)) != NULL) {
        connection->dismissed = true;
        evhttp_connection_free(connection->http);
    }
}

void
connections_free(struct connections *connections)
{
    if (connections->arrivals.event != NULL) {
        http_arrivals_free(&connections->arrivals);
        close_all(&connections->handshaking);
        close_all(&connections->waiting);
    }
}
