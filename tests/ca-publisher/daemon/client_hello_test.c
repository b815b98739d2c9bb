/* SPDX-License-Identifier: MPL-2.0 */
/* What is read from a ClientHello. They are written by hand, and OpenSSL hands them over. */
#include "unit.h"

#include "daemon/client_hello.h"

static SSL_CTX *server;

static int
on_client_hello(SSL *ssl, int *alert, void *context)
{
    (void)alert;
    (void)context;
    client_hello_read(SSL_get_app_data(ssl), ssl);
    return SSL_CLIENT_HELLO_SUCCESS;
}

static int
set_up(void **state)
{
    (void)state;
    server = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_client_hello_cb(server, on_client_hello, NULL);
    return server != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    SSL_CTX_free(server);
    return 0;
}

/* A message under construction. */
struct message {
    uint8_t octets[2048];
    size_t length;
};

static void
put(struct message *message, size_t size, size_t value)
{
    assert_in_range(message->length + size, 0, sizeof(message->octets));
    while (size-- > 0) {
        message->octets[message->length++] = (uint8_t)(value >> (8 * size));
    }
}

static void
put_octets(struct message *message, const void *octets, size_t length)
{
    assert_in_range(message->length + length, 0, sizeof(message->octets));
    memcpy(message->octets + message->length, octets, length);
    message->length += length;
}

/* A ClientHello (RFC 5246 7.4.1.2) in its record; no extensions when `extensions` is NULL. */
static struct message
hello_of(unsigned version, const uint16_t *suites, size_t count, const struct message *extensions)
{
    static const uint8_t random[32] = {1};
    struct message hello = {.length = 0}, record = {.length = 0};
    put(&hello, 2, version);
    put_octets(&hello, random, sizeof(random));
    put(&hello, 1, 0); /* no session */
    put(&hello, 2, 2 * count);
    for (size_t i = 0; i < count; i++) {
        put(&hello, 2, suites[i]);
    }
    put(&hello, 2, 0x0100); /* no compression */
    if (extensions != NULL) {
        put(&hello, 2, extensions->length);
        put_octets(&hello, extensions->octets, extensions->length);
    }
    put(&record, 1, 22); /* handshake */
    put(&record, 2, 0x0301);
    put(&record, 2, hello.length + 4);
    put(&record, 1, 1); /* client_hello */
    put(&record, 3, hello.length);
    put_octets(&record, hello.octets, hello.length);
    return record;
}

static void
put_sni(struct message *extensions, const void *name, size_t length)
{
    put(extensions, 2, 0);
    put(extensions, 2, length + 5);
    put(extensions, 2, length + 3);
    put(extensions, 1, 0);
    put(extensions, 2, length);
    put_octets(extensions, name, length);
}

/* Has OpenSSL read the message; the text for it, in a static buffer. */
static const char *
text_of(const struct message *message, struct client_hello *hello)
{
    static char text[CLIENT_HELLO_TEXT_SIZE];
    SSL *ssl = SSL_new(server);
    assert_non_null(ssl);
    *hello = (struct client_hello){.seen = false};
    SSL_set_app_data(ssl, hello);
    SSL_set_bio(ssl, BIO_new_mem_buf(message->octets, (int)message->length), BIO_new(BIO_s_mem()));
    assert_int_not_equal(SSL_accept(ssl), 1);
    memset(text, 'x', sizeof(text));
    assert_ptr_equal(client_hello_text(text, hello, ssl), text);
    assert_non_null(memchr(text, '\0', sizeof(text)));
    SSL_free(ssl);
    return text;
}

static void
test_a_phone_of_old(void **state)
{
    (void)state;
    const uint16_t suites[] = {0x002f, 0x0035, 0x0005, 0x000a};
    struct client_hello hello;
    struct message message = hello_of(0x0301, suites, 4, NULL);
    assert_string_equal(text_of(&message, &hello),
                        "up to TLS 1.0; no SNI; 4 suites: AES128-SHA AES256-SHA RC4-SHA "
                        "DES-CBC3-SHA");
    assert_true(hello.seen);
    assert_int_equal(hello.version, 0x0301);
    assert_int_equal(hello.version_count, 0);
    assert_int_equal(hello.suite_count, 4);
}

