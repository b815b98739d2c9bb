/* SPDX-License-Identifier: MPL-2.0 */
/* Decides from each answer what to ask next. Asks nobody. */
#include "lookup.h"

#include <stdlib.h>
#include <string.h>

#include "primary.h"
#include "problem.h"

static void
lookup_fail(struct lookup *lookup, int status, const struct ucprov_problem *problem)
{
    lookup->state = LOOKUP_DONE;
    lookup->status = status;
    lookup->problem = strdup(problem->text);
}

static void
lookup_fail_memory(struct lookup *lookup)
{
    struct ucprov_problem problem;
    lookup_fail(lookup, problem_memory(&problem), &problem);
}

/* The next question is about this name, which it owns. */
static void
ask_about(struct lookup *lookup, enum lookup_state state, ldns_rdf *name)
{
    ldns_rdf_deep_free(lookup->asked);
    lookup->asked = name;
    lookup->state = state;
    if (name == NULL || lookup->change.owner == NULL) {
        lookup_fail_memory(lookup);
    }
}

void
lookup_begin(struct lookup *lookup, const char *domain, const struct record *records, size_t count,
             bool removal)
{
    *lookup = (struct lookup){.records = records, .count = count, .removal = removal};
    lookup->change.domain = domain;
    lookup->change.type = rrset_type(records->type);
    lookup->change.owner = rrset_dname_new(records->owner);
    ask_about(lookup, LOOKUP_RECORDS, rrset_dname_new(records->owner));
}

void
lookup_clear(struct lookup *lookup)
{
    ldns_rdf_deep_free(lookup->asked);
    ldns_rdf_deep_free(lookup->parent);
    ldns_rdf_deep_free(lookup->alias);
    rrset_change_clear(&lookup->change);
    free(lookup->problem);
    *lookup = (struct lookup){.state = LOOKUP_DONE};
}

bool
lookup_question(const struct lookup *lookup, struct dns_exchange *exchange)
{
    *exchange = (struct dns_exchange){.name = lookup->asked,
                                      .type = lookup->state == LOOKUP_ZONE ? LDNS_RR_TYPE_SOA
                                                                           : lookup->change.type};
    return lookup->state != LOOKUP_DONE;
}

static void
refuse_alias(struct lookup *lookup)
{
    struct ucprov_problem problem;
    char *target = rrset_name_text(lookup->alias);
    int status = problem_set(&problem, UCPROV_EXIT_FINDING,
                             "%s is an alias (CNAME) for %s, which is not ours to change: delete "
                             "that record, or switch ours off in the site file",
                             lookup->records->owner, target != NULL ? target : "another name");
    free(target);
    lookup_fail(lookup, status, &problem);
}

static void
lookup_finish(struct lookup *lookup)
{
    lookup->state = LOOKUP_DONE;
    if (lookup->alias != NULL && !lookup->removal) {
        refuse_alias(lookup);
    }
}

/* "*.parent". The caller's; NULL: out of memory. */
static ldns_rdf *
wildcard_new(const ldns_rdf *parent)
{
    static const uint8_t wire[] = {1, '*', 0};
    ldns_rdf *star = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, sizeof(wire), wire);
    ldns_rdf *wildcard = star != NULL ? ldns_dname_cat_clone(star, parent) : NULL;
    ldns_rdf_deep_free(star);
    return wildcard;
}

static bool
moves_up(ldns_rdf **name)
{
    ldns_rdf *parent = ldns_dname_left_chop(*name);
    ldns_rdf_deep_free(*name);
    *name = parent;
    return parent != NULL;
}

/* Asks for the wildcard one label above, up to that below the zone itself. */
static void
ask_for_wildcard(struct lookup *lookup)
{
    if (ldns_dname_compare(lookup->parent, lookup->change.zone) == 0) {
        lookup_finish(lookup);
    } else if (!moves_up(&lookup->parent)) {
        lookup_fail_memory(lookup);
    } else {
        ask_about(lookup, LOOKUP_WILDCARD, wildcard_new(lookup->parent));
    }
}

/* Where its zone, or else a wildcard, is to be asked for. A record set that is right needs neither,
 * and one of which nothing is there no wildcard. */
static void
ask_further(struct lookup *lookup)
{
    const struct rrset_change *change = &lookup->change;
    bool alias = lookup->alias != NULL && !lookup->removal;
    if (!alias && !rrset_change_differs(change)) {
        lookup_finish(lookup);
    } else if (change->zone == NULL) {
        ask_about(lookup, LOOKUP_ZONE,
                  alias ? ldns_dname_left_chop(change->owner) : ldns_rdf_clone(change->owner));
    } else if (alias || ldns_rr_list_rr_count(change->found) > 0) {
        lookup->parent = ldns_rdf_clone(change->owner);
        if (lookup->parent == NULL) {
            lookup_fail_memory(lookup);
            return;
        }
        ask_for_wildcard(lookup);
    } else {
        lookup_finish(lookup);
    }
}

