/* SPDX-License-Identifier: MPL-2.0 */
/* One question to the DHCP servers, and the answers of all of them. */
#ifndef PROBE_DHCP_EXCHANGE_H
#define PROBE_DHCP_EXCHANGE_H

#include "dhcp/dhcp_message.h"
#include "dhcp/dhcp_transport.h"

struct dhcp_timing {
    int timeout;    /* milliseconds until the first answer; then nobody answers */
    int wait;       /* milliseconds for more answers, once there is one */
    unsigned tries; /* messages sent until then, at growing distances (RFC 2131 4.1) */
};

struct dhcp_answer {
    struct in_addr source; /* the datagram's */
    int milliseconds;      /* since the last try */
    struct dhcp_message message;
};

#define DHCP_ANSWERS_MAX    16 /* distinct ones; more than that is an attack, or a broken network */
#define DHCP_COMPLAINT_SIZE 160

struct dhcp_exchange {
    size_t count;
    struct dhcp_answer answers[DHCP_ANSWERS_MAX]; /* in the order they came in */
    unsigned surplus;                             /* distinct answers that had no room */
    unsigned repeated;                            /* the same server saying the same again */
    unsigned broken;                              /* answers that nobody could use */
    char complaint[DHCP_COMPLAINT_SIZE];          /* about the first of those; printable */
};

/* Asks, and collects the answers: `request` gets what differs between tries here. Answers are those
 * with our xid and hardware address, of the type that answers the request. Returns 0, also when
 * there is no answer; or -1 with transport->error. */
int dhcp_exchange_run(struct dhcp_exchange *exchange, struct dhcp_transport *transport,
                      struct dhcp_request *request, const struct dhcp_timing *timing);

/* The first answer of a server, or NULL. */
const struct dhcp_answer *dhcp_exchange_find(const struct dhcp_exchange *exchange,
                                             struct in_addr server);

/* True when both have the option with the same octets, or both do not have it. */
bool dhcp_answers_agree(const struct dhcp_answer *a, const struct dhcp_answer *b, uint8_t code);

#endif
