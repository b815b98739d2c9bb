/* SPDX-License-Identifier: MPL-2.0 */
/* As the phone's relay agent (RFC 1542 4), to one server's address.
 *
 * A server answers a relay agent at giaddr, and a DHCPINFORM at ciaddr: both must be addresses of
 * this machine. The port is the one we send from where the server knows RFC 8357, else 67 or 68. We
 * overhear those with a packet socket where we may have one, and bind what ports we can where not.
 */
#ifndef PROBE_DHCP_RELAY_H
#define PROBE_DHCP_RELAY_H

#include "dhcp/dhcp_transport.h"

struct dhcp_relay_options {
    struct sockaddr_in server;
    struct in_addr relay;    /* giaddr; 0.0.0.0: the local address that routes to the server */
    struct in_addr link;     /* for the subnet of this address; 0.0.0.0: of giaddr */
    struct in_addr address;  /* ciaddr; 0.0.0.0: as giaddr */
    uint16_t reply_port;     /* the server answers at this port; 0: see above */
    const uint8_t *hardware; /* the phone's; NULL: a random one, locally administered */
};

/* As dhcp_link_new(). */
struct dhcp_transport *dhcp_relay_new(const struct dhcp_relay_options *options,
                                      char error[DHCP_TRANSPORT_ERROR_SIZE]);

#endif
