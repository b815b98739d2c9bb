/* SPDX-License-Identifier: MPL-2.0 */
/* A SOAP 1.1 request to the Certificate Provisioning Service: which operation is it?
 *
 * expat parses. DOCTYPE is refused, and with it every entity of one's own; depth is bounded here,
 * size by the HTTP server.
 */
#ifndef SOAP_REQUEST_H
#define SOAP_REQUEST_H

#include <stddef.h>

#define SOAP_DEPTH_MAX     32
#define SOAP_OPERATION_MAX 64 /* characters of an operation's name */

enum soap_operation {
    SOAP_GET_ROOT_CERT_CHAINS,
    SOAP_GET_AND_PUBLISH_CERT,
    SOAP_UNKNOWN_OPERATION, /* well-formed, another first element in the body */
    SOAP_MALFORMED,         /* no XML, or no SOAP 1.1 envelope with a body */
    SOAP_VERSION_MISMATCH,  /* an Envelope of another namespace (SOAP 1.1 4.1.2) */
    SOAP_MUST_UNDERSTAND,   /* a header entry that must be understood, and is not (4.2.3) */
    SOAP_OPERATION_COUNT
};

struct soap_request {
    enum soap_operation operation;
    char name[SOAP_OPERATION_MAX + 1]; /* of an unknown operation; printable ASCII, XML-safe */
    const char *reason;                /* why it is malformed; static */
};

/* A parser that serves one request after another, on one thread. */
struct soap_parser;
struct soap_parser *soap_parser_new(void); /* NULL: out of memory */
void soap_parser_free(struct soap_parser *parser);

/* Reads a request. The body may be in several pieces: evbuffer_peek's. SOAPAction is not needed,
 * since the body says the same. */
struct soap_piece {
    const void *octets;
    size_t length;
};
void soap_parser_read(struct soap_parser *parser, const struct soap_piece *pieces, size_t count,
                      struct soap_request *request);

#endif
