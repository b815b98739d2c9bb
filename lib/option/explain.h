/* SPDX-License-Identifier: MPL-2.0 */
/* Explains octets: for people as text, for programs as JSON.
 *
 * One shape wherever options are shown: ucprov-options, ucprov-probe, and the hook's commands.
 */
#ifndef UCPROV_EXPLAIN_H
#define UCPROV_EXPLAIN_H

#include <jansson.h>
#include <stdio.h>

#include "option/lint.h"
#include "option/option.h"

/* {"code": 43, "name": "vendor specific information", "length": 85, "hex": "010c...",
 *  "means": {"scheme": ..., "web_server": ..., "port": 443, "cert_prov_path": ...},
 *  "findings": [{"id": ..., "severity": "fail", "text": ..., "remedy": ...}]}
 * "means" by option: 15 {"domain"}, 42 {"ntp": []}, 43 as above and/or {"voice_vlan_id"},
 * 119 {"search": []}, 120 {"sip_server"}; null when the octets mean nothing sound.
 * A new reference, the caller's; NULL when out of memory. */
json_t *ucprov_explain_json(uint8_t code, enum ucprov_client client, const uint8_t *value,
                            size_t length);

/* What DHCPUtil.exe prints, for one option: a headline, its parts, the URL they make, and the
 * octets. Octets from the network are escaped. */
void ucprov_explain_text(FILE *out, uint8_t code, enum ucprov_client client, const uint8_t *value,
                         size_t length);

/* The same for an option 43 that goes to a client which sends this option 60, and is none of the
 * phones: its sub-options have no names that we know, unless they are an MS-UC-Client's. */
void ucprov_explain_vendor_text(FILE *out, const char *vendor_class, const uint8_t *value,
                                size_t length);

#endif
