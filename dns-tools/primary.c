/* SPDX-License-Identifier: MPL-2.0 */
/* Asks the primary itself, never a cache: the zone cut above a name, and what is at the name. What
 * only a wildcard answers counts as not being there, since an update has to add it. */
#include "primary.h"

#include <assert.h>
#include <stdlib.h>

#include "problem.h"
#include "rrset.h"

static int
not_authoritative(const struct dns_client *client, const ldns_rdf *name,
                  struct ucprov_problem *problem)
{
    char *text = rrset_name_text(name);
    int status = problem_set(problem, UCPROV_EXIT_FINDING,
                             "%s is not authoritative for %s: give the zone's primary server",
                             client->name, text != NULL ? text : "the name");

    free(text);
    return status;
}

/* Queries for an authoritative answer: NOERROR or NXDOMAIN. */
static int
ask_primary(const struct dns_client *client, const ldns_rdf *name, ldns_rr_type type,
            ldns_pkt **answer, struct ucprov_problem *problem)
{
    struct dns_exchange exchange = {.name = name, .type = type};
    int status = UCPROV_EXIT_OK;

    *answer = NULL;
    if (dns_ask(client, &exchange) != DNS_ANSWERED) {
        return problem_of_exchange(problem, client, &exchange);
    }
    *answer = exchange.answer;
    ldns_pkt_rcode code = ldns_pkt_get_rcode(*answer);
    if (code != LDNS_RCODE_NOERROR && code != LDNS_RCODE_NXDOMAIN) {
        char *text = rrset_name_text(name);
        char what[UCPROV_PROBLEM_SIZE / 2];

        snprintf(what, sizeof(what), "to answer for %s", text != NULL ? text : "a name");
        free(text);
        status = problem_of_code(problem, client, code, what);
    } else if (!ldns_pkt_aa(*answer)) {
        status = not_authoritative(client, name, problem);
    }
    if (status != UCPROV_EXIT_OK) {
        ldns_pkt_free(*answer);
        *answer = NULL;
    }
    return status;
}

/* The first record of a type, of that name unless it is NULL. Borrowed. */
static const ldns_rr *
find_record(const ldns_rr_list *list, const ldns_rdf *name, ldns_rr_type type)
{
    for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
        const ldns_rr *record = ldns_rr_list_rr(list, i);

        if (ldns_rr_get_type(record) == type && ldns_rr_get_class(record) == LDNS_RR_CLASS_IN &&
            ldns_rr_rd_count(record) > 0 &&
            (name == NULL || ldns_dname_compare(ldns_rr_owner(record), name) == 0)) {
            return record;
        }
    }
    return NULL;
}

static bool
encloses(const ldns_rdf *zone, const ldns_rdf *name)
{
    return ldns_dname_compare(zone, name) == 0 || ldns_dname_is_subdomain(name, zone);
}

/* The owner of the SOA record in an answer: of the name itself, or of what encloses it. */
static const ldns_rdf *
soa_owner(const ldns_pkt *answer, const ldns_rdf *name)
{
    const ldns_rr *soa = find_record(ldns_pkt_answer(answer), name, LDNS_RR_TYPE_SOA);

    if (soa == NULL) {
        soa = find_record(ldns_pkt_authority(answer), NULL, LDNS_RR_TYPE_SOA);
    }
    return soa != NULL && encloses(ldns_rr_owner(soa), name) ? ldns_rr_owner(soa) : NULL;
}

/* The parent takes an alias's place: its SOA query would be answered for the alias's target. */
static int
lookup_zone_of_parent(const struct dns_client *client, const ldns_rdf *name, ldns_rdf **zone,
                      struct ucprov_problem *problem)
{
    ldns_rdf *parent = ldns_dname_left_chop(name);

    if (parent == NULL) {
        return problem_memory(problem);
    }
    int status = lookup_zone(client, parent, zone, problem);
    ldns_rdf_deep_free(parent);
    return status;
}

int
lookup_zone(const struct dns_client *client, const ldns_rdf *name, ldns_rdf **zone,
            struct ucprov_problem *problem)
{
    ldns_pkt *answer;

    *zone = NULL;
    int status = ask_primary(client, name, LDNS_RR_TYPE_SOA, &answer, problem);
    if (status != UCPROV_EXIT_OK) {
        return status;
    }
    const ldns_rdf *owner = soa_owner(answer, name);
    if (find_record(ldns_pkt_answer(answer), name, LDNS_RR_TYPE_CNAME) != NULL &&
        ldns_dname_label_count(name) > 0) {
        status = lookup_zone_of_parent(client, name, zone, problem);
    } else if (owner == NULL) {
        status = not_authoritative(client, name, problem);
    } else {
        *zone = ldns_rdf_clone(owner);
        status = *zone != NULL ? UCPROV_EXIT_OK : problem_memory(problem);
    }
    ldns_pkt_free(answer);
    return status;
}

