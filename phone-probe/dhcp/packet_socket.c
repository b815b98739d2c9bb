/* SPDX-License-Identifier: MPL-2.0 */
/* Opens packet sockets with a BPF filter that lets only DHCP replies through, and reads one
 * datagram at a time. Needs CAP_NET_RAW, and says so. */
#include "dhcp/packet_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dhcp/ip_datagram.h"

/* A packet can have 65,535 octets; whatever is longer than this is cut, and so dropped. */
#define PACKET_READ_SIZE (DHCP_MESSAGE_MAX + 1 + 60 + 8) /* with the longest IP and UDP headers */

/* Lets through what may be a reply: IPv4, UDP, no fragment behind the first, the port, and BOOTP's
 * "op" is 2. A cooked socket's packets begin with the IP header. */
static int
attach_filter(int descriptor, uint16_t port)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9), /* protocol */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 8),
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6), /* flags, fragment offset */
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 6, 0),
        BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), /* X: length of the IP header */
        BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),  /* destination port */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, port == 0 ? 0 : 3),
        BPF_STMT(BPF_LD | BPF_B | BPF_IND, 8), /* BOOTP's op, behind UDP's header */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};

    return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

/* Made deaf (protocol 0) first, so that nothing comes in before the filter is there. */
static int
prepare_socket(int descriptor, int interface_index, uint16_t port)
{
    struct sockaddr_ll address = {.sll_family = AF_PACKET,
                                  .sll_protocol = htons(ETHERTYPE_IP),
                                  .sll_ifindex = interface_index};
    int on = 1;

    if (attach_filter(descriptor, port) != 0) {
        return -1;
    }
    if (setsockopt(descriptor, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)) != 0) {
        return -1;
    }
    return bind(descriptor, (const struct sockaddr *)&address, sizeof(address));
}

static int
open_deaf(struct dhcp_transport *transport, int type)
{
    int descriptor = socket(AF_PACKET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (descriptor < 0 && errno == EPERM) {
        return dhcp_transport_fail(transport, "packet sockets need CAP_NET_RAW: run as root, or "
                                              "setcap cap_net_raw+ep ucprov-probe");
    }
    if (descriptor < 0) {
        return dhcp_transport_fail(transport, "packet socket: %s", strerror(errno));
    }
    return descriptor;
}

int
packet_sender_open(struct dhcp_transport *transport)
{
    return open_deaf(transport, SOCK_RAW);
}

int
packet_socket_open(struct dhcp_transport *transport, int interface_index, uint16_t port)
{
    int descriptor = open_deaf(transport, SOCK_DGRAM);

    if (descriptor < 0) {
        return -1;
    }
    if (prepare_socket(descriptor, interface_index, port) != 0) {
        dhcp_transport_fail(transport, "packet socket: %s", strerror(errno));
        close(descriptor);
        return -1;
    }
    return descriptor;
}

/* True when the sender was on this machine and left the UDP checksum to a network card, which the
 * packet has not passed (a veth pair, a bridge). */
static bool
is_checksum_pending(struct msghdr *message)
{
    struct tpacket_auxdata data;

    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL;
         part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_PACKET || part->cmsg_type != PACKET_AUXDATA) {
            continue;
        }
        memcpy(&data, CMSG_DATA(part), sizeof(data));
        return (data.tp_status & TP_STATUS_CSUMNOTREADY) != 0;
    }
    return false;
}

/* Not what this machine sends, and not what is for another one: of which the interface shows us
 * something in promiscuous mode, and frames of VLANs that nobody here has. */
static bool
is_for_us(const struct dhcp_transport *transport, const struct sockaddr_ll *from)
{
    return from->sll_pkttype != PACKET_OUTGOING &&
           (from->sll_pkttype != PACKET_OTHERHOST || transport->poses);
}

int
packet_socket_read(struct dhcp_transport *transport, int descriptor,
                   struct transport_packet *packet)
{
    uint8_t octets[PACKET_READ_SIZE];
    union {
        struct cmsghdr align;
        uint8_t octets[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
    } control;
    struct sockaddr_ll from = {0};
    struct iovec vector = {octets, sizeof(octets)};
    struct msghdr message = {.msg_name = &from,
                             .msg_namelen = sizeof(from),
                             .msg_iov = &vector,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof(control)};
    struct ip_datagram datagram;

    ssize_t length = recvmsg(descriptor, &message, 0);
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) {
        return 0;
    }
    if (length < 0) {
        return dhcp_transport_fail(transport, "packet socket: %s", strerror(errno));
    }
    if (!is_for_us(transport, &from)) {
        return 0;
    }
    if (!ip_datagram_parse(&datagram, octets, (size_t)length, is_checksum_pending(&message))) {
        transport->damaged++;
        return 0;
    }
    packet->source = datagram.source;
    packet->length =
        datagram.length < sizeof(packet->octets) ? datagram.length : sizeof(packet->octets);
    memcpy(packet->octets, datagram.payload, packet->length);
    return 1;
}
