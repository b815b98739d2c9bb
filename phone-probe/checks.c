/* SPDX-License-Identifier: MPL-2.0 */
/* The table of checks. What is found out about a check is found out from here, never from how its
 * id is spelled. */
#include "checks.h"

#include <stdio.h>

struct check_row {
    const char *id;    /* stable, for programs; in the manual */
    const char *label; /* for people */
    enum step step;    /* that makes it; STEP_COUNT: none, or several */
    unsigned costs;    /* what the phone loses when it fails */
    unsigned proves;   /* what cannot be promised unless this was looked at */
    bool quiet;        /* left out for people as long as it passes */
};

enum { NOTHING = 0, UPDATE = PURPOSE_UPDATE, SIGN_IN = PURPOSE_SIGN_IN, BOTH = PURPOSE_BOTH };

static const struct check_row rows[CHECK_COUNT] = {
    [CHECK_VLAN_VOICE] = {"vlan.voice", "voice vlan", STEP_VLAN, BOTH, NOTHING, false},
    [CHECK_DHCP_OFFER] = {"dhcp.offer", "dhcp", STEP_DHCP, BOTH, NOTHING, false},
    [CHECK_DHCP_DOMAIN] = {"dhcp.domain", " 15 domain", STEP_DHCP, BOTH, NOTHING, false},
    [CHECK_DHCP_SEARCH] = {"dhcp.search", "119 search", STEP_DHCP, BOTH, NOTHING, false},
    [CHECK_DHCP_NTP] = {"dhcp.ntp", " 42 time", STEP_DHCP, BOTH, NOTHING, false},
    [CHECK_DHCP_RESOLVERS] = {"dhcp.resolvers", "  6 resolver", STEP_DHCP, BOTH, NOTHING, false},
    [CHECK_DHCP_ROUTERS] = {"dhcp.routers", "  3 router", STEP_DHCP, BOTH, NOTHING, false},
    [CHECK_DHCP_VENDOR] = {"dhcp.vendor", " 43 others", STEP_DHCP, BOTH, NOTHING, true},
    [CHECK_DHCP_SERVERS] = {"dhcp.servers", "    servers", STEP_DHCP, BOTH, NOTHING, false},
    [CHECK_DHCP_MALFORMED] = {"dhcp.malformed", "    answers", STEP_DHCP, BOTH, NOTHING, true},
    [CHECK_INFORM_ADDRESS] = {"inform.address", "address", STEP_INFORM, SIGN_IN, NOTHING, true},
    [CHECK_INFORM_ANSWER] = {"inform.answer", "inform", STEP_INFORM, SIGN_IN, NOTHING, false},
    [CHECK_INFORM_VENDOR] = {"inform.vendor", " 43 service", STEP_INFORM, SIGN_IN, SIGN_IN, false},
    [CHECK_INFORM_SIP] = {"inform.sip", "120 sip", STEP_INFORM, SIGN_IN, SIGN_IN, false},
    [CHECK_INFORM_SERVERS] = {"inform.servers", "    servers", STEP_INFORM, SIGN_IN, NOTHING,
                              false},
    [CHECK_INFORM_SILENT] = {"inform.silent", "    silent", STEP_INFORM, SIGN_IN, NOTHING, true},
    [CHECK_INFORM_MALFORMED] = {"inform.malformed", "    answers", STEP_INFORM, SIGN_IN, NOTHING,
                                true},
    [CHECK_ROUTE] = {"route", "route", STEP_COUNT, NOTHING, NOTHING, false},
    [CHECK_NAMES_UPDATE] = {"names.update", "names", STEP_NAMES, UPDATE, UPDATE, false},
    [CHECK_NAMES_RESOLVERS] = {"names.resolvers", "    resolver", STEP_NAMES, BOTH, NOTHING, true},
    [CHECK_NAMES_SIGN_IN] = {"names.sign-in", "    sign-in", STEP_NAMES, SIGN_IN, NOTHING, true},
    [CHECK_NAMES_WEB] = {"names.web", "    service", STEP_NAMES, SIGN_IN, NOTHING, true},
    [CHECK_NAMES_REGISTRAR] = {"names.registrar", "    pool", STEP_NAMES, SIGN_IN, NOTHING, true},
    [CHECK_NAMES_TIME] = {"names.time", "    time", STEP_NAMES, BOTH, NOTHING, true},
    [CHECK_TIME_ANSWER] = {"time.answer", "time", STEP_TIME, BOTH, BOTH, false},
    [CHECK_TIME_OTHERS] = {"time.others", "    sources", STEP_TIME, BOTH, NOTHING, true},
    [CHECK_UPDATE_BEFORE] = {"update.before", "update", STEP_UPDATE, UPDATE, NOTHING, false},
    [CHECK_CHAIN_HTTP] = {"chain.http", "chain", STEP_CHAIN, BOTH, BOTH, false},
    [CHECK_CHAIN_OTHERS] = {"chain.others", "    others", STEP_CHAIN, BOTH, NOTHING, false},
    /* Where the PIN goes, once the chain is there. */
    [CHECK_CHAIN_HTTPS] = {"chain.https", "    https", STEP_CHAIN, SIGN_IN, NOTHING, true},
    [CHECK_UPDATE_CERTIFICATE] = {"update.certificate", "update", STEP_UPDATE, UPDATE, UPDATE,
                                  false},
    [CHECK_UPDATE_SERVICE] = {"update.service", "    service", STEP_UPDATE, UPDATE, UPDATE, false},
    [CHECK_UPDATE_HTTP] = {"update.http", "    http", STEP_UPDATE, UPDATE, NOTHING, true},
    [CHECK_REGISTRAR_TLS] = {"registrar.tls", "sign-in", STEP_SIGN_IN, SIGN_IN, SIGN_IN, false},
    /* Such firmware never registers, but can be updated. */
    [CHECK_FIRMWARE_SUPPORT] = {"firmware.support", "firmware", STEP_COUNT, SIGN_IN, NOTHING,
                                false},
    [CHECK_FIRMWARE_WEB_SERVER] = {"firmware.web-server", "    service", STEP_COUNT, BOTH, NOTHING,
                                   false},
    [CHECK_FIRMWARE_SIGNATURE] = {"firmware.signature", "    SHA-2", STEP_COUNT, BOTH, NOTHING,
                                  false},
    [CHECK_SITE_OPTIONS] = {"site.options", "site file", STEP_COUNT, NOTHING, NOTHING, false},
    [CHECK_SITE_NAMES] = {"site.names", "    names", STEP_COUNT, NOTHING, NOTHING, true},
    [CHECK_TOTAL] = {"total", "total", STEP_COUNT, NOTHING, NOTHING, false},
};

