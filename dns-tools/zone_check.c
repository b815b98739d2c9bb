/* SPDX-License-Identifier: MPL-2.0 */
/* --check: asks a resolver what a phone would ask, many questions at a time, and reports the
 * answers in the order of the records. */
#include "zone_check.h"

#include <stdlib.h>

#include "check_report.h"
#include "problem.h"
#include "progress.h"
#include "rrset.h"

struct check {
    const struct dns_client *client;
    struct dns_batch batch;
    struct finding *findings; /* one for each exchange */
    size_t shown;             /* findings: those before it */
    struct check_report report;
    struct progress progress;
    bool failed;                   /* out of memory */
    struct ucprov_problem problem; /* of the first that is silent; "": none is */
};

/* Makes a question for each record set. */
static void
prepare_questions(struct check *check, const struct zones *zones)
{
    size_t count = rrset_count(zones);
    struct dns_exchange *exchange = calloc(count + 1, sizeof(*exchange));
    struct finding *finding = calloc(count + 1, sizeof(*finding));
    check->findings = finding;
    check->batch.exchanges = exchange;
    check->batch.count = count;
    check->failed = exchange == NULL || finding == NULL;
    for (size_t i = 0; i < zones->count && !check->failed; i++) {
        const struct zone *zone = &zones->items[i];
        for (size_t j = 0; j < zone->count; j += finding++->count) {
            finding->records = &zone->records[j];
            finding->count = rrset_length(zone, j);
            finding->owner = rrset_dname_new(finding->records->owner);
            exchange->name = finding->owner;
            exchange->type = rrset_type(finding->records->type);
            exchange->recursion = true;
            check->failed = check->failed || exchange->name == NULL;
            exchange++;
        }
    }
}

/* Those at whose turn it is. Of a server that has been given up only the number is told. */
static void
show_findings(struct check *check)
{
    while (check->shown < check->batch.count &&
           check->findings[check->shown].verdict != VERDICT_PENDING) {
        struct finding *finding = &check->findings[check->shown];
        check->report.counts[finding->verdict]++;
        if (!check->batch.exchanges[check->shown].abandoned) {
            check_report_show(&check->report, finding);
        }
        finding_clear(finding);
        check->shown++;
    }
}

/* An exchange has its result. */
static void
take_result(struct dns_exchange *exchange, void *context)
{
    struct check *check = context;
    struct finding *finding = &check->findings[exchange - check->batch.exchanges];
    if (!finding_judge(finding, check->client, exchange)) {
        check->failed = true;
        finding->verdict = VERDICT_ERROR;
    }
    if (finding->verdict == VERDICT_SILENT && check->problem.text[0] == '\0') {
        dns_explain(check->client, exchange, &check->problem);
    }
    dns_exchange_clear(exchange);
    progress_step(&check->progress);
    show_findings(check);
}

static void
ask_questions(struct check *check, bool json)
{
    check->batch.done = take_result;
    check->batch.context = check;
    progress_begin(&check->progress, "record sets asked for", check->batch.count, !json);
    dns_batch_run(check->client, &check->batch);
    progress_end(&check->progress);
    warn_of_strays(check->batch.strays);
}

static void
check_clear(struct check *check)
{
    for (size_t i = 0; check->findings != NULL && i < check->batch.count; i++) {
        finding_clear(&check->findings[i]);
    }
    free(check->batch.exchanges);
    free(check->findings);
}

int
zone_check_run(const struct zones *zones, const struct dns_client *client, bool json)
{
    struct check check = {.client = client};
    check_report_init(&check.report, json);
    prepare_questions(&check, zones);
    if (!check.failed) {
        ask_questions(&check, json);
    }
    if (check.failed) {
        problem_memory(&check.problem);
    }
    const char *error = check.problem.text[0] != '\0' ? check.problem.text : NULL;
    if (error != NULL) {
        complain("%s", error);
    }
    int status = check_report_finish(&check.report, client->name, error);
    check_clear(&check);
    return status;
}
