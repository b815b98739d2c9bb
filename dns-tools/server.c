#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tsig.h"

#define UDP_TRIES      2
#define UDP_TIMEOUT_MS 2500 /* of each try */
#define TCP_TIMEOUT_MS 10000
#define UDP_MAX        512 /* RFC 1035 section 4.2.1; no EDNS, TCP instead */
#define TCP_MAX        65535
#define HEADER_LENGTH  12
#define PREFIX_LENGTH  2 /* RFC 1035 section 4.2.2 */
#define DEFAULT_PORT   "53"

/* A request on its way. For TCP its length goes before it, in the same segment (RFC 7766 section
 * 8). */
struct request {
    uint8_t *buffer; /* the length, then the message */
    uint8_t *octets; /* the message */
    size_t length;
    struct tsig_mac mac; /* of a signed one */
};

static int
open_udp(struct server *server, struct problem *problem)
{
    server->udp = socket(server->address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server->udp < 0 || connect(server->udp, (const struct sockaddr *)&server->address,
                                   server->address_length) != 0) {
        return problem_set(problem, STATUS_FAILED, "%s: %s", server->name, strerror(errno));
    }
    return STATUS_FINE;
}

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
server_open(struct server *server, const char *text, const struct tsig_key *key,
            struct problem *problem)
{
    char host[SERVER_NAME_SIZE];
    size_t length = strcspn(text, "#");
    const char *port = text[length] == '#' ? text + length + 1 : DEFAULT_PORT;

    *server = (struct server){.udp = -1, .key = key};
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
    server->answer = malloc(TCP_MAX);
    if (server->answer == NULL) {
        return problem_memory(problem);
    }
    int status = resolve(server, host, port, problem);
    return status == STATUS_FINE ? open_udp(server, problem) : status;
}

void
server_close(struct server *server)
{
    if (server->udp >= 0) {
        close(server->udp);
    }
    free(server->answer);
    server->udp = -1;
    server->answer = NULL;
}

static int64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits for a socket. False with errno set: not ready at the deadline. */
static bool
wait_for(int descriptor, short events, int64_t deadline)
{
    struct pollfd poller = {.fd = descriptor, .events = events};

    for (;;) {
        int64_t left = deadline - now_ms();
        int ready = left > 0 ? poll(&poller, 1, (int)left) : 0;

        if (ready > 0) {
            return true;
        }
        if (ready == 0 || errno != EINTR) {
            errno = ready == 0 ? ETIMEDOUT : errno;
            return false;
        }
    }
}

static bool
try_again(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
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
        return problem_set(problem, STATUS_FAILED,
                           "%s: no answer in time (%s): look whether the address is right, and "
                           "whether a firewall lets DNS through",
                           server->name, protocol);
    default:
        return problem_set(problem, STATUS_FAILED, "%s: %s (%s)", server->name, strerror(errno),
                           protocol);
    }
}

/* An answer to this request, by ID and flag; anything else is a stray. */
static bool
belongs(const struct server *server, const struct request *request, size_t length)
{
    return length >= HEADER_LENGTH && memcmp(server->answer, request->octets, 2) == 0 &&
           (server->answer[2] & 0x80) != 0;
}

static int
exchange_udp(struct server *server, const struct request *request, size_t *length,
             struct problem *problem)
{
    for (int tries = 0; tries < UDP_TRIES; tries++) {
        int64_t deadline = now_ms() + UDP_TIMEOUT_MS;

        if (send(server->udp, request->octets, request->length, 0) < 0) {
            return no_answer(server, "UDP", problem);
        }
        while (wait_for(server->udp, POLLIN, deadline)) {
            ssize_t got = recv(server->udp, server->answer, TCP_MAX, 0);

            if (got < 0 && !try_again()) {
                return no_answer(server, "UDP", problem);
            }
            *length = got > 0 ? (size_t)got : 0;
            if (belongs(server, request, *length)) {
                return STATUS_FINE;
            }
        }
    }
    errno = ETIMEDOUT;
    return no_answer(server, "UDP", problem);
}

static bool
connect_tcp(const struct server *server, int descriptor, int64_t deadline)
{
    int error = 0;
    socklen_t size = sizeof(error);

    if (connect(descriptor, (const struct sockaddr *)&server->address, server->address_length) ==
        0) {
        return true;
    }
    if (errno != EINPROGRESS || !wait_for(descriptor, POLLOUT, deadline) ||
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
        return false;
    }
    errno = error;
    return error == 0;
}

