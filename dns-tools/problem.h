/* SPDX-License-Identifier: MPL-2.0 */
/* What went wrong while acting on a server: one sentence, and the exit status it leads to. */
#ifndef PROBLEM_H
#define PROBLEM_H

#include "base/problem.h"
#include "client/dns_client.h"

#include "zone_arguments.h"

/* Sets the text, and returns `status`. */
int problem_set(struct ucprov_problem *problem, enum ucprov_exit_status status, const char *format,
                ...) __attribute__((format(printf, 3, 4)));

/* "out of memory", UCPROV_EXIT_ERROR. */
int problem_memory(struct ucprov_problem *problem);

/* An exchange brought no answer. UCPROV_EXIT_FINDING when one came that is not to be trusted; else
 * UCPROV_EXIT_ERROR. */
int problem_of_exchange(struct ucprov_problem *problem, const struct dns_client *client,
                        const struct dns_exchange *exchange);

/* Why an answer is no use: a sentence about response code `code` that says what to do. `what` is
 * what was asked for. UCPROV_EXIT_FINDING. */
int problem_of_code(struct ucprov_problem *problem, const struct dns_client *client, unsigned code,
                    const char *what);

/* On stderr, when there are any: messages that came and were no answers (struct dns_batch). */
void warn_of_strays(size_t strays);

#endif
