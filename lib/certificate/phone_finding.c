/* SPDX-License-Identifier: MPL-2.0 */
/* A finding's number is the phone's error, and the row in the table begins with it. */
#include "certificate/phone_finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate/phone_status.h"

void
ucprov_phone_findings_add(struct ucprov_findings *findings, const char *id,
                          enum ucprov_severity severity, unsigned phone_error, char *text,
                          char *remedy)
{
    char status[UCPROV_PHONE_STATUS_SIZE] = " "; /* an empty column rather than the id */
    struct ucprov_finding *finding = ucprov_findings_add(findings, id, severity, text, remedy);
    if (phone_error != 0) {
        ucprov_phone_status_text(status, phone_error, 0);
    }
    finding->code = phone_error;
    snprintf(finding->label, sizeof(finding->label), "%s", status);
}

void
ucprov_phone_finding(struct ucprov_findings *findings, const char *id,
                     enum ucprov_severity severity, unsigned phone_error, const char *remedy,
                     const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    va_end(arguments);
    ucprov_phone_findings_add(findings, id, severity, phone_error, text,
                              remedy == NULL ? NULL : strdup(remedy));
}

json_t *
ucprov_phone_findings_json(const struct ucprov_findings *findings)
{
    json_t *list = ucprov_findings_json(findings);
    for (size_t i = 0; i < json_array_size(list); i++) {
        char status[UCPROV_PHONE_STATUS_SIZE];
        unsigned code = findings->items[i].code;
        json_object_set_new(json_array_get(list, i), "phone_status",
                            code == 0 ? json_null()
                                      : json_string(ucprov_phone_status_text(status, code, 0)));
    }
    return list;
}
