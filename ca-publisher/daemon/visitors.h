/* Who fetched the chain lately. Bounded: the least recent one is forgotten. For many threads. */
#ifndef VISITORS_H
#define VISITORS_H

#include <netinet/in.h>
#include <stddef.h>
#include <time.h>

#include "daemon/page.h"

#define VISITORS_KEPT  4096
#define VISITORS_SHOWN 200

struct visitors;
struct visitors *visitors_new(void); /* NULL: out of memory */
void visitors_free(struct visitors *visitors);

/* `protocol` is static: "HTTP", "TLS 1.0". */
void visitors_note(struct visitors *visitors, struct in_addr address, const char *protocol,
                   time_t now);

/* The most recent ones first, at most `most`. Returns how many; `*total` is how many different
 * addresses there have been (one that was forgotten in between counts again). */
size_t visitors_list(struct visitors *visitors, struct page_visitor *list, size_t most,
                     size_t *total);
size_t visitors_total(struct visitors *visitors);

#endif
