/* SPDX-License-Identifier: MPL-2.0 */
/* --update and --remove: RFC 2136, one message a zone. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/program.h"

#include "client/tsig.h"
#include "problem.h"
#include "rrset.h"
#include "zone_diff.h"
#include "zone_update.h"

/* A message has at most 65535 octets, a record at least 11. libldns loops over the records of a
 * section with 16 bits. */
#define MESSAGE_RECORDS_MAX (65535 / 11)

/* Changes of one zone. */
struct batch {
    const struct rrset_change *changes;
    size_t count;
};

/* What is done, for the report. */
struct progress {
    const struct server_arguments *arguments;
    const struct dns_client *client;
    json_t *zones; /* NULL: print */
    int status;    /* the worst so far */
};

/* Adds a record as an update or a prerequisite has it: of another class, without TTL. */
static bool
push_as(ldns_rr_list *list, const ldns_rr *record, ldns_rr_class class)
{
    if (!rrset_push_clone(list, record)) {
        return false;
    }
    ldns_rr *copy = ldns_rr_list_rr(list, ldns_rr_list_rr_count(list) - 1);
    ldns_rr_set_class(copy, class);
    ldns_rr_set_ttl(copy, 0);
    return true;
}

/* "RRset does not exist", RFC 2136 section 2.4.3. */
static bool
push_absence(ldns_rr_list *list, const ldns_rdf *owner, ldns_rr_type type)
{
    ldns_rr *record = ldns_rr_new();
    ldns_rdf *name = ldns_rdf_clone(owner);

    if (record == NULL || name == NULL) {
        ldns_rr_free(record);
        ldns_rdf_deep_free(name);
        return false;
    }
    ldns_rr_set_owner(record, name);
    ldns_rr_set_type(record, type);
    ldns_rr_set_class(record, LDNS_RR_CLASS_NONE);
    ldns_rr_set_ttl(record, 0);
    if (!ldns_rr_list_push_rr(list, record)) {
        ldns_rr_free(record);
        return false;
    }
    return true;
}

/* The record set is as we found it (RFC 2136 sections 2.4.2 and 2.4.3), and the owner no alias. */
static bool
push_prerequisites(ldns_rr_list *list, const struct rrset_change *change)
{
    size_t count = ldns_rr_list_rr_count(change->found);

    if (ldns_rr_list_rr_count(change->added) > 0 &&
        !push_absence(list, change->owner, LDNS_RR_TYPE_CNAME)) {
        return false;
    }
    if (count == 0) {
        return push_absence(list, change->owner, change->type);
    }
    for (size_t i = 0; i < count; i++) {
        if (!push_as(list, ldns_rr_list_rr(change->found, i), LDNS_RR_CLASS_IN)) {
            return false;
        }
    }
    return true;
}

/* Deletions of single records (RFC 2136 section 2.5.4) first: an addition with another TTL would
 * otherwise be deleted again. */
static bool
push_updates(ldns_rr_list *list, const struct rrset_change *change)
{
    for (size_t i = 0; i < ldns_rr_list_rr_count(change->deleted); i++) {
        if (!push_as(list, ldns_rr_list_rr(change->deleted, i), LDNS_RR_CLASS_NONE)) {
            return false;
        }
    }
    for (size_t i = 0; i < ldns_rr_list_rr_count(change->added); i++) {
        if (!rrset_push_clone(list, ldns_rr_list_rr(change->added, i))) {
            return false;
        }
    }
    return true;
}

/* The message of a batch. NULL: out of memory. */
static ldns_pkt *
message_new(const struct batch *batch)
{
    ldns_rr_list *prerequisites = ldns_rr_list_new();
    ldns_rr_list *updates = ldns_rr_list_new();
    ldns_rdf *zone = ldns_rdf_clone(batch->changes[0].zone);
    bool complete = prerequisites != NULL && updates != NULL && zone != NULL;
    ldns_pkt *message = NULL;

    for (size_t i = 0; i < batch->count && complete; i++) {
        complete = push_prerequisites(prerequisites, &batch->changes[i]) &&
                   push_updates(updates, &batch->changes[i]);
    }
    if (complete) {
        message = ldns_update_pkt_new(zone, LDNS_RR_CLASS_IN, prerequisites, updates, NULL);
    }
    if (message != NULL) {
        ldns_pkt_set_rd(message, false);
        ldns_pkt_set_random_id(message);
    } else {
        ldns_rdf_deep_free(zone);
    }
    ldns_rr_list_deep_free(prerequisites);
    ldns_rr_list_deep_free(updates);
    return message;
}

