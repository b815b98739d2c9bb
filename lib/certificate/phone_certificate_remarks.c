/* SPDX-License-Identifier: MPL-2.0 */
/* The list of remarks that judging a certificate makes, and how each judge adds to it. */
#include "certificate/phone_certificate_remarks.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certificate/phone_status.h"

void
ucprov_remarks_add(struct ucprov_remarks *remarks, const char *id, enum ucprov_verdict verdict,
                   unsigned phone_error, char *text, char *remedy)
{
    if (text == NULL || remarks->count == UCPROV_REMARKS_MAX) {
        remarks->lost++;
        free(text);
        free(remedy);
        return;
    }
    remarks->items[remarks->count++] =
        (struct ucprov_remark){id, verdict, phone_error, text, remedy};
}

enum ucprov_verdict
ucprov_remarks_verdict(const struct ucprov_remarks *remarks)
{
    enum ucprov_verdict worst = UCPROV_VERDICT_FINE;
    for (size_t i = 0; i < remarks->count; i++) {
        worst = remarks->items[i].verdict > worst ? remarks->items[i].verdict : worst;
    }
    return worst;
}

void
ucprov_remarks_clear(struct ucprov_remarks *remarks)
{
    for (size_t i = 0; i < remarks->count; i++) {
        free(remarks->items[i].text);
        free(remarks->items[i].remedy);
    }
    *remarks = (struct ucprov_remarks){0};
}

const char *
ucprov_verdict_name(enum ucprov_verdict verdict)
{
    static const char *const names[] = {
        [UCPROV_VERDICT_FINE] = "fine",
        [UCPROV_VERDICT_NOTE] = "note",
        [UCPROV_VERDICT_WARN] = "warn",
        [UCPROV_VERDICT_FAIL] = "fail",
    };
    assert((size_t)verdict < sizeof(names) / sizeof(names[0]));
    return names[verdict];
}

static json_t *
remark_json(const struct ucprov_remark *item)
{
    char status[UCPROV_PHONE_STATUS_SIZE];
    ucprov_phone_status_text(status, item->phone_error, 0);
    return json_pack("{s:s, s:s, s:s?, s:s, s:s?}", "id", item->id, "verdict",
                     ucprov_verdict_name(item->verdict), "phone_status",
                     item->phone_error == 0 ? NULL : status, "text", item->text, "remedy",
                     item->remedy);
}

json_t *
ucprov_remarks_json(const struct ucprov_remarks *remarks)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < remarks->count; i++) {
        if (json_array_append_new(list, remark_json(&remarks->items[i])) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

void
ucprov_remark(struct ucprov_remarks *remarks, const char *id, enum ucprov_verdict verdict,
              unsigned phone_error, const char *remedy, const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    va_end(arguments);
    ucprov_remarks_add(remarks, id, verdict, phone_error, text,
                       remedy == NULL ? NULL : strdup(remedy));
}
