/* As the phone itself, on an Ethernet interface. */
#ifndef PROBE_LINK_TRANSPORT_H
#define PROBE_LINK_TRANSPORT_H

#include "dhcp/transport.h"

/* Opens an interface. `hardware`: the phone's address; NULL: the interface's own (with another one,
 * the interface is in promiscuous mode until the transport is freed). The caller owns the
 * transport, and frees it with transport->free(). NULL: `error` says why. */
struct transport *link_transport_new(const char *interface, const uint8_t *hardware,
                                     char error[TRANSPORT_ERROR_SIZE]);

#endif
