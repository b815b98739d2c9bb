/* SPDX-License-Identifier: MPL-2.0 */
/* What ucprov-ca check says: a table for people, JSON for programs. */
#ifndef CA_REPORT_H
#define CA_REPORT_H

#include <stdio.h>

#include "certificate/phone_certificate.h"

#include "tool/ca_names.h"
#include "tool/ca_server.h"

struct ca_report {
    const char *target;             /* as given */
    const char *address;            /* "10.1.1.10:443"; NULL: a file */
    const struct ca_server *server; /* NULL: a file */
    const struct ca_names *names;   /* that it was judged by */
    X509 *certificate;              /* NULL: none came */
    const struct ucprov_findings *findings;
};

/* Findings with their status and remedy, wrapped; then what to make of it. */
void ca_report_text(FILE *out, const struct ca_report *report);

/* {"target", "address": s|null, "names": [...], "certificate": {"name", "subject", "issuer",
 * "sha256", "not_before", "not_after"}|null, "tls": as ca_server_json()|null, "status",
 * "findings": as ucprov_phone_findings_json()}. A new reference; NULL when out of memory. */
json_t *ca_report_json(const struct ca_report *report);

#endif
