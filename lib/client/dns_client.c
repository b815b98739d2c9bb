/* SPDX-License-Identifier: MPL-2.0 */
/* Makes libldns safe to use: datagrams from strangers are passed over, answers have to repeat the
 * question, and every exchange has one deadline. Ends with words for each refusal. */
#include "client/dns_client.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#include "client/tsig.h"

#define UDP_TRIES      2
#define UDP_TIMEOUT_MS 2500 /* of each try */
#define TCP_TIMEOUT_MS 10000
#define UDP_MAX        512 /* RFC 1035 section 4.2.1; no EDNS, TCP instead */
#define PREFIX_LENGTH  2   /* RFC 1035 section 4.2.2 */
#define DEFAULT_PORT   "53"

static int
resolve(struct server *server, const char *host, const char *port, struct problem *problem)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found;

    int error = getaddrinfo(host, port, &hints, &found);
    if (error != 0) {
        return problem_set(problem, STATUS_FAILED, "%s: %s", server->name, gai_strerror(error));
    }
    memcpy(&server->address, found->ai_addr, found->ai_addrlen);
    server->address_length = found->ai_addrlen;
    freeaddrinfo(found);
    return STATUS_FINE;
}

static bool
is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && digits <= 5 && text[digits] == '\0' && atoi(text) >= 1 &&
           atoi(text) <= UINT16_MAX;
}

int
server_resolve(struct server *server, const char *text, const struct tsig_key *key,
               struct problem *problem)
{
    char host[SERVER_NAME_SIZE];
    size_t length = strcspn(text, "#");
    const char *port = text[length] == '#' ? text + length + 1 : DEFAULT_PORT;

    *server = (struct server){.key = key};
    if (length == 0 || strlen(text) >= sizeof(server->name)) {
        return problem_set(problem, STATUS_FAILED,
                           "\"%.64s\" is no server: an address or a name, and #PORT, is expected",
                           text);
    }
    if (!is_port(port)) {
        return problem_set(problem, STATUS_FAILED, "%s: \"%s\" is no port: 1 to 65535", text, port);
    }
    memcpy(server->name, text, strlen(text) + 1);
    memcpy(host, text, length);
    host[length] = '\0';
    return resolve(server, host, port, problem);
}

/* Gives the next call on a blocking socket the time that is left: SO_RCVTIMEO or SO_SNDTIMEO. False
 * with errno set: there is none. */
static bool
limit(int descriptor, int option, int64_t deadline)
{
    int64_t left = deadline - ucprov_clock_ms();
    const struct timeval time = {.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000};

    if (left <= 0) {
        errno = ETIMEDOUT;
        return false;
    }
    return setsockopt(descriptor, SOL_SOCKET, option, &time, sizeof(time)) == 0;
}

/* An answer to this request, by ID and flag; anything else is a stray. */
static bool
belongs(const uint8_t *octets, size_t length, const ldns_buffer *request)
{
    return length >= LDNS_HEADER_SIZE &&
           LDNS_ID_WIRE(octets) == LDNS_ID_WIRE(ldns_buffer_begin(request)) &&
           LDNS_QR_WIRE(octets) != 0;
}

/* Passes over strays. As exchange_udp(); ETIMEDOUT: it did not come. */
static uint8_t *
receive_udp(int descriptor, const ldns_buffer *request, size_t *length)
{
    int64_t deadline = ucprov_clock_ms() + UDP_TIMEOUT_MS;

    while (limit(descriptor, SO_RCVTIMEO, deadline)) {
        errno = EAGAIN; /* for an empty datagram, which sets none */
        uint8_t *octets = ldns_udp_read_wire(descriptor, length, NULL, NULL);
        if (octets == NULL && errno != EAGAIN && errno != EINTR) {
            return NULL;
        }
        if (octets != NULL && belongs(octets, *length, request)) {
            return octets;
        }
        free(octets);
    }
    return NULL;
}

/* The answer, which is the caller's; NULL with errno set. A socket, and so a port, for each
 * exchange (RFC 5452 section 9.2). libldns leaves it unconnected: it would not notice a refusal,
 * and anybody could answer. */
static uint8_t *
exchange_udp(const struct server *server, ldns_buffer *request, size_t *length)
{
    const struct timeval unused = {0};
    const struct sockaddr_storage *to = &server->address;
    uint8_t *octets = NULL;
    int descriptor = ldns_udp_connect2(to, unused);

    if (descriptor < 0) {
        return NULL;
    }
    bool again = connect(descriptor, (const struct sockaddr *)to, server->address_length) == 0;
    for (int tries = 0; tries < UDP_TRIES && again; tries++) {
        bool sent = ldns_udp_send_query(request, descriptor, to, server->address_length) != 0;
        octets = sent ? receive_udp(descriptor, request, length) : NULL;
        again = octets == NULL && errno == ETIMEDOUT;
    }
    int error = errno;
    close(descriptor);
    errno = error;
    return octets;
}

