/* SPDX-License-Identifier: MPL-2.0 */
/* Only the primary's own word counts, never a cache's. An alias is followed nowhere, and what an
 * answer has of other names is left alone. */
#include "primary.h"

#include <stdio.h>
#include <stdlib.h>

#include "problem.h"
#include "rrset.h"

int
primary_disclaim(const struct dns_client *client, const ldns_rdf *name,
                 struct ucprov_problem *problem)
{
    char *text = rrset_name_text(name);
    int status = problem_set(problem, UCPROV_EXIT_FINDING,
                             "%s is not authoritative for %s: give the zone's primary server",
                             client->name, text != NULL ? text : "the name");
    free(text);
    return status;
}

static int
refuse_code(const struct dns_client *client, const ldns_rdf *name, unsigned code,
            struct ucprov_problem *problem)
{
    char what[UCPROV_PROBLEM_SIZE / 2];
    char *text = rrset_name_text(name);
    snprintf(what, sizeof(what), "to answer for %s", text != NULL ? text : "a name");
    free(text);
    return problem_of_code(problem, client, code, what);
}

/* Which name a server did not answer for is told unless it answers for none. */
static int
refuse_silence(const struct dns_client *client, const struct dns_exchange *exchange,
               struct ucprov_problem *problem)
{
    int status = problem_of_exchange(problem, client, exchange);
    if (status == UCPROV_EXIT_ERROR && !exchange->abandoned) {
        const struct ucprov_problem reason = *problem;
        char *text = rrset_name_text(exchange->name);
        problem_set(problem, UCPROV_EXIT_ERROR, "%s: %s", text != NULL ? text : "a name",
                    reason.text);
        free(text);
    }
    return status;
}

int
primary_accept(const struct dns_client *client, const struct dns_exchange *exchange,
               struct ucprov_problem *problem)
{
    if (exchange->result != DNS_ANSWERED) {
        return refuse_silence(client, exchange, problem);
    }
    unsigned code = ldns_pkt_get_rcode(exchange->answer);
    if (code != LDNS_RCODE_NOERROR && code != LDNS_RCODE_NXDOMAIN) {
        return refuse_code(client, exchange->name, code, problem);
    }
    return ldns_pkt_aa(exchange->answer) ? UCPROV_EXIT_OK
                                         : primary_disclaim(client, exchange->name, problem);
}

static bool
is_record(const ldns_rr *record, const ldns_rdf *name, ldns_rr_type type)
{
    return ldns_rr_get_type(record) == type && ldns_rr_get_class(record) == LDNS_RR_CLASS_IN &&
           ldns_rr_rd_count(record) > 0 &&
           (name == NULL || ldns_dname_compare(ldns_rr_owner(record), name) == 0);
}

/* The first record of a type, of that name unless it is NULL. Borrowed. */
static const ldns_rr *
find_record(const ldns_rr_list *list, const ldns_rdf *name, ldns_rr_type type)
{
    for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
        const ldns_rr *record = ldns_rr_list_rr(list, i);
        if (is_record(record, name, type)) {
            return record;
        }
    }
    return NULL;
}

const ldns_rdf *
primary_alias(const struct dns_exchange *exchange)
{
    const ldns_rr *alias =
        find_record(ldns_pkt_answer(exchange->answer), exchange->name, LDNS_RR_TYPE_CNAME);
    return alias != NULL ? ldns_rr_rdf(alias, 0) : NULL;
}

const ldns_rdf *
primary_zone(const struct dns_exchange *exchange)
{
    const ldns_rr_list *authority = ldns_pkt_authority(exchange->answer);
    const ldns_rr *apex =
        find_record(ldns_pkt_answer(exchange->answer), exchange->name, LDNS_RR_TYPE_SOA);
    if (apex == NULL) {
        apex = find_record(authority, NULL, LDNS_RR_TYPE_SOA);
    }
    if (apex == NULL && ldns_pkt_ancount(exchange->answer) > 0) {
        apex = find_record(authority, NULL, LDNS_RR_TYPE_NS);
    }
    const ldns_rdf *zone = apex != NULL ? ldns_rr_owner(apex) : NULL;
    bool encloses = zone != NULL && (ldns_dname_compare(zone, exchange->name) == 0 ||
                                     ldns_dname_is_subdomain(exchange->name, zone));
    return encloses ? zone : NULL;
}

ldns_rr_list *
primary_records(const struct dns_exchange *exchange)
{
    const ldns_rr_list *answers = ldns_pkt_answer(exchange->answer);
    ldns_rr_list *records = ldns_rr_list_new();
    for (size_t i = 0; records != NULL && i < ldns_rr_list_rr_count(answers); i++) {
        const ldns_rr *record = ldns_rr_list_rr(answers, i);
        if (is_record(record, exchange->name, exchange->type) &&
            !rrset_push_clone(records, record)) {
            ldns_rr_list_deep_free(records);
            return NULL;
        }
    }
    if (records != NULL) {
        ldns_rr_list_sort(records); /* servers rotate them */
    }
    return records;
}
