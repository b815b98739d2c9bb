/* SPDX-License-Identifier: MPL-2.0 */
/* Text as wide as the terminal, a line or more for each record set, or JSON. */
#include "check_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/program.h"
#include "base/wrap.h"

#include "rrset.h"
#include "zone_arguments.h"

#define OWNER_COLUMN 17 /* "different  SRV   " */
#define VALUE_COLUMN 26

void
check_report_init(struct check_report *report, bool json)
{
    *report = (struct check_report){.findings = json ? json_array() : NULL};
}

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
    printf("%-9s  %-4s  ", verdict_name(finding->verdict), rrset_type_name(finding->records->type));
    print_from(OWNER_COLUMN, finding->records->owner);
    if (finding->problem != NULL) {
        printf("%*s", OWNER_COLUMN, "");
        print_from(OWNER_COLUMN, finding->problem);
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
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:s?, s:s?}", "owner",
                     finding->records->owner, "type", rrset_type_name(finding->records->type),
                     "status", verdict_name(finding->verdict), "expected",
                     values_json(finding->expected), "found", values_json(finding->found),
                     "missing", values_json(finding->missing), "extra", values_json(finding->extra),
                     "alias", finding->alias, "error", finding->problem);
}

void
check_report_show(struct check_report *report, const struct finding *finding)
{
    if (report->findings == NULL) {
        print_finding(finding);
    } else {
        json_array_append_new(report->findings, finding_json(finding));
    }
}

static int
status_of(const struct check_report *report, const char *error)
{
    if (error != NULL) {
        return UCPROV_EXIT_ERROR;
    }
    size_t findings = report->counts[VERDICT_MISSING] + report->counts[VERDICT_DIFFERENT] +
                      report->counts[VERDICT_EXTRA] + report->counts[VERDICT_ERROR];
    return findings > 0 ? UCPROV_EXIT_FINDING : UCPROV_EXIT_OK;
}

static int
print_json(struct check_report *report, const char *server, int status, const char *error)
{
    static const char *const words[] = {"right", "different", "failed"};
    json_t *document = json_pack("{s:s, s:s, s:o, s:I, s:s?}", "server", server, "status",
                                 words[status], "record_sets", report->findings, "silent",
                                 (json_int_t)report->counts[VERDICT_SILENT], "error", error);
    return ucprov_json_print(PROGRAM, document) ? status : UCPROV_EXIT_ERROR;
}

static void
print_tally(const struct check_report *report)
{
    const char *separator = "";
    for (enum verdict i = VERDICT_RIGHT; i < VERDICT_COUNT; i++) {
        if (report->counts[i] > 0 || i == VERDICT_RIGHT) {
            printf("%s%zu %s", separator, report->counts[i], verdict_name(i));
            separator = ", ";
        }
    }
    putchar('\n');
}

int
check_report_finish(struct check_report *report, const char *server, const char *error)
{
    int status = status_of(report, error);
    if (report->findings != NULL) {
        return print_json(report, server, status, error);
    }
    print_tally(report);
    return status;
}
