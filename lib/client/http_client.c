/* SPDX-License-Identifier: MPL-2.0 */
/* Makes one request and tells precisely how far it came: no connection, no handshake, no answer, or
 * an answer that is no HTTP. That distinction is what a phone's status depends on. No redirects, no
 * proxies, no reuse: phones do none of it here. */
#include "client/http_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <openssl/err.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/printable.h"
#include "certificate/phone_status.h"

#define HEADERS_MAX (64 << 10) /* octets; more than any server sends */

/* A request on its way. */
struct fetch {
    const struct http_request *request;
    struct http_answer *answer;
    struct event_base *base;
    struct event *deadline;
    struct evhttp_connection *connection;
    struct bufferevent *stream; /* the connection's, once it has it */
    SSL *ssl;                   /* ours and the stream's; NULL: plain HTTP */
    bool connected;             /* TCP is */
    bool encrypted;             /* the handshake has succeeded */
    bool ended;                 /* the answer says how */
    int alert;                  /* that the server sent; 0: none */
    int socket_error;           /* why there is no TCP connection; 0: not known */
    enum evhttp_request_error failure;
    bool failed; /* `failure` says how */
};

/* Notes how it ended, once. */
__attribute__((format(printf, 4, 5))) static void
end(struct fetch *fetch, enum tls_outcome outcome, unsigned phone_error, const char *format, ...)
{
    if (fetch->ended) {
        return;
    }
    struct http_answer *answer = fetch->answer;
    char text[sizeof(answer->error)];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    ucprov_printable(answer->error, sizeof(answer->error), text, strlen(text));
    answer->outcome = outcome;
    answer->phone_error = phone_error;
    fetch->ended = true;
}

/* The same before the handshake has succeeded, so that the view says it, too. */
static void
end_before_http(struct fetch *fetch, enum tls_outcome outcome, const char *error)
{
    if (fetch->ended) {
        return;
    }
    end(fetch, outcome, tls_phone_error(outcome), "%s", error);
    if (fetch->ssl != NULL) {
        struct tls_result *view = &fetch->answer->tls;
        view->outcome = outcome;
        view->phone_error = tls_phone_error(outcome);
        memcpy(view->error, fetch->answer->error, sizeof(view->error));
    }
}

/* What happens to the connection. evhttp keeps its events for itself, so others tell: OpenSSL of
 * the handshake, and the output buffer, into which evhttp writes only once it is connected. */

static void
look_at_socket(struct fetch *fetch, int descriptor)
{
    struct sockaddr_storage peer;
    socklen_t size = sizeof(peer);
    if (getpeername(descriptor, (struct sockaddr *)&peer, &size) == 0) {
        fetch->connected = true;
        return;
    }
    int error = 0;
    size = sizeof(error);
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error != 0) {
        fetch->socket_error = error;
    }
}

/* At once, since evhttp clears the SSL when it is done; also when the handshake fails later. */
static void
keep_certificates(struct tls_result *view, const SSL *ssl)
{
    STACK_OF(X509) *sent = SSL_get_peer_cert_chain(ssl);
    if (view->sent == NULL && sent != NULL) {
        view->sent = X509_chain_up_ref(sent);
    }
}

static void
keep_view(struct tls_result *view, const SSL *ssl)
{
    keep_certificates(view, ssl);
    view->outcome = TLS_FINE;
    view->version = SSL_version(ssl);
    snprintf(view->cipher, sizeof(view->cipher), "%s", SSL_get_cipher_name(ssl));
}

/* TLS 1.3 has small handshakes after the first one, of which nothing is new. */
static void
on_handshake(const SSL *ssl, int where, int value)
{
    struct fetch *fetch = SSL_get_app_data(ssl);
    if (fetch->encrypted) {
        return;
    }
    if ((where & SSL_CB_HANDSHAKE_START) != 0) {
        look_at_socket(fetch, SSL_get_fd(ssl));
    } else if ((where & SSL_CB_HANDSHAKE_DONE) != 0) {
        fetch->encrypted = true;
        keep_view(&fetch->answer->tls, ssl);
    } else if ((where & SSL_CB_EXIT) != 0) {
        keep_certificates(&fetch->answer->tls, ssl);
    } else if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT) {
        fetch->alert = value;
    }
}

static void
on_output(struct evbuffer *output, const struct evbuffer_cb_info *info, void *context)
{
    struct fetch *fetch = context;
    (void)output;
    fetch->connected = fetch->connected || info->n_added > 0;
}

static void
on_deadline(evutil_socket_t descriptor, short events, void *context)
{
    struct fetch *fetch = context;
    (void)descriptor;
    (void)events;
    const char *what = fetch->encrypted || (fetch->connected && fetch->ssl == NULL)
                           ? "no answer in time"
                       : fetch->connected ? "the handshake was not done in time"
                                          : "no connection in time";
    if (fetch->encrypted) {
        end(fetch, TLS_TIMEOUT, UCPROV_PHONE_TIMEOUT, "%s", what);
    } else {
        end_before_http(fetch, TLS_TIMEOUT, what);
    }
    event_base_loopbreak(fetch->base);
}

