/* SPDX-License-Identifier: MPL-2.0 */
/* DHCP messages (RFC 2131): requests as a phone or its relay agent sends them, replies as servers
 * do.
 *
 * Replies come from the network and are not trusted: the parser copies what it keeps, never reads
 * outside the octets, and its memory is bounded by their number.
 */
#ifndef PROBE_DHCP_MESSAGE_H
#define PROBE_DHCP_MESSAGE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wire.h"
#include "option/lint.h"

#define DHCP_SERVER_PORT 67 /* RFC 2131 4.1 */
#define DHCP_CLIENT_PORT 68

#define DHCP_MESSAGE_MIN  300  /* BOOTP's size (RFC 951 3); old relay agents drop less */
#define DHCP_MESSAGE_MAX  4096 /* we offer to take 576 (no option 57), and read more leniently */
#define DHCP_REQUEST_SIZE 576  /* room for a request; RFC 2131 2: everybody can take that much */

#define DHCP_HARDWARE_ETHERNET 1 /* htype, RFC 1700 */
#define DHCP_HARDWARE_LENGTH   6 /* hlen of Ethernet */

enum dhcp_message_type { /* RFC 2132 9.6; a phone's request and release are never sent */
                         DHCP_DISCOVER = 1,
                         DHCP_OFFER = 2,
                         DHCP_ACK = 5,
                         DHCP_NAK = 6,
                         DHCP_INFORM = 8,
};

enum dhcp_option_code { /* besides those of ucprov/option.h */
                        DHCP_OPTION_PAD = 0,
                        DHCP_OPTION_SUBNET_MASK = 1,
                        DHCP_OPTION_ROUTERS = 3,
                        DHCP_OPTION_NAME_SERVERS = 6,
                        DHCP_OPTION_OVERLOAD = 52,
                        DHCP_OPTION_MESSAGE_TYPE = 53,
                        DHCP_OPTION_SERVER_ID = 54,
                        DHCP_OPTION_END = 255,
};

/* What to ask. Everything is borrowed. */
struct dhcp_request {
    uint8_t type; /* DHCP_DISCOVER or DHCP_INFORM */
    uint32_t xid;
    uint16_t seconds;          /* since the first try */
    bool broadcast;            /* replies must be broadcast: we have no address yet */
    struct in_addr client;     /* ciaddr; 0.0.0.0: none */
    struct in_addr relay;      /* giaddr; 0.0.0.0: not relayed */
    struct in_addr link;       /* relayed for the subnet of this address; 0.0.0.0: of giaddr */
    bool empty_source_port;    /* relayed: option 82's sub-option 19 to the letter of RFC 8357 4.1,
                                * else with the two octets that Kea needs */
    const uint8_t *hardware;   /* chaddr, DHCP_HARDWARE_LENGTH octets */
    const char *vendor_class;  /* option 60; NULL: none */
    const uint8_t *parameters; /* option 55 */
    size_t parameters_length;
};

/* Writes a request, padded to DHCP_MESSAGE_MIN; the writer keeps the error of what does not fit. */
void dhcp_request_write(struct ucprov_writer *writer, const struct dhcp_request *request);

/* What can be wrong with a reply. */
enum dhcp_fault {
    DHCP_SOUND = 0,
    DHCP_FAULT_FOREIGN,  /* not a BOOTP reply with DHCP's magic cookie and Ethernet addresses */
    DHCP_FAULT_LONG,     /* more than DHCP_MESSAGE_MAX octets */
    DHCP_FAULT_CUT,      /* an option ends before its length; `fault_code` says which */
    DHCP_FAULT_OVERLOAD, /* option 52 is not 1, 2 or 3 (RFC 2132 9.3) */
    DHCP_FAULT_TYPE,     /* option 53 is missing or not one octet */
    DHCP_FAULT_SERVER,   /* option 54 is missing or no address (RFC 2131 table 3: a must) */
};

/* A reply, taken apart. */
struct dhcp_message {
    uint8_t type;
    uint32_t xid;
    struct in_addr your;   /* yiaddr */
    struct in_addr server; /* option 54 */
    uint8_t hardware[DHCP_HARDWARE_LENGTH];
    uint8_t fault_code;
    struct {
        uint16_t pieces; /* 0: not there; more than 1: put together as RFC 3396 says */
        uint16_t offset; /* of its value in `data` */
        uint16_t length;
    } options[DHCP_OPTION_END];
    uint8_t data[DHCP_MESSAGE_MAX];
};

/* Takes a reply apart: options field, then file, then sname where option 52 says so (RFC 3396 5).
 * On every fault but FOREIGN, `xid` and `hardware` say whom it was for. */
enum dhcp_fault dhcp_message_parse(struct dhcp_message *message, const void *octets, size_t length);

/* A fault as a clause: "option 43 ends before its length". Static, or in `text`. */
#define DHCP_FAULT_TEXT_SIZE 64
const char *dhcp_fault_text(enum dhcp_fault fault, const struct dhcp_message *message,
                            char text[DHCP_FAULT_TEXT_SIZE]);

/* An option of the message; false when it is not there. The view borrows from the message. */
bool dhcp_message_option(const struct dhcp_message *message, uint8_t code,
                         struct ucprov_option_view *view);

/* "DHCPOFFER", "DHCPACK" ...; static. */
const char *dhcp_message_type_name(uint8_t type);

#endif
