/* SPDX-License-Identifier: MPL-2.0 */
/* Findings that a phone has a status for: what its screen shows when an update fails so. */
#ifndef UCPROV_PHONE_FINDING_H
#define UCPROV_PHONE_FINDING_H

#include "base/finding.h"

/* Adds a finding whose `code` is the WinHTTP error that phones show (0x2F06; 0: none is known), and
 * whose label in tables is that as text, "0x2F06/0". Takes `text` and `remedy`, as
 * ucprov_findings_add(). */
void ucprov_phone_findings_add(struct ucprov_findings *findings, const char *id,
                               enum ucprov_severity severity, unsigned phone_error, char *text,
                               char *remedy);

/* The same with a text of its own; `remedy` is copied, and may be NULL. */
void ucprov_phone_finding(struct ucprov_findings *findings, const char *id,
                          enum ucprov_severity severity, unsigned phone_error, const char *remedy,
                          const char *format, ...) __attribute__((format(printf, 6, 7)));

/* As ucprov_findings_json(), each with "phone_status": "0x2F06/0"|null. */
json_t *ucprov_phone_findings_json(const struct ucprov_findings *findings);

#endif
