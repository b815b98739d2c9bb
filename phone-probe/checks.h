/* SPDX-License-Identifier: MPL-2.0 */
/* The probe's checks: what each is called, what its failure costs the phone, and what has to have
 * been seen before anything is promised. A check is a finding whose `code` is its number. */
#ifndef PROBE_CHECKS_H
#define PROBE_CHECKS_H

#include "base/finding.h"

#include "steps.h"
#include "text.h" /* what they say */

/* What a phone is for. */
enum purpose { PURPOSE_UPDATE = 1, PURPOSE_SIGN_IN = 2, PURPOSE_BOTH = 3 };

/* In the order of the manual; each is made once at the most. */
enum check {
    CHECK_VLAN_VOICE,
    CHECK_DHCP_OFFER,
    CHECK_DHCP_DOMAIN,
    CHECK_DHCP_SEARCH,
    CHECK_DHCP_NTP,
    CHECK_DHCP_RESOLVERS,
    CHECK_DHCP_ROUTERS,
    CHECK_DHCP_VENDOR,
    CHECK_DHCP_SERVERS,
    CHECK_DHCP_MALFORMED,
    CHECK_INFORM_ADDRESS,
    CHECK_INFORM_ANSWER,
    CHECK_INFORM_VENDOR,
    CHECK_INFORM_SIP,
    CHECK_INFORM_SERVERS,
    CHECK_INFORM_SILENT,
    CHECK_INFORM_MALFORMED,
    CHECK_ROUTE,
    CHECK_NAMES_UPDATE,
    CHECK_NAMES_RESOLVERS,
    CHECK_NAMES_SIGN_IN,
    CHECK_NAMES_WEB,
    CHECK_NAMES_REGISTRAR,
    CHECK_NAMES_TIME,
    CHECK_TIME_ANSWER,
    CHECK_TIME_OTHERS,
    CHECK_UPDATE_BEFORE,
    CHECK_CHAIN_HTTP,
    CHECK_CHAIN_OTHERS,
    CHECK_CHAIN_HTTPS,
    CHECK_UPDATE_CERTIFICATE,
    CHECK_UPDATE_SERVICE,
    CHECK_UPDATE_HTTP,
    CHECK_REGISTRAR_TLS,
    CHECK_FIRMWARE_SUPPORT,
    CHECK_FIRMWARE_WEB_SERVER,
    CHECK_FIRMWARE_SIGNATURE,
    CHECK_SITE_OPTIONS,
    CHECK_SITE_NAMES,
    CHECK_TOTAL,
    CHECK_COUNT
};

/* Adds a check; `text` and `remedy` as ucprov_findings_add(). A check that is quiet by the table is
 * left out for people as long as it passes. */
struct ucprov_finding *check_add(struct ucprov_findings *checks, enum check check,
                                 enum ucprov_severity severity, char *text, char *remedy);

/* The check, borrowed, or NULL: it was not made. */
const struct ucprov_finding *check_find(const struct ucprov_findings *checks, enum check check);

/* The step that makes it; STEP_COUNT: none. */
enum step check_step(enum check check);

/* What the failures cost the phone: a set of purposes. */
unsigned checks_lost(const struct ucprov_findings *checks);

/* For which purposes everything that they need was looked at. */
unsigned checks_proven(const struct ucprov_findings *checks);

#endif
