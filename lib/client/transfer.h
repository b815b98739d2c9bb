/* SPDX-License-Identifier: MPL-2.0 */
/* A transfer of libcurl's with one server, which is untrusted: what HTTP and a bare look at TLS
 * share.
 *
 * It goes to the address that is given, by a connection of its own, and no environment variable,
 * file or answer of the server's leads it elsewhere. TLS is spoken as a profile says, and any
 * certificate taken: the caller judges. Time and octets are bounded.
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "client/tls_client.h"

#define TRANSFER_HANDSHAKE_MAX (128 << 10) /* octets; OpenSSL takes 100 KiB of certificates */

struct transfer {
    CURL *handle; /* for more options */
    CURLU *url;
    struct curl_slist *address; /* where `url` is, as CURLOPT_CONNECT_TO has it */
    struct tls_result *view;
    const struct tls_profile *profile; /* NULL: no TLS */
    int64_t deadline;                  /* milliseconds of the monotonic clock */
    uint64_t octets_max;
    int socket;       /* -1: none was made */
    bool handshaking; /* TCP is connected, and TLS has begun */
    bool encrypted;   /* the handshake has succeeded */
    CURLcode limit;   /* CURLE_OPERATION_TIMEDOUT, or CURLE_ABORTED_BY_CALLBACK: too many octets */
    int alert;        /* a fatal one that the server sent; 0: none */
    const char *reason; /* OpenSSL's, why the handshake failed; static; NULL: it said none */
};

/* Prepares a transfer with a server; what it borrows must last until it is closed. `view` is told
 * how the connection came about, plain or not; `timeout` (milliseconds, above 0) and `octets_max`
 * are for all of it, whatever the octets are: handshake, headers, framing. False when out of
 * memory; it is closed all the same. */
bool transfer_open(struct transfer *transfer, struct tls_result *view,
                   const struct sockaddr_in *server, const struct tls_profile *profile, int timeout,
                   uint64_t octets_max);

/* Runs it. True when it came to a connection, over TLS where a profile was given, and `code` is how
 * what followed ended; else view->outcome and view->error say why not. */
bool transfer_run(struct transfer *transfer, CURLcode *code);

void transfer_close(struct transfer *transfer);

#endif
