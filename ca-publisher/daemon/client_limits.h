/* SPDX-License-Identifier: MPL-2.0 */
/* What each address has of us right now: connections, and requests in the last seconds.
 *
 * The table has a fixed size, so that no number of addresses makes it grow: of the few entries that
 * an address may have, the one that has nothing and was used least recently makes room. For many
 * threads.
 */
#ifndef CLIENT_LIMITS_H
#define CLIENT_LIMITS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client_limits;

/* The smallest table there is. */
#define CLIENT_LIMITS_CAPACITY_MIN 512

/* `capacity`: how many addresses may be in use at a time; rounded up to the minimum times a power
 * of two. NULL: out of memory. */
struct client_limits *client_limits_new(size_t capacity);
void client_limits_free(struct client_limits *table);

/* Counts a connection. False, and not counted, when the address has `max` already (0: no limit).
 * `now` is a monotonic time in milliseconds. */
bool client_limits_connect(struct client_limits *table, struct in_addr address, uint32_t max,
                           uint64_t now);
void client_limits_disconnect(struct client_limits *table, struct in_addr address);

/* Counts a request: a token bucket that fills with `rate` requests per second and holds twice as
 * many (0: no limit). False: the address has used its up. */
bool client_limits_request(struct client_limits *table, struct in_addr address, uint32_t rate,
                           uint64_t now);

#endif
