/* SPDX-License-Identifier: MPL-2.0 */
/* An exchange under way, for the two transports of dns_client.h: its message in wire form, and
 * whether what comes in is its answer. */
#ifndef DNS_REQUEST_H
#define DNS_REQUEST_H

#include "client/dns_client.h"

#define DNS_PREFIX_LENGTH 2 /* RFC 1035 section 4.2.2 */

struct dns_request {
    struct dns_exchange *exchange; /* borrowed */
    ldns_pkt *packet;              /* its TSIG record is needed to verify the answer's */
    uint16_t id;
    uint8_t *octets;       /* the length (DNS_PREFIX_LENGTH octets), then the message */
    size_t length;         /* of the message alone */
    enum dns_result fault; /* of the last unusable answer; DNS_PENDING: none came */
    int fault_error;       /* libldns's, of DNS_MALFORMED */
};

/* What a message that came in is to a request. */
enum dns_fit {
    DNS_FIT_NOT,      /* nothing: another's, or no answer at all */
    DNS_FIT_UNUSABLE, /* its answer by ID, and of no use: `fault` says why */
    DNS_FIT_CUT,      /* to be asked for by TCP */
    DNS_FIT_TAKEN,    /* the exchange has the answer */
};

/* Signs the message where the client has a key. False: out of memory. Clear it in either case. */
bool dns_request_make(struct dns_request *request, const struct dns_client *client,
                      struct dns_exchange *exchange, uint16_t id);
void dns_request_clear(struct dns_request *request);

/* Looks at a message, whose octets may be changed. */
enum dns_fit dns_request_take(struct dns_request *request, const struct dns_client *client,
                              uint8_t *octets, size_t length);

/* Ends an exchange that has its answer, and tells the batch's owner. */
void dns_batch_end(struct dns_batch *batch, struct dns_exchange *exchange);

/* Ends the exchange of a request that came to nothing, for an error of a socket; or with the fault
 * of what came, if anything did. `gone`: so does everything else that is pending, as the server is
 * given up. Clears the request. */
void dns_batch_fail(struct dns_batch *batch, struct dns_request *request, int error, bool gone);

#endif
