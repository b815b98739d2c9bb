/* SPDX-License-Identifier: MPL-2.0 */
/* The TLS side of the listeners: contexts made of a certificate and its key. */
#ifndef TLS_SERVER_H
#define TLS_SERVER_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "base/problem.h"
#include "certificate/certificate.h"

/* A private key from a PEM file. Refuses a file that others may read or write, an encrypted key,
 * and one that is no RSA or EC key. The caller's; NULL with a problem. */
EVP_PKEY *tls_server_key_read(const char *file, struct ucprov_problem *problem);

/* A context: TLS 1.2 and up, or with `legacy` TLS 1.0 and up, with the AES-CBC-SHA suites that
 * phones may know. No renegotiation, no compression. The first certificate is the server's, the
 * others go with it. The caller's; NULL with a problem. */
SSL_CTX *tls_server_context_new(STACK_OF(X509) * certificates, EVP_PKEY *key, bool legacy,
                                struct ucprov_problem *problem);

#endif
