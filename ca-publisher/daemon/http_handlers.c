/* SPDX-License-Identifier: MPL-2.0 */
/* From a parsed HTTP request to its answer: routing, conditional requests, the rate limit, the log
 * line. HTTP itself is evhttp's, and connections are connection.c's. */
#include "daemon/http_handlers.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/printable.h"

#include "daemon/page.h"
#include "daemon/soap_answer.h"
#include "daemon/worker.h"
#include "daemon/wsdl.h"

#define PIECES_MAX  64  /* of a body that arrived in as many reads */
#define REFUSED_MAX 3   /* answers of 429 that a connection is given before it ends */
#define HOST_MAX    253 /* RFC 1035 2.3.4, as text */

/* Strangers may read the page, and nothing on it may reach beyond. */
#define CONTENT_SECURITY_POLICY "default-src 'none'; style-src 'unsafe-inline'"

/* A request on its way to an answer. */
struct exchange {
    struct worker *worker;
    struct publication *publication;
    struct connection *connection;
    struct evhttp_request *request;
    struct evkeyvalq *headers; /* of the answer */
    struct evbuffer *body;     /* of the answer */
    const char *path;
    enum evhttp_cmd_type method;
    enum request_kind kind;
    int status;
};

static const char *
reason_of(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 304:
        return "Not Modified";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 429:
        return "Too Many Requests";
    case 503:
        return "Service Unavailable";
    default:
        return "Internal Server Error";
    }
}

static void
set_header(struct exchange *exchange, const char *name, const char *value)
{
    evhttp_add_header(exchange->headers, name, value); /* without memory: one header less */
}

static const char *
request_header(const struct exchange *exchange, const char *name)
{
    return evhttp_find_header(evhttp_request_get_input_headers(exchange->request), name);
}

static void
answer_text(struct exchange *exchange, int status, const char *text)
{
    exchange->status = status;
    set_header(exchange, "Content-Type", "text/plain; charset=utf-8");
    evbuffer_add(exchange->body, text, strlen(text));
}

/* SOAP */

/* Phones of one firmware all send the same octets: what they mean has to be found out once. */
static bool
is_known_body(const struct worker *worker, struct evbuffer *body)
{
    size_t length = evbuffer_get_length(body);
    unsigned char octets[KNOWN_BODY_MAX];
    return length > 0 && length == worker->known_body_length &&
           evbuffer_copyout(body, octets, length) == (ev_ssize_t)length &&
           memcmp(octets, worker->known_body, length) == 0;
}

static void
remember_body(struct worker *worker, struct evbuffer *body)
{
    size_t length = evbuffer_get_length(body);
    if (length <= KNOWN_BODY_MAX) {
        evbuffer_copyout(body, worker->known_body, length);
        worker->known_body_length = length;
    }
}

static void
parse_soap(struct worker *worker, struct evbuffer *body, struct soap_request *request)
{
    struct evbuffer_iovec vectors[PIECES_MAX];
    struct soap_piece pieces[PIECES_MAX];
    int count = evbuffer_peek(body, -1, NULL, vectors, PIECES_MAX);
    if (count > PIECES_MAX) {
        vectors[0].iov_base = evbuffer_pullup(body, -1);
        vectors[0].iov_len = evbuffer_get_length(body);
        count = vectors[0].iov_base != NULL ? 1 : 0;
    }
    for (int i = 0; i < count; i++) {
        pieces[i] = (struct soap_piece){vectors[i].iov_base, vectors[i].iov_len};
    }
    soap_parser_read(worker->parser, pieces, (size_t)count, request);
}

static void
read_soap(struct exchange *exchange, struct soap_request *request)
{
    struct worker *worker = exchange->worker;
    struct evbuffer *body = evhttp_request_get_input_buffer(exchange->request);
    if (is_known_body(worker, body)) {
        request->operation = SOAP_GET_ROOT_CERT_CHAINS;
        return;
    }
    parse_soap(worker, body, request);
    if (request->operation == SOAP_GET_ROOT_CERT_CHAINS) {
        remember_body(worker, body);
    }
}

static void
answer_chain(struct exchange *exchange)
{
    exchange->kind = REQUEST_CHAIN;
    exchange->status = publication_add(exchange->publication, &exchange->publication->response,
                                       exchange->body) == 0
                           ? 200
                           : 503;
    recent_clients_note(exchange->worker->state->clients, exchange->connection->address,
                        connection_protocol(exchange->connection), time(NULL));
}

static void
answer_soap(struct exchange *exchange)
{
    struct soap_request request;
    char answer[SOAP_ANSWER_SIZE];
    size_t length;
    read_soap(exchange, &request);
    set_header(exchange, "Content-Type", SOAP_CONTENT_TYPE);
    if (request.operation == SOAP_GET_ROOT_CERT_CHAINS) {
        answer_chain(exchange);
        return;
    }
    exchange->status = soap_answer_write(answer, &length, &request);
    exchange->kind = exchange->status == 200 ? REQUEST_OPERATION : REQUEST_FAULT;
    evbuffer_add(exchange->body, answer, length);
}

