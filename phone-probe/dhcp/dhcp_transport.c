/* SPDX-License-Identifier: MPL-2.0 */
/* What both ways share: time left, an error text, hardware addresses as text. The ways themselves
 * are dhcp_link.c and dhcp_relay.c. */
#include "dhcp/dhcp_transport.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hex.h"

bool
dhcp_transport_has_route(struct in_addr address)
{
    const struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr = address}; /* nothing is sent */
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool found = descriptor < 0 ||
                 connect(descriptor, (const struct sockaddr *)&name, sizeof(name)) == 0 ||
                 errno != ENETUNREACH;

    if (descriptor >= 0) {
        close(descriptor);
    }
    return found;
}

int
dhcp_transport_fail(struct dhcp_transport *transport, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(transport->error, sizeof(transport->error), format, arguments);
    va_end(arguments);
    return -1;
}

char *
hardware_text(char text[HARDWARE_TEXT_SIZE], const uint8_t hardware[DHCP_HARDWARE_LENGTH])
{
    snprintf(text, HARDWARE_TEXT_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", hardware[0], hardware[1],
             hardware[2], hardware[3], hardware[4], hardware[5]);
    return text;
}

bool
hardware_parse(uint8_t hardware[DHCP_HARDWARE_LENGTH], const char *text)
{
    enum { GROUP_BIT = 1 }; /* IEEE 802: of a multicast address, which no phone has */

    return ucprov_hex_decode(hardware, DHCP_HARDWARE_LENGTH, text) == DHCP_HARDWARE_LENGTH &&
           (hardware[0] & GROUP_BIT) == 0;
}

const char *
address_write(char text[INET_ADDRSTRLEN], struct in_addr address)
{
    return inet_ntop(AF_INET, &address, text, INET_ADDRSTRLEN);
}
