/* SPDX-License-Identifier: MPL-2.0 */
/* A packet socket that overhears DHCP replies (packet(7)).
 *
 * It is a copy that the kernel hands out before its own IP layer looks at the packet: no port is
 * bound, nobody else's socket gets less, and a firewall does not matter.
 */
#ifndef PROBE_PACKET_SOCKET_H
#define PROBE_PACKET_SOCKET_H

#include "dhcp/dhcp_transport.h"

/* Opens one for BOOTP replies to a UDP port (0: to any) that come in on an interface (0: on any).
 * Returns the descriptor, or -1 with transport->error. */
int packet_socket_open(struct dhcp_transport *transport, int interface_index, uint16_t port);

/* Opens one that sends whole frames and hears nothing. Likewise. */
int packet_sender_open(struct dhcp_transport *transport);

/* Reads what is there. 1: a datagram; 0: nothing of use; -1: failed. */
int packet_socket_read(struct dhcp_transport *transport, int descriptor,
                       struct transport_packet *packet);

#endif
