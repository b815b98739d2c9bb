/* SPDX-License-Identifier: MPL-2.0 */
/* A publication: everything that is served, read and checked as a whole, and made ready to send.
 *
 * It is immutable and counted: requests that are being answered keep the one they began with, while
 * a reload puts another in its place.
 */
#ifndef PUBLICATION_H
#define PUBLICATION_H

#include <event2/buffer.h>
#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/diagnostics.h"
#include "certificate/chain.h"
#include "site/site.h"

#include "daemon/listener.h"

#define ETAG_SIZE      40
#define HTTP_DATE_SIZE 32

/* Octets that are the same for everybody. */
struct document {
    char path[24];
    const char *content_type; /* static */
    char *octets;
    size_t length;
    char etag[ETAG_SIZE]; /* with its quotes */
};

#define DOWNLOADS_MAX (UCPROV_CHAINS_MAX + 3) /* a root each; all roots, all certificates twice */

struct publication {
    atomic_uint references;
    struct ucprov_site *site;
    struct ucprov_chains chains;
    struct document response; /* to GetRootCertChains */
    size_t download_count;
    struct document downloads[DOWNLOADS_MAX];
    struct document page; /* its beginning (page.h) */
    char last_modified[HTTP_DATE_SIZE];
    time_t modified; /* the newest of the chain's files */
    time_t loaded;
    SSL_CTX *contexts[LISTENER_KINDS]; /* NULL: without TLS */
};

/* Reads all that a site names. The site is the publication's from here on, whatever comes of it.
 * NULL when anything is wrong with any of it: the diagnostics say what. With one reference, the
 * caller's. */
struct publication *publication_new(struct ucprov_site *site,
                                    struct ucprov_diagnostics *diagnostics);

/* From any thread. */
struct publication *publication_hold(struct publication *publication); /* returns it */
void publication_release(struct publication *publication);             /* may be NULL */

/* Is this path one where a pool of the site has its certificate service? Case does not matter, as
 * it does not to IIS. What follows it ("/mex", "") is set. */
bool publication_is_service(const struct publication *publication, const char *path,
                            const char **rest);

const struct document *publication_find(const struct publication *publication, const char *path);

/* Adds a document without copying: the buffer keeps a reference. Returns 0, or -1 when out of
 * memory. */
int publication_add(struct publication *publication, const struct document *document,
                    struct evbuffer *out);

#endif
