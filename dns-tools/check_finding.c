/* SPDX-License-Identifier: MPL-2.0 */
/* Reads an answer as a phone would, aliases followed, and compares values; TTLs are the resolver's
 * business. */
#include "check_finding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "problem.h"
#include "rrset.h"

const char *
verdict_name(enum verdict verdict)
{
    static const char *const names[] = {
        [VERDICT_PENDING] = "pending",     [VERDICT_RIGHT] = "right", [VERDICT_MISSING] = "missing",
        [VERDICT_DIFFERENT] = "different", [VERDICT_EXTRA] = "extra", [VERDICT_ERROR] = "error",
        [VERDICT_SILENT] = "silent",
    };
    return names[verdict];
}

void
finding_clear(struct finding *finding)
{
    ldns_rdf_deep_free(finding->owner);
    ldns_rr_list_deep_free(finding->expected);
    ldns_rr_list_deep_free(finding->found);
    ldns_rr_list_deep_free(finding->missing);
    ldns_rr_list_deep_free(finding->extra);
    free(finding->alias);
    free(finding->problem);
    *finding = (struct finding){.verdict = finding->verdict};
}

/* Follows the aliases of an answer from a name, as a phone does. Borrowed. */
static const ldns_rdf *
last_name(const ldns_rr_list *answers, const ldns_rdf *name)
{
    for (size_t step = 0; step < ldns_rr_list_rr_count(answers); step++) {
        const ldns_rdf *next = NULL;
        for (size_t i = 0; i < ldns_rr_list_rr_count(answers) && next == NULL; i++) {
            const ldns_rr *record = ldns_rr_list_rr(answers, i);
            if (ldns_rr_get_type(record) == LDNS_RR_TYPE_CNAME && ldns_rr_rd_count(record) == 1 &&
                ldns_dname_compare(ldns_rr_owner(record), name) == 0) {
                next = ldns_rr_rdf(record, 0);
            }
        }
        if (next == NULL) {
            break;
        }
        name = next;
    }
    return name;
}

/* Takes the records of an answer that a phone would use. False: out of memory. */
static bool
take_answer(struct finding *finding, const struct dns_exchange *exchange)
{
    const ldns_rr_list *answers = ldns_pkt_answer(exchange->answer);
    const ldns_rdf *name = last_name(answers, exchange->name);
    if (name != exchange->name) {
        finding->alias = rrset_name_text(name);
    }
    for (size_t i = 0; i < ldns_rr_list_rr_count(answers); i++) {
        const ldns_rr *record = ldns_rr_list_rr(answers, i);
        if (ldns_rr_get_type(record) == exchange->type &&
            ldns_dname_compare(ldns_rr_owner(record), name) == 0 &&
            !rrset_push_clone(finding->found, record)) {
            return false;
        }
    }
    ldns_rr_list_sort(finding->found); /* servers rotate them */
    return true;
}

/* False: out of memory. */
static bool
compare_records(struct finding *finding)
{
    finding->missing = rrset_difference(finding->expected, finding->found, false);
    finding->extra = rrset_difference(finding->found, finding->expected, false);
    if (finding->missing == NULL || finding->extra == NULL) {
        return false;
    }
    bool missing = ldns_rr_list_rr_count(finding->missing) > 0;
    bool extra = ldns_rr_list_rr_count(finding->extra) > 0;
    if (missing && extra) {
        finding->verdict = VERDICT_DIFFERENT;
    } else if (missing) {
        finding->verdict = VERDICT_MISSING;
    } else {
        finding->verdict = extra ? VERDICT_EXTRA : VERDICT_RIGHT;
    }
    return true;
}

/* The answer is no use, or there is none: why. False: out of memory. */
static bool
take_problem(struct finding *finding, const struct ucprov_problem *problem, int status)
{
    finding->verdict = status == UCPROV_EXIT_FINDING ? VERDICT_ERROR : VERDICT_SILENT;
    finding->problem = strdup(problem->text);
    return finding->problem != NULL;
}

bool
finding_judge(struct finding *finding, const struct dns_client *client,
              const struct dns_exchange *exchange)
{
    struct ucprov_problem problem;
    finding->expected = rrset_new(finding->records, finding->count);
    finding->found = ldns_rr_list_new();
    if (finding->expected == NULL || finding->found == NULL) {
        return false;
    }
    if (exchange->result != DNS_ANSWERED) {
        int status = problem_of_exchange(&problem, client, exchange);
        return take_problem(finding, &problem, status);
    }
    unsigned code = ldns_pkt_get_rcode(exchange->answer);
    if (code != LDNS_RCODE_NOERROR && code != LDNS_RCODE_NXDOMAIN) {
        char what[UCPROV_PROBLEM_SIZE / 2];
        snprintf(what, sizeof(what), "to answer for %s", finding->records->owner);
        int status = problem_of_code(&problem, client, code, what);
        return take_problem(finding, &problem, status);
    }
    return take_answer(finding, exchange) && compare_records(finding);
}
