/* SPDX-License-Identifier: MPL-2.0 */
/* Connections, and the limits that evhttp does not know: how many there are, in all and of an
 * address, and how long a handshake and a whole request may take. evhttp's own timeouts begin anew
 * with every octet. A connection is made with the bufferevent that evhttp asks for, and adopted as
 * soon as it has arrived.
 */
#ifndef CONNECTION_H
#define CONNECTION_H

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "daemon/client_hello.h"
#include "daemon/http_arrival.h"
#include "daemon/listener.h"

struct worker;
struct endpoint;

struct connection {
    struct http_arrival arrival;
    struct worker *worker;
    enum listener_kind kind;
    struct bufferevent *bufferevent;
    struct evhttp_connection *http; /* NULL: not adopted yet */
    struct in_addr address;
    char address_text[INET_ADDRSTRLEN];
    SSL *ssl; /* borrowed from the bufferevent; NULL: without TLS */
    bool handshaking;
    bool dismissed;   /* it is we who close it */
    bool counted;     /* among its address's connections */
    unsigned refused; /* requests, for coming too fast */
    uint64_t since;   /* milliseconds: accepted, or the last request answered */
    TAILQ_ENTRY(connection) next;
    struct client_hello *hello; /* with TLS, behind this structure */
};

TAILQ_HEAD(connection_queue, connection);

/* A worker's connections. A queue's first one has waited longest. */
struct connections {
    struct http_arrivals arrivals;       /* not adopted yet */
    struct connection_queue handshaking; /* TLS, not done yet */
    struct connection_queue waiting;     /* for a request, or its answer to be taken */
};

/* Returns 0, or -1 when out of memory. */
int connections_init(struct connections *connections, struct worker *worker);
void connections_free(struct connections *connections); /* closes all */

/* For evhttp_set_bevcb(); `endpoint` is a struct endpoint. */
struct bufferevent *connection_accept(struct event_base *base, void *endpoint);

/* The connection that a request came on; NULL: connection_accept() had no memory for it. */
struct connection *connection_of(struct evhttp_request *request);

/* A request is being answered: its connection's time begins anew. */
void connection_touch(struct connection *connection, uint64_t now);

/* Writes what evhttp has to say at once, as far as the socket takes it. evhttp would wait for the
 * socket to be writable, which it nearly always is: two changes of the event loop and one of its
 * rounds less. The connection may be gone afterwards. */
void connection_flush(struct connection *connection);

/* Closes those that have had their time; once a second. */
void connections_expire(struct connections *connections, uint64_t now);

/* Closes the oldest for as long as all workers together have more than there may be: nobody new may
 * come who would do it. One that has hardly begun stays. */
void connections_make_room(struct connections *connections, uint64_t now);
bool connections_none(const struct connections *connections);

/* "HTTP", "TLS 1.0": what it speaks. Static. */
const char *connection_protocol(const struct connection *connection);

/* The SSL_CTX's callbacks that connections need: set on every one that serves them. */
void connection_prepare_context(SSL_CTX *context);

/* How many descriptors there may be; before any connection. Returns 0, or -1. */
int connection_table_init(size_t descriptors);

#endif
