/* SPDX-License-Identifier: MPL-2.0 */
/* Looks each RRset up at the primary and notes what to add and what to delete. Sends nothing:
 * zone_update.c does, or only shows it. */
#include "zone_diff.h"

#include <stdlib.h>
#include <string.h>

#include "primary.h"
#include "problem.h"
#include "rrset.h"

static void
change_clear(struct rrset_change *change)
{
    ldns_rdf_deep_free(change->zone);
    ldns_rdf_deep_free(change->owner);
    ldns_rr_list_deep_free(change->found);
    ldns_rr_list_deep_free(change->deleted);
    ldns_rr_list_deep_free(change->added);
}

void
zone_diff_clear(struct zone_diff *diff)
{
    for (size_t i = 0; i < diff->count; i++) {
        change_clear(&diff->items[i]);
    }
    for (size_t i = 0; i < diff->problem_count; i++) {
        free(diff->problems[i]);
    }
    free(diff->problems);
    free(diff->items);
    *diff = (struct zone_diff){.items = NULL};
}

/* Gives a change to the diff, even when there is no memory. */
static int
push_change(struct zone_diff *diff, struct rrset_change *change, struct ucprov_problem *problem)
{
    if (diff->count == diff->capacity) {
        size_t capacity = diff->capacity > 0 ? 2 * diff->capacity : 64;
        struct rrset_change *items = reallocarray(diff->items, capacity, sizeof(*items));

        if (items == NULL) {
            change_clear(change);
            return problem_memory(problem);
        }
        diff->items = items;
        diff->capacity = capacity;
    }
    change->order = diff->count;
    diff->items[diff->count++] = *change;
    return UCPROV_EXIT_OK;
}

static int
refuse_alias(const struct rrset_change *change, const ldns_rdf *alias,
             struct ucprov_problem *problem)
{
    char *owner = rrset_name_text(change->owner);
    char *target = rrset_name_text(alias);
    int status = owner != NULL && target != NULL
                     ? problem_set(problem, UCPROV_EXIT_FINDING,
                                   "%s is an alias (CNAME) for %s, which is not ours to change: "
                                   "delete that record, or switch ours off in the site file",
                                   owner, target)
                     : problem_memory(problem);

    free(owner);
    free(target);
    return status;
}

/* The difference: what to delete and what to add. */
static int
compare_records(struct rrset_change *change, const ldns_rr_list *wanted, bool removal,
                struct ucprov_problem *problem)
{
    ldns_rr_list_deep_free(change->deleted);
    ldns_rr_list_deep_free(change->added);
    change->added = removal ? ldns_rr_list_new() : rrset_difference(wanted, change->found, true);
    change->deleted = removal ? rrset_intersection(change->found, wanted)
                              : rrset_difference(change->found, wanted, true);
    return change->added != NULL && change->deleted != NULL ? UCPROV_EXIT_OK : problem_memory(problem);
}

static bool
differs(const struct rrset_change *change)
{
    return ldns_rr_list_rr_count(change->added) + ldns_rr_list_rr_count(change->deleted) > 0;
}

/* What is at the owner, compared; once more without what a wildcard only pretends to be there. */
static int
compare_owner(struct rrset_change *change, const ldns_rr_list *wanted, struct lookup *lookup,
              const struct dns_client *client, bool removal, struct ucprov_problem *problem)
{
    int status = lookup_records(client, change->owner, change->type, lookup, problem);
    if (status != UCPROV_EXIT_OK) {
        return status;
    }
    change->found = lookup->records;
    status = compare_records(change, wanted, removal, problem);
    change->found = NULL;
    if (status != UCPROV_EXIT_OK ||
        (lookup->alias == NULL &&
         (ldns_rr_list_rr_count(lookup->records) == 0 || !differs(change)))) {
        return status;
    }
    return lookup_drop_wildcard(client, change->zone, change->owner, change->type, lookup, problem);
}

static int
change_fill(struct rrset_change *change, const ldns_rr_list *wanted,
            const struct dns_client *client, bool removal, struct ucprov_problem *problem)
{
    struct lookup lookup = {.records = NULL};

    int status = lookup_zone(client, change->owner, &change->zone, problem);
    if (status == UCPROV_EXIT_OK) {
        status = compare_owner(change, wanted, &lookup, client, removal, problem);
    }
    if (status == UCPROV_EXIT_OK && lookup.alias != NULL && !removal) {
        status = refuse_alias(change, lookup.alias, problem);
    }
    if (status == UCPROV_EXIT_OK) {
        change->found = lookup.records;
        lookup.records = NULL;
        status = compare_records(change, wanted, removal, problem);
    }
    lookup_clear(&lookup);
    return status;
}

