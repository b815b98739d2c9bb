#include "admin.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <stdlib.h>
#include <string.h>

#define MAX_HEADERS_SIZE 8192
#define TIMEOUT          10 /* seconds */

struct admin {
    struct evhttp *http;
    admin_collect *collect;
    void *context;
};

static void
on_metrics(struct evhttp_request *request, void *context)
{
    const struct admin *admin = context;
    struct metrics sum;
    struct metrics_state state = {0};
    memset(&sum, 0, sizeof sum);
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
    struct admin *admin = calloc(1, sizeof *admin);
    if (admin == NULL) {
        return NULL;
    }
    *admin = (struct admin){evhttp_new(base), collect, context};
    if (admin->http == NULL) {
        free(admin);
        return NULL;
    }
    evhttp_set_allowed_methods(admin->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
    evhttp_set_max_headers_size(admin->http, MAX_HEADERS_SIZE);
    evhttp_set_max_body_size(admin->http, 0);
    evhttp_set_timeout(admin->http, TIMEOUT);
    evhttp_set_cb(admin->http, "/metrics", on_metrics, admin);
    evhttp_set_gencb(admin->http, on_other, admin);
    for (size_t i = 0; i < sockets->count; i++) {
        if (evhttp_accept_socket(admin->http, sockets->items[i].descriptor) != 0) {
            admin_free(admin);
            return NULL;
        }
        sockets->items[i].descriptor = -1;
    }
    return admin;
}

void
admin_free(struct admin *admin)
{
    if (admin != NULL) {
        evhttp_free(admin->http);
    }
    free(admin);
}
