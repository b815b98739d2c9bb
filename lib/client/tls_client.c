/* SPDX-License-Identifier: MPL-2.0 */
/* Shakes hands with a server as a phone or a modern client would and reports the version, the
 * cipher suite and the certificates that came, even when the handshake failed afterwards. Whether
 * they are any good is lib/certificate/'s question. */
#include "client/tls_client.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/printable.h"
#include "certificate/phone_status.h"

#define PIECE_SIZE 4096 /* octets moved at a time between socket and OpenSSL */

const struct tls_profile tls_profile_phone = {
    .min_version = TLS1_VERSION,
    .max_version = TLS1_VERSION,
    .ciphers = "AES128-SHA:AES256-SHA:DHE-RSA-AES128-SHA:DHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:"
               "ECDHE-RSA-AES256-SHA:@SECLEVEL=0",
};

const struct tls_profile tls_profile_modern = {
    .min_version = TLS1_2_VERSION,
    .max_version = TLS1_3_VERSION,
    .ciphers = "DEFAULT",
};

void
tls_view_clear(struct tls_result *view)
{
    ucprov_certificates_free(view->sent);
    *view = (struct tls_result){0};
}

const char *
tls_version_text(int version)
{
    switch (version) {
    case SSL3_VERSION:
        return "SSL 3.0";
    case TLS1_VERSION:
        return "TLS 1.0";
    case TLS1_1_VERSION:
        return "TLS 1.1";
    case TLS1_2_VERSION:
        return "TLS 1.2";
    case TLS1_3_VERSION:
        return "TLS 1.3";
    default:
        return "unknown version";
    }
}

/* Takes any certificate: the caller judges. */
static int
accept_any(X509_STORE_CTX *context, void *argument)
{
    (void)context;
    (void)argument;
    return 1;
}

SSL_CTX *
tls_context_new(const struct tls_profile *profile)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (context == NULL) {
        return NULL;
    }
    SSL_CTX_set_cert_verify_callback(context, accept_any, NULL);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    /* Servers of the phones' days may lack RFC 5746, and the phones do not mind. */
    SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_TICKET);
    if (!SSL_CTX_set_cipher_list(context, profile->ciphers) ||
        !SSL_CTX_set_min_proto_version(context, profile->min_version) ||
        !SSL_CTX_set_max_proto_version(context, profile->max_version)) {
        SSL_CTX_free(context);
        context = NULL;
    }
    ERR_clear_error();
    return context;
}

/* A connection on its way. OpenSSL reads and writes memory; we move it to and from the socket, so
 * that nothing blocks, and a closed connection raises no SIGPIPE. */
struct tls_exchange {
    struct tls_result *view;
    int64_t deadline; /* milliseconds of the monotonic clock */
    int socket;       /* -1: none */
    SSL *ssl;
    BIO *in;  /* from the server; the SSL's */
    BIO *out; /* to the server; the SSL's */
};

unsigned
tls_phone_error(enum tls_outcome outcome)
{
    switch (outcome) {
    case TLS_REFUSED:
        return UCPROV_PHONE_CANNOT_CONNECT;
    case TLS_TIMEOUT:
        return UCPROV_PHONE_TIMEOUT;
    case TLS_FAILED:
        return UCPROV_PHONE_SECURE_CHANNEL;
    default:
        return 0;
    }
}

/* Ends the exchange. Always false. */
static bool
end(struct tls_exchange *exchange, enum tls_outcome outcome, const char *error)
{
    struct tls_result *view = exchange->view;
    view->outcome = outcome;
    view->phone_error = tls_phone_error(outcome);
    ucprov_printable(view->error, sizeof(view->error), error, strlen(error));
    return false;
}

/* Waits for the socket until the deadline. */
static bool
wait_for(struct tls_exchange *exchange, short events)
{
    for (;;) {
        struct pollfd descriptor = {.fd = exchange->socket, .events = events};
        int64_t left = exchange->deadline - ucprov_clock_ms();
        int ready = left <= 0 ? 0 : poll(&descriptor, 1, (int)left);
        if (ready > 0) {
            return true;
        }
        if (ready == 0) {
            return end(exchange, TLS_TIMEOUT, "no answer in time");
        }
        if (errno != EINTR) {
            return end(exchange, TLS_NOT_STARTED, strerror(errno));
        }
    }
}

static bool
connect_socket(struct tls_exchange *exchange, const struct sockaddr_in *server)
{
    exchange->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (exchange->socket < 0) {
        return end(exchange, TLS_NOT_STARTED, strerror(errno));
    }
    if (connect(exchange->socket, (const struct sockaddr *)server, sizeof(*server)) == 0) {
        return true;
    }
    if (errno != EINPROGRESS) {
        return end(exchange, TLS_REFUSED, strerror(errno));
    }
    if (!wait_for(exchange, POLLOUT)) {
        return false;
    }
    int error = 0;
    socklen_t size = sizeof(error);
    getsockopt(exchange->socket, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
        return end(exchange, error == ETIMEDOUT ? TLS_TIMEOUT : TLS_REFUSED, strerror(error));
    }
    return true;
}