/* Those that OpenSSL no longer has, and the signals that are no suites. */
static void
test_names_of_old_suites(void **state)
{
    (void)state;
    const uint16_t suites[] = {0x0001, 0x0002, 0x0003, 0x0004, 0x0006, 0x0008,
                               0x0009, 0x0062, 0x0064, 0x00ff, 0x5600};
    struct client_hello hello;
    struct message message = hello_of(0x0303, suites, 11, NULL);
    assert_string_equal(text_of(&message, &hello),
                        "up to TLS 1.2; no SNI; 11 suites: NULL-MD5 NULL-SHA EXP-RC4-MD5 RC4-MD5 "
                        "EXP-RC2-CBC-MD5 EXP-DES-CBC-SHA DES-CBC-SHA EXP1024-DES-CBC-SHA "
                        "EXP1024-RC4-SHA (renegotiation info) (fallback)");
}

static void
test_versions_and_name(void **state)
{
    (void)state;
    const uint16_t suites[] = {0x1301, 0xc02f};
    const uint8_t versions[] = {0, 43, 0, 9, 8, 0x2a, 0x2a, 3, 4, 3, 3, 3, 1};
    struct client_hello hello;
    struct message extensions = {.length = 0};
    put_octets(&extensions, versions, sizeof(versions));
    put_sni(&extensions, "ucupdates-r2.contoso.com", 24);
    struct message message = hello_of(0x0303, suites, 2, &extensions);
    assert_string_equal(text_of(&message, &hello),
                        "TLS 1.3, TLS 1.2, TLS 1.0; SNI ucupdates-r2.contoso.com; 2 suites: "
                        "TLS_AES_128_GCM_SHA256 ECDHE-RSA-AES128-GCM-SHA256");
    assert_int_equal(hello.version_count, 3); /* without GREASE */
    assert_int_equal(hello.name_length, 24);
}

static void
test_hostile_name(void **state)
{
    (void)state;
    const uint16_t suites[] = {0x002f};
    struct client_hello hello;
    struct message extensions = {.length = 0};
    put_sni(&extensions, "a\r\n\x1b[31m\xff\\", 10);
    struct message message = hello_of(0x0303, suites, 1, &extensions);
    assert_string_equal(text_of(&message, &hello),
                        "up to TLS 1.2; SNI a\\x0d\\x0a\\x1b[31m\\xff\\x5c; 1 suites: AES128-SHA");
}

/* A name at N-1, N, N+1: what does not fit was no host name. */
static void
test_length_of_a_name(void **state)
{
    (void)state;
    const uint16_t suites[] = {0x002f};
    char name[CLIENT_HELLO_NAME_MAX + 1];
    memset(name, 'n', sizeof(name));
    for (size_t length = CLIENT_HELLO_NAME_MAX - 1; length <= CLIENT_HELLO_NAME_MAX + 1; length++) {
        struct client_hello hello;
        struct message extensions = {.length = 0};
        put_sni(&extensions, name, length);
        struct message message = hello_of(0x0301, suites, 1, &extensions);
        text_of(&message, &hello);
        assert_int_equal(hello.name_length, length <= CLIENT_HELLO_NAME_MAX ? length : 0);
    }
}

/* Lengths that lie. OpenSSL passes extensions on before it has looked into them. */
static void
test_damaged_extensions(void **state)
{
    (void)state;
    const uint16_t suites[] = {0x002f};
    const uint8_t cut[][10] = {
        {0, 0, 0, 0},                      /* server_name without anything */
        {0, 0, 0, 1, 0},                   /* half a length */
        {0, 0, 0, 5, 0, 3, 0, 0xff, 0xff}, /* more than there is */
        {0, 43, 0, 0},                     /* supported_versions without anything */
        {0, 43, 0, 2, 9, 3},               /* half a version */
        {0, 43, 0, 4, 0xff, 3, 1, 3},
    };
    for (size_t i = 0; i < COUNT(cut); i++) {
        struct client_hello hello;
        struct message extensions = {.length = 0};
        put_octets(&extensions, cut[i], 4U + cut[i][3]);
        struct message message = hello_of(0x0301, suites, 1, &extensions);
        text_of(&message, &hello);
        assert_true(hello.seen);
        assert_int_equal(hello.name_length, 0);
        assert_in_range(hello.version_count, 0, 1);
    }
}

