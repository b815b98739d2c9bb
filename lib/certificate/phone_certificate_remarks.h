/* SPDX-License-Identifier: MPL-2.0 */
/* Remarks: what a phone makes of a certificate, one a matter. */
#ifndef UCPROV_PHONE_CERTIFICATE_REMARKS_H
#define UCPROV_PHONE_CERTIFICATE_REMARKS_H

#include <jansson.h>
#include <stddef.h>

enum ucprov_verdict { /* worse ones are greater */
                      UCPROV_VERDICT_FINE,
                      UCPROV_VERDICT_NOTE, /* worth knowing; phones are served */
                      UCPROV_VERDICT_WARN, /* some phones, or soon */
                      UCPROV_VERDICT_FAIL, /* phones refuse it */
};

struct ucprov_remark {
    const char *id; /* stable: "name.short", "wildcard", "key.type"; static */
    enum ucprov_verdict verdict;
    unsigned phone_error; /* WinHTTP error the phone shows, 0x2F06; 0: none is known */
    char *text;           /* what was seen; printable */
    char *remedy;         /* NULL when it is fine */
};

#define UCPROV_REMARKS_MAX 64

struct ucprov_remarks {
    size_t count;
    size_t lost; /* did not fit, or no memory */
    struct ucprov_remark items[UCPROV_REMARKS_MAX];
};

/* Adds a remark; `text` and `remedy` come from malloc and become its own; text NULL: no memory. */
void ucprov_remarks_add(struct ucprov_remarks *remarks, const char *id, enum ucprov_verdict verdict,
                        unsigned phone_error, char *text, char *remedy);
enum ucprov_verdict ucprov_remarks_verdict(const struct ucprov_remarks *remarks); /* the worst */
void ucprov_remarks_clear(struct ucprov_remarks *remarks);

/* [{"id", "verdict": "fine"|"note"|"warn"|"fail", "phone_status": "0x2F06/0"|null, "text",
 * "remedy"|null}]; a new reference; NULL when out of memory. */
json_t *ucprov_remarks_json(const struct ucprov_remarks *remarks);
const char *ucprov_verdict_name(enum ucprov_verdict verdict);

/* Adds a remark with a text of its own; `remedy` is copied, and may be NULL. */
void ucprov_remark(struct ucprov_remarks *remarks, const char *id, enum ucprov_verdict verdict,
                   unsigned phone_error, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

#endif