/* Clones what an answer has of a name. False: out of memory. */
static bool
take_records(struct lookup *lookup, const ldns_rr_list *answers, const ldns_rdf *name,
             ldns_rr_type type)
{
    const ldns_rr *alias = find_record(answers, name, LDNS_RR_TYPE_CNAME);

    if (alias != NULL) {
        lookup->alias = ldns_rdf_clone(ldns_rr_rdf(alias, 0));
        return lookup->alias != NULL;
    }
    for (size_t i = 0; i < ldns_rr_list_rr_count(answers); i++) {
        const ldns_rr *record = ldns_rr_list_rr(answers, i);

        if (ldns_rr_get_type(record) == type && ldns_rr_get_class(record) == LDNS_RR_CLASS_IN &&
            ldns_dname_compare(ldns_rr_owner(record), name) == 0 &&
            !rrset_push_clone(lookup->records, record)) {
            return false;
        }
    }
    return true;
}

int
lookup_records(const struct dns_client *client, const ldns_rdf *name, ldns_rr_type type,
               struct lookup *lookup, struct ucprov_problem *problem)
{
    ldns_pkt *answer;

    *lookup = (struct lookup){.records = ldns_rr_list_new()};
    if (lookup->records == NULL) {
        return problem_memory(problem);
    }
    int status = ask_primary(client, name, type, &answer, problem);
    if (status != UCPROV_EXIT_OK) {
        return status;
    }
    if (!take_records(lookup, ldns_pkt_answer(answer), name, type)) {
        status = problem_memory(problem);
    }
    ldns_rr_list_sort(lookup->records); /* servers rotate them */
    ldns_pkt_free(answer);
    return status;
}

void
lookup_clear(struct lookup *lookup)
{
    ldns_rr_list_deep_free(lookup->records);
    ldns_rdf_deep_free(lookup->alias);
    *lookup = (struct lookup){.records = NULL};
}

static bool
same(const struct lookup *a, const struct lookup *b)
{
    if (a->alias != NULL || b->alias != NULL) {
        return a->alias != NULL && b->alias != NULL && ldns_dname_compare(a->alias, b->alias) == 0;
    }
    ldns_rr_list *more = rrset_difference(a->records, b->records, true);
    ldns_rr_list *less = rrset_difference(b->records, a->records, true);
    bool equal = more != NULL && less != NULL && ldns_rr_list_rr_count(more) == 0 &&
                 ldns_rr_list_rr_count(less) == 0;

    ldns_rr_list_deep_free(more);
    ldns_rr_list_deep_free(less);
    return equal;
}

/* "*.parent". The caller's; NULL: out of memory, or too long to exist. */
static ldns_rdf *
wildcard_new(const ldns_rdf *parent)
{
    static const uint8_t wire[] = {1, '*', 0};
    ldns_rdf *star = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, sizeof(wire), wire);
    ldns_rdf *wildcard = star != NULL ? ldns_dname_cat_clone(star, parent) : NULL;

    ldns_rdf_deep_free(star);
    return wildcard;
}

/* Whether there is a wildcard right below `parent` that gives the same. */
static int
wildcard_gives(const struct dns_client *client, const ldns_rdf *parent, ldns_rr_type type,
               const struct lookup *lookup, bool *gives, struct ucprov_problem *problem)
{
    ldns_rdf *wildcard = wildcard_new(parent);
    struct lookup star;

    *gives = false;
    if (wildcard == NULL || ldns_rdf_size(wildcard) > LDNS_MAX_DOMAINLEN) {
        ldns_rdf_deep_free(wildcard);
        return UCPROV_EXIT_OK;
    }
    int status = lookup_records(client, wildcard, type, &star, problem);
    *gives = status == UCPROV_EXIT_OK && same(lookup, &star);
    lookup_clear(&star);
    ldns_rdf_deep_free(wildcard);
    return status;
}

int
lookup_drop_wildcard(const struct dns_client *client, const ldns_rdf *zone, const ldns_rdf *name,
                     ldns_rr_type type, struct lookup *lookup, struct ucprov_problem *problem)
{
    bool made_by_wildcard = false;
    int status = UCPROV_EXIT_OK;
    ldns_rdf *parent = ldns_rdf_clone(name);

    assert(encloses(zone, name));
    while (status == UCPROV_EXIT_OK && !made_by_wildcard && parent != NULL &&
           ldns_dname_compare(parent, zone) != 0) {
        ldns_rdf *child = parent;

        parent = ldns_dname_left_chop(child);
        ldns_rdf_deep_free(child);
        if (parent != NULL) {
            status = wildcard_gives(client, parent, type, lookup, &made_by_wildcard, problem);
        }
    }
    if (parent == NULL) {
        status = problem_memory(problem);
    }
    ldns_rdf_deep_free(parent);
    if (status == UCPROV_EXIT_OK && made_by_wildcard) {
        lookup_clear(lookup);
        lookup->records = ldns_rr_list_new();
        status = lookup->records != NULL ? UCPROV_EXIT_OK : problem_memory(problem);
    }
    return status;
}
