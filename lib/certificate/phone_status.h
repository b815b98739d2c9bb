/* SPDX-License-Identifier: MPL-2.0 */
/* The status that a phone shows while it updates: 0xWWWW/HHH, a WinHTTP error and an HTTP status.
 */
#ifndef UCPROV_PHONE_STATUS_H
#define UCPROV_PHONE_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"

enum ucprov_phone_error { /* winhttp.h */
                          UCPROV_PHONE_TIMEOUT = 0x2EE2,
                          UCPROV_PHONE_NAME_NOT_RESOLVED = 0x2EE7,
                          UCPROV_PHONE_CANNOT_CONNECT = 0x2EFD,
                          UCPROV_PHONE_CERTIFICATE_DATE = 0x2F05,
                          UCPROV_PHONE_CERTIFICATE_NAME = 0x2F06,
                          UCPROV_PHONE_UNTRUSTED_CA = 0x2F0D,
                          UCPROV_PHONE_SECURE_CHANNEL = 0x2F7D,
                          UCPROV_PHONE_SECURE_FAILURE = 0x2F8F,
};

struct ucprov_phone_error_text {
    unsigned code;
    bool seen_on_phones; /* else only known from winhttp.h */
    const char *name;    /* "ERROR_WINHTTP_SECURE_INVALID_CA" */
    const char *meaning; /* a sentence: what the phone met */
    const char *remedy;  /* what to do */
};

/* NULL: not one that is known. Static. */
const struct ucprov_phone_error_text *ucprov_phone_error_find(unsigned code);

/* Reads "0x2F0D/0", "2f0d", "0x2EFD / 503", and the error as logs have it: an HRESULT (0x80072F0D,
 * -2147012851; 0x80190194 is an HTTP status) or decimal with five digits (12045). The HTTP status
 * is 0 when there is none. Returns 0, or -1 with a problem. */
int ucprov_phone_status_parse(const char *text, unsigned *error, unsigned *http,
                              struct ucprov_problem *problem);

/* A sentence that a phone shows instead of a status. */
struct ucprov_phone_sentence {
    const char *text;    /* how it begins */
    const char *meaning; /* as above */
    const char *remedy;
};

/* Finds the sentence that `text` holds, in any case; NULL: none that is known. Static. */
const struct ucprov_phone_sentence *ucprov_phone_sentence_find(const char *text);

#define UCPROV_PHONE_STATUS_SIZE 16

/* "0x2F0D/0". Returns `text`. */
char *ucprov_phone_status_text(char text[UCPROV_PHONE_STATUS_SIZE], unsigned error, unsigned http);

#endif
