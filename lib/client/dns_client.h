/* SPDX-License-Identifier: MPL-2.0 */
/* A DNS server: where it is, and one exchange of messages with it, upon libldns.
 *
 * What libldns (1.8.3) leaves to its callers is done here: it neither notices that a datagram is
 * refused nor looks at the ID of an answer, and has a timeout for each read, none for the whole.
 */
#ifndef DNS_CLIENT_H
#define DNS_CLIENT_H

#include <ldns/ldns.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "client/dns_problem.h"
#include "client/tsig_key.h"

#define SERVER_NAME_SIZE 300 /* a host name of 253 characters, '#', port */

struct server {
    char name[SERVER_NAME_SIZE]; /* as the user wrote it, for messages */
    struct sockaddr_storage address;
    socklen_t address_length;
    const struct tsig_key *key; /* borrowed; NULL: messages are not signed */
};

/* SERVER[#PORT]: an IPv4 or IPv6 address, or a host's name; port 53 unless told. Returns 0, or
 * STATUS_FAILED. */
int server_resolve(struct server *server, const char *text, const struct tsig_key *key,
                   struct problem *problem);

/* Asks for a name and type, by UDP, and TCP where the answer was cut. Returns 0 with an answer,
 * whatever its response code, that is the caller's; STATUS_FINDING when it is not to be trusted;
 * STATUS_FAILED when there is none. */
int server_query(const struct server *server, const ldns_rdf *name, ldns_rr_type type,
                 bool recursion, ldns_pkt **answer, struct problem *problem);

/* Sends an update, by TCP alone: after a lost answer a repeated one would be refused, since its
 * prerequisites no longer hold. The update has TSIG_MESSAGE_MAX octets at most,
 * and is signed in place. As server_query(). */
int server_update(const struct server *server, ldns_pkt *update, ldns_pkt **answer,
                  struct problem *problem);

/* Why an answer is no use: a sentence about response code `code` that says what to do. `what` is
 * what was asked for. Returns STATUS_FINDING. */
int server_refusal(const struct server *server, unsigned code, const char *what,
                   struct problem *problem);

#endif
