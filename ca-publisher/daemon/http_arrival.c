/* SPDX-License-Identifier: MPL-2.0 */
/* The one place that knows how evhttp keeps its connections, which no documented call tells. The
 * #error below is to be met, not silenced, when libevent changes. */
#include "daemon/http_arrival.h"

#include <assert.h>
#include <event2/event.h>

#if LIBEVENT_VERSION_NUMBER < 0x02010000 || LIBEVENT_VERSION_NUMBER >= 0x02020000
#error "evhttp's connections are found as libevent 2.1 has them; 2.2 has evhttp_set_newreqcb()"
#endif

static void
let_arrive(struct http_arrivals *arrivals, struct http_arrival *arrival)
{
    struct bufferevent *bufferevent = arrival->bufferevent;
    void *http = NULL;
    TAILQ_REMOVE(&arrivals->queue, arrival, next);
    bufferevent_getcb(bufferevent, NULL, NULL, NULL, &http);
    assert(http == NULL || evhttp_connection_get_bufferevent(http) == bufferevent);
    arrivals->arrived(arrival, http, arrivals->context);
    bufferevent_decref(bufferevent); /* evhttp has its own reference */
}

static void
on_arrival(evutil_socket_t descriptor, short events, void *context)
{
    (void)descriptor;
    (void)events;
    struct http_arrivals *arrivals = context;
    struct http_arrival *arrival;
    while ((arrival = TAILQ_FIRST(&arrivals->queue)) != NULL) {
        let_arrive(arrivals, arrival);
    }
}

int
http_arrivals_init(struct http_arrivals *arrivals, struct event_base *base, http_arrived *arrived,
                   void *context)
{
    TAILQ_INIT(&arrivals->queue);
    arrivals->arrived = arrived;
    arrivals->context = context;
    arrivals->event = event_new(base, -1, 0, on_arrival, arrivals);
    return arrivals->event != NULL ? 0 : -1;
}

void
http_arrivals_free(struct http_arrivals *arrivals)
{
    if (arrivals->event != NULL) {
        on_arrival(-1, 0, arrivals);
        event_free(arrivals->event);
        arrivals->event = NULL;
    }
}

void
http_arrivals_add(struct http_arrivals *arrivals, struct http_arrival *arrival,
                  struct bufferevent *bufferevent)
{
    arrival->bufferevent = bufferevent;
    bufferevent_incref(bufferevent); /* until it has arrived */
    TAILQ_INSERT_TAIL(&arrivals->queue, arrival, next);
    event_active(arrivals->event, EV_TIMEOUT, 0);
}

bool
http_arrivals_none(const struct http_arrivals *arrivals)
{
    return TAILQ_EMPTY(&arrivals->queue);
}