static bool
send_all(struct tls_exchange *exchange, const char *octets, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(exchange->socket, octets, length, MSG_NOSIGNAL);
        if (sent > 0) {
            octets += sent;
            length -= (size_t)sent;
        } else if (errno == EAGAIN) {
            if (!wait_for(exchange, POLLOUT)) {
                return false;
            }
        } else if (errno != EINTR) {
            return end(exchange, TLS_FAILED, strerror(errno));
        }
    }
    return true;
}

/* Sends what OpenSSL has written. */
static bool
flush(struct tls_exchange *exchange)
{
    char piece[PIECE_SIZE];
    int length;
    while ((length = BIO_read(exchange->out, piece, sizeof(piece))) > 0) {
        if (!send_all(exchange, piece, (size_t)length)) {
            return false;
        }
    }
    return true;
}

static bool
receive(struct tls_exchange *exchange)
{
    char piece[PIECE_SIZE];
    while (wait_for(exchange, POLLIN)) {
        ssize_t length = recv(exchange->socket, piece, sizeof(piece), 0);
        if (length > 0) {
            return BIO_write(exchange->in, piece, (int)length) == length ||
                   end(exchange, TLS_NOT_STARTED, "out of memory");
        }
        if (length == 0) {
            return end(exchange, TLS_FAILED,
                       "the server closed the connection during the handshake");
        }
        if (errno != EAGAIN && errno != EINTR) {
            return end(exchange, TLS_FAILED, strerror(errno));
        }
    }
    return false;
}

/* The handshake failed: says why, as OpenSSL sees it. The server may still be told. */
static bool
fail_exchange(struct tls_exchange *exchange)
{
    struct ucprov_problem problem;
    unsigned long error = ERR_peek_error(); /* the oldest is the cause */
    const char *reason = error == 0 ? NULL : ERR_reason_error_string(error);
    ucprov_problem_set(&problem, "%s", reason == NULL ? "the handshake failed" : reason);
    ERR_clear_error();
    flush(exchange);
    return end(exchange, TLS_FAILED, problem.text);
}

static bool
shake_hands(struct tls_exchange *exchange)
{
    for (;;) {
        ERR_clear_error();
        int done = SSL_do_handshake(exchange->ssl);
        int wish = done == 1 ? SSL_ERROR_NONE : SSL_get_error(exchange->ssl, done);
        if (wish != SSL_ERROR_NONE && wish != SSL_ERROR_WANT_READ && wish != SSL_ERROR_WANT_WRITE) {
            return fail_exchange(exchange);
        }
        if (!flush(exchange)) {
            return false;
        }
        if (wish == SSL_ERROR_NONE) {
            return true;
        }
        if (wish == SSL_ERROR_WANT_READ && !receive(exchange)) {
            return false;
        }
    }
}

static bool
make_ssl(struct tls_exchange *exchange, SSL_CTX *context, const struct tls_profile *profile)
{
    exchange->ssl = context == NULL ? NULL : SSL_new(context);
    exchange->in = BIO_new(BIO_s_mem());
    exchange->out = BIO_new(BIO_s_mem());
    if (exchange->ssl == NULL || exchange->in == NULL || exchange->out == NULL) {
        BIO_free(exchange->in);
        BIO_free(exchange->out);
        return end(exchange, TLS_NOT_STARTED,
                   "out of memory, or OpenSSL lacks a protocol version or cipher suite");
    }
    SSL_set_bio(exchange->ssl, exchange->in, exchange->out);
    SSL_set_connect_state(exchange->ssl);
    return profile->server_name == NULL ||
           SSL_set_tlsext_host_name(exchange->ssl, profile->server_name) == 1 ||
           end(exchange, TLS_NOT_STARTED, "out of memory, or a server name that is too long");
}

/* What the server sent, also when the handshake failed later. */
static void
keep_what_was_seen(struct tls_exchange *exchange, bool fine)
{
    struct tls_result *view = exchange->view;
    STACK_OF(X509) *sent = SSL_get_peer_cert_chain(exchange->ssl);
    view->sent = sent == NULL ? NULL : X509_chain_up_ref(sent);
    if (fine) {
        view->version = SSL_version(exchange->ssl);
        snprintf(view->cipher, sizeof(view->cipher), "%s", SSL_get_cipher_name(exchange->ssl));
    }
}

void
tls_probe(struct tls_result *view, const struct sockaddr_in *server,
          const struct tls_profile *profile, int timeout)
{
    struct tls_exchange exchange = {
        .view = view, .deadline = ucprov_clock_ms() + timeout, .socket = -1};
    *view = (struct tls_result){.outcome = TLS_FINE};
    SSL_CTX *context = tls_context_new(profile);
    if (make_ssl(&exchange, context, profile) && connect_socket(&exchange, server)) {
        bool fine = shake_hands(&exchange);
        keep_what_was_seen(&exchange, fine);
        if (fine) {
            SSL_shutdown(
                exchange.ssl); /* close_notify, to be polite; the answer is not waited for */
            flush(&exchange);
            view->outcome = TLS_FINE;
            view->phone_error = 0;
            view->error[0] = '\0';
        }
    }
    if (exchange.socket >= 0) {
        close(exchange.socket);
    }
    SSL_free(exchange.ssl);
    SSL_CTX_free(context);
    ERR_clear_error();
}
