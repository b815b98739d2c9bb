/* SPDX-License-Identifier: MPL-2.0 */
/* What kea_own_options.c holds and kea_option_differences.c compares. */
#ifndef KEA_OWN_OPTIONS_INTERNAL_H
#define KEA_OWN_OPTIONS_INTERNAL_H

#include "base/arena.h"
#include "site/prefix_table.h"

#include "kea_own_options.h"

struct kea_subnet_options {
    struct ucprov_prefix subnet;
    struct kea_sent_options sent;
};

struct kea_exception {
    const struct kea_own_option *option;
    uint32_t address; /* 0: anywhere */
};

struct kea_pool_option {
    uint32_t first;
    uint32_t last;
    unsigned prompts; /* a set of enum ucprov_prompt */
};

struct kea_own_options {
    struct ucprov_arena *arena;
    size_t option_count;
    size_t subnet_count;
    size_t subnet_room;
    struct kea_subnet_options *subnets; /* sorted by prefix once it is complete */
    size_t exception_count;
    size_t exception_room;
    struct kea_exception *exceptions;
    size_t pool_count;
    size_t pool_room;
    struct kea_pool_option *pools;     /* sorted once it is complete; they do not overlap */
    struct ucprov_prefix_table *table; /* of indexes into subnets */
};

#endif