/* Not ldns_tcp_read_wire_timeout(), whose time begins anew with each octet that comes. */
static bool
receive_all(int descriptor, uint8_t *octets, size_t length, int64_t deadline)
{
    while (length > 0 && limit(descriptor, SO_RCVTIMEO, deadline)) {
        ssize_t got = recv(descriptor, octets, length, 0);

        if (got == 0) {
            errno = ECONNRESET;
        }
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        octets += got > 0 ? got : 0;
        length -= got > 0 ? (size_t)got : 0;
    }
    return length == 0;
}

/* As exchange_udp(). */
static uint8_t *
receive_tcp(int descriptor, size_t *length, int64_t deadline)
{
    uint8_t prefix[PREFIX_LENGTH];

    if (!receive_all(descriptor, prefix, sizeof(prefix), deadline)) {
        return NULL;
    }
    *length = ldns_read_uint16(prefix);
    uint8_t *octets = malloc(*length + 1); /* never 0 */
    if (octets != NULL && !receive_all(descriptor, octets, *length, deadline)) {
        free(octets);
        return NULL;
    }
    return octets;
}

/* As exchange_udp(). */
static uint8_t *
exchange_tcp(const struct server *server, ldns_buffer *request, size_t *length)
{
    const struct timeval timeout = {.tv_sec = TCP_TIMEOUT_MS / 1000};
    int64_t deadline = ucprov_clock_ms() + TCP_TIMEOUT_MS;
    const struct sockaddr_storage *to = &server->address;
    uint8_t *octets = NULL;
    int descriptor = ldns_tcp_connect2(to, server->address_length, timeout);

    if (descriptor < 0) {
        return NULL;
    }
    errno = ETIMEDOUT; /* for a part of the request that was sent, which sets none */
    if (limit(descriptor, SO_SNDTIMEO, deadline) &&
        ldns_tcp_send_query(request, descriptor, to, server->address_length) != 0) {
        octets = receive_tcp(descriptor, length, deadline);
    }
    int error = errno;
    close(descriptor);
    errno = error;
    return octets;
}

/* An exchange failed with errno. */
static int
no_answer(const struct server *server, const char *protocol, struct problem *problem)
{
    switch (errno) {
    case ECONNREFUSED:
        return problem_set(problem, STATUS_FAILED,
                           "%s: connection refused (%s): no DNS server listens there; look whether "
                           "it runs, and on which address and port",
                           server->name, protocol);
    case ETIMEDOUT:
    case EAGAIN:      /* after SO_RCVTIMEO or SO_SNDTIMEO */
    case EINPROGRESS: /* after ldns_tcp_connect2() */
        return problem_set(problem, STATUS_FAILED,
                           "%s: no answer in time (%s): look whether the address is right, and "
                           "whether a firewall lets DNS through",
                           server->name, protocol);
    default:
        return problem_set(problem, STATUS_FAILED, "%s: %s (%s)", server->name, strerror(errno),
                           protocol);
    }
}

static int
exchange(const struct server *server, ldns_buffer *request, bool tcp, uint8_t **octets,
         size_t *length, struct problem *problem)
{
    if (!tcp && ldns_buffer_position(request) <= UDP_MAX) {
        *octets = exchange_udp(server, request, length);
        if (*octets == NULL) {
            return no_answer(server, "UDP", problem);
        }
        if (LDNS_TC_WIRE(*octets) == 0) {
            return STATUS_FINE;
        }
        free(*octets);
    }
    *octets = exchange_tcp(server, request, length);
    if (*octets == NULL) {
        return no_answer(server, "TCP", problem);
    }
    return belongs(*octets, *length, request)
               ? STATUS_FINE
               : problem_set(problem, STATUS_FAILED, "%s: answers something else than was asked",
                             server->name);
}

/* From wire form to a packet that is to be trusted; NULL unless 0 is returned. */
static int
read_answer(const struct server *server, const ldns_pkt *request, uint8_t *octets, size_t length,
            ldns_pkt **answer, struct problem *problem)
{
    ldns_status error = ldns_wire2pkt(answer, octets, length);

    if (error != LDNS_STATUS_OK) {
        *answer = NULL;
        return problem_set(problem, STATUS_FINDING, "%s: its answer is malformed: %s", server->name,
                           ldns_get_errorstr_by_id(error));
    }
    int status = STATUS_FINE;
    if (server->key != NULL) {
        status = tsig_verify(server->key, server->name, *answer, octets, length,
                             ldns_pkt_tsig(request), problem);
    }
    if (status != STATUS_FINE) {
        ldns_pkt_free(*answer);
        *answer = NULL;
    }
    return status;
}

