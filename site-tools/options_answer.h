/* SPDX-License-Identifier: MPL-2.0 */
/* The options that ucprov-options prints. */
#ifndef OPTIONS_ANSWER_H
#define OPTIONS_ANSWER_H

#include "site/policy.h"

#include "options_arguments.h"

/* What a client gets, in ascending order. */
struct answer {
    size_t count;
    struct ucprov_option options[UCPROV_REPLY_OPTIONS_MAX];
};

/* The hook's policy, for one vlan that has just what the command line says. Returns the status to
 * exit with; unless it is UCPROV_EXIT_OK, the reason has been said. */
int answer_from_arguments(struct answer *answer, const struct arguments *arguments);

/* The same for a vlan of a site file. */
int answer_from_site(struct answer *answer, const struct arguments *arguments);

#endif
