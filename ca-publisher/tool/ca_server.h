/* SPDX-License-Identifier: MPL-2.0 */
/* A live server, looked at as a phone looks at it, and then at every version of TLS. */
#ifndef CA_SERVER_H
#define CA_SERVER_H

#include <jansson.h>
#include <netinet/in.h>
#include <stdbool.h>

#include "certificate/phone_certificate.h"

#include "client/tls_client.h"

#define CA_VERSIONS 4 /* TLS 1.0 to 1.3 */
#define CA_SUITES   6 /* AES-CBC-SHA of TLS 1.0, with RSA certificates */

struct ca_suite {
    const char *name; /* OpenSSL's; static */
    bool accepted;
};

struct ca_server {
    struct tls_result phone;                 /* as a phone: TLS 1.0, no SNI */
    struct tls_result versions[CA_VERSIONS]; /* each alone, without SNI; empty: not looked at */
    struct tls_result named;                 /* any version with SNI, when nothing else worked */
    struct ca_suite suites[CA_SUITES];       /* of TLS 1.0, when it has that */
};

/* Looks; each look may take `timeout` milliseconds. A server that cannot be reached is looked at
 * once, one that does not answer twice. `name` is for SNI. */
void ca_server_look(struct ca_server *server, const struct sockaddr_in *address, const char *name,
                    int timeout);
void ca_server_clear(struct ca_server *server);

/* What the server sent to a phone, or else to the first who got anything; NULL: nothing came. */
STACK_OF(X509) * ca_server_sent(const struct ca_server *server);

/* Adds findings on connection, versions and suites: "tls.connect", "tls.version", "tls.suites". */
void ca_server_judge(struct ucprov_findings *findings, const struct ca_server *server);

/* {"versions": [{"version", "offered", "cipher", "error"}], "suites": [{"name", "accepted"}]}; a
 * new reference; NULL when out of memory. */
json_t *ca_server_json(const struct ca_server *server);

#endif
