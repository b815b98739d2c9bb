/* SPDX-License-Identifier: MPL-2.0 */
/* The names that a server's certificate needs, so that every phone of a site takes it. */
#ifndef CA_NAMES_H
#define CA_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"
#include "site/site.h"

/* Names in a certificate. With names of usual length it then still fits into one TLS record (2^14
 * octets, RFC 5246 6.2.1); whether phones put together longer messages is not known. */
#define CA_NAMES_MAX 256

#define CA_COMMON_NAME_MAX 64 /* ub-common-name, RFC 5280 appendix A.1 */

/* In lower case, each once. */
struct ca_names {
    size_t count;
    char *items[CA_NAMES_MAX];
    const char *common_name; /* one of them that is short enough */
};

/* Names given on a command line, borrowed. */
struct ca_hosts {
    size_t count;
    const char *items[CA_NAMES_MAX];
};

/* What a site needs (NULL: only the update service's short name), and the hosts besides: each
 * pool's web_server and sip_server, the update service's short name, and that in every domain where
 * phones look for it. Returns 0, or -1 with a problem. The caller clears it in either case. */
int ca_names_collect(struct ca_names *names, const struct ucprov_site *site,
                     const struct ca_hosts *hosts, struct ucprov_problem *problem);
void ca_names_clear(struct ca_names *names);

/* Reads the site file: `file`, or where that is NULL, the default one. A default one that does not
 * exist is no error when `optional`: *site is NULL then. Returns UCPROV_EXIT_OK, or else the status
 * to exit with, after a complaint. The caller frees the site. */
int ca_site_load(struct ucprov_site **site, const char *file, bool optional);

#endif
