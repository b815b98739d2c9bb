/* SPDX-License-Identifier: MPL-2.0 */
/* The phone's DHCP, from power-on to where it knows its certificate service: what it asks, and what
 * becomes of it with the answers it gets. No lease is taken: nothing here sends a DHCPREQUEST.
 */
#ifndef PROBE_DHCP_STEPS_H
#define PROBE_DHCP_STEPS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "checks.h"
#include "dhcp/dhcp_exchange.h"
#include "dhcp/dhcp_transport.h"

struct dhcp_steps_options {
    struct dhcp_timing timing;
    struct in_addr address;   /* ciaddr of the DHCPINFORM; 0.0.0.0: see dhcp_step_inform() */
    const char *vendor_class; /* option 60 of the ordinary DHCPDISCOVER; NULL: none */
};

struct dhcp_steps {
    struct dhcp_steps_options options;
    struct dhcp_transport *transport; /* borrowed */
    struct ucprov_findings *checks;   /* borrowed */
    struct dhcp_exchange voice_vlan;
    struct dhcp_exchange discover;
    struct dhcp_exchange inform;
    bool discovered; /* the ordinary DHCPDISCOVER was sent */
};

/* Each takes one step, and adds its checks: the CPE-OCPHONE request, the ordinary
 * DHCPDISCOVER, the DHCPINFORM. That one comes from the address in the options, else from the
 * transport's own, else from the one that was offered; `address` becomes it. They return 0, or -1
 * with transport->error when the system does not let us. */
int dhcp_step_voice_vlan(struct dhcp_steps *steps);
int dhcp_step_discover(struct dhcp_steps *steps);
int dhcp_step_inform(struct dhcp_steps *steps, struct in_addr *address);

/* DHCP answers, and has nothing that phones need: neither option 15 for the DHCPDISCOVER nor 43 and
 * 120 for the DHCPINFORM. Both have to have been asked. */
bool dhcp_steps_know_no_phones(const struct dhcp_steps *steps);

/* The voice VLAN of the first answer to the CPE-OCPHONE request; 0: none. */
uint16_t dhcp_steps_voice_vlan(const struct dhcp_steps *steps);

/* Every answer, each with its options explained: for people, and as a JSON list (a new reference;
 * NULL when out of memory). */
void dhcp_steps_print_answers(const struct dhcp_steps *steps, FILE *out);
json_t *dhcp_steps_answers_json(const struct dhcp_steps *steps);

#endif
