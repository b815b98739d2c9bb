/* SPDX-License-Identifier: MPL-2.0 */
/* Against servers made in the test: how far a request came, in every way that it can end. */
#include "unit.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/http_client.h"

#define BODY_MAX    1000
#define TIMEOUT     1000 /* milliseconds; only what should time out takes as long */
#define REQUEST_MAX 4096
#define HEADERS_MAX (64 << 10)
#define LARGE       (8 << 20) /* more than sockets hold */

/* A server that serves one connection: reads a request up to its end, sends an answer, and closes,
 * or stays silent for as long as the client does. */
struct server {
    const char *answer; /* NULL: none */
    bool closes_at_once;
    bool hangs_up; /* after the handshake */
    SSL_CTX *tls;  /* NULL: plain */
    int listener;
    char request[REQUEST_MAX];
    pthread_t thread;
};

static struct http_answer answer;

static void
serve_plain(struct server *server, int connection)
{
    size_t length = 0;
    ssize_t count;
    while (strstr(server->request, "?!") == NULL && length < REQUEST_MAX - 1 &&
           (count = recv(connection, server->request + length, REQUEST_MAX - 1 - length, 0)) > 0) {
        length += (size_t)count;
    }
    if (server->answer != NULL) {
        send(connection, server->answer, strlen(server->answer), MSG_NOSIGNAL);
    }
}

static void
serve_tls(struct server *server, int connection)
{
    SSL *ssl = SSL_new(server->tls);
    SSL_set_fd(ssl, connection);
    int length = 0, count;
    if (SSL_accept(ssl) == 1 && !server->hangs_up) {
        while (strstr(server->request, "?!") == NULL &&
               (count = SSL_read(ssl, server->request + length, REQUEST_MAX - 1 - length)) > 0) {
            length += count;
        }
        if (server->answer != NULL) {
            SSL_write(ssl, server->answer, (int)strlen(server->answer));
            SSL_shutdown(ssl);
        }
    }
    SSL_free(ssl);
}

static void *
serve(void *context)
{
    struct server *server = context;
    int connection = accept(server->listener, NULL, NULL);
    if (connection >= 0 && !server->closes_at_once) {
        if (server->tls != NULL) {
            serve_tls(server, connection);
        } else {
            serve_plain(server, connection);
        }
        char octet;
        while (server->answer == NULL && !server->hangs_up && recv(connection, &octet, 1, 0) > 0) {
        }
    }
    close(connection);
    return NULL;
}

static struct sockaddr_in
listen_somewhere(struct server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof(address);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &size), 0);
    return address;
}

/* Every request ends in "?!". */
static struct http_request
request_to(struct sockaddr_in address)
{
    return (struct http_request){.server = address,
                                 .host = "pool01.contoso.com",
                                 .target = "/a?b",
                                 .content_type = "text/xml",
                                 .soap_action = "urn:x",
                                 .body = "hello?!",
                                 .timeout = TIMEOUT,
                                 .body_max = BODY_MAX};
}

static void
fetch_from(struct server *server, const struct tls_profile *profile)
{
    struct http_request request = request_to(listen_somewhere(server));
    request.tls = profile;
    assert_int_equal(listen(server->listener, 1), 0);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
    http_fetch(&answer, &request);
    pthread_join(server->thread, NULL);
    close(server->listener);
}

static void
assert_failed(enum tls_outcome outcome, unsigned phone_error, const char *why)
{
    print_message("    %s\n", answer.error);
    assert_int_equal(answer.outcome, outcome);
    assert_int_equal(answer.phone_error, phone_error);
    assert_non_null(strstr(answer.error, why));
    assert_int_equal(answer.status, 0);
    assert_null(answer.body);
    http_answer_clear(&answer);
}

static void
asks_and_reads(void **state)
{
    (void)state;
    struct server server = {.answer = "HTTP/1.1 200 OK\r\nContent-Type: text/\x1b[31mxml\r\n"
                                      "Content-Length: 5\r\n\r\nworld"};
    fetch_from(&server, NULL);
    assert_int_equal(answer.outcome, TLS_FINE);
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.body_length, 5);
    assert_string_equal(answer.body, "world");
    assert_string_equal(answer.content_type, "text/\\x1b[31mxml");
    assert_string_equal(answer.error, "");
    assert_int_equal(answer.phone_error, 0);
    http_answer_clear(&answer);
    assert_ptr_equal(strstr(server.request, "POST /a?b HTTP/1.1\r\n"), server.request);
    assert_non_null(strstr(server.request, "\r\nHost: pool01.contoso.com\r\n"));
    assert_non_null(strstr(server.request, "\r\nSOAPAction: \"urn:x\"\r\n"));
    assert_non_null(strstr(server.request, "\r\nContent-Type: text/xml\r\n"));
    assert_non_null(strstr(server.request, "\r\nContent-Length: 7\r\n"));
    assert_string_equal(strstr(server.request, "\r\n\r\n"), "\r\n\r\nhello?!");
}