/* What was found, compared with what is wanted. False: out of memory. */
static bool
compare_found(struct lookup *lookup, ldns_rr_list *found)
{
    ldns_rr_list *wanted = rrset_new(lookup->records, lookup->count);
    ldns_rr_list_deep_free(lookup->change.found);
    lookup->change.found = found;
    bool compared = found != NULL && wanted != NULL &&
                    rrset_change_compare(&lookup->change, wanted, lookup->removal);
    ldns_rr_list_deep_free(wanted);
    return compared;
}

static void
take_records(struct lookup *lookup, const struct dns_exchange *exchange)
{
    const ldns_rdf *alias = primary_alias(exchange);
    const ldns_rdf *zone = alias == NULL ? primary_zone(exchange) : NULL;
    lookup->alias = alias != NULL ? ldns_rdf_clone(alias) : NULL;
    lookup->change.zone = zone != NULL ? ldns_rdf_clone(zone) : NULL;
    ldns_rr_list *found = alias == NULL ? primary_records(exchange) : ldns_rr_list_new();
    if (!compare_found(lookup, found) || (alias != NULL && lookup->alias == NULL)) {
        lookup_fail_memory(lookup);
    } else {
        ask_further(lookup);
    }
}

static void
take_zone(struct lookup *lookup, const struct dns_client *client,
          const struct dns_exchange *exchange)
{
    const ldns_rdf *zone = primary_zone(exchange);
    if (primary_alias(exchange) != NULL && ldns_dname_label_count(exchange->name) > 0) {
        ask_about(lookup, LOOKUP_ZONE, ldns_dname_left_chop(exchange->name));
    } else if (zone == NULL) {
        struct ucprov_problem problem;
        lookup_fail(lookup, primary_disclaim(client, exchange->name, &problem), &problem);
    } else {
        lookup->change.zone = ldns_rdf_clone(zone);
        if (lookup->change.zone == NULL) {
            lookup_fail_memory(lookup);
            return;
        }
        ask_further(lookup);
    }
}

/* Same values and TTLs. */
static bool
same_records(const ldns_rr_list *a, const ldns_rr_list *b)
{
    ldns_rr_list *more = rrset_difference(a, b, true);
    ldns_rr_list *less = rrset_difference(b, a, true);
    bool same = more != NULL && less != NULL && ldns_rr_list_rr_count(more) == 0 &&
                ldns_rr_list_rr_count(less) == 0;
    ldns_rr_list_deep_free(more);
    ldns_rr_list_deep_free(less);
    return same;
}

/* The wildcard has the very records, or the alias, that the owner was said to have. */
static bool
wildcard_gives_it(const struct lookup *lookup, const struct dns_exchange *exchange)
{
    const ldns_rdf *alias = primary_alias(exchange);
    if (alias != NULL || lookup->alias != NULL) {
        return alias != NULL && lookup->alias != NULL &&
               ldns_dname_compare(alias, lookup->alias) == 0;
    }
    ldns_rr_list *records = primary_records(exchange);
    bool same = records != NULL && same_records(lookup->change.found, records);
    ldns_rr_list_deep_free(records);
    return same;
}

static void
take_wildcard(struct lookup *lookup, const struct dns_exchange *exchange)
{
    if (!wildcard_gives_it(lookup, exchange)) {
        ask_for_wildcard(lookup);
        return;
    }
    ldns_rdf_deep_free(lookup->alias);
    lookup->alias = NULL;
    if (compare_found(lookup, ldns_rr_list_new())) {
        lookup_finish(lookup);
    } else {
        lookup_fail_memory(lookup);
    }
}

void
lookup_take(struct lookup *lookup, const struct dns_client *client,
            const struct dns_exchange *exchange)
{
    struct ucprov_problem problem;
    int status = primary_accept(client, exchange, &problem);
    if (status != UCPROV_EXIT_OK) {
        lookup_fail(lookup, status, &problem);
    } else if (lookup->state == LOOKUP_RECORDS) {
        take_records(lookup, exchange);
    } else if (lookup->state == LOOKUP_ZONE) {
        take_zone(lookup, client, exchange);
    } else {
        take_wildcard(lookup, exchange);
    }
}
