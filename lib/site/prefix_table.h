/* SPDX-License-Identifier: MPL-2.0 */
/* Which of many prefixes holds an address: the most specific one wins.
 *
 * Prefixes are flattened into disjoint ranges when the table is built, so that a look-up is one
 * binary search, whatever the nesting. A table is immutable.
 */
#ifndef UCPROV_PREFIX_TABLE_H
#define UCPROV_PREFIX_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "site/prefix.h"

#define UCPROV_PREFIX_NONE UINT32_MAX

struct ucprov_prefix_entry {
    struct ucprov_prefix prefix;
    uint32_t value; /* the caller's; anything but UCPROV_PREFIX_NONE */
};

struct ucprov_prefix_table;

/* Sorts `entries` in place and copies what it needs. No prefix may be there twice. NULL: out of
 * memory. The caller owns the table. */
struct ucprov_prefix_table *ucprov_prefix_table_new(struct ucprov_prefix_entry *entries,
                                                    size_t count);
void ucprov_prefix_table_free(struct ucprov_prefix_table *table);

/* The value of the most specific prefix that holds an address (host order), or
 * UCPROV_PREFIX_NONE. */
uint32_t ucprov_prefix_table_find(const struct ucprov_prefix_table *table, uint32_t address);

#endif
