/* SPDX-License-Identifier: MPL-2.0 */
/* Lint: what is wrong with the octets of an option, as a phone would feel it.
 *
 * A rule for every trap that the field has met. A finding says what the octets are, what the phone
 * does with them, and what to change; it never says more than is known about the phones.
 */
#ifndef UCPROV_LINT_H
#define UCPROV_LINT_H

#include <stddef.h>
#include <stdint.h>

#include "base/finding.h"
#include "option/option.h"

/* One trap. Findings have its id, severity and remedy, and a text of their own: printable ASCII
 * whatever came in. */
struct ucprov_lint_rule {
    const char *id;
    enum ucprov_severity severity;
    const char *remedy;
};

/* All rules, static: for manuals and tests. */
const struct ucprov_lint_rule *ucprov_lint_rules(size_t *count);

/* Appends the findings of one option's value. `code` as in ucprov_option_code; an option that is
 * none of ours has no findings. `client` is whose option 43 it is; UCPROV_CLIENT_OTHER: guessed
 * from the sub-options. */
void ucprov_lint_option(struct ucprov_findings *findings, uint8_t code, enum ucprov_client client,
                        const uint8_t *value, size_t length);

/* One option of an answer, borrowed. */
struct ucprov_option_view {
    uint8_t code;
    const uint8_t *value;
    size_t length;
};

/* "UniFi devices": whose option 43 this looks like when it is not the phones'; NULL: nobody's that
 * is known. Static. */
const char *ucprov_vendor_likeness(const uint8_t *value, size_t length);

/* Where Cisco IOS since 15.1(3)S cuts what "option 43 hex" is given, without a word: in octets. */
#define UCPROV_CISCO_IOS_CUT 90

/* Appends the findings of a whole answer to `client`: those of each option, and those that only the
 * set shows (an MS-UC-Client set for a client that is none, 43 or 120 missing, no time server). */
void ucprov_lint_answer(struct ucprov_findings *findings, enum ucprov_client client,
                        const struct ucprov_option_view *options, size_t count);

#endif
