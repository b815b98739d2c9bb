/* SPDX-License-Identifier: MPL-2.0 */
/* One record set of a check: what it should be, what a resolver says, and what to make of it. */
#ifndef CHECK_FINDING_H
#define CHECK_FINDING_H

#include "client/dns_client.h"

#include "records.h"

enum verdict {
    VERDICT_PENDING,
    VERDICT_RIGHT,
    VERDICT_MISSING,
    VERDICT_DIFFERENT,
    VERDICT_EXTRA,
    VERDICT_ERROR,  /* the answer is a refusal, or no use */
    VERDICT_SILENT, /* there is none */
    VERDICT_COUNT
};

struct finding {
    const struct record *records; /* borrowed */
    size_t count;
    ldns_rdf *owner;
    enum verdict verdict;
    ldns_rr_list *expected;
    ldns_rr_list *found;
    ldns_rr_list *missing;
    ldns_rr_list *extra;
    char *alias;   /* the name is an alias for this one; NULL: it is not */
    char *problem; /* of VERDICT_ERROR and VERDICT_SILENT; else NULL */
};

/* Judges the result of an exchange. False: out of memory. */
bool finding_judge(struct finding *finding, const struct dns_client *client,
                   const struct dns_exchange *exchange);

void finding_clear(struct finding *finding); /* keeps the verdict */

/* Static. */
const char *verdict_name(enum verdict verdict);

#endif
