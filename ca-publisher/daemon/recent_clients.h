/* SPDX-License-Identifier: MPL-2.0 */
/* Who fetched the chain lately. Bounded: the least recent one is forgotten. For many threads. */
#ifndef RECENT_CLIENTS_H
#define RECENT_CLIENTS_H

#include <netinet/in.h>
#include <stddef.h>
#include <time.h>

#include "daemon/page.h"

#define RECENT_CLIENTS_KEPT  4096
#define RECENT_CLIENTS_SHOWN 200

struct recent_clients;
struct recent_clients *recent_clients_new(void); /* NULL: out of memory */
void recent_clients_free(struct recent_clients *clients);

/* `protocol` is static: "HTTP", "TLS 1.0". */
void recent_clients_note(struct recent_clients *clients, struct in_addr address,
                         const char *protocol, time_t now);

/* The most recent ones first, at max `max`. Returns how many; `*total` is how many different
 * addresses there have been (one that was forgotten in between counts again). */
size_t recent_clients_list(struct recent_clients *clients, struct recent_client *list, size_t max,
                           size_t *total);
size_t recent_clients_total(struct recent_clients *clients);

#endif
