/* SPDX-License-Identifier: MPL-2.0 */
/* --update and --remove: one message a zone, many zones at a time. What does not fit in one message
 * goes in several, of which the next is sent when the last was accepted. */
#include "zone_update.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/program.h"

#include "problem.h"
#include "progress.h"
#include "update_report.h"
#include "zone_diff.h"

/* Zones whose messages are in memory at a time. */
#define ZONES_AT_A_TIME 1000

/* A zone on its way. */
struct task {
    struct zone_update update;
    size_t part; /* changes in the message that is under way; at most as many in the next */
    ldns_pkt *message;
};

struct updating {
    const struct dns_client *client;
    const struct server_arguments *arguments;
    struct update_report report;
    struct progress progress;
    struct task *tasks; /* one a zone */
    size_t count;
    struct task **asked; /* of each exchange of a round */
    struct dns_exchange *exchanges;
    size_t strays;
    bool gone;  /* the server has been given up */
    int status; /* the worst so far */
};

static void
end_task(struct updating *updating, struct task *task, enum update_outcome outcome,
         const struct ucprov_problem *problem)
{
    task->update.outcome = outcome;
    task->update.problem = problem != NULL ? strdup(problem->text) : NULL;
    progress_step(&updating->progress);
}

/* The messages of a round */

static void
end_as_too_long(struct updating *updating, struct task *task, const struct rrset_change *change)
{
    struct ucprov_problem problem;
    char *owner = rrset_name_text(change->owner);
    ucprov_problem_set(&problem, "%s: the change of its records does not fit in one message",
                       owner != NULL ? owner : "a name");
    free(owner);
    end_task(updating, task, UPDATE_REFUSED, &problem);
}

/* Makes the task's next message: of all changes that are left, or of half of them, and so on. */
static void
make_message(struct updating *updating, struct task *task)
{
    const struct changes *all = &task->update.changes;
    struct changes part = {all->items + task->update.done, all->count - task->update.done};
    part.count = task->part < part.count ? task->part : part.count;
    enum update_message_result result = update_message_make(&part, &task->message);
    while (result == UPDATE_MESSAGE_TOO_LONG && part.count > 1) {
        part.count /= 2;
        result = update_message_make(&part, &task->message);
    }
    task->part = part.count;
    if (result == UPDATE_MESSAGE_TOO_LONG) {
        end_as_too_long(updating, task, part.items);
    } else if (result == UPDATE_MESSAGE_NO_MEMORY) {
        struct ucprov_problem problem;
        problem_memory(&problem);
        end_task(updating, task, UPDATE_UNSENT, &problem);
    }
}

static void
take_code(struct updating *updating, struct task *task, unsigned code)
{
    struct zone_update *update = &task->update;
    if (code != LDNS_RCODE_NOERROR) {
        struct ucprov_problem problem;
        char what[UCPROV_PROBLEM_SIZE / 2];
        snprintf(what, sizeof(what), "to update %s",
                 update->name != NULL ? update->name : "a zone");
        problem_of_code(&problem, updating->client, code, what);
        end_task(updating, task, UPDATE_REFUSED, &problem);
        return;
    }
    update->done += task->part;
    if (update->done == update->changes.count) {
        end_task(updating, task, UPDATE_DONE, NULL);
    }
}

/* A server that could not verify our signature has done nothing. */
static enum update_outcome
outcome_without_answer(const struct dns_exchange *exchange)
{
    if (exchange->result == DNS_NOT_AUTHENTIC && exchange->tsig.verdict == TSIG_REPORTED) {
        return UPDATE_REFUSED;
    }
    return exchange->sent ? UPDATE_UNKNOWN : UPDATE_UNSENT;
}

static void
take_result(struct dns_exchange *exchange, void *context)
{
    struct updating *updating = context;
    struct task *task = updating->asked[exchange - updating->exchanges];
    task->update.abandoned = exchange->abandoned;
    if (exchange->result == DNS_ANSWERED) {
        take_code(updating, task, ldns_pkt_get_rcode(exchange->answer));
    } else {
        struct ucprov_problem problem;
        problem_of_exchange(&problem, updating->client, exchange);
        end_task(updating, task, outcome_without_answer(exchange), &problem);
    }
    dns_exchange_clear(exchange);
}

/* Sends the next message of each task that has one. False: none has. */
static bool
run_round(struct updating *updating, struct task *tasks, size_t count)
{
    struct dns_batch batch = {
        .exchanges = updating->exchanges, .done = take_result, .context = updating};
    for (size_t i = 0; i < count; i++) {
        if (tasks[i].update.outcome == UPDATE_PENDING) {
            make_message(updating, &tasks[i]);
        }
        if (tasks[i].message != NULL) {
            updating->asked[batch.count] = &tasks[i];
            updating->exchanges[batch.count++] = (struct dns_exchange){.update = tasks[i].message};
        }
    }
    dns_batch_run(updating->client, &batch);
    for (size_t i = 0; i < count; i++) {
        ldns_pkt_free(tasks[i].message);
        tasks[i].message = NULL;
    }
    updating->strays += batch.strays;
    updating->gone = batch.gone;
    return batch.count > 0;
}

/* The zones */

