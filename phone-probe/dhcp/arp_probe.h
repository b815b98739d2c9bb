/* SPDX-License-Identifier: MPL-2.0 */
/* An address that the phone would have, for the second that the probe needs it (RFC 826, RFC 5227).
 *
 * Servers answer a DHCPINFORM at the address it names, and most let their kernel find out by ARP
 * where that is. The probe configures no address, so it answers that ARP request itself; but first
 * it asks, as a phone would, whether somebody has the address already. It never defends it.
 */
#ifndef PROBE_ARP_PROBE_H
#define PROBE_ARP_PROBE_H

#include "dhcp/dhcp_transport.h"

struct address_claim {
    int descriptor; /* packet socket for ARP; -1: closed */
    int interface_index;
    struct in_addr address; /* the one that we answer for; 0.0.0.0: none */
};

/* Opens the socket. 0, or -1 with transport->error. */
int address_claim_open(struct address_claim *claim, struct dhcp_transport *transport,
                       int interface_index);

/* Asks whether anybody has the address, and answers for it from then on when nobody does. */
enum transport_claim address_claim_take(struct address_claim *claim,
                                        struct dhcp_transport *transport, struct in_addr address);

/* Reads one ARP packet, and answers it when it asks for the address. 0, or -1. */
int address_claim_serve(struct address_claim *claim, struct dhcp_transport *transport);

void address_claim_close(struct address_claim *claim);

#endif
