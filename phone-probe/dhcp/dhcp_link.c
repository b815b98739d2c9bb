/* SPDX-License-Identifier: MPL-2.0 */
/* DHCP as a phone in the same VLAN speaks it: broadcasts from an address it does not have, over
 * packet sockets. For servers beyond a router there is dhcp_relay.c. */
#include "dhcp/dhcp_link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <linux/if_vlan.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/nearest.h"

#include "dhcp/arp_probe.h"
#include "dhcp/ip_datagram.h"
#include "dhcp/packet_socket.h"

struct dhcp_link {
    struct dhcp_transport transport; /* the first member, so that one can be had from the other */
    int index;                       /* of the interface */
    int receiver;                    /* packet socket; -1: closed */
    int sender;                      /* packet socket that hears nothing; -1: closed */
    struct address_claim claim;
};

static int
link_send(struct dhcp_transport *transport, const uint8_t *octets, size_t length,
          struct in_addr client)
{
    static const uint8_t broadcast[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    struct dhcp_link *link = (struct dhcp_link *)transport;
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_ifindex = link->index, .sll_halen = DHCP_HARDWARE_LENGTH};
    struct ip_datagram datagram = {.source = client,
                                   .destination = {INADDR_BROADCAST},
                                   .source_port = DHCP_CLIENT_PORT,
                                   .destination_port = DHCP_SERVER_PORT,
                                   .payload = octets,
                                   .length = length};
    uint8_t frame[ETHER_HDR_LEN + 20 + 8 + DHCP_REQUEST_SIZE];
    struct ucprov_writer writer;

    ucprov_writer_init(&writer, frame, sizeof(frame));
    ucprov_write_octets(&writer, broadcast, sizeof(broadcast));
    ucprov_write_octets(&writer, transport->hardware, DHCP_HARDWARE_LENGTH);
    ucprov_write_u16(&writer, ETHERTYPE_IP);
    ip_datagram_write(&writer, &datagram);
    if (writer.error != 0) {
        return dhcp_transport_fail(transport, "the request does not fit in %d octets",
                                   DHCP_REQUEST_SIZE);
    }
    if (sendto(link->sender, frame, ucprov_writer_length(&writer), 0,
               (const struct sockaddr *)&address, sizeof(address)) < 0) {
        return dhcp_transport_fail(transport, "cannot send: %s", strerror(errno));
    }
    return 0;
}

static int
link_receive(struct dhcp_transport *transport, struct transport_packet *packet, int64_t deadline)
{
    struct dhcp_link *link = (struct dhcp_link *)transport;
    struct pollfd wait[] = {{.fd = link->receiver, .events = POLLIN},
                            {.fd = link->claim.descriptor, .events = POLLIN}};

    do {
        int ready = poll(wait, 2, ucprov_clock_ms_until(deadline));
        if (ready < 0 && errno != EINTR) {
            return dhcp_transport_fail(transport, "poll: %s", strerror(errno));
        }
        if (ready <= 0) {
            continue;
        }
        if (wait[1].revents != 0 && address_claim_serve(&link->claim, transport) != 0) {
            return -1;
        }
        int got = packet_socket_read(transport, link->receiver, packet);
        if (got != 0) {
            return got;
        }
    } while (ucprov_clock_ms() < deadline);
    return 0;
}

/* True when an address is configured on this machine, whose kernel then answers for it. */
static bool
is_local(struct in_addr address)
{
    struct ifaddrs *interfaces;
    bool found = false;

    if (getifaddrs(&interfaces) != 0) {
        return false;
    }
    for (const struct ifaddrs *i = interfaces; i != NULL && !found; i = i->ifa_next) {
        struct sockaddr_in local;
        if (i->ifa_addr == NULL || i->ifa_addr->sa_family != AF_INET) {
            continue;
        }
        memcpy(&local, i->ifa_addr, sizeof(local));
        found = local.sin_addr.s_addr == address.s_addr;
    }
    freeifaddrs(interfaces);
    return found;
}

static enum transport_claim
link_claim(struct dhcp_transport *transport, struct in_addr address)
{
    struct dhcp_link *link = (struct dhcp_link *)transport;

    return is_local(address) ? CLAIM_GRANTED : address_claim_take(&link->claim, transport, address);
}

static void
link_free(struct dhcp_transport *transport)
{
    struct dhcp_link *link = (struct dhcp_link *)transport;

    if (link->receiver >= 0) {
        close(link->receiver);
    }
    if (link->sender >= 0) {
        close(link->sender);
    }
    address_claim_close(&link->claim);
    free(link);
}

/* Says that there is no such interface, and which one may be meant. */
static int
refuse_interface(struct dhcp_transport *transport, const char *name)
{
    struct ucprov_suggestion near;
    struct if_nameindex *interfaces = if_nameindex(); /* ends with a NULL */
    if (interfaces == NULL) {
        return dhcp_transport_fail(transport, "there is no interface of this name");
    }
    dhcp_transport_fail(
        transport, "there is no interface of this name%s",
        ucprov_suggest(&near, name, UCPROV_WORDS_IN(interfaces, SIZE_MAX, if_name), ""));
    if_freenameindex(interfaces);
    return -1;
}

