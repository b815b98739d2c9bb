/* SPDX-License-Identifier: MPL-2.0 */
/* --check: asks a resolver what a phone would ask, and compares. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/wrap.h"

#include "problem.h"
#include "rrset.h"
#include "zone_arguments.h"
#include "zone_check.h"

#define OWNER_COLUMN 17 /* "different  SRV   " */
#define VALUE_COLUMN 26

enum verdict { VERDICT_RIGHT, VERDICT_MISSING, VERDICT_DIFFERENT, VERDICT_EXTRA, VERDICT_ERROR };

static const char *const verdict_names[] = {
    [VERDICT_RIGHT] = "right", [VERDICT_MISSING] = "missing", [VERDICT_DIFFERENT] = "different",
    [VERDICT_EXTRA] = "extra", [VERDICT_ERROR] = "error",
};

/* One record set: what it should be, and what it is. */
struct finding {
    const struct record *record; /* the first of it */
    enum verdict verdict;
    ldns_rr_list *expected;
    ldns_rr_list *found;
    ldns_rr_list *missing;
    ldns_rr_list *extra;
    char *alias;                   /* the name is an alias for this one; NULL: it is not */
    struct ucprov_problem problem; /* of VERDICT_ERROR */
};

static void
finding_clear(struct finding *finding)
{
    ldns_rr_list_deep_free(finding->expected);
    ldns_rr_list_deep_free(finding->found);
    ldns_rr_list_deep_free(finding->missing);
    ldns_rr_list_deep_free(finding->extra);
    free(finding->alias);
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

/* Takes the records of an answer that a phone would use. */
static int
take_answer(struct finding *finding, const ldns_pkt *answer, const ldns_rdf *owner,
            struct ucprov_problem *problem)
{
    const ldns_rr_list *answers = ldns_pkt_answer(answer);
    const ldns_rdf *name = last_name(answers, owner);

    if (name != owner) {
        finding->alias = rrset_name_text(name);
    }
    for (size_t i = 0; i < ldns_rr_list_rr_count(answers); i++) {
        const ldns_rr *record = ldns_rr_list_rr(answers, i);

        if (ldns_rr_get_type(record) == rrset_type(finding->record->type) &&
            ldns_dname_compare(ldns_rr_owner(record), name) == 0 &&
            !rrset_push_clone(finding->found, record)) {
            return problem_memory(problem);
        }
    }
    ldns_rr_list_sort(finding->found); /* servers rotate them */
    return UCPROV_EXIT_OK;
}

static int
judge_rrset(struct finding *finding, struct ucprov_problem *problem)
{
    finding->missing = rrset_difference(finding->expected, finding->found, false);
    finding->extra = rrset_difference(finding->found, finding->expected, false);
    if (finding->missing == NULL || finding->extra == NULL) {
        return problem_memory(problem);
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
    return UCPROV_EXIT_OK;
}

/* Asks for the owner. A server's refusal becomes the verdict; UCPROV_EXIT_ERROR ends everything. */
static int
ask_rrset(const struct dns_client *client, struct finding *finding, const ldns_rdf *owner,
          struct ucprov_problem *problem)
{
    char what[UCPROV_PROBLEM_SIZE / 2];
    struct dns_exchange exchange = {
        .name = owner, .type = rrset_type(finding->record->type), .recursion = true};
    int status = UCPROV_EXIT_OK;

    if (dns_ask(client, &exchange) != DNS_ANSWERED) {
        status = problem_of_exchange(&finding->problem, client, &exchange);
    } else {
        unsigned code = ldns_pkt_get_rcode(exchange.answer);

        if (code != LDNS_RCODE_NOERROR && code != LDNS_RCODE_NXDOMAIN) {
            snprintf(what, sizeof(what), "to answer for %s", finding->record->owner);
            status = problem_of_code(&finding->problem, client, code, what);
        } else {
            status = take_answer(finding, exchange.answer, owner, &finding->problem);
        }
    }
    dns_exchange_clear(&exchange);
    if (status == UCPROV_EXIT_FINDING) {
        finding->verdict = VERDICT_ERROR;
        return UCPROV_EXIT_OK;
    }
    *problem = finding->problem;
    return status == UCPROV_EXIT_OK ? judge_rrset(finding, problem) : status;
}

static int
check_rrset(const struct dns_client *client, const struct zone *zone, size_t first, size_t count,
            struct finding *finding, struct ucprov_problem *problem)
{
    ldns_rdf *owner = rrset_dname_new(zone->records[first].owner);

    *finding = (struct finding){
        .record = &zone->records[first],
        .expected = rrset_new(&zone->records[first], count),
        .found = ldns_rr_list_new(),
    };
    int status = owner != NULL && finding->expected != NULL && finding->found != NULL
                     ? ask_rrset(client, finding, owner, problem)
                     : problem_memory(problem);
    ldns_rdf_deep_free(owner);
    return status;
}

/* Prints text from `column` on; names may be longer than a line. */
static void
print_from(size_t column, const char *text)
{
    ucprov_wrap_from(stdout, column, column, UCPROV_WORD_BROKEN, text);
}

static void
print_values(const char *label, const ldns_rr_list *records)
{
    for (size_t i = 0; i < ldns_rr_list_rr_count(records); i++) {
        char *value = rrset_value_text(ldns_rr_list_rr(records, i));

        printf("%*s%-9s", OWNER_COLUMN, "", i == 0 ? label : "");
        print_from(VALUE_COLUMN, value != NULL ? value : "(out of memory)");
        free(value);
    }
}

static void
print_finding(const struct finding *finding)
{
    printf("%-9s  %-4s  ", verdict_names[finding->verdict], rrset_type_name(finding->record->type));
    print_from(OWNER_COLUMN, finding->record->owner);
    if (finding->verdict == VERDICT_ERROR) {
        printf("%*s", OWNER_COLUMN, "");
        print_from(OWNER_COLUMN, finding->problem.text);
        return;
    }
    if (finding->alias != NULL) {
        printf("%*salias of ", OWNER_COLUMN, "");
        print_from(VALUE_COLUMN, finding->alias);
    }
    print_values("lacks", finding->missing);
    print_values(finding->verdict == VERDICT_DIFFERENT ? "has" : "has also", finding->extra);
}

static json_t *
values_json(const ldns_rr_list *records)
{
    json_t *values = json_array();

    for (size_t i = 0; i < ldns_rr_list_rr_count(records); i++) {
        char *value = rrset_value_text(ldns_rr_list_rr(records, i));

        json_array_append_new(values, json_string(value != NULL ? value : ""));
        free(value);
    }
    return values;
}

static json_t *
finding_json(const struct finding *finding)
{
    bool error = finding->verdict == VERDICT_ERROR;

    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:s?, s:s?}", "owner",
                     finding->record->owner, "type", rrset_type_name(finding->record->type),
                     "status", verdict_names[finding->verdict], "expected",
                     values_json(finding->expected), "found", values_json(finding->found),
                     "missing", values_json(finding->missing), "extra", values_json(finding->extra),
                     "alias", finding->alias, "error", error ? finding->problem.text : NULL);
}

