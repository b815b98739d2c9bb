/* SPDX-License-Identifier: MPL-2.0 */
/* Sets up one thread's event loop, and carries the main thread's orders (begin, take this
 * publication, stop) into it by an eventfd. Nothing else of a worker is touched by other threads,
 * but for its counters. */
#include "daemon/worker.h"

#include <event2/thread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"

#include "daemon/http_handlers.h"

#define STOP_GRACE_MS 2000 /* for connections to end by themselves */

enum worker_order { ORDER_NONE, ORDER_BEGIN, ORDER_STOP };

/* What it serves */

static void
set_limits(struct worker *worker)
{
    const struct ucprov_ca_limits *limits = &worker->publication->site->ca.limits;
    for (size_t i = 0; i < LISTENER_KINDS; i++) {
        struct evhttp *http = worker->endpoints[i].http;
        if (http != NULL) {
            evhttp_set_max_headers_size(http, (ev_ssize_t)limits->max_header_size);
            evhttp_set_max_body_size(http, (ev_ssize_t)limits->max_body_size);
        }
    }
}

static void
take_publication(struct worker *worker)
{
    struct publication *next = atomic_exchange(&worker->next, NULL);
    if (next != NULL) {
        publication_release(worker->publication);
        worker->publication = next;
        set_limits(worker);
        connections_make_room(&worker->connections, ucprov_clock_tick_ms());
    }
}

/* What other threads ask of it */

static void
stop_accepting(struct worker *worker)
{
    const struct timeval grace = {STOP_GRACE_MS / 1000, STOP_GRACE_MS % 1000 * 1000};
    worker->stopping = true;
    acceptor_stop(&worker->acceptor);
    if (connections_none(&worker->connections)) {
        event_base_loopbreak(worker->base);
    } else {
        event_base_loopexit(worker->base, &grace);
    }
}

static void
on_wake(evutil_socket_t descriptor, short events, void *context)
{
    (void)events;
    struct worker *worker = context;
    eventfd_t count;
    eventfd_read(descriptor, &count);
    take_publication(worker);
    if (atomic_exchange(&worker->crowded, false)) {
        connections_make_room(&worker->connections, ucprov_clock_tick_ms());
    }
    switch (atomic_exchange(&worker->order, ORDER_NONE)) {
    case ORDER_BEGIN:
        acceptor_begin(&worker->acceptor);
        break;
    case ORDER_STOP:
        stop_accepting(worker);
        break;
    default:
        break;
    }
}

static void
write_date(struct worker *worker)
{
    time_t now = time(NULL);
    struct tm parts;
    gmtime_r(&now, &parts);
    strftime(worker->date, sizeof(worker->date), "%a, %d %b %Y %H:%M:%S GMT", &parts);
}

static void
on_tick(evutil_socket_t descriptor, short events, void *context)
{
    (void)descriptor;
    (void)events;
    struct worker *worker = context;
    atomic_fetch_add_explicit(&worker->ticks, 1, memory_order_relaxed);
    write_date(worker);
    connections_expire(&worker->connections, ucprov_clock_tick_ms());
    log_limiter_report(&worker->log_limiter, &worker->log, ucprov_clock_tick_ms());
    log_buffer_flush(&worker->log);
    if (worker->stopping && connections_none(&worker->connections)) {
        event_base_loopbreak(worker->base);
    }
}

/* Its thread */

static void *
run_worker(void *context)
{
    struct worker *worker = context;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL); /* the main thread's */
    event_base_dispatch(worker->base);
    log_buffer_flush(&worker->log);
    return NULL;
}

static struct event_base *
make_base(void)
{
    struct event_config *config = event_config_new();
    if (config == NULL) {
        return NULL;
    }
    /* One thread, so no locks; and descriptors that come and go in one round need no system call.
     */
    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK | EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
    struct event_base *base = event_base_new_with_config(config);
    event_config_free(config);
    return base;
}

static struct evhttp *
make_http(struct endpoint *endpoint)
{
    struct evhttp *http = evhttp_new(endpoint->worker->base);
    if (http != NULL) {
        evhttp_set_allowed_methods(http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST);
        evhttp_set_default_content_type(http, NULL);
        evhttp_set_bevcb(http, connection_accept, endpoint);
        evhttp_set_gencb(http, http_handle_request, endpoint);
    }
    return http;
}

