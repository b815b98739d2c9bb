/* SPDX-License-Identifier: MPL-2.0 */
/* A thread's listening sockets: they accept as long as there are descriptors for it.
 *
 * Connections are counted from the moment they are accepted, against a budget that several threads
 * may share. Where it is used up, a thread's listeners are disabled, and new connections wait in
 * the kernel's queues. They are enabled again as soon as there is room. So accept(2) does not fail
 * for want of descriptors, and there are always some for the log, a reload and the metrics. If it
 * fails all the same, the thread waits a moment and says so in the log.
 */
#ifndef ACCEPTOR_H
#define ACCEPTOR_H

#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "daemon/listener.h"

/* How many connections there may be. */
struct accept_budget {
    uint32_t descriptors;  /* that connections may have, at most */
    _Atomic uint32_t most; /* from here on, an old connection has to make room for a new one */
    _Atomic uint32_t stop; /* from here on, nobody accepts: more came at once than made room */
    _Atomic uint32_t open;
    /* Called while a thread waits for room, on that thread: all that share the budget are to close
     * what is above `most`. NULL: the thread is the only one. */
    void (*crowded)(void *context);
    void *context;
};

/* Sets what `wanted` connections allow within its descriptors; also while it is in use. */
void accept_budget_set(struct accept_budget *budget, uint32_t wanted);

struct acceptor {
    struct accept_budget *budget;
    struct event_base *base;
    struct evconnlistener *listeners[LISTENING_SOCKETS_MAX]; /* borrowed: they are evhttp's */
    size_t count;
    struct event *retry;
    bool begun;
    bool paused;
    uint64_t complained; /* monotonic, milliseconds: the last time; 0: never */
};

/* For the event loop of one thread, which has one acceptor. Returns 0, or -1 when out of memory. */
int acceptor_init(struct acceptor *acceptor, struct event_base *base, struct accept_budget *budget);

/* Its listeners have to be gone, with their evhttp. */
void acceptor_free(struct acceptor *acceptor);

/* Takes a listening socket for an evhttp, whose callback for bufferevents has to call
 * acceptor_opened(). It does not accept yet. Returns 0, or -1 when out of memory; the descriptor is
 * the acceptor's in either case. */
int acceptor_add(struct acceptor *acceptor, struct evhttp *http, int descriptor);

/* Begins to accept, and stops. On the thread of its event loop. */
void acceptor_begin(struct acceptor *acceptor);
void acceptor_stop(struct acceptor *acceptor);

/* A connection was accepted, or closed. On that thread. */
void acceptor_opened(struct acceptor *acceptor);
void acceptor_closed(struct acceptor *acceptor);

#endif