/* Of all record sets. */
struct tally {
    size_t counts[VERDICT_ERROR + 1];
    json_t *findings; /* NULL: print them */
};

static int
check_set(const struct dns_client *client, const struct zone *zone, size_t first, size_t count,
          struct tally *tally, struct ucprov_problem *problem)
{
    struct finding finding;

    int status = check_rrset(client, zone, first, count, &finding, problem);
    if (status == UCPROV_EXIT_OK) {
        tally->counts[finding.verdict]++;
        if (tally->findings == NULL) {
            print_finding(&finding);
        } else if (json_array_append_new(tally->findings, finding_json(&finding)) != 0) {
            status = problem_memory(problem);
        }
    }
    finding_clear(&finding);
    return status;
}

static int
check_zone(const struct dns_client *client, const struct zone *zone, struct tally *tally,
           struct ucprov_problem *problem)
{
    int status = UCPROV_EXIT_OK;
    size_t count;

    for (size_t i = 0; i < zone->count && status == UCPROV_EXIT_OK; i += count) {
        count = rrset_length(zone, i);
        status = check_set(client, zone, i, count, tally, problem);
    }
    return status;
}

static int
print_json(const struct dns_client *client, struct tally *tally, int status,
           const struct ucprov_problem *problem)
{
    static const char *const words[] = {"right", "different", "failed"};
    json_t *document = json_pack("{s:s, s:s, s:O, s:s?}", "server", client->name, "status",
                                 words[status], "record_sets", tally->findings, "error",
                                 status == UCPROV_EXIT_ERROR ? problem->text : NULL);

    if (document == NULL || json_dumpf(document, stdout, JSON_INDENT(2)) != 0) {
        status = UCPROV_EXIT_ERROR;
    }
    putchar('\n');
    json_decref(document);
    return status;
}

static void
print_tally(const struct tally *tally)
{
    const char *separator = "";

    for (size_t i = 0; i < sizeof(tally->counts) / sizeof(tally->counts[0]); i++) {
        if (tally->counts[i] > 0 || i == VERDICT_RIGHT) {
            printf("%s%zu %s", separator, tally->counts[i], verdict_names[i]);
            separator = ", ";
        }
    }
    putchar('\n');
}

int
zone_check_run(const struct zones *zones, const struct dns_client *client, bool json)
{
    struct tally tally = {.findings = json ? json_array() : NULL};
    struct ucprov_problem problem = {.text = ""};
    int status = UCPROV_EXIT_OK;

    for (size_t i = 0; i < zones->count && status == UCPROV_EXIT_OK; i++) {
        status = check_zone(client, &zones->items[i], &tally, &problem);
    }
    if (status != UCPROV_EXIT_OK) {
        complain("%s", problem.text);
    } else if (tally.counts[VERDICT_MISSING] + tally.counts[VERDICT_DIFFERENT] +
                   tally.counts[VERDICT_EXTRA] + tally.counts[VERDICT_ERROR] >
               0) {
        status = UCPROV_EXIT_FINDING;
    }
    if (tally.findings != NULL) {
        status = print_json(client, &tally, status, &problem);
    } else if (status != UCPROV_EXIT_ERROR) {
        print_tally(&tally);
    }
    json_decref(tally.findings);
    return status;
}
