/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-ca learn: where a response comes from, and how a template is made of it. */
#ifndef CA_LEARN_H
#define CA_LEARN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"
#include "certificate/chain.h"
#include "certificate/chain_document.h"

/* A response: what is behind the headers. */
struct learn_response {
    char *octets; /* terminated */
    size_t length;
    int status; /* of HTTP; 0: a file that has none */
};

/* Gets a response: from a server, whose URL it is, or out of a file. `host` replaces the URL's in
 * the Host header (and SNI); NULL: it does not. Returns 0, or -1 with a problem. The caller frees
 * `octets` in either case. */
int learn_response_fetch(struct learn_response *response, const char *url, const char *host,
                         struct ucprov_problem *problem);

/* A file may be the body alone, or a saved HTTP message with headers, or a whole TCP stream,
 * requests and responses: then it is the last 200 of them. */
int learn_response_read(struct learn_response *response, const char *file,
                        struct ucprov_problem *problem);

struct learn_template {
    char *octets; /* the caller's to free; NULL: none */
    size_t length;
    bool exact;     /* it renders the response octet for octet */
    bool reordered; /* it has the certificates in another order */
};

/* Makes a template of a response and the chains in it, and checks it: rendering it with these
 * chains gives the same certificates in the same elements, and everything around them octet for
 * octet. Returns 0, or -1 with a problem that says why no template can be made. */
int learn_template_make(struct learn_template *made, const struct learn_response *response,
                        const struct ucprov_chain_document *document,
                        const struct ucprov_chains *chains, struct ucprov_problem *problem);

#endif
