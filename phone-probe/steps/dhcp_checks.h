/* SPDX-License-Identifier: MPL-2.0 */
/* The checks that the steps add (dhcp_steps.h). */
#ifndef PROBE_DHCP_CHECKS_H
#define PROBE_DHCP_CHECKS_H

#include "steps/dhcp_steps.h"

/* vlan.voice: of the answers to the CPE-OCPHONE request. */
void dhcp_check_voice_vlan(const struct dhcp_steps *steps);

/* dhcp.*: of the answers to the ordinary DHCPDISCOVER; `client` is what its option 60 makes us. */
void dhcp_check_discover(const struct dhcp_steps *steps, enum ucprov_client client);

/* inform.*: of the answers to the DHCPINFORM from an address; 0.0.0.0: none was sent. */
void dhcp_check_inform(const struct dhcp_steps *steps, struct in_addr address);

/* Several servers are fine as long as a phone learns the same from each: the same about `codes`. */
void dhcp_check_servers(struct ucprov_findings *checks, const struct dhcp_exchange *exchange,
                        enum check check, const uint8_t *codes, size_t count);

/* What came in but was of no use: why there is no answer, or a warning beside the answers. */
void dhcp_check_broken(struct ucprov_findings *checks, const struct dhcp_exchange *exchange,
                       enum check check);

/* The servers that answered, each once: "10.20.0.1, 10.20.0.2". The caller's; NULL when out of
 * memory. */
char *dhcp_servers_text(const struct dhcp_exchange *exchange);

#endif