static size_t
count_records(const struct batch *batch)
{
    size_t records = 0;

    for (size_t i = 0; i < batch->count; i++) {
        const struct rrset_change *change = &batch->changes[i];

        records += 2 + ldns_rr_list_rr_count(change->found) +
                   ldns_rr_list_rr_count(change->deleted) + ldns_rr_list_rr_count(change->added);
    }
    return records;
}

static bool
fits(const ldns_pkt *message)
{
    uint8_t *wire = NULL;
    size_t length = 0;
    bool made = ldns_pkt2wire(&wire, message, &length) == LDNS_STATUS_OK;

    free(wire);
    return made && length <= TSIG_MESSAGE_MAX;
}

static int
send_message(const struct dns_client *client, const struct batch *batch, ldns_pkt *message,
             struct ucprov_problem *problem)
{
    char what[UCPROV_PROBLEM_SIZE / 2];
    struct dns_exchange exchange = {.update = message};

    if (dns_ask(client, &exchange) != DNS_ANSWERED) {
        return problem_of_exchange(problem, client, &exchange);
    }
    ldns_pkt_rcode code = ldns_pkt_get_rcode(exchange.answer);
    dns_exchange_clear(&exchange);
    if (code == LDNS_RCODE_NOERROR) {
        return UCPROV_EXIT_OK;
    }
    char *zone = rrset_name_text(batch->changes[0].zone);
    snprintf(what, sizeof(what), "to update %s", zone != NULL ? zone : "a zone");
    free(zone);
    return problem_of_code(problem, client, code, what);
}

static int
too_long(const struct batch *batch, struct ucprov_problem *problem)
{
    char *owner = rrset_name_text(batch->changes[0].owner);
    int status = problem_set(problem, UCPROV_EXIT_FINDING,
                             "%s: the change of its records does not fit in one message",
                             owner != NULL ? owner : "a name");

    free(owner);
    return status;
}

/* Sends a batch as one message; as two halves where one message cannot hold it. `sent` counts the
 * changes that are done. */
static int
send_batch(const struct dns_client *client, const struct batch *batch, size_t *sent,
           struct ucprov_problem *problem)
{
    if (count_records(batch) <= MESSAGE_RECORDS_MAX) {
        ldns_pkt *message = message_new(batch);

        if (message == NULL) {
            return problem_memory(problem);
        }
        if (fits(message)) {
            int status = send_message(client, batch, message, problem);

            ldns_pkt_free(message);
            *sent += status == UCPROV_EXIT_OK ? batch->count : 0;
            return status;
        }
        ldns_pkt_free(message);
    }
    if (batch->count == 1) {
        return too_long(batch, problem);
    }
    const struct batch first = {batch->changes, batch->count / 2};
    const struct batch second = {batch->changes + first.count, batch->count - first.count};
    int status = send_batch(client, &first, sent, problem);
    return status == UCPROV_EXIT_OK ? send_batch(client, &second, sent, problem) : status;
}

/* Every deletion as a "-" line and every addition as a "+" line, or into a JSON array. */
static void
show_records(const ldns_rr_list *records, char sign, json_t *changes)
{
    for (size_t i = 0; i < ldns_rr_list_rr_count(records); i++) {
        char *text = rrset_record_text(ldns_rr_list_rr(records, i));
        const char *shown = text != NULL ? text : "(out of memory)";

        if (changes == NULL) {
            printf("%c%s\n", sign, shown);
        } else {
            json_array_append_new(
                changes,
                json_pack("{s:s, s:s}", "action", sign == '+' ? "add" : "delete", "record", shown));
        }
        free(text);
    }
}

static void
count_values(const struct batch *batch, size_t *added, size_t *deleted)
{
    *added = 0;
    *deleted = 0;
    for (size_t i = 0; i < batch->count; i++) {
        *added += ldns_rr_list_rr_count(batch->changes[i].added);
        *deleted += ldns_rr_list_rr_count(batch->changes[i].deleted);
    }
}

static const char *
plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void
show_zone(const struct batch *batch, const char *zone, bool dry_run)
{
    size_t added, deleted;

    count_values(batch, &added, &deleted);
    if (!dry_run) {
        printf("%s: %zu record%s added, %zu deleted\n", zone, added, plural(added), deleted);
        return;
    }
    printf("; zone %s: %zu record%s to add, %zu to delete\n", zone, added, plural(added), deleted);
    for (size_t i = 0; i < batch->count; i++) {
        show_records(batch->changes[i].deleted, '-', NULL);
        show_records(batch->changes[i].added, '+', NULL);
    }
}

static void
add_zone_json(json_t *zones, const struct batch *batch, const char *zone, const char *status,
              const char *error)
{
    json_t *changes = json_array();

    for (size_t i = 0; i < batch->count; i++) {
        show_records(batch->changes[i].deleted, '-', changes);
        show_records(batch->changes[i].added, '+', changes);
    }
    json_array_append_new(zones, json_pack("{s:s, s:s, s:o, s:s?}", "zone", zone, "status", status,
                                           "changes", changes, "error", error));
}