/* WSDL */

/* "NAME" or "NAME:PORT", of nothing but what belongs there: it goes into a URL. */
static bool
is_host(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789-._");
    if (length == 0 || length > HOST_MAX) {
        return false;
    }
    if (text[length] == '\0') {
        return true;
    }
    size_t digits = strspn(text + length + 1, "0123456789");
    return text[length] == ':' && digits >= 1 && digits <= 5 && text[length + 1 + digits] == '\0';
}

/* The service as this client reached it: toolkits go where the WSDL says. */
static void
write_location(const struct exchange *exchange, const char *rest, char location[WSDL_LOCATION_MAX])
{
    const char *host = request_header(exchange, "Host");
    if (host == NULL || !is_host(host)) {
        host = exchange->publication->site->pools[0].web_server;
    }
    snprintf(location, WSDL_LOCATION_MAX, "%s://%s%.*s",
             exchange->connection->ssl != NULL ? "https" : "http", host,
             (int)(rest - exchange->path), exchange->path);
}

static void
answer_wsdl(struct exchange *exchange, const char *rest)
{
    char location[WSDL_LOCATION_MAX], wsdl[WSDL_SIZE];
    write_location(exchange, rest, location);
    size_t length = wsdl_write(wsdl, location);
    exchange->kind = REQUEST_WSDL;
    if (length == 0) {
        answer_text(exchange, 500, "The address of this service is too long for a WSDL.\n");
        return;
    }
    exchange->status = 200;
    set_header(exchange, "Content-Type", WSDL_CONTENT_TYPE);
    evbuffer_add(exchange->body, wsdl, length);
}

/* The certificate service: SOAP comes as POST, and its description goes out for GET. */
static void
answer_service(struct exchange *exchange, const char *rest)
{
    bool post = exchange->method == EVHTTP_REQ_POST;
    if (post && *rest == '\0') {
        answer_soap(exchange);
    } else if (!post && (*rest == '\0' || strcasecmp(rest, "/mex") == 0)) {
        answer_wsdl(exchange, rest);
    } else {
        answer_text(exchange, 404, "There is nothing here.\n");
    }
}

/* Files, and the page */

static bool
is_known_to_client(const struct exchange *exchange, const struct document *document)
{
    const char *tag = request_header(exchange, "If-None-Match");
    if (tag != NULL) { /* then the date does not count (RFC 9110 13.2.2) */
        return strcmp(tag, "*") == 0 || strstr(tag, document->etag) != NULL;
    }
    const char *date = request_header(exchange, "If-Modified-Since");
    return date != NULL && strcmp(date, exchange->publication->last_modified) == 0;
}

static void
answer_document(struct exchange *exchange, const struct document *document)
{
    exchange->kind = REQUEST_DOWNLOAD;
    set_header(exchange, "ETag", document->etag);
    set_header(exchange, "Last-Modified", exchange->publication->last_modified);
    set_header(exchange, "Cache-Control", "no-cache"); /* a root that was replaced is no use */
    if (is_known_to_client(exchange, document)) {
        exchange->status = 304;
        return;
    }
    set_header(exchange, "Content-Type", document->content_type);
    exchange->status =
        publication_add(exchange->publication, document, exchange->body) == 0 ? 200 : 503;
}

static void
answer_page(struct exchange *exchange)
{
    struct recent_client *visitors = calloc(RECENT_CLIENTS_SHOWN, sizeof(*visitors));
    size_t total = 0, count = 0;
    exchange->kind = REQUEST_PAGE;
    exchange->status = 503;
    if (visitors != NULL) {
        count = recent_clients_list(exchange->worker->state->clients, visitors,
                                    RECENT_CLIENTS_SHOWN, &total);
    }
    if (visitors != NULL &&
        publication_add(exchange->publication, &exchange->publication->page, exchange->body) == 0 &&
        page_finish(exchange->body, &exchange->publication->chains, visitors, count, total,
                    time(NULL)) == 0) {
        exchange->status = 200;
        set_header(exchange, "Content-Type", PAGE_CONTENT_TYPE);
        set_header(exchange, "Content-Security-Policy", CONTENT_SECURITY_POLICY);
        set_header(exchange, "X-Content-Type-Options", "nosniff");
        set_header(exchange, "Referrer-Policy", "no-referrer");
        set_header(exchange, "Cache-Control", "no-store");
    }
    free(visitors);
}

/* For load balancers and monitoring: can phones use what is served? */
static void
answer_health(struct exchange *exchange)
{
    exchange->kind = REQUEST_HEALTH;
    set_header(exchange, "Cache-Control", "no-store");
    if (time(NULL) < exchange->publication->chains.expires) {
        answer_text(exchange, 200, "ok\n");
    } else {
        answer_text(exchange, 503, "a certificate of the chain has expired\n");
    }
}

