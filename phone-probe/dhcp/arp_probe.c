/* SPDX-License-Identifier: MPL-2.0 */
/* ARP by hand over a packet socket: asks for holders of an address, and answers for it while the
 * probe waits for its DHCPACK. No address is ever configured on the interface. */
#include "dhcp/arp_probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/wire.h"

/* RFC 5227 1.1 waits for seconds, and a phone may; who is there answers within milliseconds. */
#define CLAIM_PROBES        2
#define CLAIM_PROBE_TIMEOUT 150 /* milliseconds, after each */

enum { ARP_REQUEST = 1, ARP_REPLY = 2 }; /* RFC 826 */

struct arp_packet {
    uint16_t operation;
    uint8_t sender_hardware[DHCP_HARDWARE_LENGTH];
    struct in_addr sender;
    struct in_addr target;
};

/* Octets of Ethernet's header and an ARP packet for IPv4. */
#define ARP_FRAME_SIZE (ETHER_HDR_LEN + 28)

int
address_claim_open(struct address_claim *claim, struct dhcp_transport *transport,
                   int interface_index)
{
    struct sockaddr_ll address = {.sll_family = AF_PACKET,
                                  .sll_protocol = htons(ETHERTYPE_ARP),
                                  .sll_ifindex = interface_index};

    claim->interface_index = interface_index;
    claim->address.s_addr = INADDR_ANY;
    claim->descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (claim->descriptor < 0 ||
        bind(claim->descriptor, (const struct sockaddr *)&address, sizeof(address)) != 0) {
        return dhcp_transport_fail(transport, "packet socket for ARP: %s", strerror(errno));
    }
    return 0;
}

static int
send_arp(struct address_claim *claim, struct dhcp_transport *transport, uint16_t operation,
         struct in_addr sender, const uint8_t *target_hardware, struct in_addr target)
{
    static const uint8_t broadcast[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    static const uint8_t unknown[DHCP_HARDWARE_LENGTH];
    struct sockaddr_ll address = {.sll_family = AF_PACKET,
                                  .sll_ifindex = claim->interface_index,
                                  .sll_halen = DHCP_HARDWARE_LENGTH};
    uint8_t frame[ARP_FRAME_SIZE];
    struct ucprov_writer writer;

    ucprov_writer_init(&writer, frame, sizeof(frame));
    ucprov_write_octets(&writer, target_hardware != NULL ? target_hardware : broadcast,
                        DHCP_HARDWARE_LENGTH);
    ucprov_write_octets(&writer, transport->hardware, DHCP_HARDWARE_LENGTH);
    ucprov_write_u16(&writer, ETHERTYPE_ARP);
    ucprov_write_u16(&writer, DHCP_HARDWARE_ETHERNET);
    ucprov_write_u16(&writer, ETHERTYPE_IP);
    ucprov_write_u8(&writer, DHCP_HARDWARE_LENGTH);
    ucprov_write_u8(&writer, sizeof(sender.s_addr));
    ucprov_write_u16(&writer, operation);
    ucprov_write_octets(&writer, transport->hardware, DHCP_HARDWARE_LENGTH);
    ucprov_write_octets(&writer, &sender.s_addr, sizeof(sender.s_addr));
    ucprov_write_octets(&writer, target_hardware != NULL ? target_hardware : unknown,
                        DHCP_HARDWARE_LENGTH);
    ucprov_write_octets(&writer, &target.s_addr, sizeof(target.s_addr));
    if (sendto(claim->descriptor, frame, sizeof(frame), 0, (const struct sockaddr *)&address,
               sizeof(address)) < 0) {
        return dhcp_transport_fail(transport, "cannot send ARP: %s", strerror(errno));
    }
    return 0;
}

/* Reads what is there. 1: an ARP packet for IPv4 over Ethernet; 0: nothing of use; -1: failed. */
static int
receive_arp(struct address_claim *claim, struct dhcp_transport *transport,
            struct arp_packet *packet)
{
    uint8_t frame[ARP_FRAME_SIZE];
    struct ucprov_reader reader;

