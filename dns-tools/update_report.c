/* SPDX-License-Identifier: MPL-2.0 */
/* Says what has changed and, more important, what is not known to have changed. */
#include "update_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "zone_arguments.h"

/* Of JSON, of the tally, and the status that each leads to. */
static const struct {
    const char *name;
    const char *tally;
    int status;
} outcomes[UPDATE_OUTCOMES] = {
    [UPDATE_PENDING] = {"pending", "pending", UCPROV_EXIT_ERROR},
    [UPDATE_DONE] = {"updated", "updated", UCPROV_EXIT_OK},
    [UPDATE_PLANNED] = {"planned", "to be updated", UCPROV_EXIT_OK},
    [UPDATE_REFUSED] = {"refused", "refused", UCPROV_EXIT_FINDING},
    [UPDATE_UNKNOWN] = {"unknown", "unknown", UCPROV_EXIT_ERROR},
    [UPDATE_UNSENT] = {"unsent", "not sent", UCPROV_EXIT_ERROR},
};

void
update_report_init(struct update_report *report, bool json)
{
    *report = (struct update_report){.zones = json ? json_array() : NULL};
}

/* Every deletion as a "-" line and every addition as a "+" line, or into a JSON array. */
static void
show_records(const ldns_rr_list *records, char sign, json_t *array)
{
    for (size_t i = 0; i < ldns_rr_list_rr_count(records); i++) {
        char *text = rrset_record_text(ldns_rr_list_rr(records, i));
        const char *shown = text != NULL ? text : "(out of memory)";

        if (array == NULL) {
            printf("%c%s\n", sign, shown);
        } else {
            json_array_append_new(
                array,
                json_pack("{s:s, s:s}", "action", sign == '+' ? "add" : "delete", "record", shown));
        }
        free(text);
    }
}

static void
count_values(const struct changes *changes, size_t *added, size_t *deleted)
{
    *added = 0;
    *deleted = 0;
    for (size_t i = 0; i < changes->count; i++) {
        *added += ldns_rr_list_rr_count(changes->items[i].added);
        *deleted += ldns_rr_list_rr_count(changes->items[i].deleted);
    }
}

static void
show_changes(const struct changes *changes, json_t *array)
{
    for (size_t i = 0; i < changes->count; i++) {
        show_records(changes->items[i].deleted, '-', array);
        show_records(changes->items[i].added, '+', array);
    }
}

static const char *
plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static const char *
name_of(const struct zone_update *update)
{
    return update->name != NULL ? update->name : "(out of memory)";
}

static void
print_zone(const struct zone_update *update)
{
    size_t added, deleted;
    count_values(&update->changes, &added, &deleted);
    if (update->outcome == UPDATE_DONE) {
        printf("%s: %zu record%s added, %zu deleted\n", name_of(update), added, plural(added),
               deleted);
    } else if (update->outcome == UPDATE_PLANNED) {
        printf("; zone %s: %zu record%s to add, %zu to delete\n", name_of(update), added,
               plural(added), deleted);
        show_changes(&update->changes, NULL);
    }
}

static json_t *
zone_json(const struct zone_update *update)
{
    json_t *changes = json_array();
    bool fine = outcomes[update->outcome].status == UCPROV_EXIT_OK;
    const char *problem = update->problem != NULL
                              ? update->problem
                              : "see the other problems: nothing of this zone is sent";
    show_changes(&update->changes, changes);
    return json_pack("{s:s, s:s, s:o, s:s?}", "zone", name_of(update), "status",
                     outcomes[update->outcome].name, "changes", changes, "error",
                     fine ? NULL : problem);
}

/* Says how much of a zone is done when not all of it is. */
static void
complain_of_rest(const struct zone_update *update)
{
    if (update->outcome == UPDATE_UNKNOWN) {
        complain("%s: whether the update was done is unknown: run this again", name_of(update));
    } else if (update->done == 0) {
        complain("%s: nothing has been changed", name_of(update));
    } else {
        complain("%s: %zu of %zu record sets have been changed, in messages before the refused one",
                 name_of(update), update->done, update->changes.count);
    }
}

/* That a server is given up is said once, and the zones that it was not sent are only counted. */
static void
complain_of_zone(struct update_report *report, const struct zone_update *update)
{
    bool told = update->abandoned && report->told_silence;
    if (update->problem != NULL && !told) {
        complain("%s", update->problem);
    }
    if (!told || update->outcome != UPDATE_UNSENT || update->done > 0) {
        complain_of_rest(update);
    }
    report->told_silence = report->told_silence || update->abandoned;
}

int
update_report_zone(struct update_report *report, const struct zone_update *update)
{
    int status = outcomes[update->outcome].status;
    report->counts[update->outcome]++;
    if (status != UCPROV_EXIT_OK) {
        complain_of_zone(report, update);
    }
    if (report->zones != NULL) {
        json_array_append_new(report->zones, zone_json(update));
    } else {
        print_zone(update);
    }
    return status;
}

void
update_report_tally(const struct update_report *report, int status)
{
    char text[256] = "";
    size_t length = 0, zones = 0;
    for (int i = 0; i < UPDATE_OUTCOMES; i++) {
        size_t count = report->counts[i];
        if (count > 0) {
            length += (size_t)snprintf(
                text + length, sizeof(text) - length, "%s%zu%s %s", zones > 0 ? ", " : "", count,
                zones == 0 ? (count == 1 ? " zone" : " zones") : "", outcomes[i].tally);
        }
        zones += count;
    }
    if (zones > 1 && (status != UCPROV_EXIT_OK || isatty(STDERR_FILENO) == 1)) {
        complain("%s", text);
    }
}