static void
test_many_of_everything(void **state)
{
    (void)state;
    uint16_t suites[300];
    struct client_hello hello;
    struct message extensions = {.length = 0};
    put(&extensions, 2, 43);
    put(&extensions, 2, 101);
    put(&extensions, 1, 100);
    for (size_t i = 0; i < 50; i++) {
        put(&extensions, 2, 0x7f00 + i);
    }
    char name[CLIENT_HELLO_NAME_MAX];
    memset(name, '\1', sizeof(name));
    put_sni(&extensions, name, sizeof(name));
    for (size_t i = 0; i < 300; i++) {
        suites[i] = (uint16_t)(0xfe00 + i);
    }
    struct message message = hello_of(0x0303, suites, 300, &extensions);
    const char *text = text_of(&message, &hello);
    assert_int_equal(hello.version_count, CLIENT_HELLO_VERSIONS_MAX);
    assert_int_equal(hello.suite_count, 300);
    assert_int_equal(hello.suites[CLIENT_HELLO_SUITES_MAX - 1],
                     0xfe00 + CLIENT_HELLO_SUITES_MAX - 1);
    assert_non_null(strstr(text, "...; 300 suites: 0xFE00 0xFE01 "));
    assert_string_equal(text + strlen(text) - 10, "0xFE0B ...");
}

/* In the form of SSL 2.0 (RFC 5246 appendix E.2), suites have three octets: those of TLS begin with
 * a zero, others are SSL 2.0's own. */
static void
test_form_of_ssl_2(void **state)
{
    (void)state;
    const uint8_t octets[] = {0x80, 34,   1,    3,    1,    0,    9,  0,    0,  0,  16, 0x00,
                              0x00, 0x2f, 0x00, 0x00, 0x05, 0x01, 0,  0x80, 1,  2,  3,  4,
                              5,    6,    7,    8,    9,    10,   11, 12,   13, 14, 15, 16};
    struct client_hello hello;
    struct message message = {.length = 0};
    put_octets(&message, octets, sizeof(octets));
    const char *text = text_of(&message, &hello);
    assert_true(hello.seen);
    assert_int_equal(hello.version, 0x0301);
    assert_non_null(strstr(text, "up to TLS 1.0; no SNI; "));
    assert_non_null(strstr(text, "suites: AES128-SHA RC4-SHA"));
}

static void
test_versions_by_number(void **state)
{
    (void)state;
    char text[TLS_VERSION_TEXT_SIZE];
    assert_string_equal(tls_wire_version_text(text, 0x0300), "SSL 3.0");
    assert_string_equal(tls_wire_version_text(text, 0x0301), "TLS 1.0");
    assert_string_equal(tls_wire_version_text(text, 0x0302), "TLS 1.1");
    assert_string_equal(tls_wire_version_text(text, 0x0303), "TLS 1.2");
    assert_string_equal(tls_wire_version_text(text, 0x0304), "TLS 1.3");
    assert_string_equal(tls_wire_version_text(text, 0x0305), "TLS 0x0305");
    assert_string_equal(tls_wire_version_text(text, 0xffff), "TLS 0xffff");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_phone_of_old),     cmocka_unit_test(test_names_of_old_suites),
        cmocka_unit_test(test_versions_and_name),  cmocka_unit_test(test_hostile_name),
        cmocka_unit_test(test_length_of_a_name),   cmocka_unit_test(test_damaged_extensions),
        cmocka_unit_test(test_many_of_everything), cmocka_unit_test(test_form_of_ssl_2),
        cmocka_unit_test(test_versions_by_number),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
