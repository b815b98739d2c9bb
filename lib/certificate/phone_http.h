/* SPDX-License-Identifier: MPL-2.0 */
/* What it means for a phone when the update service answers with an HTTP status: the second half of
 * "0x0/404". */
#ifndef UCPROV_PHONE_HTTP_H
#define UCPROV_PHONE_HTTP_H

enum ucprov_phone_http_verdict {
    UCPROV_HTTP_SERVES,  /* 2xx */
    UCPROV_HTTP_OPEN,    /* that the request was empty may be why: not known */
    UCPROV_HTTP_REFUSES, /* no phone gets its update there */
};

struct ucprov_phone_http_text {
    unsigned first, last; /* statuses */
    enum ucprov_phone_http_verdict verdict;
    const char *meaning; /* a sentence */
    const char *remedy;  /* what to do, and with which setting; NULL: nothing */
};

/* Static; NULL: no HTTP status. */
const struct ucprov_phone_http_text *ucprov_phone_http_find(unsigned status);

#endif
