/* SPDX-License-Identifier: MPL-2.0 */
/* Takes listeners out of the event loop while descriptors are short, and puts them back. It only
 * ever sees sockets; what comes over them is connection.c's, or admin.c's. */
#include "daemon/acceptor.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

#include "daemon/log.h"

#define RETRY_MS    100         /* while it waits for room */
#define COMPLAIN_MS (60 * 1000) /* between two log lines on the same trouble */
#define BATCH_MAX   1024        /* accepted at once, before some have made room */

/* The acceptor of this thread. A listener's error callback cannot be given it: its argument is what
 * evhttp_bind_listener() has put there, a struct evhttp. */
static _Thread_local struct acceptor *this_acceptor;

void
accept_budget_set(struct accept_budget *budget, uint32_t wanted)
{
    uint32_t batch = budget->descriptors / 8 + 1;
    batch = batch < BATCH_MAX ? batch : BATCH_MAX;
    uint32_t most = budget->descriptors > batch ? budget->descriptors - batch : 1;
    most = wanted < most ? wanted : most;
    atomic_store(&budget->most, most);
    atomic_store(&budget->stop, most + batch);
}

/* Pausing and going on */

static bool
has_room(const struct acceptor *acceptor)
{
    return atomic_load_explicit(&acceptor->budget->open, memory_order_relaxed) <
           atomic_load_explicit(&acceptor->budget->stop, memory_order_relaxed);
}

static void
pause_listeners(struct acceptor *acceptor)
{
    const struct timeval soon = {0, RETRY_MS * 1000};
    if (!acceptor->paused) {
        acceptor->paused = true;
        for (size_t i = 0; i < acceptor->count; i++) {
            evconnlistener_disable(acceptor->listeners[i]);
        }
    }
    event_add(acceptor->retry, &soon);
}

static void
resume_listeners(struct acceptor *acceptor)
{
    acceptor->paused = false;
    event_del(acceptor->retry);
    for (size_t i = 0; i < acceptor->count && acceptor->begun; i++) {
        evconnlistener_enable(acceptor->listeners[i]);
    }
}

/* Connections of other threads may have made room, or whoever had the descriptors let them go. */
static void
on_retry(evutil_socket_t descriptor, short events, void *context)
{
    (void)descriptor;
    (void)events;
    struct acceptor *acceptor = context;
    if (has_room(acceptor)) {
        resume_listeners(acceptor);
        return;
    }
    pause_listeners(acceptor);
    if (acceptor->budget->crowded != NULL) {
        acceptor->budget->crowded(acceptor->budget->context);
    }
}

/* Out of descriptors or memory: without this the loop would try again at once, forever. */
static void
on_accept_error(struct evconnlistener *listener, void *not_ours)
{
    (void)listener;
    (void)not_ours; /* see this_acceptor */
    struct acceptor *acceptor = this_acceptor;
    int error = errno;
    uint64_t now = ucprov_clock_tick_ms();
    if (acceptor->complained == 0 || now - acceptor->complained >= COMPLAIN_MS) {
        acceptor->complained = now;
        log_line(LOG_ERR, "cannot accept connections: %s; they wait, and it is tried again",
                 strerror(error));
    }
    pause_listeners(acceptor);
}

/* What its owner does with it */

int
acceptor_init(struct acceptor *acceptor, struct event_base *base, struct accept_budget *budget)
{
    acceptor->base = base;
    acceptor->budget = budget;
    acceptor->retry = event_new(base, -1, 0, on_retry, acceptor);
    return acceptor->retry != NULL ? 0 : -1;
}

void
acceptor_free(struct acceptor *acceptor)
{
    if (acceptor->retry != NULL) {
        event_free(acceptor->retry);
        acceptor->retry = NULL;
    }
}

int
acceptor_add(struct acceptor *acceptor, struct evhttp *http, int descriptor)
{
    struct evconnlistener *listener = evconnlistener_new(
        acceptor->base, NULL, NULL,
        LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_DISABLED, 0, descriptor);
    if (listener == NULL) {
        close(descriptor);
        return -1;
    }
    if (evhttp_bind_listener(http, listener) == NULL) {
        evconnlistener_free(listener);
        return -1;
    }
    evconnlistener_set_error_cb(listener, on_accept_error);
    acceptor->listeners[acceptor->count++] = listener;
    return 0;
}

void
acceptor_begin(struct acceptor *acceptor)
{
    this_acceptor = acceptor;
    acceptor->begun = true;
    resume_listeners(acceptor);
}

void
acceptor_stop(struct acceptor *acceptor)
{
    pause_listeners(acceptor);
    acceptor->begun = false;
    event_del(acceptor->retry);
}

void
acceptor_opened(struct acceptor *acceptor)
{
    atomic_fetch_add_explicit(&acceptor->budget->open, 1, memory_order_relaxed);
    if (!has_room(acceptor)) {
        pause_listeners(acceptor);
    }
}

void
acceptor_closed(struct acceptor *acceptor)
{
    atomic_fetch_sub_explicit(&acceptor->budget->open, 1, memory_order_relaxed);
    if (acceptor->paused && has_room(acceptor)) {
        resume_listeners(acceptor);
    }
}
