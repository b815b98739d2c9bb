/* SPDX-License-Identifier: MPL-2.0 */
/* One question to one name server: by UDP, and by TCP where the answer was cut, within one
 * deadline.
 *
 * The messages are libldns's. The sockets are ours: libldns (1.8.3) neither notices a refused
 * connection nor looks at the ID of an answer, and its TCP reader waits anew for every octet. What
 * comes in is untrusted: bounded in size and time, and forged or malformed datagrams are passed
 * over.
 */
#ifndef DNS_QUESTION_H
#define DNS_QUESTION_H

#include <ldns/ldns.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#define DNS_MESSAGE_MAX 65535

/* One question to one server. */
struct dns_question {
    const ldns_rdf *name;
    ldns_rr_type type;
    uint8_t *wire; /* libldns's; the query */
    size_t length;
    int64_t deadline; /* of ucprov_clock_ms() */
    uint8_t *answer;  /* room for DNS_MESSAGE_MAX octets */
    ldns_pkt *packet; /* the answer, taken apart; NULL: none */
};

/* How a question to a server went. */
enum dns_question_result {
    DNS_QUESTION_ANSWERED,
    DNS_QUESTION_CUT,
    DNS_QUESTION_SILENT,
    DNS_QUESTION_REFUSED,
    DNS_QUESTION_NONSENSE,
    DNS_QUESTION_UNREACHABLE
};

/* Asks. With DNS_QUESTION_ANSWERED there is a packet, the caller's, whatever its response code. */
enum dns_question_result dns_question_ask(struct dns_question *question,
                                          const struct sockaddr_in *server);

#endif
