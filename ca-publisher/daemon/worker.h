/* SPDX-License-Identifier: MPL-2.0 */
/* A worker: a thread that serves connections, from accepting them to their end.
 *
 * It has an event loop and listening sockets of its own, and one evhttp for each kind of listener.
 * What it serves is handed to it, and exchanged while it runs.
 */
#ifndef WORKER_H
#define WORKER_H

#include <event2/event.h>
#include <event2/http.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "daemon/acceptor.h"
#include "daemon/connection.h"
#include "daemon/listener.h"
#include "daemon/log.h"
#include "daemon/log_limiter.h"
#include "daemon/metrics.h"
#include "daemon/publication.h"
#include "daemon/server_state.h"
#include "daemon/soap_request.h"

#define KNOWN_BODY_MAX 2048 /* a request for the chain has a few hundred octets */

struct worker;

/* A kind of listener, as one worker serves it. */
struct endpoint {
    struct worker *worker;
    enum listener_kind kind;
    struct evhttp *http;
};

struct worker {
    pthread_t thread;
    bool running;
    struct server_state *state;
    struct event_base *base;
    struct endpoint endpoints[LISTENER_KINDS]; /* http NULL: no such listener */
    struct event *wake;                        /* when another thread has a word for it */
    struct event *tick;                        /* every second */
    int wake_descriptor;
    _Atomic(struct publication *) next; /* a publication to take on; NULL: none */
    _Atomic int order;                  /* enum worker_order */
    atomic_bool crowded;                /* others wait for room */
    atomic_uint ticks;                  /* seconds that its loop has lived */
    bool stopping;

    struct publication *publication; /* held */
    struct acceptor acceptor;
    struct connections connections;
    struct soap_parser *parser;
    size_t known_body_length; /* of the last request for the chain; 0: none yet */
    unsigned char known_body[KNOWN_BODY_MAX];
    struct metrics metrics;
    struct log_buffer log;
    struct log_limiter log_limiter;
    char date[HTTP_DATE_SIZE]; /* now, as HTTP writes it */
};

/* Makes a worker and starts its thread, which does not accept anything until worker_begin(). The
 * sockets become its own. Returns 0, or -1 with a problem. */
int worker_start(struct worker *worker, struct server_state *state,
                 struct listening_sockets *sockets, struct publication *publication,
                 struct ucprov_problem *problem);

/* For another thread: begin to accept; serve this publication from now on; stop accepting, let
 * connections end within a grace period, and end. */
void worker_begin(struct worker *worker);
void worker_publish(struct worker *worker, struct publication *publication);

/* For another thread: close what is more than there may be (connections_make_room()). */
void worker_make_room(struct worker *worker);
void worker_stop(struct worker *worker);

/* Waits for its thread, and frees what it had. */
void worker_join(struct worker *worker);

#endif
