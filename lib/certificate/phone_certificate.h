/* What a Lync Phone Edition phone makes of a server's certificate.
 *
 * The update service is asked for by its short name, "ucupdates-r2", and the phone takes no
 * wildcard; so a certificate that browsers like may be useless to phones. Each finding has the
 * status that the phone would show, and says what to do.
 */
#ifndef UCPROV_PHONE_CERTIFICATE_H
#define UCPROV_PHONE_CERTIFICATE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "certificate/chain.h"

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

/* A certificate as a server presents it. */
struct ucprov_presented {
    X509 *certificate;
    STACK_OF(X509) * others;           /* that came along; may be NULL */
    const struct ucprov_chains *roots; /* what phones are given; NULL: not known, not judged */
    const char *const *names;          /* that it has to be good for, in subjectAltName */
    size_t name_count;
    time_t now;
};

/* Judges: every name as a subjectAltName of its own (the common name alone does not count; [I]
 * says so where that is inferred), no wildcard anywhere, key type and size, signature algorithm of
 * it and of each CA (RSASSA-PSS, ECDSA, SHA-1, SHA-2 since firmware 4.0.7577.4444), dates, key
 * usage and extended key usage, chain complete and rooted. One remark a matter, the fine ones too.
 */
void ucprov_judge_certificate(struct ucprov_remarks *remarks,
                              const struct ucprov_presented *presented);

#endif