/* Sends a packet of TSIG_MESSAGE_MAX octets at most, signed where there is a key. */
static int
send_packet(const struct server *server, ldns_pkt *packet, bool tcp, ldns_pkt **answer,
            struct problem *problem)
{
    ldns_buffer *request = ldns_buffer_new(LDNS_MIN_BUFLEN);
    uint8_t *octets = NULL;
    size_t length = 0;

    *answer = NULL;
    if (request == NULL) {
        return problem_memory(problem);
    }
    int status = server->key != NULL ? tsig_sign(server->key, packet, problem) : STATUS_FINE;
    if (status == STATUS_FINE && ldns_pkt2buffer_wire(request, packet) != LDNS_STATUS_OK) {
        status = problem_memory(problem);
    }
    if (status == STATUS_FINE) {
        status = exchange(server, request, tcp, &octets, &length, problem);
    }
    if (status == STATUS_FINE) {
        status = read_answer(server, packet, octets, length, answer, problem);
    }
    free(octets);
    ldns_buffer_free(request);
    return status;
}

/* The answer repeats the question. Errors may leave it out. */
static bool
repeats(const ldns_pkt *answer, const ldns_rdf *name, ldns_rr_type type)
{
    const ldns_rr_list *questions = ldns_pkt_question(answer);

    if (ldns_rr_list_rr_count(questions) == 0) {
        return ldns_pkt_get_rcode(answer) != LDNS_RCODE_NOERROR;
    }
    const ldns_rr *question = ldns_rr_list_rr(questions, 0);
    return ldns_rr_get_type(question) == type &&
           ldns_dname_compare(ldns_rr_owner(question), name) == 0;
}

int
server_query(const struct server *server, const ldns_rdf *name, ldns_rr_type type, bool recursion,
             ldns_pkt **answer, struct problem *problem)
{
    ldns_rdf *owner = ldns_rdf_clone(name);
    ldns_pkt *query =
        owner != NULL ? ldns_pkt_query_new(owner, type, LDNS_RR_CLASS_IN, recursion ? LDNS_RD : 0)
                      : NULL;

    *answer = NULL;
    if (query == NULL) {
        ldns_rdf_deep_free(owner);
        return problem_memory(problem);
    }
    ldns_pkt_set_random_id(query);
    int status = send_packet(server, query, false, answer, problem);
    ldns_pkt_free(query);
    if (status == STATUS_FINE && !repeats(*answer, name, type)) {
        ldns_pkt_free(*answer);
        *answer = NULL;
        return problem_set(problem, STATUS_FINDING, "%s: answers something else than was asked",
                           server->name);
    }
    return status;
}

int
server_update(const struct server *server, ldns_pkt *update, ldns_pkt **answer,
              struct problem *problem)
{
    return send_packet(server, update, true, answer, problem);
}

/* What to do about a response code, and the code's name. */
static const struct {
    unsigned code;
    const char *name;
    const char *advice;
} refusals[] = {
    {LDNS_RCODE_FORMERR, "FORMERR", "it does not understand the message; look in its log"},
    {LDNS_RCODE_SERVFAIL, "SERVFAIL",
     "look in its log; often the zone did not load, cannot be written, or has expired"},
    {LDNS_RCODE_NXDOMAIN, "NXDOMAIN", "the zone has changed meanwhile; run this again"},
    {LDNS_RCODE_NOTIMPL, "NOTIMP", "it does not know this kind of message; ask another server"},
    {LDNS_RCODE_YXDOMAIN, "YXDOMAIN", "the zone has changed meanwhile; run this again"},
    {LDNS_RCODE_YXRRSET, "YXRRSET", "the zone has changed meanwhile; run this again"},
    {LDNS_RCODE_NXRRSET, "NXRRSET", "the zone has changed meanwhile; run this again"},
    {LDNS_RCODE_NOTAUTH, "NOTAUTH",
     "it is not the zone's primary server; give the one that is, or look at its view for us"},
    {LDNS_RCODE_NOTZONE, "NOTZONE",
     "it has that name in another zone; look whether a part has been delegated"},
};

int
server_refusal(const struct server *server, unsigned code, const char *what,
               struct problem *problem)
{
    if (code == LDNS_RCODE_REFUSED) {
        return problem_set(problem, STATUS_FINDING, "%s refuses %s (REFUSED): %s", server->name,
                           what,
                           server->key != NULL
                               ? "it has no such zone, or its allow-query, allow-update or "
                                 "update-policy does not name the key"
                               : "it has no such zone, or demands a key (--tsig FILE), or does not "
                                 "allow this machine");
    }
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        if (refusals[i].code == code) {
            return problem_set(problem, STATUS_FINDING, "%s refuses %s (%s): %s", server->name,
                               what, refusals[i].name, refusals[i].advice);
        }
    }
    return problem_set(problem, STATUS_FINDING,
                       "%s refuses %s with response code %u: look in its log", server->name, what,
                       code);
}
