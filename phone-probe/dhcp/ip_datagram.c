/* SPDX-License-Identifier: MPL-2.0 */
/* Builds and checks the two headers that a packet socket leaves to its user, and nothing more of
 * IP: no options, no fragments. */
#include "dhcp/ip_datagram.h"

#include <arpa/inet.h>
#include <string.h>

enum {
    IP_VERSION_4 = 4,
    IP_HEADER_SIZE = 20, /* without options */
    IP_TIME_TO_LIVE = 64,
    IP_PROTOCOL_UDP = 17,
    IP_FRAGMENT_MASK = 0x3fff, /* more fragments, and the offset; not "do not fragment" */
    UDP_HEADER_SIZE = 8,
    UDP_CHECKSUM_OFFSET = 6,
    IP_CHECKSUM_OFFSET = 10,
    IP_ADDRESSES_OFFSET = 12,
    IP_ADDRESSES_SIZE = 8,
};

/* One's complement sum of 16-bit words (RFC 1071), not folded. */
static uint32_t
sum(uint32_t start, const uint8_t *octets, size_t length)
{
    for (size_t i = 0; i + 1 < length; i += 2) {
        start += (uint32_t)octets[i] << 8 | octets[i + 1];
    }
    if (length % 2 != 0) {
        start += (uint32_t)octets[length - 1] << 8;
    }
    return start;
}

static uint16_t
checksum(uint32_t words)
{
    while (words >> 16 != 0) {
        words = (words & 0xffff) + (words >> 16);
    }
    return (uint16_t)~words;
}

/* The checksum over UDP's pseudo header, header and payload: 0 for a datagram as received. */
static uint16_t
udp_checksum(const uint8_t *ip_header, const uint8_t *udp, size_t length)
{
    uint32_t pseudo = IP_PROTOCOL_UDP + (uint32_t)length;

    pseudo = sum(pseudo, ip_header + IP_ADDRESSES_OFFSET, IP_ADDRESSES_SIZE);
    return checksum(sum(pseudo, udp, length));
}

static void
put_u16(uint8_t *octets, uint16_t value)
{
    octets[0] = (uint8_t)(value >> 8);
    octets[1] = (uint8_t)value;
}

void
ip_datagram_write(struct ucprov_writer *writer, const struct ip_datagram *datagram)
{
    uint8_t *ip_header = writer->position;
    uint8_t *udp = ip_header + IP_HEADER_SIZE;
    size_t udp_length = UDP_HEADER_SIZE + datagram->length;

    ucprov_write_u8(writer, IP_VERSION_4 << 4 | IP_HEADER_SIZE / 4);
    ucprov_write_u8(writer, 0); /* type of service */
    ucprov_write_u16(writer, (uint16_t)(IP_HEADER_SIZE + udp_length));
    ucprov_write_u32(writer, 0); /* identification, flags, fragment offset */
    ucprov_write_u8(writer, IP_TIME_TO_LIVE);
    ucprov_write_u8(writer, IP_PROTOCOL_UDP);
    ucprov_write_u16(writer, 0);
    ucprov_write_octets(writer, &datagram->source.s_addr, sizeof(datagram->source.s_addr));
    ucprov_write_octets(writer, &datagram->destination.s_addr,
                        sizeof(datagram->destination.s_addr));
    ucprov_write_u16(writer, datagram->source_port);
    ucprov_write_u16(writer, datagram->destination_port);
    ucprov_write_u16(writer, (uint16_t)udp_length);
    ucprov_write_u16(writer, 0);
    ucprov_write_octets(writer, datagram->payload, datagram->length);
    if (writer->error != 0) {
        return;
    }

    put_u16(ip_header + IP_CHECKSUM_OFFSET, checksum(sum(0, ip_header, IP_HEADER_SIZE)));
    uint16_t value = udp_checksum(ip_header, udp, udp_length);
    put_u16(udp + UDP_CHECKSUM_OFFSET, value == 0 ? 0xffff : value); /* RFC 768: 0 means none */
}

/* Takes UDP's header off. */
static bool
parse_udp(struct ip_datagram *datagram, const uint8_t *ip_header, const uint8_t *udp,
          size_t available, bool checksum_pending)
{
    struct ucprov_reader reader;

    ucprov_reader_init(&reader, udp, available);
    datagram->source_port = ucprov_read_u16(&reader);
    datagram->destination_port = ucprov_read_u16(&reader);
    size_t length = ucprov_read_u16(&reader);
    bool has_checksum = ucprov_read_u16(&reader) != 0;
    if (reader.error != 0 || length < UDP_HEADER_SIZE || length > available) {
        return false;
    }
    datagram->length = length - UDP_HEADER_SIZE;
    datagram->payload = udp + UDP_HEADER_SIZE;
    return checksum_pending || !has_checksum || udp_checksum(ip_header, udp, length) == 0;
}

bool
ip_datagram_parse(struct ip_datagram *datagram, const void *octets, size_t length,
                  bool checksum_pending)
{
    struct ucprov_reader reader;
    const uint8_t *ip_header = octets;

    ucprov_reader_init(&reader, octets, length);
    uint8_t version = ucprov_read_u8(&reader);
    ucprov_read_u8(&reader); /* type of service */
    size_t total = ucprov_read_u16(&reader);
    ucprov_read_u16(&reader); /* identification */
    uint16_t fragment = ucprov_read_u16(&reader);
    ucprov_read_u8(&reader); /* time to live */
    uint8_t protocol = ucprov_read_u8(&reader);
    ucprov_read_u16(&reader); /* checksum: checked below, over the whole header */
    datagram->source.s_addr = htonl(ucprov_read_u32(&reader));
    datagram->destination.s_addr = htonl(ucprov_read_u32(&reader));

    size_t header_size = (size_t)(version & 0xf) * 4;
    if (reader.error != 0 || version >> 4 != IP_VERSION_4 || header_size < IP_HEADER_SIZE ||
        total > length || total < header_size) {
        return false;
    }
    if (protocol != IP_PROTOCOL_UDP || (fragment & IP_FRAGMENT_MASK) != 0 ||
        checksum(sum(0, ip_header, header_size)) != 0) {
        return false;
    }
    return parse_udp(datagram, ip_header, ip_header + header_size, total - header_size,
                     checksum_pending);
}
