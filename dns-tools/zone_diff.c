/* SPDX-License-Identifier: MPL-2.0 */
/* Has all record sets looked up, round by round, and collects what differs. Sends no update:
 * zone_update.c does, or only shows it. */
#include "zone_diff.h"

#include <stdlib.h>
#include <string.h>

#include "lookup.h"
#include "problem.h"
#include "progress.h"

/* All look-ups, and the questions of one round. Names under one domain often lead to the same
 * question, one after the other: it is asked once. */
struct survey {
    const struct dns_client *client;
    struct lookup *lookups;
    size_t count;
    struct dns_batch batch;
    struct dns_exchange *exchanges; /* at most one for each look-up */
    size_t *askers;                 /* of each exchange, the first look-up that wants it */
    struct progress progress;
    size_t strays;
    struct ucprov_problem silence; /* why the server has been given up, when it is */
};

/* The survey */

static bool
same_question(const struct dns_exchange *a, const struct dns_exchange *b)
{
    return a->type == b->type && ldns_dname_compare(a->name, b->name) == 0;
}

/* Sets the next round's questions. */
static void
prepare_round(struct survey *survey)
{
    size_t count = 0;
    for (size_t i = 0; i < survey->count; i++) {
        struct dns_exchange exchange;
        if (lookup_question(&survey->lookups[i], &exchange) &&
            (count == 0 || !same_question(&survey->exchanges[count - 1], &exchange))) {
            survey->askers[count] = i;
            survey->exchanges[count++] = exchange;
        }
    }
    survey->batch.count = count;
}

/* Gives a result to all look-ups that asked for it. */
static void
take_result(struct dns_exchange *exchange, void *context)
{
    struct survey *survey = context;
    size_t index = (size_t)(exchange - survey->exchanges);
    size_t end = index + 1 < survey->batch.count ? survey->askers[index + 1] : survey->count;
    for (size_t i = survey->askers[index]; i < end; i++) {
        struct lookup *lookup = &survey->lookups[i];
        if (lookup->state != LOOKUP_DONE) {
            struct dns_exchange own = *exchange;
            own.name = lookup->asked; /* the first look-up's goes when that asks for another */
            lookup_take(lookup, survey->client, &own);
        }
    }
    if (exchange->abandoned) {
        dns_explain(survey->client, exchange, &survey->silence);
    }
    dns_exchange_clear(exchange);
    progress_step(&survey->progress);
}

/* Asks until no look-up has a question, or the server is gone. */
static void
run_rounds(struct survey *survey)
{
    survey->batch =
        (struct dns_batch){.exchanges = survey->exchanges, .done = take_result, .context = survey};
    prepare_round(survey);
    while (survey->batch.count > 0 && !survey->batch.gone) {
        progress_begin(&survey->progress, "record sets looked up", survey->batch.count, false);
        dns_batch_run(survey->client, &survey->batch);
        progress_end(&survey->progress);
        survey->strays += survey->batch.strays;
        prepare_round(survey);
    }
    warn_of_strays(survey->strays);
}

/* False: out of memory. */
static bool
begin_lookups(struct survey *survey, const struct zones *zones, bool removal)
{
    size_t count = rrset_count(zones) + 1; /* never 0 */
    survey->lookups = calloc(count, sizeof(*survey->lookups));
    survey->exchanges = calloc(count, sizeof(*survey->exchanges));
    survey->askers = calloc(count, sizeof(*survey->askers));
    if (survey->lookups == NULL || survey->exchanges == NULL || survey->askers == NULL) {
        return false;
    }
    for (size_t i = 0; i < zones->count; i++) {
        const struct zone *zone = &zones->items[i];
        size_t length;
        for (size_t j = 0; j < zone->count; j += length) {
            length = rrset_length(zone, j);
            struct lookup *lookup = &survey->lookups[survey->count];
            lookup_begin(lookup, zone->domain, &zone->records[j], length, removal);
            lookup->change.order = survey->count++;
        }
    }
    return true;
}

static void
survey_clear(struct survey *survey)
{
    for (size_t i = 0; i < survey->count; i++) {
        lookup_clear(&survey->lookups[i]);
    }
    free(survey->lookups);
    free(survey->exchanges);
    free(survey->askers);
}

/* The diff */

void
zone_diff_clear(struct zone_diff *diff)
{
    for (size_t i = 0; i < diff->count; i++) {
        rrset_change_clear(&diff->items[i]);
    }
    for (size_t i = 0; i < diff->problem_count; i++) {
        free(diff->problems[i]);
    }
    free(diff->problems);
    free(diff->items);
    *diff = (struct zone_diff){.items = NULL};
}

/* An unknown key is refused for each domain in the same words: once is enough. */
static void
note_problem(struct zone_diff *diff, struct lookup *lookup)
{
    size_t count = diff->problem_count;
    diff->status = lookup->status > diff->status ? lookup->status : diff->status;
    if (lookup->problem != NULL &&
        (count == 0 || strcmp(diff->problems[count - 1], lookup->problem) != 0)) {
        diff->problems[diff->problem_count++] = lookup->problem;
        lookup->problem = NULL;
    }
}

/* Takes what differs, and what is wrong, over from the look-ups of a domain. Where the server has
 * no zone for one name, the others would all give the same complaint. */
static void
take_domain(struct zone_diff *diff, struct lookup *lookups, size_t count)
{
    bool homeless = false;
    bool refused = false;
    size_t first = diff->count;
    for (size_t i = 0; i < count; i++) {
        struct lookup *lookup = &lookups[i];
        bool fine = lookup->status == UCPROV_EXIT_OK;
        if (fine && !rrset_change_differs(&lookup->change)) {
            diff->right++;
            continue;
        }
        if (!fine && !homeless) {
            note_problem(diff, lookup);
        }
        refused = refused || !fine;
        homeless = homeless || (!fine && lookup->change.zone == NULL);
        diff->items[diff->count++] = lookup->change;
        lookup->change = (struct rrset_change){.domain = lookup->change.domain};
    }
    for (size_t i = first; i < diff->count; i++) {
        diff->items[i].refused = refused;
    }
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

/* False: out of memory. */
static bool
collect_changes(struct zone_diff *diff, struct survey *survey)
{
    diff->items = calloc(survey->count + 1, sizeof(*diff->items));
    diff->problems = calloc(survey->count + 1, sizeof(*diff->problems));
    if (diff->items == NULL || diff->problems == NULL) {
        return false;
    }
    size_t count;
    for (size_t i = 0; i < survey->count; i += count) {
        const char *domain = survey->lookups[i].change.domain;
        count = 1;
        while (i + count < survey->count && survey->lookups[i + count].change.domain == domain) {
            count++;
        }
        take_domain(diff, &survey->lookups[i], count);
    }
    qsort(diff->items, diff->count, sizeof(diff->items[0]), compare_changes);
    return true;
}

int
zone_diff_make(struct zone_diff *diff, const struct zones *zones, const struct dns_client *client,
               bool removal, struct ucprov_problem *problem)
{
    struct survey survey = {.client = client};
    *diff = (struct zone_diff){.items = NULL};
    bool complete = begin_lookups(&survey, zones, removal);
    if (complete) {
        run_rounds(&survey);
    }
    int status = UCPROV_EXIT_OK;
    if (survey.batch.gone) {
        status = problem_set(problem, UCPROV_EXIT_ERROR, "%s", survey.silence.text);
    } else if (!complete || !collect_changes(diff, &survey)) {
        status = problem_memory(problem);
    }
    survey_clear(&survey);
    return status;
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