static bool
is_refused(const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->changes[i].refused) {
            return true;
        }
    }
    return false;
}

/* Says how much of a zone is done when not all of it is. */
static void
complain_of_zone(const char *zone, size_t sent, size_t count)
{
    if (sent == 0) {
        complain("%s: nothing has been changed", zone);
    } else {
        fprintf(stderr,
                "ucprov-zone: %s: %zu of %zu record sets have been changed, in messages before "
                "the refused one\n",
                zone, sent, count);
    }
}

static void
report_zone(struct progress *progress, const struct batch *batch, const char *zone, int status,
            const struct ucprov_problem *problem)
{
    bool dry_run = progress->arguments->dry_run;

    if (progress->zones != NULL) {
        const char *done = dry_run ? "planned" : "updated";

        add_zone_json(progress->zones, batch, zone, status == UCPROV_EXIT_OK ? done : "refused",
                      status == UCPROV_EXIT_OK ? NULL : problem->text);
    } else if (status == UCPROV_EXIT_OK) {
        show_zone(batch, zone, dry_run);
    }
}

/* Does, or shows, the changes of one zone. */
static void
update_zone(struct progress *progress, const struct batch *batch)
{
    struct ucprov_problem problem = {.text =
                                         "see the other problems: nothing of this zone is sent"};
    char *name = rrset_name_text(batch->changes[0].zone);
    const char *zone = name != NULL ? name : "(out of memory)";
    size_t sent = 0;
    int status = is_refused(batch) ? UCPROV_EXIT_FINDING : UCPROV_EXIT_OK;

    if (status == UCPROV_EXIT_OK && !progress->arguments->dry_run) {
        status = send_batch(progress->client, batch, &sent, &problem);
        if (status != UCPROV_EXIT_OK) {
            complain("%s", problem.text);
        }
    }
    if (status == UCPROV_EXIT_ERROR) {
        complain("%s: whether the update was done is unknown: run this again", zone);
    } else if (status != UCPROV_EXIT_OK) {
        complain_of_zone(zone, sent, batch->count);
    }
    report_zone(progress, batch, zone, status, &problem);
    progress->status = status > progress->status ? status : progress->status;
    free(name);
}

/* All zones of a plan, until the server does not answer any more. */
static void
update_zones(struct progress *progress, const struct zone_diff *diff)
{
    size_t count;

    for (size_t i = 0; i < diff->count && progress->status != UCPROV_EXIT_ERROR; i += count) {
        const struct batch batch = {&diff->items[i], zone_diff_zone_length(diff, i)};

        count = batch.count;
        if (batch.changes[0].zone != NULL) {
            update_zone(progress, &batch);
        }
    }
}

static void
print_json(struct progress *progress, const struct zone_diff *diff,
           const struct ucprov_problem *problem)
{
    static const char *const words[] = {"fine", "refused", "failed"};
    json_t *document =
        json_pack("{s:s, s:s, s:b, s:b, s:i, s:O, s:s?}", "server", progress->client->name,
                  "status", words[progress->status], "dry_run", progress->arguments->dry_run,
                  "remove", progress->arguments->remove, "unchanged", (int)diff->right, "zones",
                  progress->zones, "error", problem->text[0] != '\0' ? problem->text : NULL);

    if (!ucprov_json_print(PROGRAM, document)) {
        progress->status = UCPROV_EXIT_ERROR;
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
    struct progress progress = {
        .arguments = arguments, .client = client, .zones = arguments->json ? json_array() : NULL};
    struct ucprov_problem problem = {.text = ""};
    struct zone_diff diff;

    progress.status = zone_diff_make(&diff, zones, client, arguments->remove, &problem);
    complain_of_all(&diff);
    if (progress.status != UCPROV_EXIT_OK) {
        complain("%s", problem.text);
    } else {
        progress.status = diff.problem_count > 0 ? UCPROV_EXIT_FINDING : UCPROV_EXIT_OK;
        if (diff.problem_count > 0) { /* for JSON */
            ucprov_problem_set(&problem, "%s", diff.problems[diff.problem_count - 1]);
        }
        update_zones(&progress, &diff);
    }
    if (progress.zones != NULL) {
        print_json(&progress, &diff, &problem);
    } else if (progress.status == UCPROV_EXIT_OK && diff.count == 0) {
        say_nothing_to_do(&diff, arguments->remove);
    }
    bool pending = arguments->dry_run && diff.count > 0;
    json_decref(progress.zones);
    zone_diff_clear(&diff);
    return progress.status == UCPROV_EXIT_OK && pending ? UCPROV_EXIT_PENDING : progress.status;
}
