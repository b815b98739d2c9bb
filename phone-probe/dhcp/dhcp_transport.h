/* SPDX-License-Identifier: MPL-2.0 */
/* A way to DHCP servers and back: out of an interface as the phone itself (dhcp_link.c), or to
 * one server's address as the phone's relay agent (dhcp_relay.c).
 */
#ifndef PROBE_DHCP_TRANSPORT_H
#define PROBE_DHCP_TRANSPORT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhcp/dhcp_message.h"

/* The payload of a datagram that came in. */
struct transport_packet {
    struct in_addr source;
    size_t length; /* DHCP_MESSAGE_MAX + 1 when there was more than that */
    uint8_t octets[DHCP_MESSAGE_MAX + 1];
};

#define DHCP_TRANSPORT_ERROR_SIZE 256
#define HARDWARE_TEXT_SIZE        18 /* "00:04:f2:95:31:a2" and a NUL */

/* What came of asking for an address (transport->claim). */
enum transport_claim {
    CLAIM_FAILED = -1,  /* the system refused: transport->error says why */
    CLAIM_GRANTED,      /* replies to this address reach us */
    CLAIM_OTHER_HAS_IT, /* another machine has the address: transport->holder */
};

struct dhcp_transport {
    /* Sends a message; `client` is the address it comes from when we are the phone. -1: failed. */
    int (*send)(struct dhcp_transport *transport, const uint8_t *octets, size_t length,
                struct in_addr client);
    /* Waits until a datagram comes (1) or the clock shows `deadline` (0). -1: failed. What comes
     * is unchecked: it may be anybody's. */
    int (*receive)(struct dhcp_transport *transport, struct transport_packet *packet,
                   int64_t deadline);
    /* From here on the address is the phone's, as far as the transport can make it so. */
    enum transport_claim (*claim)(struct dhcp_transport *transport, struct in_addr address);
    void (*free)(struct dhcp_transport *transport);

    struct in_addr relay;                   /* giaddr; 0.0.0.0: we are the phone itself */
    struct in_addr link;                    /* the relay's link selection; 0.0.0.0: none */
    struct in_addr own_address;             /* ciaddr unless told; 0.0.0.0: there is none */
    uint8_t hardware[DHCP_HARDWARE_LENGTH]; /* the phone's */
    uint8_t holder[DHCP_HARDWARE_LENGTH];   /* who has the address that we asked for */
    bool poses;                             /* the hardware address is not the interface's */
    bool misses_client_port;                /* replies to port 68 cannot reach us */
    unsigned damaged;                       /* datagrams dropped for their length or checksum */
    char error[DHCP_TRANSPORT_ERROR_SIZE];  /* of the last failure; or of opening */
};

/* False: this machine has no route to an address, so that nothing can be said of what is there. */
bool dhcp_transport_has_route(struct in_addr address);

/* Writes the error of the last failure. Returns -1. */
int dhcp_transport_fail(struct dhcp_transport *transport, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Hardware addresses as text; the parser returns false when it is none. */
char *hardware_text(char text[HARDWARE_TEXT_SIZE], const uint8_t hardware[DHCP_HARDWARE_LENGTH]);
bool hardware_parse(uint8_t hardware[DHCP_HARDWARE_LENGTH], const char *text);

/* An IPv4 address as text. address_text() has it in memory of the block that it stands in, for as
 * long as that lasts. */
#define address_text(address) address_write((char[INET_ADDRSTRLEN]){""}, address)
const char *address_write(char text[INET_ADDRSTRLEN], struct in_addr address);

#endif