struct ucprov_finding *
check_add(struct ucprov_findings *checks, enum check check, enum ucprov_severity severity,
          char *text, char *remedy)
{
    const struct check_row *row = &rows[check];
    struct ucprov_finding *finding = ucprov_findings_add(checks, row->id, severity, text, remedy);
    snprintf(finding->label, sizeof(finding->label), "%s", row->label);
    finding->quiet = row->quiet && severity == UCPROV_PASS;
    finding->code = check;
    return finding;
}

const struct ucprov_finding *
check_find(const struct ucprov_findings *checks, enum check check)
{
    for (size_t i = 0; i < checks->count; i++) {
        if (checks->items[i].code == check) {
            return &checks->items[i];
        }
    }
    return NULL;
}

enum step
check_step(enum check check)
{
    return rows[check].step;
}

unsigned
checks_lost(const struct ucprov_findings *checks)
{
    unsigned lost = NOTHING;
    for (size_t i = 0; i < checks->count; i++) {
        lost |= checks->items[i].severity == UCPROV_FAIL ? rows[checks->items[i].code].costs : 0;
    }
    return lost;
}

unsigned
checks_proven(const struct ucprov_findings *checks)
{
    unsigned proven = BOTH;
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        const struct ucprov_finding *check = check_find(checks, i);
        if (check == NULL || check->severity == UCPROV_SKIP) {
            proven &= ~rows[i].proves;
        }
    }
    return proven;
}