/* Does, or plans, the changes of some zones, and reports them. */
static void
update_some(struct updating *updating, struct task *tasks, size_t count)
{
    while (!updating->gone && run_round(updating, tasks, count)) {
    }
    for (size_t i = 0; i < count; i++) {
        if (tasks[i].update.outcome == UPDATE_PENDING) { /* the server is gone */
            tasks[i].update.abandoned = true;
            end_task(updating, &tasks[i], UPDATE_UNSENT, NULL);
        }
        int status = update_report_zone(&updating->report, &tasks[i].update);
        updating->status = status > updating->status ? status : updating->status;
    }
}

static bool
is_refused(const struct changes *changes)
{
    for (size_t i = 0; i < changes->count; i++) {
        if (changes->items[i].refused) {
            return true;
        }
    }
    return false;
}

/* A task for each zone of the diff. Names without a zone are among its problems. */
static void
make_tasks(struct updating *updating, const struct zone_diff *diff)
{
    size_t count;
    for (size_t i = 0; i < diff->count; i += count) {
        const struct changes changes = {&diff->items[i], zone_diff_zone_length(diff, i)};
        count = changes.count;
        if (changes.items[0].zone == NULL) {
            continue;
        }
        struct task *task = &updating->tasks[updating->count++];
        task->update.name = rrset_name_text(changes.items[0].zone);
        task->update.changes = changes;
        task->update.outcome = is_refused(&changes)           ? UPDATE_REFUSED
                               : updating->arguments->dry_run ? UPDATE_PLANNED
                                                              : UPDATE_PENDING;
        task->part = changes.count;
    }
}

static void
update_all(struct updating *updating)
{
    bool prints = !updating->arguments->json;
    progress_begin(&updating->progress, "zones updated", updating->count, prints);
    for (size_t i = 0; i < updating->count; i += ZONES_AT_A_TIME) {
        size_t left = updating->count - i;
        update_some(updating, &updating->tasks[i], left < ZONES_AT_A_TIME ? left : ZONES_AT_A_TIME);
    }
    progress_end(&updating->progress);
    warn_of_strays(updating->strays);
    update_report_tally(&updating->report, updating->status);
}

/* False: out of memory. */
static bool
update_zones(struct updating *updating, const struct zone_diff *diff)
{
    updating->tasks = calloc(diff->count + 1, sizeof(*updating->tasks));
    updating->asked = calloc(ZONES_AT_A_TIME, sizeof(struct task *));
    updating->exchanges = calloc(ZONES_AT_A_TIME, sizeof(*updating->exchanges));
    bool complete =
        updating->tasks != NULL && updating->asked != NULL && updating->exchanges != NULL;
    if (complete) {
        make_tasks(updating, diff);
        update_all(updating);
    }
    for (size_t i = 0; complete && i < updating->count; i++) {
        free(updating->tasks[i].update.name);
        free(updating->tasks[i].update.problem);
    }
    free(updating->tasks);
    free(updating->asked);
    free(updating->exchanges);
    return complete;
}

/* The whole */

static void
print_json(struct updating *updating, const struct zone_diff *diff,
           const struct ucprov_problem *problem)
{
    static const char *const words[] = {"fine", "refused", "failed"};
    const size_t *counts = updating->report.counts;
    bool changed = counts[UPDATE_DONE] + counts[UPDATE_UNKNOWN] > 0; /* or may be */
    json_t *document = json_pack(
        "{s:s, s:s, s:b, s:b, s:b, s:i, s:o, s:s?}", "server", updating->client->name, "status",
        words[updating->status], "changed", changed, "dry_run", updating->arguments->dry_run,
        "remove", updating->arguments->remove, "unchanged", (int)diff->right, "zones",
        updating->report.zones, "error", problem->text[0] != '\0' ? problem->text : NULL);
    if (!ucprov_json_print(PROGRAM, document)) {
        updating->status = UCPROV_EXIT_ERROR;
    }
}

static void
say_nothing_to_do(const struct zone_diff *diff, bool removal)
{
    if (removal) {
        printf("nothing to do: none of our records is there\n");
    } else {
        printf("nothing to do: %zu record set%s as %s should be\n", diff->right,
               diff->right == 1 ? " is" : "s are", diff->right == 1 ? "it" : "they");
    }
}

static void
complain_of_all(const struct zone_diff *diff)
{
    for (size_t i = 0; i < diff->problem_count; i++) {
        complain("%s", diff->problems[i]);
    }
}

int
zone_update_run(const struct zones *zones, const struct dns_client *client,
                const struct server_arguments *arguments)
{
    struct updating updating = {.client = client, .arguments = arguments};
    struct ucprov_problem problem = {.text = ""};
    struct zone_diff diff;
    update_report_init(&updating.report, arguments->json);
    updating.status = zone_diff_make(&diff, zones, client, arguments->remove, &problem);
    complain_of_all(&diff);
    if (updating.status == UCPROV_EXIT_OK) {
        updating.status = diff.status;
        if (diff.problem_count > 0) { /* for JSON */
            ucprov_problem_set(&problem, "%s", diff.problems[diff.problem_count - 1]);
        }
        if (!update_zones(&updating, &diff)) {
            updating.status = problem_memory(&problem);
            complain("%s", problem.text);
        }
    } else {
        complain("%s", problem.text);
    }
    if (arguments->json) {
        print_json(&updating, &diff, &problem);
    } else if (updating.status == UCPROV_EXIT_OK && diff.count == 0) {
        say_nothing_to_do(&diff, arguments->remove);
    }
    bool pending = arguments->dry_run && diff.count > 0;
    zone_diff_clear(&diff);
    return updating.status == UCPROV_EXIT_OK && pending ? UCPROV_EXIT_PENDING : updating.status;
}
