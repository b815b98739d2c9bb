/* SPDX-License-Identifier: MPL-2.0 */
/* The pools that an administrator chose for vlans, in place of the site file's: kept in order, and
 * in a state file when there is one. */
#ifndef POOL_OVERRIDES_H
#define POOL_OVERRIDES_H

#include <stdbool.h>
#include <stddef.h>

#include "site/policy.h"

struct pool_overrides {
    size_t count;
    struct ucprov_pool_override *items; /* both strings of each are owned */
};

void pool_overrides_clear(struct pool_overrides *choices);

/* Another copy. False: out of memory; `copy` is empty then. */
bool pool_overrides_copy(struct pool_overrides *copy, const struct pool_overrides *choices);

/* Sets, replaces or (pool NULL) removes the choice for a vlan. False: out of memory; nothing is
 * changed then. */
bool pool_overrides_set(struct pool_overrides *choices, const char *vlan, const char *pool);

/* Reads a state file; one that does not exist is an empty one. False, with a sentence in `error`,
 * when it cannot be read or is none of ours; `choices` is empty then. */
#define POOL_OVERRIDES_ERROR_SIZE 256
bool pool_overrides_load(struct pool_overrides *choices, const char *file,
                         char error[POOL_OVERRIDES_ERROR_SIZE]);

/* Replaces a state file at once: written beside it, synced, renamed over it, mode 0640. */
bool pool_overrides_save(const struct pool_overrides *choices, const char *file,
                         char error[POOL_OVERRIDES_ERROR_SIZE]);

#endif