/* Finds the interface's index, and its hardware and IPv4 address. */
static int
query_interface(struct dhcp_link *link, const char *name)
{
    struct dhcp_transport *transport = &link->transport;
    struct ifreq request = {0};
    struct sockaddr_in address;

    if (strlen(name) >= sizeof(request.ifr_name) || if_nametoindex(name) == 0) {
        return refuse_interface(transport, name);
    }
    link->index = (int)if_nametoindex(name);
    memcpy(request.ifr_name, name, strlen(name));
    if (ioctl(link->sender, SIOCGIFFLAGS, &request) != 0) {
        return dhcp_transport_fail(transport, "%s", strerror(errno));
    }
    if ((request.ifr_flags & IFF_UP) == 0) {
        return dhcp_transport_fail(transport, "the interface is down: ip link set %s up", name);
    }
    if (ioctl(link->sender, SIOCGIFHWADDR, &request) != 0) {
        return dhcp_transport_fail(transport, "%s", strerror(errno));
    }
    if (request.ifr_hwaddr.sa_family != ARPHRD_ETHER) {
        return dhcp_transport_fail(transport,
                                   "it is not an Ethernet interface; --server ADDRESS asks "
                                   "a server at its address");
    }
    memcpy(transport->hardware, request.ifr_hwaddr.sa_data, DHCP_HARDWARE_LENGTH);
    if (ioctl(link->sender, SIOCGIFADDR, &request) != 0) {
        return 0; /* no address yet: as it is with a phone */
    }
    memcpy(&address, &request.ifr_addr, sizeof(address));
    transport->own_address = address.sin_addr;
    return 0;
}

/* Takes another hardware address than the interface's: its frames must be let through. */
static int
pose_as(struct dhcp_link *link, const uint8_t *hardware)
{
    struct packet_mreq membership = {.mr_ifindex = link->index, .mr_type = PACKET_MR_PROMISC};

    if (memcmp(link->transport.hardware, hardware, DHCP_HARDWARE_LENGTH) == 0) {
        return 0;
    }
    memcpy(link->transport.hardware, hardware, DHCP_HARDWARE_LENGTH);
    link->transport.poses = true;
    if (setsockopt(link->receiver, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership,
                   sizeof(membership)) != 0) {
        return dhcp_transport_fail(&link->transport, "promiscuous mode: %s", strerror(errno));
    }
    return 0;
}

static int
open_link(struct dhcp_link *link, const char *interface, const uint8_t *hardware)
{
    link->sender = packet_sender_open(&link->transport);
    if (link->sender < 0 || query_interface(link, interface) != 0) {
        return -1;
    }
    link->receiver = packet_socket_open(&link->transport, link->index, DHCP_CLIENT_PORT);
    if (link->receiver < 0 ||
        address_claim_open(&link->claim, &link->transport, link->index) != 0) {
        return -1;
    }
    return hardware == NULL ? 0 : pose_as(link, hardware);
}

struct dhcp_transport *
dhcp_link_new(const char *interface, const uint8_t *hardware, char error[DHCP_TRANSPORT_ERROR_SIZE])
{
    struct dhcp_link *link = calloc(1, sizeof(*link));

    if (link == NULL) {
        memcpy(error, "out of memory", sizeof("out of memory"));
        return NULL;
    }
    link->transport.send = link_send;
    link->transport.receive = link_receive;
    link->transport.claim = link_claim;
    link->transport.free = link_free;
    link->receiver = link->sender = link->claim.descriptor = -1;
    if (open_link(link, interface, hardware) == 0) {
        return &link->transport;
    }
    memcpy(error, link->transport.error, DHCP_TRANSPORT_ERROR_SIZE);
    link_free(&link->transport);
    return NULL;
}

static int
ask_vlan(struct vlan_ioctl_args *question, int command)
{
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    question->cmd = command;
    int status = descriptor < 0 ? -1 : ioctl(descriptor, SIOCGIFVLAN, question);
    if (descriptor >= 0) {
        close(descriptor);
    }
    return status;
}

uint16_t
dhcp_link_vlan(const char *interface, char carrier[IF_NAMESIZE])
{
    struct vlan_ioctl_args id = {0}, below = {0};

    snprintf(carrier, IF_NAMESIZE, "%s", interface);
    snprintf(id.device1, sizeof(id.device1), "%s", interface);
    snprintf(below.device1, sizeof(below.device1), "%s", interface);
    if (ask_vlan(&id, GET_VLAN_VID_CMD) != 0 || ask_vlan(&below, GET_VLAN_REALDEV_NAME_CMD) != 0) {
        return 0;
    }
    snprintf(carrier, IF_NAMESIZE, "%.*s", IF_NAMESIZE - 1, below.u.device2);
    return (uint16_t)id.u.VID;
}