static void
follows_no_redirect(void **state)
{
    (void)state;
    struct server server = {.answer = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
                                      "Content-Length: 0\r\n\r\n"};
    fetch_from(&server, NULL);
    assert_int_equal(answer.outcome, TLS_FINE);
    assert_int_equal(answer.status, 302);
    assert_string_equal(answer.body, "");
    http_answer_clear(&answer);
}

/* With a length, in chunks, and to the end of the connection. */
static void
bounds_the_body(void **state)
{
    (void)state;
    static char body[BODY_MAX + 2], text[BODY_MAX + 256];
    for (size_t length = BODY_MAX - 1; length <= BODY_MAX + 1; length++) {
        memset(body, 'x', length);
        body[length] = '\0';
        for (int kind = 0; kind < 3; kind++) {
            if (kind == 0) {
                print_to(text, sizeof(text), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
                         length, body);
            } else if (kind == 1) {
                print_to(text, sizeof(text),
                         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "1\r\nx\r\n%zx\r\n%s\r\n0\r\n\r\n",
                         length - 1, body + 1);
            } else {
                print_to(text, sizeof(text), "HTTP/1.1 200 OK\r\n\r\n%s", body);
            }
            struct server server = {.answer = text};
            fetch_from(&server, NULL);
            if (length > BODY_MAX) {
                assert_failed(TLS_FAILED, 0, "longer");
                continue;
            }
            assert_int_equal(answer.outcome, TLS_FINE);
            assert_int_equal(answer.body_length, length);
            assert_string_equal(answer.body, body);
            http_answer_clear(&answer);
        }
    }
}

static void
tells_what_failed(void **state)
{
    (void)state;
    struct server rubbish = {.answer = "SSH-2.0-OpenSSH_9.2\r\n\r\n"};
    fetch_from(&rubbish, NULL);
    assert_failed(TLS_FAILED, 0, "not HTTP");
    struct server cut = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"};
    fetch_from(&cut, NULL);
    assert_failed(TLS_FAILED, 0, "without a whole answer");
    struct server closing = {.closes_at_once = true};
    fetch_from(&closing, NULL);
    assert_failed(TLS_FAILED, 0, "without a whole answer");
    struct server silent = {.answer = NULL};
    fetch_from(&silent, NULL);
    assert_failed(TLS_TIMEOUT, 0x2EE2, "no answer in time");
    struct server refusing = {.answer = NULL};
    struct http_request request = request_to(listen_somewhere(&refusing)); /* does not listen */
    http_fetch(&answer, &request);
    assert_failed(TLS_REFUSED, 0x2EFD, "refused");
    request.tls = &tls_profile_modern;
    http_fetch(&answer, &request);
    assert_int_equal(answer.tls.outcome, TLS_REFUSED);
    assert_failed(TLS_REFUSED, 0x2EFD, "refused");
    close(refusing.listener);
}

/* 1xx are no answers (RFC 9110 section 15.2), and a response is whole with its empty line. */
static void
takes_no_part_for_the_whole(void **state)
{
    (void)state;
    static const char *const cut[] = {
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n",
    };
    for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++) {
        struct server server = {.answer = cut[i]};
        fetch_from(&server, NULL);
        assert_failed(TLS_FAILED, 0, "without a whole answer");
    }
    struct server whole = {.answer =
                               "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nX: y\r\n\r\n"
                               "HTTP/1.1 204 No Content\r\n\r\n"};
    fetch_from(&whole, NULL);
    assert_int_equal(answer.outcome, TLS_FINE);
    assert_int_equal(answer.status, 204);
    assert_string_equal(answer.body, "");
    http_answer_clear(&answer);
    struct server no_chunk = {.answer =
                                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"};
    fetch_from(&no_chunk, NULL);
    assert_failed(TLS_FAILED, 0, "not HTTP");
}

