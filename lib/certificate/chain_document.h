/* SPDX-License-Identifier: MPL-2.0 */
/* Certificates inside a document: a GetRootCertChains response, whatever its elements are called.
 *
 * The name of the element that holds a chain is not public, so nothing here depends on one: any
 * character data or attribute value that is base64 of a PKCS#7 SignedData or of a certificate
 * counts. The document is untrusted: DOCTYPE is refused, depth and size are bounded.
 */
#ifndef UCPROV_CHAIN_DOCUMENT_H
#define UCPROV_CHAIN_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "certificate/certificate.h"

#define UCPROV_DOCUMENT_MAX       (4U << 20)
#define UCPROV_DOCUMENT_DEPTH_MAX 64
#define UCPROV_BLOBS_MAX          64

enum ucprov_blob_kind {
    UCPROV_BLOB_PKCS7,       /* base64 of a SignedData with certificates */
    UCPROV_BLOB_CERTIFICATE, /* base64 of one certificate */
};

/* Where certificates stand in the octets of the document. */
struct ucprov_blob {
    enum ucprov_blob_kind kind;
    size_t offset;       /* of its first base64 character */
    size_t length;       /* up to and with its last one; line breaks inside included */
    size_t columns;      /* base64 characters a line; 0: all in one */
    char line_break[16]; /* between lines, as in the document: "\n", "\r\n", "&#xD;\n" */
    STACK_OF(X509) * certificates;
};

struct ucprov_chain_document {
    size_t count;
    struct ucprov_blob blobs[UCPROV_BLOBS_MAX];
    STACK_OF(X509) * certificates; /* of all blobs, in their order */
    bool error_response;           /* a SOAP fault, or ResponseClass other than "Success" */
    char element[128];             /* local name of the element that held the first blob */
    char explanation[256];         /* of the fault or ErrorInfo, printable; "" when there is none */
};

/* Returns 0 (with no blob at all, too: look at count), or -1 when it is no XML to be trusted. The
 * caller clears it in either case. */
int ucprov_chain_document_parse(struct ucprov_chain_document *document, const char *octets,
                                size_t length, struct ucprov_problem *problem);
void ucprov_chain_document_clear(struct ucprov_chain_document *document);

/* The SOAP 1.1 request for the chains, and its SOAPAction ([MS-OCAUTHWS]). Static. */
extern const char ucprov_get_root_cert_chains[];
extern const char ucprov_get_root_cert_chains_action[];

#endif
