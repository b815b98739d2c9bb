/* SPDX-License-Identifier: MPL-2.0 */
/* IPv4 and UDP headers around a payload (RFC 791, RFC 768), for packet sockets. */
#ifndef PROBE_IP_DATAGRAM_H
#define PROBE_IP_DATAGRAM_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wire.h"

struct ip_datagram {
    struct in_addr source;
    struct in_addr destination;
    uint16_t source_port;
    uint16_t destination_port;
    const uint8_t *payload; /* borrowed */
    size_t length;          /* of the payload */
};

/* Writes headers with their checksums, and the payload. */
void ip_datagram_write(struct ucprov_writer *writer, const struct ip_datagram *datagram);

/* Reads a datagram that begins with its IP header; octets behind its total length (Ethernet's
 * padding) are left out. `checksum_pending`: the sender left the UDP checksum to a network card
 * that it never passed, so it says nothing. False: no whole UDP datagram, a fragment, or a wrong
 * checksum. */
bool ip_datagram_parse(struct ip_datagram *datagram, const void *octets, size_t length,
                       bool checksum_pending);

#endif
