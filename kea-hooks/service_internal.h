/* SPDX-License-Identifier: MPL-2.0 */
/* The inside of the service, shared by service.c and commands.c. */
#ifndef SERVICE_INTERNAL_H
#define SERVICE_INTERNAL_H

#include <jansson.h>
#include <time.h>

#include "choices.h"
#include "service.h"

/* Why the site file was refused the last time. */
struct refusal {
    time_t when;    /* 0: it was not */
    json_t *errors; /* an array of "FILE:LINE: SETTING: TEXT" */
};

struct service {
    char *site_file;
    char *state_file;         /* NULL: none */
    struct ucprov_site *site; /* the one that serves; NULL: none yet */
    time_t loaded;            /* when it began to serve */
    struct choices choices;   /* also those that fit no vlan of the site now */
    struct refusal refusal;
};

/* A policy of the site and of those choices that fit it; the others are warned of. */
struct ucprov_policy *service_build(const struct ucprov_site *site, const struct choices *choices,
                                    struct ucprov_diagnostics *diagnostics);

/* The errors as an array of strings. */
json_t *service_errors_json(const struct ucprov_diagnostics *diagnostics);

#endif
