/* SPDX-License-Identifier: MPL-2.0 */
/* A client of one DNS server: has many questions answered at a time, and updates done (RFC 2136).
 *
 * The messages are libldns's. The sockets are ours: libldns (1.8.3) neither notices a refused
 * connection nor looks at the ID of an answer, and its TCP reader waits anew for every octet.
 *
 * Questions go by UDP, each from a random port of its own (RFC 5452 section 9.2), and by TCP where
 * the answer was cut. What does not come from the server, or does not repeat ID and question, is
 * passed over; what does but is malformed or fails its TSIG may be forged, so the real answer is
 * still waited for. Updates go over one TCP connection.
 */
#ifndef DNS_CLIENT_H
#define DNS_CLIENT_H

#include <arpa/inet.h>
#include <ldns/ldns.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/problem.h"

#include "client/tsig.h"
#include "client/tsig_key.h"

#define DNS_MESSAGE_MAX      65535
#define DNS_SERVER_NAME_SIZE 300 /* a host name of 253 characters, '#', port */
#define DNS_SERVER_TEXT_SIZE (INET_ADDRSTRLEN + sizeof("#65535"))
#define DNS_NO_DEADLINE      INT64_MAX

/* Questions under way by UDP, and messages on a TCP connection. Resolvers take more (dnsmasq 150,
 * BIND 1000); BIND stops reading from a connection that has 23 unanswered. */
#define DNS_IN_FLIGHT_MAX     100
#define DNS_TCP_IN_FLIGHT_MAX 16

/* The server, and how patient to be with it. */
struct dns_client {
    char name[DNS_SERVER_NAME_SIZE]; /* for messages: as the user wrote it */
    struct sockaddr_storage address;
    socklen_t address_length;
    const struct tsig_key *key; /* borrowed; NULL: messages are not signed */
    int tries;                  /* how often a question is sent by UDP */
    int udp_ms;                 /* how long it waits in all; after each try twice as long */
    int tcp_ms;                 /* how long a message by TCP may take, and connecting */
    int64_t deadline;           /* of ucprov_clock_ms(), for everything; or DNS_NO_DEADLINE */
};

enum dns_result {
    DNS_PENDING,
    DNS_ANSWERED,      /* whatever the response code: `answer` */
    DNS_SILENT,        /* no answer in time */
    DNS_REFUSED,       /* nobody listens there */
    DNS_UNREACHABLE,   /* no route from here */
    DNS_BROKEN,        /* another error of the system, or a connection that ended: `error` */
    DNS_OTHER,         /* something else was answered than was asked */
    DNS_MALFORMED,     /* only what cannot be read came: `error` */
    DNS_NOT_AUTHENTIC, /* only what fails its TSIG came: `tsig` */
};

/* One message and its answer. Clear it when done. */
struct dns_exchange {
    /* The caller's: a question of class IN, or an update. */
    const ldns_rdf *name; /* borrowed */
    ldns_rr_type type;
    bool recursion;   /* is desired */
    ldns_pkt *update; /* borrowed, TSIG_MESSAGE_MAX octets at most; is signed in place */

    /* What came of it. */
    enum dns_result result;
    ldns_pkt *answer; /* NULL unless DNS_ANSWERED */
    bool sent;        /* all of it, at least once */
    bool tcp;         /* went by TCP */
    bool abandoned;   /* it shares the result of another, after which the server was given up */
    int error;        /* of DNS_BROKEN: errno; of DNS_MALFORMED: ldns_status */
    struct tsig_finding tsig;
};

struct dns_batch {
    struct dns_exchange *exchanges;
    size_t count;
    /* Told of each exchange that has its result, once, in no order; may clear it. NULL: nobody. */
    void (*done)(struct dns_exchange *exchange, void *context);
    void *context;

    size_t strays; /* messages that came and answered nothing: late, forged, malformed */
    bool gone;     /* the server was given up */
};

/* SERVER[#PORT]: an IPv4 or IPv6 address, or a host's name; port 53 unless told. Returns 0, or -1
 * with a problem. Ready for use, unsigned, without a deadline: 4 tries in 5 seconds by UDP, 10
 * seconds by TCP. */
int dns_client_resolve(struct dns_client *client, const char *text, struct ucprov_problem *problem);

/* The same of an address and port; its name is dns_server_text(). */
void dns_client_at(struct dns_client *client, const struct sockaddr_in *server);

/* "10.1.0.53", with #PORT where it is not 53. Returns `text`. */
char *dns_server_text(char text[DNS_SERVER_TEXT_SIZE], const struct sockaddr_in *server);

/* Does all exchanges of a batch: when it returns, none is pending. An exchange that fails leaves
 * the others alone, unless nothing at all came from the server meanwhile: then the server is
 * given up. A question may be sent several times, an update never is: who has sent one and got no
 * answer does not know whether it was done. */
void dns_batch_run(const struct dns_client *client, struct dns_batch *batch);

/* A batch of one. */
enum dns_result dns_ask(const struct dns_client *client, struct dns_exchange *exchange);

void dns_exchange_clear(struct dns_exchange *exchange); /* frees the answer */

/* Why there is no answer: a sentence that begins with the server's name. */
void dns_explain(const struct dns_client *client, const struct dns_exchange *exchange,
                 struct ucprov_problem *problem);

/* "SERVFAIL", static; NULL: not one of those that RFC 1035 and RFC 2136 have. */
const char *dns_rcode_name(unsigned code);

#endif
