/* SPDX-License-Identifier: MPL-2.0 */
/* Where an address belongs in a hash table of addresses. */
#ifndef ADDRESS_BUCKET_H
#define ADDRESS_BUCKET_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#define ADDRESS_BUCKETS 4096 /* a power of two */

/* The bucket of an address in network order, below ADDRESS_BUCKETS. Fibonacci hashing (Knuth, The
 * Art of Computer Programming 3, 6.4): phones' addresses follow each other. Whoever forges
 * addresses so that they meet in one bucket has to hold connections from all of them. */
static inline size_t
address_bucket(in_addr_t address)
{
    return (uint32_t)(ntohl(address) * 2654435769U) / (UINT32_MAX / ADDRESS_BUCKETS + 1);
}

#endif
