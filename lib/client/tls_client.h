/* SPDX-License-Identifier: MPL-2.0 */
/* A TLS client that is a phone: says what a server offers to one.
 *
 * The handshake never judges: any certificate is taken, and handed to the caller.
 */
#ifndef TLS_CLIENT_H
#define TLS_CLIENT_H

#include <netinet/in.h>
#include <openssl/ssl.h>

#include "certificate/certificate.h"

/* How a client speaks. */
struct tls_profile {
    int min_version; /* TLS1_VERSION */
    int max_version;
    const char *ciphers;     /* of TLS 1.2 and below; OpenSSL's list */
    const char *server_name; /* SNI; NULL: none, as the phones */
};

/* Lync Phone Edition as far as it is known: TLS 1.0, no SNI, AES-CBC-SHA suites (RC4 and 3DES,
 * which real phones may offer, too, are not in Debian's OpenSSL). */
extern const struct tls_profile tls_profile_phone;
extern const struct tls_profile tls_profile_modern; /* TLS 1.2 and 1.3, OpenSSL's defaults */

enum tls_outcome {
    TLS_FINE,
    TLS_REFUSED,     /* no TCP connection: refused, unreachable */
    TLS_TIMEOUT,     /* nothing, or not all of it, in time */
    TLS_FAILED,      /* the handshake failed: `error` says how */
    TLS_NOT_STARTED, /* out of memory, no socket: not the server's fault */
};

/* What was seen of a handshake. */
struct tls_result {
    enum tls_outcome outcome;
    int version;           /* TLS1_VERSION ...; 0: none */
    char cipher[64];       /* OpenSSL's name */
    STACK_OF(X509) * sent; /* the server's, its own first; NULL: none came */
    char error[256];       /* why it failed; printable */
    unsigned phone_error;  /* what a phone would show for it: 0x2EFD, 0x2EE2, 0x2F7D; 0: nothing */
};

void tls_view_clear(struct tls_result *view);

/* Connects, shakes hands, and closes; all in `timeout` milliseconds. */
void tls_probe(struct tls_result *view, const struct sockaddr_in *server,
               const struct tls_profile *profile, int timeout);

/* "TLS 1.0". Static. */
const char *tls_version_text(int version);

#endif