static bool
send_all(int descriptor, const uint8_t *octets, size_t length, int64_t deadline)
{
    while (length > 0) {
        ssize_t sent = send(descriptor, octets, length, MSG_NOSIGNAL);

        if (sent < 0 && (!try_again() || !wait_for(descriptor, POLLOUT, deadline))) {
            return false;
        }
        octets += sent > 0 ? sent : 0;
        length -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

static bool
receive_all(int descriptor, uint8_t *octets, size_t length, int64_t deadline)
{
    while (length > 0) {
        if (!wait_for(descriptor, POLLIN, deadline)) {
            return false;
        }
        ssize_t got = recv(descriptor, octets, length, 0);
        if (got == 0) {
            errno = ECONNRESET;
            return false;
        }
        if (got < 0 && !try_again()) {
            return false;
        }
        octets += got > 0 ? got : 0;
        length -= got > 0 ? (size_t)got : 0;
    }
    return true;
}

static bool
transfer(struct server *server, int descriptor, const struct request *request, size_t *length)
{
    int64_t deadline = now_ms() + TCP_TIMEOUT_MS;
    uint8_t prefix[PREFIX_LENGTH];

    if (!connect_tcp(server, descriptor, deadline) ||
        !send_all(descriptor, request->buffer, PREFIX_LENGTH + request->length, deadline) ||
        !receive_all(descriptor, prefix, sizeof(prefix), deadline)) {
        return false;
    }
    *length = (size_t)prefix[0] << 8 | prefix[1];
    return receive_all(descriptor, server->answer, *length, deadline);
}

static int
exchange_tcp(struct server *server, const struct request *request, size_t *length,
             struct problem *problem)
{
    int descriptor =
        socket(server->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int status = STATUS_FINE;

    if (descriptor < 0 || !transfer(server, descriptor, request, length)) {
        status = no_answer(server, "TCP", problem);
    } else if (!belongs(server, request, *length)) {
        status = problem_set(problem, STATUS_FAILED, "%s: answers something else than was asked",
                             server->name);
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    return status;
}

/* The message in wire form, signed where there is a key. The caller frees request->buffer. */
static int
build_request(const struct server *server, const ldns_pkt *packet, struct request *request,
              struct problem *problem)
{
    uint8_t *wire = NULL;
    size_t length = 0;

    *request = (struct request){.buffer = NULL};
    ldns_status error = ldns_pkt2wire(&wire, packet, &length);
    if (error != LDNS_STATUS_OK) {
        return problem_set(problem, STATUS_FAILED, "cannot make a message: %s",
                           ldns_get_errorstr_by_id(error));
    }
    size_t size = length + TSIG_RECORD_MAX;
    request->buffer = malloc(PREFIX_LENGTH + size);
    if (request->buffer == NULL) {
        free(wire);
        return problem_memory(problem);
    }
    request->octets = request->buffer + PREFIX_LENGTH;
    request->length = length;
    memcpy(request->octets, wire, length);
    free(wire);
    int status = STATUS_FINE;
    if (server->key != NULL) {
        status =
            tsig_sign(server->key, request->octets, &request->length, size, &request->mac, problem);
    }
    request->buffer[0] = (uint8_t)(request->length >> 8);
    request->buffer[1] = (uint8_t)request->length;
    return status;
}

static int
exchange(struct server *server, const struct request *request, bool tcp, size_t *length,
         struct problem *problem)
{
    if (request->length > TCP_MAX) {
        return problem_set(problem, STATUS_FAILED, "a message has more than 65535 octets");
    }
    if (!tcp && request->length <= UDP_MAX) {
        int status = exchange_udp(server, request, length, problem);
        if (status != STATUS_FINE || (server->answer[2] & 0x02) == 0) { /* not cut (TC) */
            return status;
        }
    }
    return exchange_tcp(server, request, length, problem);
}

static int
send_packet(struct server *server, const ldns_pkt *packet, bool tcp, ldns_pkt **answer,
            struct problem *problem)
{
    struct request request;
    size_t length = 0;

    *answer = NULL;
    int status = build_request(server, packet, &request, problem);
    if (status == STATUS_FINE) {
        status = exchange(server, &request, tcp, &length, problem);
    }
    if (status == STATUS_FINE && server->key != NULL) {
        status =
            tsig_verify(server->key, server->name, server->answer, length, &request.mac, problem);
    }
    free(request.buffer);
    if (status != STATUS_FINE) {
        return status;
    }
    ldns_status error = ldns_wire2pkt(answer, server->answer, length);
    if (error != LDNS_STATUS_OK) {
        *answer = NULL;
        return problem_set(problem, STATUS_FINDING, "%s: its answer is malformed: %s", server->name,
                           ldns_get_errorstr_by_id(error));
    }
    return STATUS_FINE;
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
server_query(struct server *server, const ldns_rdf *name, ldns_rr_type type, bool recursion,
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
server_update(struct server *server, const ldns_pkt *update, ldns_pkt **answer,
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