static void
on_failure(enum evhttp_request_error failure, void *context)
{
    struct fetch *fetch = context;
    fetch->failed = true;
    fetch->failure = failure;
}

/* Why the handshake failed: what the server said, or else OpenSSL. */
static void
end_handshake(struct fetch *fetch)
{
    unsigned long error = bufferevent_get_openssl_error(fetch->stream);
    const char *reason = error == 0 ? NULL : ERR_reason_error_string(error);
    char text[sizeof(fetch->answer->error)];
    if (fetch->alert != 0) {
        snprintf(text, sizeof(text), "the server ended the handshake: %s",
                 SSL_alert_desc_string_long(fetch->alert));
    } else if (reason != NULL) {
        snprintf(text, sizeof(text), "%s", reason);
    } else {
        snprintf(text, sizeof(text), "the server closed the connection during the handshake");
    }
    end_before_http(fetch, TLS_FAILED, text);
}

/* No answer came: tells why. `error` is the errno of the moment. */
static void
end_without_answer(struct fetch *fetch, int error)
{
    if (!fetch->connected) {
        error = fetch->socket_error != 0 ? fetch->socket_error : error;
        end_before_http(fetch, error == ETIMEDOUT ? TLS_TIMEOUT : TLS_REFUSED,
                        error == ECONNREFUSED || error == ENETUNREACH || error == EHOSTUNREACH ||
                                error == ETIMEDOUT
                            ? strerror(error)
                            : "no connection: refused, or out of reach");
    } else if (fetch->ssl != NULL && !fetch->encrypted) {
        end_handshake(fetch);
    } else if (fetch->failed && fetch->failure == EVREQ_HTTP_DATA_TOO_LONG) {
        end(fetch, TLS_FAILED, 0, "the answer is longer than %zu octets, or has too many headers",
            fetch->request->body_max);
    } else if (fetch->failed && fetch->failure == EVREQ_HTTP_INVALID_HEADER) {
        end(fetch, TLS_FAILED, 0, "what was answered is not HTTP");
    } else {
        end(fetch, TLS_FAILED, 0, "the server closed the connection without a whole answer");
    }
}

static void
take_answer(struct fetch *fetch, struct evhttp_request *reply)
{
    struct http_answer *answer = fetch->answer;
    struct evbuffer *body = evhttp_request_get_input_buffer(reply);
    size_t length = evbuffer_get_length(body);
    if (length > fetch->request->body_max) { /* evhttp has its own idea of what is too long */
        fetch->failed = true;
        fetch->failure = EVREQ_HTTP_DATA_TOO_LONG;
        end_without_answer(fetch, 0);
        return;
    }
    answer->body = malloc(length + 1);
    if (answer->body == NULL) {
        end(fetch, TLS_NOT_STARTED, 0, "out of memory");
        return;
    }
    evbuffer_remove(body, answer->body, length);
    answer->body[length] = '\0';
    answer->body_length = length;
    answer->status = evhttp_request_get_response_code(reply);
    const char *type = evhttp_find_header(evhttp_request_get_input_headers(reply), "Content-Type");
    if (type != NULL) {
        ucprov_printable(answer->content_type, sizeof(answer->content_type), type, strlen(type));
    }
    end(fetch, TLS_FINE, 0, "%s", "");
}

static void
on_answer(struct evhttp_request *reply, void *context)
{
    struct fetch *fetch = context;
    int error = errno;
    if (reply != NULL && evhttp_request_get_response_code(reply) != 0) {
        take_answer(fetch, reply);
    } else {
        end_without_answer(fetch, error);
    }
    event_base_loopbreak(fetch->base);
}

/* Setting up */

