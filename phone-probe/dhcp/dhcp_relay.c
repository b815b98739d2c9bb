/* SPDX-License-Identifier: MPL-2.0 */
/* DHCP to a server that is not in this VLAN, with plain UDP sockets wherever those will do. Most of
 * it is finding a port at which the answer can be heard. */
#include "dhcp/dhcp_relay.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

#include "dhcp/packet_socket.h"

/* Where a reply can come in. */
enum {
    SOCKET_SENDER,   /* bound to giaddr; also receives */
    SOCKET_OVERHEAR, /* packet socket */
    SOCKET_RELAY,    /* giaddr, port 67 */
    SOCKET_CLIENT,   /* ciaddr, port 68 or --reply-port */
    SOCKET_COUNT,
};

struct dhcp_relay {
    struct dhcp_transport transport; /* the first member, so that one can be had from the other */
    struct sockaddr_in server;
    struct pollfd sockets[SOCKET_COUNT]; /* -1: not open; poll(2) leaves those out */
};

static int
server_send(struct dhcp_transport *transport, const uint8_t *octets, size_t length,
            struct in_addr client)
{
    struct dhcp_relay *endpoint = (struct dhcp_relay *)transport;

    (void)client; /* the datagram comes from the relay agent */
    if (sendto(endpoint->sockets[SOCKET_SENDER].fd, octets, length, 0,
               (const struct sockaddr *)&endpoint->server, sizeof(endpoint->server)) < 0 &&
        errno != ECONNREFUSED) { /* an earlier message's fate */
        return dhcp_transport_fail(transport, "cannot send: %s", strerror(errno));
    }
    return 0;
}

/* Reads a datagram from a UDP socket. 1, 0 when nothing is there, -1. */
static int
read_datagram(struct dhcp_transport *transport, int descriptor, struct transport_packet *packet)
{
    struct sockaddr_in from = {0};
    socklen_t from_length = sizeof(from);

    ssize_t length = recvfrom(descriptor, packet->octets, sizeof(packet->octets), 0,
                              (struct sockaddr *)&from, &from_length);
    if (length < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNREFUSED)) {
        return 0;
    }
    if (length < 0) {
        return dhcp_transport_fail(transport, "cannot receive: %s", strerror(errno));
    }
    packet->source = from.sin_addr;
    packet->length = (size_t)length;
    return 1;
}

static int
read_socket(struct dhcp_relay *endpoint, size_t which, struct transport_packet *packet)
{
    int descriptor = endpoint->sockets[which].fd;

    return which == SOCKET_OVERHEAR ? packet_socket_read(&endpoint->transport, descriptor, packet)
                                    : read_datagram(&endpoint->transport, descriptor, packet);
}

static int
server_receive(struct dhcp_transport *transport, struct transport_packet *packet, int64_t deadline)
{
    struct dhcp_relay *endpoint = (struct dhcp_relay *)transport;

    do {
        int ready = poll(endpoint->sockets, SOCKET_COUNT, ucprov_clock_ms_until(deadline));
        if (ready < 0 && errno != EINTR) {
            return dhcp_transport_fail(transport, "poll: %s", strerror(errno));
        }
        for (size_t i = 0; ready > 0 && i < SOCKET_COUNT; i++) {
            if (endpoint->sockets[i].fd < 0 || endpoint->sockets[i].revents == 0) {
                continue;
            }
            int got = read_socket(endpoint, i, packet);
            if (got != 0) {
                return got;
            }
        }
    } while (ucprov_clock_ms() < deadline);
    return 0;
}

/* All addresses that we use are this machine's: that was seen to when it was opened. */
static enum transport_claim
server_claim(struct dhcp_transport *transport, struct in_addr address)
{
    (void)transport;
    (void)address;
    return CLAIM_GRANTED;
}

static void
server_free(struct dhcp_transport *transport)
{
    struct dhcp_relay *endpoint = (struct dhcp_relay *)transport;

    for (size_t i = 0; i < SOCKET_COUNT; i++) {
        if (endpoint->sockets[i].fd >= 0) {
            close(endpoint->sockets[i].fd);
        }
    }
    free(endpoint);
}

/* A UDP socket bound to an address and port (0: any). Another program may have the port too, if it
 * shares it as we do. -1: see errno. */
static int
bind_socket(struct in_addr address, uint16_t port)
{
    struct sockaddr_in local = {
        .sin_family = AF_INET, .sin_addr = address, .sin_port = htons(port)};
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int on = 1;

    if (descriptor < 0) {
        return -1;
    }
    if ((port != 0 && setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0) ||
        bind(descriptor, (const struct sockaddr *)&local, sizeof(local)) != 0) {
        int saved = errno;
        close(descriptor);
        errno = saved;
        return -1;
    }
    return descriptor;
}

/* The local address that the kernel would send from (no packet is sent). */
static int
find_route(struct dhcp_relay *endpoint, struct in_addr *local)
{
    struct sockaddr_in name = {0};
    socklen_t length = sizeof(name);
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    bool found = descriptor >= 0 &&
                 connect(descriptor, (const struct sockaddr *)&endpoint->server,
                         sizeof(endpoint->server)) == 0 &&
                 getsockname(descriptor, (struct sockaddr *)&name, &length) == 0;
    if (!found) {
        dhcp_transport_fail(&endpoint->transport, "no endpoint to the server: %s", strerror(errno));
    }
    *local = name.sin_addr;
    if (descriptor >= 0) {
        close(descriptor);
    }
    return found ? 0 : -1;
}

