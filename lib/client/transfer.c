/* SPDX-License-Identifier: MPL-2.0 */
/* Makes libcurl a phone's client: one connection to one address, with a profile's TLS in libcurl's
 * SSL_CTX, and the connection's end told as precisely as a phone's status depends on it. What is
 * said over the connection is http_client.c's. */
#include "client/transfer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h> /* the C library's tcp_info counts no octets */
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <threads.h>

#include "base/clock.h"
#include "certificate/phone_status.h"

/* Ends the transfer before the connection stands. Always false. */
static bool
fail_transfer(struct transfer *transfer, enum tls_outcome outcome, const char *error)
{
    static const unsigned phone_errors[] = {
        [TLS_REFUSED] = UCPROV_PHONE_CANNOT_CONNECT,
        [TLS_TIMEOUT] = UCPROV_PHONE_TIMEOUT,
        [TLS_FAILED] = UCPROV_PHONE_SECURE_CHANNEL,
        [TLS_NOT_STARTED] = 0,
    };
    struct tls_result *view = transfer->view;
    view->outcome = outcome;
    view->phone_error = phone_errors[outcome];
    snprintf(view->error, sizeof(view->error), "%s", error);
    return false;
}

/* What libcurl calls */

static int
keep_socket(void *context, curl_socket_t descriptor, curlsocktype purpose)
{
    struct transfer *transfer = context;
    (void)purpose;
    transfer->socket = descriptor;
    return CURL_SOCKOPT_OK;
}

/* Counts what has come, by the kernel's count: libcurl shows neither 1xx responses' octets nor
 * those around chunks and TLS records in one number. */
static bool
is_at_limit(struct transfer *transfer)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof(info);
    bool speaks = transfer->encrypted || transfer->profile == NULL;
    uint64_t octets_max = speaks ? transfer->octets_max : TRANSFER_HANDSHAKE_MAX;
    if (transfer->socket >= 0 &&
        getsockopt(transfer->socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
        info.tcpi_bytes_received > octets_max) {
        transfer->limit = CURLE_ABORTED_BY_CALLBACK;
    } else if (ucprov_clock_ms() > transfer->deadline) {
        transfer->limit = CURLE_OPERATION_TIMEDOUT;
    }
    return transfer->limit != CURLE_OK;
}

/* Now and then; nonzero ends the transfer. */
static int
watch_progress(void *context, curl_off_t download, curl_off_t downloaded, curl_off_t upload,
               curl_off_t uploaded)
{
    (void)download;
    (void)downloaded;
    (void)upload;
    (void)uploaded;
    return is_at_limit(context);
}

/* Before each read of OpenSSL's: it passes over HelloRequests within one call for as long as there
 * are any, and libcurl would look at no limit meanwhile. */
static long
watch_reads(BIO *bio, int operation, const char *octets, size_t size, int number, long argument,
            int result, size_t *processed)
{
    (void)octets;
    (void)size;
    (void)number;
    (void)argument;
    (void)processed;
    void *transfer = BIO_get_callback_arg(bio);
    return operation == BIO_CB_READ && is_at_limit(transfer) ? -1 : result;
}

/* At once, since libcurl closes the connection before it returns; also when the handshake fails
 * later. */
static void
keep_certificates(struct tls_result *view, const SSL *ssl)
{
    STACK_OF(X509) *sent = SSL_get_peer_cert_chain(ssl);
    if (view->sent == NULL && sent != NULL) {
        view->sent = X509_chain_up_ref(sent);
    }
}