static int
listen_on(struct worker *worker, struct listening_socket *socket)
{
    struct endpoint *endpoint = &worker->endpoints[socket->kind];
    if (endpoint->http == NULL) {
        *endpoint = (struct endpoint){worker, socket->kind, NULL};
        endpoint->http = make_http(endpoint);
    }
    if (endpoint->http == NULL) {
        return -1;
    }
    int descriptor = socket->descriptor;
    socket->descriptor = -1; /* the acceptor's now */
    return acceptor_add(&worker->acceptor, endpoint->http, descriptor);
}

static int
make_events(struct worker *worker)
{
    const struct timeval second = {1, 0};
    worker->wake_descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    worker->wake =
        event_new(worker->base, worker->wake_descriptor, EV_READ | EV_PERSIST, on_wake, worker);
    worker->tick = event_new(worker->base, -1, EV_PERSIST, on_tick, worker);
    return worker->wake_descriptor >= 0 && worker->wake != NULL && worker->tick != NULL &&
                   event_add(worker->wake, NULL) == 0 && event_add(worker->tick, &second) == 0 &&
                   connections_init(&worker->connections, worker) == 0 &&
                   acceptor_init(&worker->acceptor, worker->base, &worker->state->budget) == 0
               ? 0
               : -1;
}

static int
prepare_worker(struct worker *worker, struct listening_sockets *sockets)
{
    worker->base = make_base();
    worker->parser = soap_parser_new();
    if (worker->base == NULL || worker->parser == NULL || make_events(worker) != 0) {
        return -1;
    }
    for (size_t i = 0; i < sockets->count; i++) {
        if (listen_on(worker, &sockets->items[i]) != 0) {
            return -1;
        }
    }
    set_limits(worker);
    write_date(worker);
    return 0;
}

int
worker_start(struct worker *worker, struct server_state *state, struct listening_sockets *sockets,
             struct publication *publication, struct ucprov_problem *problem)
{
    *worker = (struct worker){
        .state = state, .publication = publication_hold(publication), .wake_descriptor = -1};
    if (prepare_worker(worker, sockets) != 0) {
        return ucprov_problem_set(problem, "cannot make a worker: out of memory or descriptors");
    }
    int error = pthread_create(&worker->thread, NULL, run_worker, worker);
    if (error != 0) {
        return ucprov_problem_set(problem, "cannot start a thread: %s", strerror(error));
    }
    worker->running = true;
    return 0;
}

static void
wake_worker(struct worker *worker)
{
    eventfd_write(worker->wake_descriptor, 1);
}

void
worker_begin(struct worker *worker)
{
    atomic_store(&worker->order, ORDER_BEGIN);
    wake_worker(worker);
}

void
worker_publish(struct worker *worker, struct publication *publication)
{
    publication_release(atomic_exchange(&worker->next, publication_hold(publication)));
    wake_worker(worker);
}

void
worker_make_room(struct worker *worker)
{
    if (!atomic_exchange(&worker->crowded, true)) {
        wake_worker(worker);
    }
}

void
worker_stop(struct worker *worker)
{
    atomic_store(&worker->order, ORDER_STOP);
    wake_worker(worker);
}

void
worker_join(struct worker *worker)
{
    if (worker->running) {
        pthread_join(worker->thread, NULL);
    }
    connections_free(&worker->connections);
    for (size_t i = 0; i < LISTENER_KINDS; i++) {
        if (worker->endpoints[i].http != NULL) {
            evhttp_free(worker->endpoints[i].http);
        }
    }
    acceptor_free(&worker->acceptor);
    if (worker->wake != NULL) {
        event_free(worker->wake);
    }
    if (worker->tick != NULL) {
        event_free(worker->tick);
    }
    if (worker->base != NULL) {
        event_base_free(worker->base);
    }
    if (worker->wake_descriptor >= 0) {
        close(worker->wake_descriptor);
    }
    soap_parser_free(worker->parser);
    publication_release(worker->publication);
    publication_release(atomic_exchange(&worker->next, NULL));
}
