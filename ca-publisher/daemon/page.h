/* SPDX-License-Identifier: MPL-2.0 */
/* The page for technicians and administrators: the chains, and who fetched them lately. */
#ifndef PAGE_H
#define PAGE_H

#include <event2/buffer.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "certificate/chain.h"
#include "site/site.h"

#define PAGE_CONTENT_TYPE "text/html; charset=utf-8"

/* A phone, or whatever it was, that fetched the chain. */
struct recent_client {
    char address[46];
    time_t last;
    unsigned long count;
    const char *protocol; /* "HTTP", "TLS 1.0"; static */
};

/* What does not change between reloads: HTML up to where the visitors go. The caller's; NULL when
 * out of memory. Everything from certificates and the site file is escaped. */
char *page_head(const struct ucprov_site *site, const struct ucprov_chains *chains,
                bool template_is_ours, size_t *length);

/* Adds how long the chains last still, the visitors, the most recent first, and the end of the
 * page. `total` is how many there have been, shown or not. Returns 0, or -1 when out of memory. */
int page_finish(struct evbuffer *page, const struct ucprov_chains *chains,
                const struct recent_client *visitors, size_t count, size_t total, time_t now);

#endif