static int
fail_bind(struct dhcp_transport *transport, const char *what, struct in_addr address, uint16_t port)
{
    if (errno == EADDRNOTAVAIL) {
        return dhcp_transport_fail(
            transport,
            "%s %s is not an address of this machine, so the server's answer "
            "would never get here",
            what, address_text(address));
    }
    return dhcp_transport_fail(transport, "%s %s port %u: %s", what, address_text(address), port,
                               strerror(errno));
}

/* Binds what the operator named: replies come to this port and no other. */
static int
open_reply_port(struct dhcp_relay *endpoint, uint16_t port)
{
    struct dhcp_transport *transport = &endpoint->transport;
    struct in_addr relay = transport->relay;
    struct in_addr client = transport->own_address;

    endpoint->sockets[SOCKET_SENDER].fd = bind_socket(relay, port);
    if (endpoint->sockets[SOCKET_SENDER].fd < 0) {
        return fail_bind(transport, "relay", relay, port);
    }
    if (client.s_addr == relay.s_addr) {
        return 0;
    }
    endpoint->sockets[SOCKET_CLIENT].fd = bind_socket(client, port);
    return endpoint->sockets[SOCKET_CLIENT].fd < 0 ? fail_bind(transport, "address", client, port)
                                                   : 0;
}

/* Makes sure that replies get here from whatever port they are sent to. */
static int
open_default_ports(struct dhcp_relay *endpoint)
{
    struct dhcp_transport *transport = &endpoint->transport;
    struct in_addr relay = transport->relay;
    struct in_addr client = transport->own_address;

    endpoint->sockets[SOCKET_SENDER].fd = bind_socket(relay, 0);
    if (endpoint->sockets[SOCKET_SENDER].fd < 0) {
        return fail_bind(transport, "relay", relay, 0);
    }
    int probe = bind_socket(client, 0);
    if (probe < 0) {
        return fail_bind(transport, "address", client, 0);
    }
    close(probe);
    endpoint->sockets[SOCKET_OVERHEAR].fd = packet_socket_open(transport, 0, 0);
    if (endpoint->sockets[SOCKET_OVERHEAR].fd >= 0) {
        return 0;
    }
    transport->error[0] = '\0'; /* no permission: we do without */
    endpoint->sockets[SOCKET_RELAY].fd = bind_socket(relay, DHCP_SERVER_PORT);
    endpoint->sockets[SOCKET_CLIENT].fd = bind_socket(client, DHCP_CLIENT_PORT);
    transport->misses_client_port = endpoint->sockets[SOCKET_CLIENT].fd < 0;
    return 0;
}

static int
open_server(struct dhcp_relay *endpoint, const struct dhcp_relay_options *options)
{
    enum { LOCALLY_ADMINISTERED = 2, GROUP = 1 }; /* bits of the first octet, IEEE 802 */
    struct dhcp_transport *transport = &endpoint->transport;

    endpoint->server = options->server;
    transport->link = options->link;
    transport->relay = options->relay;
    if (options->relay.s_addr == INADDR_ANY && find_route(endpoint, &transport->relay) != 0) {
        return -1;
    }
    transport->own_address =
        options->address.s_addr != INADDR_ANY ? options->address : transport->relay;
    if (options->hardware != NULL) {
        memcpy(transport->hardware, options->hardware, DHCP_HARDWARE_LENGTH);
    } else if (getrandom(transport->hardware, DHCP_HARDWARE_LENGTH, 0) != DHCP_HARDWARE_LENGTH) {
        return dhcp_transport_fail(transport, "no random octets: %s", strerror(errno));
    } else {
        transport->hardware[0] =
            (uint8_t)((transport->hardware[0] | LOCALLY_ADMINISTERED) & ~GROUP);
    }
    return options->reply_port != 0 ? open_reply_port(endpoint, options->reply_port)
                                    : open_default_ports(endpoint);
}

struct dhcp_transport *
dhcp_relay_new(const struct dhcp_relay_options *options, char error[DHCP_TRANSPORT_ERROR_SIZE])
{
    struct dhcp_relay *endpoint = calloc(1, sizeof(*endpoint));

    if (endpoint == NULL) {
        memcpy(error, "out of memory", sizeof("out of memory"));
        return NULL;
    }
    endpoint->transport.send = server_send;
    endpoint->transport.receive = server_receive;
    endpoint->transport.claim = server_claim;
    endpoint->transport.free = server_free;
    for (size_t i = 0; i < SOCKET_COUNT; i++) {
        endpoint->sockets[i] = (struct pollfd){.fd = -1, .events = POLLIN};
    }
    if (open_server(endpoint, options) == 0) {
        return &endpoint->transport;
    }
    memcpy(error, endpoint->transport.error, DHCP_TRANSPORT_ERROR_SIZE);
    server_free(&endpoint->transport);
    return NULL;
}