/* TLS 1.3 has small handshakes after the first one, of which nothing is new. */
static void
watch_handshake(const SSL *ssl, int where, int value)
{
    struct transfer *transfer = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    struct tls_result *view = transfer->view;
    if (transfer->encrypted) {
        return;
    }
    if ((where & SSL_CB_HANDSHAKE_START) != 0) {
        transfer->handshaking = true;
        BIO_set_callback_ex(SSL_get_rbio(ssl), watch_reads);
        BIO_set_callback_arg(SSL_get_rbio(ssl), (char *)transfer);
    } else if ((where & SSL_CB_HANDSHAKE_DONE) != 0) {
        transfer->encrypted = true;
        view->version = SSL_version(ssl);
        snprintf(view->cipher, sizeof(view->cipher), "%s", SSL_get_cipher_name(ssl));
        keep_certificates(view, ssl);
    } else if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && value >> 8 == SSL3_AL_FATAL) {
        transfer->alert = value;
    } else if ((where & SSL_CB_EXIT) != 0) {
        keep_certificates(view, ssl);
        transfer->reason = ERR_reason_error_string(ERR_peek_error()); /* the oldest is the cause */
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

/* Makes libcurl's SSL_CTX the profile's, after libcurl has set all that it likes. */
static CURLcode
prepare_tls(CURL *handle, void *ssl_context, void *argument)
{
    SSL_CTX *context = ssl_context;
    struct transfer *transfer = argument;
    const struct tls_profile *profile = transfer->profile;
    (void)handle;
    SSL_CTX_set_app_data(context, transfer);
    SSL_CTX_set_info_callback(context, watch_handshake);
    SSL_CTX_set_cert_verify_callback(context, accept_any, NULL);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    /* Servers of the phones' days may lack RFC 5746, and the phones do not mind; and many close
     * without close_notify: that all came is told by lengths. */
    SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_TICKET |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    bool fine = SSL_CTX_set_cipher_list(context, profile->ciphers) &&
                SSL_CTX_set_min_proto_version(context, profile->min_version) &&
                SSL_CTX_set_max_proto_version(context, profile->max_version);
    return fine ? CURLE_OK : CURLE_ABORTED_BY_CALLBACK;
}

/* Setting up */

static once_flag initialized = ONCE_FLAG_INIT;

/* In whatever thread comes first; what it allocates is the process's. */
static void
initialize(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* libcurl sends a URL's host as SNI unless it is an address. So phones' URLs have the address, and
 * where a name is to be sent, CURLOPT_CONNECT_TO has it. */
static bool
set_address(struct transfer *transfer, const struct sockaddr_in *server)
{
    char host[INET_ADDRSTRLEN], port[sizeof("65535")], address[sizeof(host) + sizeof(":::")];
    const struct tls_profile *profile = transfer->profile;
    bool named = profile != NULL && profile->server_name != NULL;
    inet_ntop(AF_INET, &server->sin_addr, host, sizeof(host));
    snprintf(port, sizeof(port), "%u", ntohs(server->sin_port));
    snprintf(address, sizeof(address), "::%s:", host); /* any host, any port: there, port kept */
    transfer->url = curl_url();
    transfer->address = curl_slist_append(NULL, address);
    const char *scheme = profile == NULL ? "http" : "https";
    return transfer->url != NULL && transfer->address != NULL &&
           curl_url_set(transfer->url, CURLUPART_SCHEME, scheme, 0) == CURLUE_OK &&
           curl_url_set(transfer->url, CURLUPART_HOST, named ? profile->server_name : host, 0) ==
               CURLUE_OK &&
           curl_url_set(transfer->url, CURLUPART_PORT, port, 0) == CURLUE_OK &&
           curl_easy_setopt(transfer->handle, CURLOPT_CURLU, transfer->url) == CURLE_OK &&
           curl_easy_setopt(transfer->handle, CURLOPT_CONNECT_TO, transfer->address) == CURLE_OK;
}

/* libcurl follows no redirects, reads no .netrc, keeps no cookies and takes no HTTP/0.9 unless told
 * to. */
static bool
set_numbers(CURL *handle)
{
    static const struct {
        CURLoption option;
        long value;
    } settings[] = {
        {CURLOPT_NOSIGNAL, 1}, /* signals are the program's */
        {CURLOPT_NOPROGRESS, 0},
        {CURLOPT_FORBID_REUSE, 1},
        {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
        {CURLOPT_SSL_ENABLE_ALPN, 0}, /* phones send none */
        {CURLOPT_SSL_SESSIONID_CACHE, 0},
        {CURLOPT_SSL_VERIFYPEER, 0}, /* certificates are judged by what phones know */
        {CURLOPT_SSL_VERIFYHOST, 0},
    };
    bool fine = true;
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        fine = fine && curl_easy_setopt(handle, settings[i].option, settings[i].value) == CURLE_OK;
    }
    return fine;
}

static bool
set_texts(CURL *handle)
{
    return curl_easy_setopt(handle, CURLOPT_PROXY, "") == CURLE_OK && /* nor the environment's */
           curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_CAINFO, NULL) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_CAPATH, NULL) == CURLE_OK;
}

