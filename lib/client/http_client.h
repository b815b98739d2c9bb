/* SPDX-License-Identifier: MPL-2.0 */
/* One HTTP request, plain or over TLS, bounded in time and size. libcurl does the HTTP. */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include <netinet/in.h>
#include <stddef.h>

#include "client/tls_client.h"

struct http_request {
    struct sockaddr_in server;
    const struct tls_profile *tls; /* NULL: plain HTTP */
    const char *host;         /* of the Host header, with its port where it is not the default */
    const char *target;       /* path and query */
    const char *body;         /* to POST; NULL: GET */
    const char *content_type; /* the body's */
    const char *soap_action;  /* without quotes; NULL: no such header */
    int timeout;              /* for all of it, milliseconds */
    size_t body_max;          /* of the answer, octets */
};

struct http_answer {
    enum tls_outcome outcome; /* TLS_FINE: an HTTP answer came. Plain HTTP uses the same words */
    int status;               /* 200; 0: none */
    char content_type[128];   /* printable; "" */
    char *body;               /* with a NUL after its end; NULL: none */
    size_t body_length;
    struct tls_result tls; /* of the connection; plain: without version, cipher and certificates */
    char error[256];       /* why there is no answer, or why it is no use; printable */
    unsigned phone_error;  /* as in struct tls_result */
};

void http_fetch(struct http_answer *answer, const struct http_request *request);
void http_answer_clear(struct http_answer *answer);

/* A URL taken apart. */
struct http_url {
    char scheme[8]; /* "http" or "https" */
    char host[256];
    in_port_t port; /* host byte order; of the scheme where none is given */
    char target[1024];
};

/* Takes http: and https: URLs without user and fragment. Returns NULL, or what is wrong; static. */
const char *http_url_read(struct http_url *url, const char *text);

/* The same. Returns 0, or -1 with a problem that names the URL. */
int http_url_parse(struct http_url *url, const char *text, struct ucprov_problem *problem);

#endif