static bool
make_ssl(struct fetch *fetch, const struct tls_profile *profile)
{
    SSL_CTX *context = tls_context_new(profile);
    fetch->ssl = context == NULL ? NULL : SSL_new(context);
    SSL_CTX_free(context); /* the SSL has its own reference */
    if (fetch->ssl == NULL) {
        return false;
    }
    /* Many a server closes without close_notify; evhttp knows by the length whether all came. */
    SSL_set_options(fetch->ssl, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_set_app_data(fetch->ssl, fetch);
    SSL_set_info_callback(fetch->ssl, on_handshake);
    return profile->server_name == NULL ||
           SSL_set_tlsext_host_name(fetch->ssl, profile->server_name) == 1;
}

static struct bufferevent *
make_stream(struct fetch *fetch)
{
    if (fetch->request->tls == NULL) {
        return bufferevent_socket_new(fetch->base, -1, BEV_OPT_CLOSE_ON_FREE);
    }
    if (!make_ssl(fetch, fetch->request->tls) || SSL_up_ref(fetch->ssl) == 0) {
        return NULL;
    }
    struct bufferevent *stream = bufferevent_openssl_socket_new(
        fetch->base, -1, fetch->ssl, BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE);
    if (stream == NULL) {
        SSL_free(fetch->ssl);
    } else {
        bufferevent_openssl_set_allow_dirty_shutdown(stream, 1);
    }
    return stream;
}

static bool
make_connection(struct fetch *fetch)
{
    const struct http_request *request = fetch->request;
    char address[INET_ADDRSTRLEN];
    if (inet_ntop(AF_INET, &request->server.sin_addr, address, sizeof(address)) == NULL) {
        return false;
    }
    fetch->stream = make_stream(fetch);
    if (fetch->stream == NULL) {
        return false;
    }
    fetch->connection = evhttp_connection_base_bufferevent_new(
        fetch->base, NULL, fetch->stream, address, ntohs(request->server.sin_port));
    if (fetch->connection == NULL) {
        bufferevent_free(fetch->stream);
        return false;
    }
    evhttp_connection_set_max_headers_size(fetch->connection, HEADERS_MAX);
    evhttp_connection_set_max_body_size(fetch->connection, (ev_ssize_t)request->body_max);
    evhttp_connection_set_timeout(fetch->connection,
                                  request->timeout / 1000 + 2); /* ours is first */
    return evbuffer_add_cb(bufferevent_get_output(fetch->stream), on_output, fetch) != NULL;
}

static bool
add_headers(struct evhttp_request *message, const struct http_request *request)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(message);
    bool fine = evhttp_add_header(headers, "Host", request->host) == 0 &&
                evhttp_add_header(headers, "Connection", "close") == 0;
    if (request->content_type != NULL) {
        fine = fine && evhttp_add_header(headers, "Content-Type", request->content_type) == 0;
    }
    if (request->soap_action != NULL) { /* SOAP 1.1 section 6.1.1: a URI in quotes */
        char *quoted;
        if (asprintf(&quoted, "\"%s\"", request->soap_action) < 0) {
            return false;
        }
        fine = fine && evhttp_add_header(headers, "SOAPAction", quoted) == 0;
        free(quoted);
    }
    struct evbuffer *body = evhttp_request_get_output_buffer(message);
    return fine && (request->body_length == 0 ||
                    evbuffer_add(body, request->body, request->body_length) == 0);
}

/* evhttp puts the target into the request line as it is. */
static bool
is_target(const char *target)
{
    size_t length = strlen(target);
    for (size_t i = 0; i < length; i++) {
        if (target[i] <= ' ' || target[i] >= 0x7f) {
            return false;
        }
    }
    return length > 0;
}

static bool
send_request(struct fetch *fetch)
{
    const struct http_request *request = fetch->request;
    if (!is_target(request->target)) {
        return false;
    }
    struct evhttp_request *message = evhttp_request_new(on_answer, fetch);
    if (message == NULL) {
        return false;
    }
    evhttp_request_set_error_cb(message, on_failure);
    if (!add_headers(message, request)) {
        evhttp_request_free(message);
        return false;
    }
    enum evhttp_cmd_type method =
        strcmp(request->method, "POST") == 0 ? EVHTTP_REQ_POST : EVHTTP_REQ_GET;
    return evhttp_make_request(fetch->connection, message, method, request->target) == 0;
}

static bool
start_fetch(struct fetch *fetch)
{
    int timeout = fetch->request->timeout;
    struct timeval deadline = {timeout / 1000, timeout % 1000 * 1000};
    fetch->base = event_base_new();
    if (fetch->base == NULL) {
        return false;
    }
    fetch->deadline = evtimer_new(fetch->base, on_deadline, fetch);
    return fetch->deadline != NULL && evtimer_add(fetch->deadline, &deadline) == 0 &&
           make_connection(fetch) && send_request(fetch);
}

static void
clear(struct fetch *fetch)
{
    if (fetch->ssl != NULL) {
        SSL_set_info_callback(fetch->ssl, NULL);
    }
    if (fetch->connection != NULL) {
        evbuffer_remove_cb(bufferevent_get_output(fetch->stream), on_output, fetch);
        evhttp_connection_free(fetch->connection);
    }
    SSL_free(fetch->ssl);
    if (fetch->deadline != NULL) {
        event_free(fetch->deadline);
    }
    if (fetch->base != NULL) {
        event_base_free(fetch->base);
    }
    ERR_clear_error();
}

static void
fetch_blocked(struct http_answer *answer, const struct http_request *request)
{
    struct fetch fetch = {.request = request, .answer = answer};
    if (start_fetch(&fetch)) {
        event_base_dispatch(fetch.base);
    }
    end_before_http(&fetch, TLS_NOT_STARTED,
                    "out of memory, or the request cannot be made: a header or path with blanks "
                    "or line breaks");
    clear(&fetch);
}

/* libevent writes to sockets that may be closed. SIGPIPE is kept from this thread meanwhile: what
 * a program does with signals is its own business. */
void
http_fetch(struct http_answer *answer, const struct http_request *request)
{
    *answer = (struct http_answer){.outcome = TLS_NOT_STARTED};
    answer->tls.outcome = TLS_NOT_STARTED;
    sigset_t pipe, before, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    fetch_blocked(answer, request);
    static const struct timespec at_once = {0, 0};
    while (!was_pending && sigtimedwait(&pipe, NULL, &at_once) < 0 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void
http_answer_clear(struct http_answer *answer)
{
    free(answer->body);
    tls_view_clear(&answer->tls);
    *answer = (struct http_answer){.outcome = TLS_NOT_STARTED};
}
