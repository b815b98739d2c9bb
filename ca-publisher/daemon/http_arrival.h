/* SPDX-License-Identifier: MPL-2.0 */
/* Tells of evhttp's connections as soon as they are there.
 *
 * evhttp tells nobody of a connection before its first request is complete. The hook is the
 * bufferevent that it asks for (evhttp_set_bevcb): who makes one says so here, and is told when
 * evhttp has put the socket in, before anything is read from it. This leans on the inside of
 * libevent 2.1: evhttp makes its connection the argument of the bufferevent's callbacks.
 */
#ifndef HTTP_ARRIVAL_H
#define HTTP_ARRIVAL_H

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdbool.h>
#include <sys/queue.h>

/* A connection on its way in: a part of the caller's own structure. */
/* How many octets of input a connection may keep, for the read watermark of its bufferevent. evhttp
 * wants all of a head, or all of a body, in there at once; but it also goes on reading while an
 * answer waits to be taken, for as long as somebody sends. */
static inline size_t
http_input_max(size_t max_header_size, size_t max_body_size)
{
    return max_header_size + max_body_size + 1024;
}

struct http_arrival {
    struct bufferevent *bufferevent;
    TAILQ_ENTRY(http_arrival) next;
};

TAILQ_HEAD(http_arrival_queue, http_arrival);

/* It has arrived. `http` is NULL when evhttp had no memory for it: then it is gone. */
typedef void http_arrived(struct http_arrival *arrival, struct evhttp_connection *http,
                          void *context);

struct http_arrivals {
    struct http_arrival_queue queue;
    struct event *event;
    http_arrived *arrived;
    void *context;
};

/* For the event loop of one thread. Returns 0, or -1 when out of memory. */
int http_arrivals_init(struct http_arrivals *arrivals, struct event_base *base,
                       http_arrived *arrived, void *context);

/* Lets those arrive that are on their way, and frees what it had. After a failed init, too. */
void http_arrivals_free(struct http_arrivals *arrivals);

/* To be called where evhttp asks for a bufferevent, with the one that it is given. */
void http_arrivals_add(struct http_arrivals *arrivals, struct http_arrival *arrival,
                       struct bufferevent *bufferevent);

bool http_arrivals_none(const struct http_arrivals *arrivals);

#endif
