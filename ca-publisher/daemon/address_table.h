/* What each address has of us right now: connections, and requests in the last seconds.
 *
 * The table has a fixed size, so that no number of addresses makes it grow: of the few entries that
 * an address may have, the one that has nothing and was used least recently makes room. For many
 * threads.
 */
#ifndef ADDRESS_TABLE_H
#define ADDRESS_TABLE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address_table;

/* `capacity`: how many addresses may be in use at a time; it is rounded up. NULL: out of memory. */
struct address_table *address_table_new(size_t capacity);
void address_table_free(struct address_table *table);

/* Counts a connection. False, and not counted, when the address has `most` already (0: no limit).
 * `now` is a monotonic time in milliseconds. */
bool address_table_connect(struct address_table *table, struct in_addr address, uint32_t most,
                           uint64_t now);
void address_table_disconnect(struct address_table *table, struct in_addr address);

/* Counts a request: a token bucket that fills with `rate` requests per second and holds twice as
 * many (0: no limit). False: the address has used its up. */
bool address_table_request(struct address_table *table, struct in_addr address, uint32_t rate,
                           uint64_t now);

#endif
