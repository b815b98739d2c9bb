/* SPDX-License-Identifier: MPL-2.0 */
/* Copies the interesting parts of a ClientHello out of OpenSSL's callback, within fixed bounds, and
 * puts them into words for the log. It takes no part in the handshake. */
#include "daemon/client_hello.h"

#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "base/wire.h"

#define SUITES_SHOWN 12

static void
read_versions(struct client_hello *hello, SSL *ssl)
{
    const unsigned char *octets;
    size_t length;
    struct ucprov_reader reader;
    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_supported_versions, &octets, &length) != 1) {
        return;
    }
    ucprov_reader_init(&reader, octets, length);
    ucprov_read_u8(&reader); /* length of the list */
    while (ucprov_reader_left(&reader) >= 2 && hello->version_count < CLIENT_HELLO_VERSIONS_MAX) {
        uint16_t version = ucprov_read_u16(&reader);
        if ((version & 0x0f0f) != 0x0a0a) { /* GREASE (RFC 8701) */
            hello->versions[hello->version_count++] = version;
        }
    }
}

/* ServerNameList: its length, then name_type, length, name. */
static void
read_name(struct client_hello *hello, SSL *ssl)
{
    const unsigned char *octets;
    size_t length;
    struct ucprov_reader reader;
    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &octets, &length) != 1) {
        return;
    }
    ucprov_reader_init(&reader, octets, length);
    ucprov_read_u16(&reader);
    ucprov_read_u8(&reader);
    size_t name_length = ucprov_read_u16(&reader);
    const uint8_t *name = ucprov_read_octets(&reader, name_length);
    if (reader.error == 0 && name_length <= sizeof(hello->name)) {
        memcpy(hello->name, name, name_length);
        hello->name_length = name_length;
    }
}

/* In the form of SSL 2.0 (RFC 5246 E.2), which old clients begin with, a suite has three octets,
 * and the first is 0 where it is one of TLS. */
static void
read_suites(struct client_hello *hello, SSL *ssl)
{
    const unsigned char *octets;
    size_t length = SSL_client_hello_get0_ciphers(ssl, &octets);
    size_t width = SSL_client_hello_isv2(ssl) ? 3 : 2;
    struct ucprov_reader reader;
    ucprov_reader_init(&reader, octets, length);
    while (ucprov_reader_left(&reader) >= width) {
        bool tls = width == 2 || ucprov_read_u8(&reader) == 0;
        uint16_t suite = ucprov_read_u16(&reader);
        if (!tls) {
            continue;
        }
        if (hello->suite_count < CLIENT_HELLO_SUITES_MAX) {
            hello->suites[hello->suite_count] = suite;
        }
        hello->suite_count++;
    }
}

void
client_hello_read(struct client_hello *hello, SSL *ssl)
{
    hello->seen = true;
    hello->version = (uint16_t)SSL_client_hello_get0_legacy_version(ssl);
    hello->version_count = hello->suite_count = hello->name_length = 0;
    read_versions(hello, ssl);
    read_name(hello, ssl);
    read_suites(hello, ssl);
}

char *
tls_wire_version_text(char text[TLS_VERSION_TEXT_SIZE], unsigned version)
{
    switch (version) {
    case SSL3_VERSION:
        return strcpy(text, "SSL 3.0");
    case TLS1_VERSION:
        return strcpy(text, "TLS 1.0");
    case TLS1_1_VERSION:
        return strcpy(text, "TLS 1.1");
    case TLS1_2_VERSION:
        return strcpy(text, "TLS 1.2");
    case TLS1_3_VERSION:
        return strcpy(text, "TLS 1.3");
    default:
        snprintf(text, TLS_VERSION_TEXT_SIZE, "TLS 0x%04x", version & 0xffffU);
        return text;
    }
}

/* Suites that Debian's OpenSSL does not have, but old Windows CE clients offer (RFC 5246 A.5), and
 * the two signals that are no suites (RFC 5746, RFC 7507). */
static const struct {
    uint16_t number;
    const char *name;
} old_suites[] = {
    {0x0001, "NULL-MD5"},
    {0x0002, "NULL-SHA"},
    {0x0003, "EXP-RC4-MD5"},
    {0x0004, "RC4-MD5"},
    {0x0005, "RC4-SHA"},
    {0x0006, "EXP-RC2-CBC-MD5"},
    {0x0008, "EXP-DES-CBC-SHA"},
    {0x0009, "DES-CBC-SHA"},
    {0x000a, "DES-CBC3-SHA"},
    {0x0016, "EDH-RSA-DES-CBC3-SHA"},
    {0x0062, "EXP1024-DES-CBC-SHA"},
    {0x0064, "EXP1024-RC4-SHA"},
    {0x00ff, "(renegotiation info)"},
    {0x5600, "(fallback)"},
};

static void
add_suite(FILE *out, SSL *ssl, uint16_t suite)
{
    const unsigned char octets[2] = {(unsigned char)(suite >> 8), (unsigned char)suite};
    for (size_t i = 0; i < sizeof(old_suites) / sizeof(*old_suites); i++) {
        if (old_suites[i].number == suite) {
            fprintf(out, " %s", old_suites[i].name);
            return;
        }
    }
    const SSL_CIPHER *cipher = SSL_CIPHER_find(ssl, octets);
    if (cipher != NULL) {
        fprintf(out, " %s", SSL_CIPHER_get_name(cipher));
    } else {
        fprintf(out, " 0x%04X", suite);
    }
}

static void
add_versions(FILE *out, const struct client_hello *hello)
{
    char text[TLS_VERSION_TEXT_SIZE];
    if (hello->version_count == 0) {
        fprintf(out, "up to %s", tls_wire_version_text(text, hello->version));
    }
    for (size_t i = 0; i < hello->version_count; i++) {
        fprintf(out, "%s%s", i == 0 ? "" : ", ", tls_wire_version_text(text, hello->versions[i]));
    }
}

char *
client_hello_text(char text[CLIENT_HELLO_TEXT_SIZE], const struct client_hello *hello, SSL *ssl)
{
    char name[128];
    FILE *out = fmemopen(text, CLIENT_HELLO_TEXT_SIZE, "w");
    if (out == NULL) {
        return strcpy(text, "(out of memory)");
    }
    add_versions(out, hello);
    if (hello->name_length > 0) {
        fprintf(out, "; SNI %s",
                ucprov_escape(name, sizeof(name), hello->name, hello->name_length));
    } else {
        fputs("; no SNI", out);
    }
    fprintf(out, "; %zu suites:", hello->suite_count);
    for (size_t i = 0; i < hello->suite_count && i < SUITES_SHOWN; i++) {
        add_suite(out, ssl, hello->suites[i]);
    }
    fputs(hello->suite_count > SUITES_SHOWN ? " ..." : "", out);
    fclose(out);
    text[CLIENT_HELLO_TEXT_SIZE - 1] = '\0';
    return text;
}
