/* The pools that an administrator chose for vlans, in place of the site file's: kept in order, and
 * in a state file when there is one. */
#ifndef CHOICES_H
#define CHOICES_H

#include <stdbool.h>
#include <stddef.h>

#include "site/policy.h"

struct choices {
    size_t count;
    struct ucprov_pool_choice *items; /* both strings of each are owned */
};

void choices_clear(struct choices *choices);

/* Another copy. False: out of memory; `copy` is empty then. */
bool choices_copy(struct choices *copy, const struct choices *choices);

/* Sets, replaces or (pool NULL) removes the choice for a vlan. False: out of memory; nothing is
 * changed then. */
bool choices_set(struct choices *choices, const char *vlan, const char *pool);

/* Reads a state file; one that does not exist is an empty one. False, with a sentence in `error`,
 * when it cannot be read or is none of ours; `choices` is empty then. */
#define CHOICES_ERROR_SIZE 256
bool choices_load(struct choices *choices, const char *file, char error[CHOICES_ERROR_SIZE]);

/* Replaces a state file at once: written beside it, synced, renamed over it, mode 0640. */
bool choices_save(const struct choices *choices, const char *file, char error[CHOICES_ERROR_SIZE]);

#endif
