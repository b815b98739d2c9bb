/* SPDX-License-Identifier: MPL-2.0 */
/* The admin listener: metrics, for those who may see them. It runs in the main thread.
 *
 * It has few connections at a time; the one that has been there longest gives way to a new one.
 */
#ifndef ADMIN_H
#define ADMIN_H

#include <event2/event.h>

#include "daemon/listener.h"
#include "daemon/metrics.h"

#define ADMIN_DESCRIPTORS 16 /* that its connections may have, at most */

struct admin;

/* Fills in what the metrics are at this moment; `sum` comes as zeros. */
typedef void admin_collect(void *context, struct metrics *sum, struct metrics_state *state);

/* Serves on the sockets, which become its own. NULL: out of memory. */
struct admin *admin_new(struct event_base *base, struct listening_sockets *sockets,
                        admin_collect *collect, void *context);
void admin_free(struct admin *admin); /* may be NULL */

#endif