    ssize_t length = recv(claim->descriptor, frame, sizeof(frame), 0);
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) {
        return 0;
    }
    if (length < 0) {
        return dhcp_transport_fail(transport, "packet socket for ARP: %s", strerror(errno));
    }
    ucprov_reader_init(&reader, frame, (size_t)length);
    ucprov_read_octets(&reader, ETHER_HDR_LEN);
    uint16_t hardware_type = ucprov_read_u16(&reader);
    uint16_t protocol = ucprov_read_u16(&reader);
    ucprov_read_u16(&reader); /* lengths of the two kinds of address, which follow from them */
    packet->operation = ucprov_read_u16(&reader);
    const uint8_t *sender_hardware = ucprov_read_octets(&reader, DHCP_HARDWARE_LENGTH);
    packet->sender.s_addr = htonl(ucprov_read_u32(&reader));
    ucprov_read_octets(&reader, DHCP_HARDWARE_LENGTH);
    packet->target.s_addr = htonl(ucprov_read_u32(&reader));
    if (reader.error != 0 || hardware_type != DHCP_HARDWARE_ETHERNET || protocol != ETHERTYPE_IP) {
        return 0;
    }
    memcpy(packet->sender_hardware, sender_hardware, DHCP_HARDWARE_LENGTH);
    return 1;
}

/* Waits for somebody else to say that the address is theirs. 1: somebody did; 0; -1: failed. */
static int
listen_for_holder(struct address_claim *claim, struct dhcp_transport *transport,
                  struct in_addr address)
{
    int64_t deadline = ucprov_clock_ms() + CLAIM_PROBE_TIMEOUT;
    struct pollfd wait = {.fd = claim->descriptor, .events = POLLIN};
    struct arp_packet packet = {0};

    while (ucprov_clock_ms() < deadline) {
        if (poll(&wait, 1, ucprov_clock_ms_until(deadline)) <= 0) {
            continue;
        }
        int got = receive_arp(claim, transport, &packet);
        if (got < 0) {
            return -1;
        }
        if (got == 0 || packet.sender.s_addr != address.s_addr ||
            memcmp(packet.sender_hardware, transport->hardware, DHCP_HARDWARE_LENGTH) == 0) {
            continue;
        }
        memcpy(transport->holder, packet.sender_hardware, DHCP_HARDWARE_LENGTH);
        return 1;
    }
    return 0;
}

enum transport_claim
address_claim_take(struct address_claim *claim, struct dhcp_transport *transport,
                   struct in_addr address)
{
    const struct in_addr unspecified = {INADDR_ANY};

    for (int i = 0; i < CLAIM_PROBES; i++) {
        if (send_arp(claim, transport, ARP_REQUEST, unspecified, NULL, address) != 0) {
            return CLAIM_FAILED;
        }
        int held = listen_for_holder(claim, transport, address);
        if (held != 0) {
            return held < 0 ? CLAIM_FAILED : CLAIM_OTHER_HAS_IT;
        }
    }
    claim->address = address;
    return CLAIM_GRANTED;
}

int
address_claim_serve(struct address_claim *claim, struct dhcp_transport *transport)
{
    struct arp_packet packet = {0};

    int got = receive_arp(claim, transport, &packet);
    if (got <= 0) {
        return got;
    }
    /* Who asks without an address of its own is about to take this one: we do not object. */
    if (packet.operation != ARP_REQUEST || packet.sender.s_addr == INADDR_ANY ||
        claim->address.s_addr == INADDR_ANY || packet.target.s_addr != claim->address.s_addr) {
        return 0;
    }
    return send_arp(claim, transport, ARP_REPLY, claim->address, packet.sender_hardware,
                    packet.sender);
}

void
address_claim_close(struct address_claim *claim)
{
    if (claim->descriptor >= 0) {
        close(claim->descriptor);
    }
    claim->descriptor = -1;
}
