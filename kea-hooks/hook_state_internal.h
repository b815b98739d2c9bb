/* SPDX-License-Identifier: MPL-2.0 */
/* The inside of the hook's state, shared by hook_state.c and commands.c. */
#ifndef HOOK_STATE_INTERNAL_H
#define HOOK_STATE_INTERNAL_H

#include <jansson.h>
#include <time.h>

#include "base/problem.h"

#include "hook_state.h"
#include "pool_overrides.h"

/* Why the site file was refused the last time. */
struct refusal {
    time_t when;    /* 0: it was not */
    json_t *errors; /* an array of "FILE:LINE: SETTING: TEXT" */
};

/* What serves while the site file is no good and no accepted one is left in this process. */
enum stand_in { STAND_IN_NONE, STAND_IN_COPY, STAND_IN_NOTHING };

struct hook_state {
    char *site_file;
    char *state_file;              /* NULL: none */
    struct ucprov_site *site;      /* the one that serves; NULL: none yet */
    time_t loaded;                 /* when it began to serve */
    struct pool_overrides choices; /* also those that fit no vlan of the site now */
    struct refusal refusal;
    enum stand_in stand_in;
    time_t reminded;                           /* when the log was told of it the last time */
    const struct kea_own_options *own_options; /* Kea's; NULL: not known */
    struct ucprov_problem unwritable; /* why choices and the copy cannot be kept; "": they can */
};

/* A policy of the site and of those choices that fit it; the others are warned of. */
struct ucprov_policy *hook_state_build(const struct ucprov_site *site,
                                       const struct pool_overrides *choices,
                                       struct ucprov_diagnostics *diagnostics);

/* The errors as an array of strings. */
json_t *hook_state_errors_json(const struct ucprov_diagnostics *diagnostics);

#endif