/* Of all responses together, the interim ones included. */
static void
bounds_the_headers(void **state)
{
    (void)state;
    static char value[HEADERS_MAX + 2], text[HEADERS_MAX + 256];
    static const char *const frames[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: %s\r\n\r\n",
        "HTTP/1.1 102 Processing\r\nX: %s\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
        size_t around = strlen(frames[i]) - strlen("%s");
        for (size_t length = HEADERS_MAX - 1; length <= HEADERS_MAX + 1; length++) {
            memset(value, 'y', length - around);
            value[length - around] = '\0';
            print_to(text, sizeof(text), frames[i], value);
            struct server server = {.answer = text};
            fetch_from(&server, NULL);
            if (length > HEADERS_MAX) {
                assert_failed(TLS_FAILED, 0, "too many headers");
                continue;
            }
            assert_int_equal(answer.outcome, TLS_FINE);
            assert_int_equal(answer.status, 200);
            http_answer_clear(&answer);
        }
    }
}

static void
refuses_requests_that_would_be_two(void **state)
{
    (void)state;
    struct server server = {.answer = NULL};
    struct http_request request = request_to(listen_somewhere(&server));
    request.target = "/a HTTP/1.1\r\nX: y";
    http_fetch(&answer, &request);
    assert_failed(TLS_NOT_STARTED, 0, "cannot be made");
    request.target = "/";
    request.host = "x\r\nX: y";
    http_fetch(&answer, &request);
    assert_failed(TLS_NOT_STARTED, 0, "cannot be made");
    request.host = "x";
    request.target = "";
    http_fetch(&answer, &request);
    assert_failed(TLS_NOT_STARTED, 0, "cannot be made");
    close(server.listener);
}

