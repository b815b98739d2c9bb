/* SPDX-License-Identifier: MPL-2.0 */
/* An evhttp of its own for monitoring, apart from the workers', so that metrics are still there
 * when strangers have used up everything else. */
#include "daemon/admin.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "daemon/acceptor.h"
#include "daemon/http_arrival.h"

#define MAX_HEADERS_SIZE 8192
#define TIMEOUT          10 /* seconds */

/* Its connections are counted, so that they cannot use up what others need. */
struct admin_connection {
    struct http_arrival arrival;
    struct admin *admin;
    struct evhttp_connection *http;
    TAILQ_ENTRY(admin_connection) next;
};

TAILQ_HEAD(admin_connections, admin_connection);

struct admin {
    struct evhttp *http;
    struct accept_budget budget;
    struct acceptor acceptor;
    struct http_arrivals arrivals;
    struct admin_connections connections; /* the first one has been there longest */
    admin_collect *collect;
    void *context;
};

/* Connections */

static void
on_close(struct evhttp_connection *http, void *context)
{
    (void)http;
    struct admin_connection *connection = context;
    struct admin *admin = connection->admin;
    TAILQ_REMOVE(&admin->connections, connection, next);
    free(connection);
    acceptor_closed(&admin->acceptor);
}

static void
on_arrived(struct http_arrival *arrival, struct evhttp_connection *http, void *context)
{
    struct admin *admin = context;
    struct admin_connection *connection = (struct admin_connection *)arrival; /* its first member */
    if (http == NULL) {
        free(connection);
        acceptor_closed(&admin->acceptor);
        return;
    }
    connection->http = http;
    TAILQ_INSERT_TAIL(&admin->connections, connection, next);
    evhttp_connection_set_closecb(http, on_close, connection);
    if (atomic_load(&admin->budget.open) > atomic_load(&admin->budget.most)) {
        evhttp_connection_free(TAILQ_FIRST(&admin->connections)->http);
    }
}

/* Without memory evhttp makes a bufferevent of its own, which goes uncounted. */
static struct bufferevent *
accept_connection(struct event_base *base, void *context)
{
    struct admin *admin = context;
    struct admin_connection *connection = calloc(1, sizeof(*connection));
    struct bufferevent *bufferevent =
        connection != NULL ? bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE) : NULL;
    if (bufferevent == NULL) {
        free(connection);
        return NULL;
    }
    connection->admin = admin;
    bufferevent_setwatermark(bufferevent, EV_READ, 0, http_input_max(MAX_HEADERS_SIZE, 0));
    acceptor_opened(&admin->acceptor);
    http_arrivals_add(&admin->arrivals, &connection->arrival, bufferevent);
    return bufferevent;
}

/* What it answers */

static void
on_metrics(struct evhttp_request *request, void *context)
{
    const struct admin *admin = context;
    struct metrics sum;
    struct metrics_state state = {0};
    memset(&sum, 0, sizeof(sum));
    admin->collect(admin->context, &sum, &state);
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
                      METRICS_CONTENT_TYPE);
    if (metrics_write(evhttp_request_get_output_buffer(request), &sum, &state) != 0) {
        evhttp_send_error(request, HTTP_SERVUNAVAIL, NULL);
        return;
    }
    evhttp_send_reply(request, HTTP_OK, "OK", evhttp_request_get_output_buffer(request));
}

static void
on_other(struct evhttp_request *request, void *context)
{
    (void)context;
    struct evbuffer *body = evhttp_request_get_output_buffer(request);
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
                      "text/plain; charset=utf-8");
    evbuffer_add_printf(body, "Metrics are at /metrics.\n");
    evhttp_send_reply(request, HTTP_NOTFOUND, "Not Found", body);
}

struct admin *
admin_new(struct event_base *base, struct listening_sockets *sockets, admin_collect *collect,
          void *context)
{
    struct admin *admin = calloc(1, sizeof(*admin));
    if (admin == NULL) {
        return NULL;
    }
    TAILQ_INIT(&admin->connections);
    admin->collect = collect;
    admin->context = context;
    admin->budget.descriptors = ADMIN_DESCRIPTORS;
    accept_budget_set(&admin->budget, ADMIN_DESCRIPTORS);
    admin->http = evhttp_new(base);
    if (admin->http == NULL || acceptor_init(&admin->acceptor, base, &admin->budget) != 0 ||
        http_arrivals_init(&admin->arrivals, base, on_arrived, admin) != 0) {
        admin_free(admin);
        return NULL;
    }
    evhttp_set_bevcb(admin->http, accept_connection, admin);
    evhttp_set_allowed_methods(admin->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
    evhttp_set_max_headers_size(admin->http, MAX_HEADERS_SIZE);
    evhttp_set_max_body_size(admin->http, 0);
    evhttp_set_timeout(admin->http, TIMEOUT);
    evhttp_set_cb(admin->http, "/metrics", on_metrics, admin);
    evhttp_set_gencb(admin->http, on_other, admin);
    for (size_t i = 0; i < sockets->count; i++) {
        int descriptor = sockets->items[i].descriptor;
        sockets->items[i].descriptor = -1; /* the acceptor's now */
        if (acceptor_add(&admin->acceptor, admin->http, descriptor) != 0) {
            admin_free(admin);
            return NULL;
        }
    }
    acceptor_begin(&admin->acceptor);
    return admin;
}

void
admin_free(struct admin *admin)
{
    if (admin == NULL) {
        return;
    }
    if (admin->arrivals.event != NULL) {
        acceptor_stop(&admin->acceptor);
        http_arrivals_free(&admin->arrivals);
    }
    if (admin->http != NULL) {
        evhttp_free(admin->http);
    }
    acceptor_free(&admin->acceptor);
    free(admin);
}
