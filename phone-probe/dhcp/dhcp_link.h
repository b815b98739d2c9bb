/* SPDX-License-Identifier: MPL-2.0 */
/* As the phone itself, on an Ethernet interface. */
#ifndef PROBE_DHCP_LINK_H
#define PROBE_DHCP_LINK_H

#include <net/if.h>

#include "dhcp/dhcp_transport.h"

/* Opens an interface. `hardware`: the phone's address; NULL: the interface's own (with another one,
 * the interface is in promiscuous mode until the transport is freed). The caller owns the
 * transport, and frees it with transport->free(). NULL: `error` says why. */
struct dhcp_transport *dhcp_link_new(const char *interface, const uint8_t *hardware,
                                     char error[DHCP_TRANSPORT_ERROR_SIZE]);

/* The VLAN of a VLAN interface, and into `carrier` the interface below it. 0: it is none, and
 * `carrier` becomes its own name. */
uint16_t dhcp_link_vlan(const char *interface, char carrier[IF_NAMESIZE]);

#endif