static SSL_CTX *
make_tls(int version)
{
    EVP_PKEY *key = EVP_RSA_gen(2048);
    X509 *certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               (const unsigned char *)"test", -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    X509_set_pubkey(certificate, key);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    assert_int_equal(SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0"), 1);
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    assert_int_equal(SSL_CTX_use_certificate(context, certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(context, key), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}

static void
sees_the_handshake(void **state)
{
    (void)state;
    static const int versions[] = {TLS1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION};
    for (size_t i = 0; i < 3; i++) {
        struct server server = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                                .tls = make_tls(versions[i])};
        fetch_from(&server, versions[i] == TLS1_VERSION ? &tls_profile_phone : &tls_profile_modern);
        print_message("    %s, %s\n", tls_version_text(answer.tls.version), answer.tls.cipher);
        assert_int_equal(answer.outcome, TLS_FINE);
        assert_string_equal(answer.body, "ok");
        assert_int_equal(answer.tls.outcome, TLS_FINE);
        assert_int_equal(answer.tls.version, versions[i]);
        assert_true(answer.tls.cipher[0] != '\0');
        assert_int_equal(sk_X509_num(answer.tls.sent), 1);
        http_answer_clear(&answer);
        SSL_CTX_free(server.tls);
    }
}

/* A body without a length ends with the connection; whether close_notify came first or not. */
static void
reads_to_the_end_of_the_connection(void **state)
{
    (void)state;
    static const int versions[] = {TLS1_VERSION, TLS1_3_VERSION};
    for (size_t i = 0; i < 4; i++) {
        struct server server = {.answer = "HTTP/1.1 200 OK\r\n\r\nok",
                                .tls = make_tls(versions[i / 2])};
        SSL_CTX_set_quiet_shutdown(server.tls, i % 2 == 0);
        fetch_from(&server, i < 2 ? &tls_profile_phone : &tls_profile_modern);
        assert_int_equal(answer.outcome, TLS_FINE);
        assert_string_equal(answer.body, "ok");
        http_answer_clear(&answer);
        SSL_CTX_free(server.tls);
    }
}

/* What was seen is kept when HTTP fails after it. */
static void
keeps_the_view_of_a_server_without_http(void **state)
{
    (void)state;
    struct server server = {.answer = "rubbish\r\n\r\n", .tls = make_tls(TLS1_3_VERSION)};
    fetch_from(&server, &tls_profile_modern);
    assert_int_equal(answer.tls.outcome, TLS_FINE);
    assert_int_equal(sk_X509_num(answer.tls.sent), 1);
    assert_failed(TLS_FAILED, 0, "not HTTP");
    SSL_CTX_free(server.tls);
}

static void
tells_how_a_handshake_failed(void **state)
{
    (void)state;
    struct server modern = {.answer = "x", .tls = make_tls(TLS1_3_VERSION)};
    fetch_from(&modern, &tls_profile_phone);
    assert_int_equal(answer.tls.outcome, TLS_FAILED);
    assert_int_equal(answer.tls.phone_error, 0x2F7D);
    assert_string_equal(answer.tls.error, answer.error);
    assert_failed(TLS_FAILED, 0x2F7D, "protocol version");
    SSL_CTX_free(modern.tls);
    struct server closing = {.closes_at_once = true};
    fetch_from(&closing, &tls_profile_modern);
    assert_failed(TLS_FAILED, 0x2F7D, "");
    struct server silent = {.answer = NULL};
    fetch_from(&silent, &tls_profile_modern);
    assert_int_equal(answer.tls.outcome, TLS_TIMEOUT);
    assert_failed(TLS_TIMEOUT, 0x2EE2, "handshake");
}

/* Writing to a closed connection kills nobody; the program's signals are as they were, and none is
 * left over. */
static void
leaves_signals_alone(void **state)
{
    (void)state;
    char *body = calloc(1, LARGE);
    assert_non_null(body);
    memset(body, 'x', LARGE - 1);
    for (int i = 0; i < 2; i++) {
        struct server server = {.closes_at_once = i == 0, .hangs_up = true};
        server.tls = i == 0 ? NULL : make_tls(TLS1_2_VERSION);
        struct http_request request = request_to(listen_somewhere(&server));
        request.tls = i == 0 ? NULL : &tls_profile_modern;
        request.body = body;
        assert_int_equal(listen(server.listener, 1), 0);
        assert_int_equal(pthread_create(&server.thread, NULL, serve, &server), 0);
        http_fetch(&answer, &request);
        assert_failed(TLS_FAILED, 0, "");
        pthread_join(server.thread, NULL);
        close(server.listener);
        SSL_CTX_free(server.tls);
    }
    free(body);
    sigset_t set;
    pthread_sigmask(SIG_SETMASK, NULL, &set);
    assert_int_equal(sigismember(&set, SIGPIPE), 0);
    sigpending(&set);
    assert_int_equal(sigismember(&set, SIGPIPE), 0);
    struct sigaction action;
    sigaction(SIGPIPE, NULL, &action);
    assert_true(action.sa_handler == SIG_DFL);
}

/* However few descriptors there are, it is not the server who refused. */
static void
blames_no_server_without_descriptors(void **state)
{
    (void)state;
    struct server server = {.answer = NULL};
    struct http_request request = request_to(listen_somewhere(&server)); /* does not listen */
    struct rlimit before, few;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    int lowest = dup(server.listener);
    close(lowest);
    enum tls_outcome first = TLS_FINE;
    for (int more = 0; more < 8; more++) {
        few = (struct rlimit){(rlim_t)(lowest + more), before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
        http_fetch(&answer, &request);
        setrlimit(RLIMIT_NOFILE, &before);
        first = more == 0 ? answer.outcome : first;
        if (answer.outcome == TLS_NOT_STARTED) {
            assert_failed(TLS_NOT_STARTED, 0, "descriptors");
        } else {
            assert_failed(TLS_REFUSED, 0x2EFD, "Connection refused");
        }
    }
    assert_int_equal(first, TLS_NOT_STARTED);
    close(server.listener);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_and_reads),
        cmocka_unit_test(follows_no_redirect),
        cmocka_unit_test(bounds_the_body),
        cmocka_unit_test(bounds_the_headers),
        cmocka_unit_test(tells_what_failed),
        cmocka_unit_test(takes_no_part_for_the_whole),
        cmocka_unit_test(refuses_requests_that_would_be_two),
        cmocka_unit_test(sees_the_handshake),
        cmocka_unit_test(reads_to_the_end_of_the_connection),
        cmocka_unit_test(keeps_the_view_of_a_server_without_http),
        cmocka_unit_test(tells_how_a_handshake_failed),
        cmocka_unit_test(leaves_signals_alone),
        cmocka_unit_test(blames_no_server_without_descriptors),
    };
    return cmocka_run_group_tests_name("HTTP client", tests, NULL, NULL);
}