/* Nothing of this domain may be sent any more. */
static void
refuse_domain(struct zone_diff *diff, const char *domain)
{
    for (size_t i = diff->count; i > 0 && diff->items[i - 1].domain == domain; i--) {
        diff->items[i - 1].refused = true;
    }
}

/* An unknown key is refused for each domain in the same words: once is enough. */
static int
note_problem(struct zone_diff *diff, struct ucprov_problem *problem)
{
    size_t count = diff->problem_count;

    if (count > 0 && strcmp(diff->problems[count - 1], problem->text) == 0) {
        return UCPROV_EXIT_OK;
    }
    char **problems = reallocarray(diff->problems, count + 1, sizeof(*problems));
    if (problems == NULL) {
        return problem_memory(problem);
    }
    diff->problems = problems;
    diff->problems[count] = strdup(problem->text);
    if (diff->problems[count] == NULL) {
        return problem_memory(problem);
    }
    diff->problem_count++;
    return UCPROV_EXIT_OK;
}

static int
diff_rrset(struct zone_diff *diff, const struct zone *zone, size_t first, size_t count,
           const struct dns_client *client, bool removal, struct ucprov_problem *problem)
{
    const struct record *records = &zone->records[first];
    struct rrset_change change = {.domain = zone->domain, .type = rrset_type(records->type)};
    ldns_rr_list *wanted = rrset_new(records, count);

    change.owner = rrset_dname_new(records->owner);
    int status = change.owner != NULL && wanted != NULL
                     ? change_fill(&change, wanted, client, removal, problem)
                     : problem_memory(problem);
    ldns_rr_list_deep_free(wanted);
    if (status == UCPROV_EXIT_FINDING) {
        change.refused = true;
        if (note_problem(diff, problem) != UCPROV_EXIT_OK) {
            status = UCPROV_EXIT_ERROR;
        }
    }
    if (status == UCPROV_EXIT_ERROR || (status == UCPROV_EXIT_OK && !differs(&change))) {
        diff->right += status == UCPROV_EXIT_OK ? 1 : 0;
        change_clear(&change);
        return status;
    }
    int pushed = push_change(diff, &change, problem);
    if (pushed == UCPROV_EXIT_OK && status == UCPROV_EXIT_FINDING) {
        refuse_domain(diff, zone->domain);
    }
    return pushed != UCPROV_EXIT_OK ? pushed : status;
}

/* Goes on to the next domain where the server has no zone for one: its names would all give the
 * same complaint. */
static int
diff_domain(struct zone_diff *diff, const struct zone *zone, const struct dns_client *client,
            bool removal, struct ucprov_problem *problem)
{
    size_t count;

    for (size_t i = 0; i < zone->count; i += count) {
        count = rrset_length(zone, i);
        int status = diff_rrset(diff, zone, i, count, client, removal, problem);
        if (status == UCPROV_EXIT_ERROR) {
            return status;
        }
        if (status == UCPROV_EXIT_FINDING && diff->items[diff->count - 1].zone == NULL) {
            return UCPROV_EXIT_OK;
        }
    }
    return UCPROV_EXIT_OK;
}

static int
compare_zones(const ldns_rdf *a, const ldns_rdf *b)
{
    if (a == NULL || b == NULL) {
        return (a != NULL) - (b != NULL);
    }
    return ldns_dname_compare(a, b);
}

static int
compare_changes(const void *left, const void *right)
{
    const struct rrset_change *a = left;
    const struct rrset_change *b = right;
    int order = compare_zones(a->zone, b->zone);

    if (order != 0) {
        return order;
    }
    return (a->order > b->order) - (a->order < b->order);
}

int
zone_diff_make(struct zone_diff *diff, const struct zones *zones, const struct dns_client *client,
               bool removal, struct ucprov_problem *problem)
{
    *diff = (struct zone_diff){.items = NULL};
    for (size_t i = 0; i < zones->count; i++) {
        int status = diff_domain(diff, &zones->items[i], client, removal, problem);
        if (status != UCPROV_EXIT_OK) {
            return status;
        }
    }
    if (diff->count > 0) {
        qsort(diff->items, diff->count, sizeof(diff->items[0]), compare_changes);
    }
    return UCPROV_EXIT_OK;
}

size_t
zone_diff_zone_length(const struct zone_diff *diff, size_t first)
{
    size_t end = first;

    while (end < diff->count &&
           compare_zones(diff->items[end].zone, diff->items[first].zone) == 0) {
        end++;
    }
    return end - first;
}
