#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "lookup.h"
#include "rrset.h"

static void
change_clear(struct change *change)
{
    ldns_rdf_deep_free(change->zone);
    ldns_rdf_deep_free(change->owner);
    ldns_rr_list_deep_free(change->found);
    ldns_rr_list_deep_free(change->deleted);
    ldns_rr_list_deep_free(change->added);
}

void
plan_clear(struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        change_clear(&plan->items[i]);
    }
    free(plan->items);
    *plan = (struct plan){.items = NULL};
}

/* Gives a change to the plan, even when there is no memory. */
static int
push(struct plan *plan, struct change *change, struct problem *problem)
{
    if (plan->count == plan->capacity) {
        size_t capacity = plan->capacity > 0 ? 2 * plan->capacity : 64;
        struct change *items = reallocarray(plan->items, capacity, sizeof(*items));

        if (items == NULL) {
            change_clear(change);
            return problem_memory(problem);
        }
        plan->items = items;
        plan->capacity = capacity;
    }
    change->order = plan->count;
    plan->items[plan->count++] = *change;
    return STATUS_FINE;
}

static int
refuse_alias(const struct change *change, const ldns_rdf *alias, struct problem *problem)
{
    char *owner = rrset_name_text(change->owner);
    char *target = rrset_name_text(alias);
    int status = owner != NULL && target != NULL
                     ? problem_set(problem, STATUS_FINDING,
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
compare(struct change *change, const ldns_rr_list *wanted, bool removal, struct problem *problem)
{
    ldns_rr_list_deep_free(change->deleted);
    ldns_rr_list_deep_free(change->added);
    change->added = removal ? ldns_rr_list_new() : rrset_minus(wanted, change->found, true);
    change->deleted =
        removal ? rrset_common(change->found, wanted) : rrset_minus(change->found, wanted, true);
    return change->added != NULL && change->deleted != NULL ? STATUS_FINE : problem_memory(problem);
}

static bool
differs(const struct change *change)
{
    return ldns_rr_list_rr_count(change->added) + ldns_rr_list_rr_count(change->deleted) > 0;
}

/* What is at the owner, compared; once more without what a wildcard only pretends to be there. */
static int
look(struct change *change, const ldns_rr_list *wanted, struct lookup *lookup,
     struct server *server, bool removal, struct problem *problem)
{
    int status = lookup_records(server, change->owner, change->type, lookup, problem);
    if (status != STATUS_FINE) {
        return status;
    }
    change->found = lookup->records;
    status = compare(change, wanted, removal, problem);
    change->found = NULL;
    if (status != STATUS_FINE ||
        (lookup->alias == NULL &&
         (ldns_rr_list_rr_count(lookup->records) == 0 || !differs(change)))) {
        return status;
    }
    return lookup_drop_wildcard(server, change->zone, change->owner, change->type, lookup, problem);
}

static int
fill(struct change *change, const ldns_rr_list *wanted, struct server *server, bool removal,
     struct problem *problem)
{
    struct lookup lookup = {.records = NULL};

    int status = lookup_zone(server, change->owner, &change->zone, problem);
    if (status == STATUS_FINE) {
        status = look(change, wanted, &lookup, server, removal, problem);
    }
    if (status == STATUS_FINE && lookup.alias != NULL && !removal) {
        status = refuse_alias(change, lookup.alias, problem);
    }
    if (status == STATUS_FINE) {
        change->found = lookup.records;
        lookup.records = NULL;
        status = compare(change, wanted, removal, problem);
    }
    lookup_clear(&lookup);
    return status;
}

/* Nothing of this domain may be sent any more. */
static void
refuse_domain(struct plan *plan, const char *domain)
{
    for (size_t i = plan->count; i > 0 && plan->items[i - 1].domain == domain; i--) {
        plan->items[i - 1].refused = true;
    }
}

/* An unknown key is refused for each domain in the same words. */
static void
complain_once(struct plan *plan, const struct problem *problem)
{
    if (plan->problems++ == 0 || strcmp(plan->last_problem.text, problem->text) != 0) {
        act_complain(problem);
        plan->last_problem = *problem;
    }
}

static int
plan_set(struct plan *plan, const struct zone *zone, size_t first, size_t count,
         struct server *server, bool removal, struct problem *problem)
{
    const struct record *records = &zone->records[first];
    struct change change = {.domain = zone->domain, .type = rrset_type(records->type)};
    ldns_rr_list *wanted = rrset_new(records, count);

    change.owner = rrset_dname_new(records->owner);
    int status = change.owner != NULL && wanted != NULL
                     ? fill(&change, wanted, server, removal, problem)
                     : problem_memory(problem);
    ldns_rr_list_deep_free(wanted);
    if (status == STATUS_FINDING) {
        complain_once(plan, problem);
        change.refused = true;
    }
    if (status == STATUS_FAILED || (status == STATUS_FINE && !differs(&change))) {
        plan->right += status == STATUS_FINE ? 1 : 0;
        change_clear(&change);
        return status;
    }
    int pushed = push(plan, &change, problem);
    if (pushed == STATUS_FINE && status == STATUS_FINDING) {
        refuse_domain(plan, zone->domain);
    }
    return pushed != STATUS_FINE ? pushed : status;
}

/* Goes on to the next domain where the server has no zone for one: its names would all give the
 * same complaint. */
static int
plan_domain(struct plan *plan, const struct zone *zone, struct server *server, bool removal,
            struct problem *problem)
{
    size_t count;

    for (size_t i = 0; i < zone->count; i += count) {
        count = rrset_length(zone, i);
        int status = plan_set(plan, zone, i, count, server, removal, problem);
        if (status == STATUS_FAILED) {
            return status;
        }
        if (status == STATUS_FINDING && plan->items[plan->count - 1].zone == NULL) {
            return STATUS_FINE;
        }
    }
    return STATUS_FINE;
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
    const struct change *a = left;
    const struct change *b = right;
    int order = compare_zones(a->zone, b->zone);

    if (order != 0) {
        return order;
    }
    return (a->order > b->order) - (a->order < b->order);
}

int
plan_make(struct plan *plan, const struct zones *zones, struct server *server, bool removal,
          struct problem *problem)
{
    *plan = (struct plan){.items = NULL};
    for (size_t i = 0; i < zones->count; i++) {
        int status = plan_domain(plan, &zones->items[i], server, removal, problem);
        if (status != STATUS_FINE) {
            return status;
        }
    }
    if (plan->count > 0) {
        qsort(plan->items, plan->count, sizeof(plan->items[0]), compare_changes);
    }
    return STATUS_FINE;
}

size_t
plan_zone_length(const struct plan *plan, size_t first)
{
    size_t end = first;

    while (end < plan->count &&
           compare_zones(plan->items[end].zone, plan->items[first].zone) == 0) {
        end++;
    }
    return end - first;
}