static void
answer_other(struct exchange *exchange)
{
    const struct document *document;
    if (exchange->method == EVHTTP_REQ_POST) {
        set_header(exchange, "Allow", "GET, HEAD");
        answer_text(exchange, 405, "This is not the certificate service's path.\n");
    } else if (strcmp(exchange->path, "/") == 0) {
        answer_page(exchange);
    } else if (strcmp(exchange->path, "/healthz") == 0) {
        answer_health(exchange);
    } else if ((document = publication_find(exchange->publication, exchange->path)) != NULL) {
        answer_document(exchange, document);
    } else {
        answer_text(exchange, 404, "There is nothing here. The page is at /.\n");
    }
}

static void
answer_request(struct exchange *exchange)
{
    const char *rest;
    const struct ucprov_ca *ca = &exchange->publication->site->ca;
    uint64_t now = ucprov_clock_tick_ms();
    connection_touch(exchange->connection, now);
    if (!client_limits_request(exchange->worker->state->addresses, exchange->connection->address,
                               ca->limits.max_requests_per_second, now)) {
        metrics_add(&exchange->worker->metrics.failures[FAILURE_RATE], 1);
        set_header(exchange, "Retry-After", "1");
        if (++exchange->connection->refused >= REFUSED_MAX) {
            set_header(exchange, "Connection", "close");
        }
        answer_text(exchange, 429, "Too many requests (ca.max_requests_per_second).\n");
    } else if (publication_is_service(exchange->publication, exchange->path, &rest)) {
        answer_service(exchange, rest);
    } else {
        answer_other(exchange);
    }
}

/* The log */

static const char *
method_name(enum evhttp_cmd_type method)
{
    return method == EVHTTP_REQ_POST ? "POST" : method == EVHTTP_REQ_HEAD ? "HEAD" : "GET";
}

/* What a client sent, to stand between quotes. */
static void
quote_for_log(char *text, size_t size, const char *sent)
{
    ucprov_escape(text, size, sent, strlen(sent));
    for (char *quote = strchr(text, '"'); quote != NULL; quote = strchr(quote, '"')) {
        *quote = '\'';
    }
}

static void
log_request(const struct exchange *exchange, size_t length)
{
    char path[128], agent[96];
    const char *user_agent = request_header(exchange, "User-Agent");
    quote_for_log(path, sizeof(path), exchange->path);
    quote_for_log(agent, sizeof(agent), user_agent != NULL ? user_agent : "-");
    log_buffer_add(&exchange->worker->log, LOG_INFO, "%s: %s %d, %zu octets, %s, \"%s %s\" \"%s\"",
                   exchange->connection->address_text, request_kind_name(exchange->kind),
                   exchange->status, length, connection_protocol(exchange->connection),
                   method_name(exchange->method), path, agent);
}

/* What was served, where that is wanted; of what was not, the first. */
static bool
is_to_be_logged(const struct exchange *exchange)
{
    return exchange->publication->site->ca.log_requests &&
           (exchange->status < 400 ||
            log_limiter_admit(&exchange->worker->log_limiter, LOG_KIND_REQUEST,
                              exchange->connection->address, exchange->connection->since));
}

/* evhttp would send the body, and the client would take it for the next answer (RFC 9110 9.3.2). */
static void
leave_body_out(struct exchange *exchange, size_t length)
{
    char text[24];
    snprintf(text, sizeof(text), "%zu", length);
    set_header(exchange, "Content-Length", text);
    evbuffer_drain(exchange->body, length);
}

static void
send_answer(struct exchange *exchange)
{
    size_t length = evbuffer_get_length(exchange->body);
    metrics_add(
        &exchange->worker->metrics.requests[exchange->kind][request_status_of(exchange->status)],
        1);
    if (is_to_be_logged(exchange)) {
        log_request(exchange, length);
    }
    if (exchange->method == EVHTTP_REQ_HEAD && exchange->status != 304) {
        leave_body_out(exchange, length);
    }
    if (exchange->worker->stopping) {
        set_header(exchange, "Connection", "close");
    }
    set_header(exchange, "Date", exchange->worker->date); /* evhttp would write it anew */
    evhttp_send_reply(exchange->request, exchange->status, reason_of(exchange->status),
                      exchange->body);
    connection_flush(exchange->connection);
}

void
http_handle_request(struct evhttp_request *request, void *context)
{
    const struct endpoint *endpoint = context;
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
    const char *path = uri != NULL ? evhttp_uri_get_path(uri) : NULL;
    struct exchange exchange = {
        .worker = endpoint->worker,
        .publication = endpoint->worker->publication,
        .connection = connection_of(request),
        .request = request,
        .headers = evhttp_request_get_output_headers(request),
        .body = evhttp_request_get_output_buffer(request),
        .path = path != NULL && *path != '\0' ? path : "/",
        .method = evhttp_request_get_command(request),
        .kind = REQUEST_OTHER,
    };
    if (exchange.connection == NULL) {
        evhttp_send_error(request, 503, NULL);
        return;
    }
    answer_request(&exchange);
    send_answer(&exchange);
}
