/* SPDX-License-Identifier: MPL-2.0 */
/* What a TLS client offers, kept until its handshake is done: when it fails, an operator learns
 * from it what his phones speak. */
#ifndef CLIENT_HELLO_H
#define CLIENT_HELLO_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLIENT_HELLO_VERSIONS_MAX 8
#define CLIENT_HELLO_SUITES_MAX   64
#define CLIENT_HELLO_NAME_MAX     255 /* RFC 1035 2.3.4 */

struct client_hello {
    bool seen;
    uint16_t version; /* client_version (RFC 5246 7.4.1.2) */
    size_t version_count;
    uint16_t versions[CLIENT_HELLO_VERSIONS_MAX]; /* supported_versions (RFC 8446 4.2.1) */
    size_t suite_count;                           /* all, those that did not fit too */
    uint16_t suites[CLIENT_HELLO_SUITES_MAX];
    size_t name_length;
    uint8_t name[CLIENT_HELLO_NAME_MAX]; /* SNI (RFC 6066 section 3); as it came, not escaped */
};

/* Copies what the client offered. For SSL_CTX_set_client_hello_cb()'s callback. */
void client_hello_read(struct client_hello *hello, SSL *ssl);

#define CLIENT_HELLO_TEXT_SIZE 768

/* "up to TLS 1.0; no SNI; 3 suites: RC4-MD5 ...". Suites by the names that `ssl` knows, or that are
 * usual, or by number. Returns `text`. */
char *client_hello_text(char text[CLIENT_HELLO_TEXT_SIZE], const struct client_hello *hello,
                        SSL *ssl);

/* "TLS 1.0", for a number on the wire; "TLS 0x1234" for one nobody knows. Returns `text`. */
#define TLS_VERSION_TEXT_SIZE 12
char *tls_wire_version_text(char text[TLS_VERSION_TEXT_SIZE], unsigned version);

#endif