static bool
set_callbacks(CURL *handle, struct transfer *transfer)
{
    return curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, keep_socket) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_SOCKOPTDATA, transfer) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, watch_progress) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_XFERINFODATA, transfer) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, prepare_tls) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_SSL_CTX_DATA, transfer) == CURLE_OK;
}

bool
transfer_open(struct transfer *transfer, struct tls_result *view, const struct sockaddr_in *server,
              const struct tls_profile *profile, int timeout, uint64_t octets_max)
{
    call_once(&initialized, initialize);
    *view = (struct tls_result){.outcome = TLS_NOT_STARTED};
    *transfer = (struct transfer){.handle = curl_easy_init(),
                                  .view = view,
                                  .profile = profile,
                                  .deadline = ucprov_clock_ms() + timeout,
                                  .octets_max = octets_max,
                                  .socket = -1};
    CURL *handle = transfer->handle;
    return (handle != NULL && set_address(transfer, server) && set_numbers(handle) &&
            set_texts(handle) && set_callbacks(handle, transfer) &&
            curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)timeout) == CURLE_OK) ||
           fail_transfer(transfer, TLS_NOT_STARTED,
                         "out of memory, or a name that no server can have");
}

/* How it ended */

/* Why the handshake failed: what the server said, or else OpenSSL. */
static bool
fail_handshake(struct transfer *transfer)
{
    char text[sizeof(transfer->view->error)];
    if (transfer->limit != CURLE_OK) {
        return fail_transfer(transfer, TLS_FAILED,
                             "the server's handshake does not come to an end");
    }
    if (transfer->alert != 0) {
        snprintf(text, sizeof(text), "the server ended the handshake: %s",
                 SSL_alert_desc_string_long(transfer->alert));
        return fail_transfer(transfer, TLS_FAILED, text);
    }
    return fail_transfer(transfer, TLS_FAILED,
                         transfer->reason != NULL
                             ? transfer->reason
                             : "the server closed the connection during the handshake");
}

static bool
fail_connection(struct transfer *transfer, CURLcode code)
{
    long error = 0;
    char text[sizeof(transfer->view->error)];
    curl_easy_getinfo(transfer->handle, CURLINFO_OS_ERRNO, &error);
    if (transfer->socket < 0 || code != CURLE_COULDNT_CONNECT) {
        return fail_transfer(
            transfer, TLS_NOT_STARTED,
            "out of memory or descriptors, or OpenSSL lacks a protocol version or cipher "
            "suite");
    }
    snprintf(text, sizeof(text), "no connection: %s",
             error != 0 ? strerror((int)error) : "refused, or out of reach");
    return fail_transfer(transfer, TLS_REFUSED, text);
}

/* By TCP. TLS begins at once, and libcurl may not say how long connecting took before it is done.
 */
static bool
is_connected(const struct transfer *transfer)
{
    curl_off_t microseconds = 0;
    curl_easy_getinfo(transfer->handle, CURLINFO_CONNECT_TIME_T, &microseconds);
    return transfer->profile != NULL ? transfer->handshaking : microseconds > 0;
}

bool
transfer_run(struct transfer *transfer, CURLcode *code)
{
    *code = curl_easy_perform(transfer->handle);
    ERR_clear_error();
    *code = transfer->limit != CURLE_OK ? transfer->limit : *code;
    bool connected = is_connected(transfer);
    if (transfer->encrypted || (transfer->profile == NULL && connected)) {
        transfer->view->outcome = TLS_FINE;
        return true;
    }
    if (*code == CURLE_OPERATION_TIMEDOUT) {
        return fail_transfer(transfer, TLS_TIMEOUT,
                             connected ? "the handshake was not done in time"
                                       : "no connection in time");
    }
    return connected ? fail_handshake(transfer) : fail_connection(transfer, *code);
}

void
transfer_close(struct transfer *transfer)
{
    curl_easy_cleanup(transfer->handle);
    curl_url_cleanup(transfer->url);
    curl_slist_free_all(transfer->address);
}
