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
tls_view_clear(struct tls_view *view)
{
    ucprov_certificates_free(view->sent);
    *view = (struct tls_view){0};
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
struct look {
    struct tls_view *view;
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

/* Ends the look. Always false. */
static bool
end(struct look *look, enum tls_outcome outcome, const char *error)
{
    struct tls_view *view = look->view;
    view->outcome = outcome;
    view->phone_error = tls_phone_error(outcome);
    ucprov_printable(view->error, sizeof view->error, error, strlen(error));
    return false;
}

/* Waits for the socket until the deadline. */
static bool
wait_for(struct look *look, short events)
{
    for (;;) {
        struct pollfd descriptor = {.fd = look->socket, .events = events};
        int64_t left = look->deadline - ucprov_clock_ms();
        int ready = left <= 0 ? 0 : poll(&descriptor, 1, (int)left);
        if (ready > 0) {
            return true;
        }
        if (ready == 0) {
            return end(look, TLS_TIMEOUT, "no answer in time");
        }
        if (errno != EINTR) {
            return end(look, TLS_NOT_STARTED, strerror(errno));
        }
    }
}

static bool
connect_socket(struct look *look, const struct sockaddr_in *server)
{
    look->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (look->socket < 0) {
        return end(look, TLS_NOT_STARTED, strerror(errno));
    }
    if (connect(look->socket, (const struct sockaddr *)server, sizeof *server) == 0) {
        return true;
    }
    if (errno != EINPROGRESS) {
        return end(look, TLS_REFUSED, strerror(errno));
    }
    if (!wait_for(look, POLLOUT)) {
        return false;
    }
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(look->socket, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
        return end(look, error == ETIMEDOUT ? TLS_TIMEOUT : TLS_REFUSED, strerror(error));
    }
    return true;
}

static bool
send_all(struct look *look, const char *octets, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(look->socket, octets, length, MSG_NOSIGNAL);
        if (sent > 0) {
            octets += sent;
            length -= (size_t)sent;
        } else if (errno == EAGAIN) {
            if (!wait_for(look, POLLOUT)) {
                return false;
            }
        } else if (errno != EINTR) {
            return end(look, TLS_FAILED, strerror(errno));
        }
    }
    return true;
}

/* Sends what OpenSSL has written. */
static bool
flush(struct look *look)
{
    char piece[PIECE_SIZE];
    int length;
    while ((length = BIO_read(look->out, piece, sizeof piece)) > 0) {
        if (!send_all(look, piece, (size_t)length)) {
            return false;
        }
    }
    return true;
}

static bool
receive(struct look *look)
{
    char piece[PIECE_SIZE];
    while (wait_for(look, POLLIN)) {
        ssize_t length = recv(look->socket, piece, sizeof piece, 0);
        if (length > 0) {
            return BIO_write(look->in, piece, (int)length) == length ||
                   end(look, TLS_NOT_STARTED, "out of memory");
        }
        if (length == 0) {
            return end(look, TLS_FAILED, "the server closed the connection during the handshake");
        }
        if (errno != EAGAIN && errno != EINTR) {
            return end(look, TLS_FAILED, strerror(errno));
        }
    }
    return false;
}

/* The handshake failed: says why, as OpenSSL sees it. The server may still be told. */
static bool
fail(struct look *look)
{
    struct ucprov_problem problem;
    unsigned long error = ERR_peek_error(); /* the oldest is the cause */
    const char *reason = error == 0 ? NULL : ERR_reason_error_string(error);
    ucprov_problem_set(&problem, "%s", reason == NULL ? "the handshake failed" : reason);
    ERR_clear_error();
    flush(look);
    return end(look, TLS_FAILED, problem.text);
}

static bool
shake_hands(struct look *look)
{
    for (;;) {
        ERR_clear_error();
        int done = SSL_do_handshake(look->ssl);
        int wish = done == 1 ? SSL_ERROR_NONE : SSL_get_error(look->ssl, done);
        if (wish != SSL_ERROR_NONE && wish != SSL_ERROR_WANT_READ && wish != SSL_ERROR_WANT_WRITE) {
            return fail(look);
        }
        if (!flush(look)) {
            return false;
        }
        if (wish == SSL_ERROR_NONE) {
            return true;
        }
        if (wish == SSL_ERROR_WANT_READ && !receive(look)) {
            return false;
        }
    }
}

static bool
make_ssl(struct look *look, SSL_CTX *context, const struct tls_profile *profile)
{
    look->ssl = context == NULL ? NULL : SSL_new(context);
    look->in = BIO_new(BIO_s_mem());
    look->out = BIO_new(BIO_s_mem());
    if (look->ssl == NULL || look->in == NULL || look->out == NULL) {
        BIO_free(look->in);
        BIO_free(look->out);
        return end(look, TLS_NOT_STARTED,
                   "out of memory, or OpenSSL lacks a protocol version or cipher suite");
    }
    SSL_set_bio(look->ssl, look->in, look->out);
    SSL_set_connect_state(look->ssl);
    return profile->server_name == NULL ||
           SSL_set_tlsext_host_name(look->ssl, profile->server_name) == 1 ||
           end(look, TLS_NOT_STARTED, "out of memory, or a server name that is too long");
}

/* What the server sent, also when the handshake failed later. */
static void
keep_what_was_seen(struct look *look, bool fine)
{
    struct tls_view *view = look->view;
    STACK_OF(X509) *sent = SSL_get_peer_cert_chain(look->ssl);
    view->sent = sent == NULL ? NULL : X509_chain_up_ref(sent);
    if (fine) {
        view->version = SSL_version(look->ssl);
        snprintf(view->cipher, sizeof view->cipher, "%s", SSL_get_cipher_name(look->ssl));
    }
}

void
tls_look(struct tls_view *view, const struct sockaddr_in *server, const struct tls_profile *profile,
         int timeout)
{
    struct look look = {.view = view, .deadline = ucprov_clock_ms() + timeout, .socket = -1};
    *view = (struct tls_view){.outcome = TLS_FINE};
    SSL_CTX *context = tls_context_new(profile);
    if (make_ssl(&look, context, profile) && connect_socket(&look, server)) {
        bool fine = shake_hands(&look);
        keep_what_was_seen(&look, fine);
        if (fine) {
            SSL_shutdown(look.ssl); /* close_notify, to be polite; the answer is not waited for */
            flush(&look);
            view->outcome = TLS_FINE;
            view->phone_error = 0;
            view->error[0] = '\0';
        }
    }
    if (look.socket >= 0) {
        close(look.socket);
    }
    SSL_free(look.ssl);
    SSL_CTX_free(context);
    ERR_clear_error();
}
