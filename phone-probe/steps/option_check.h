/* SPDX-License-Identifier: MPL-2.0 */
/* The check of one option in all the answers to a question. */
#ifndef PROBE_OPTION_CHECK_H
#define PROBE_OPTION_CHECK_H

#include "checks.h"
#include "dhcp/dhcp_exchange.h"

struct option_rule {
    uint8_t code;
    uint8_t alternative; /* with this option instead, "absent" is but a warning; 0: none */
    enum check check;
    enum ucprov_severity absent; /* when no server sends it */
    const char *absent_summary;  /* "not sent" and what comes of it */
    const char *absent_detail;   /* what it means for the phone, and the remedy; NULL: nothing */
};

/* Adds a check: the option as each server sends it, and what is wrong with that. Skipped when there
 * is no answer at all. */
void option_check_add(struct ucprov_findings *checks, const struct dhcp_exchange *exchange,
                      enum ucprov_client client, const struct option_rule *rule);

/* The findings as sentences, the caller's; NULL when out of memory. */
char *option_check_findings_text(const struct ucprov_findings *findings);

#endif
