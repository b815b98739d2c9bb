/* SPDX-License-Identifier: MPL-2.0 */
/* Connected sockets, so that the kernel drops what others send and tells of refusals; an answer is
 * ours by its ID and its question. */
#include "client/dns_question.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "option/name.h"

#define DNS_UDP_TRIES   2 /* within one question's timeout */
#define DNS_HEADER_SIZE 12
#define DNS_FLAG_QR     0x80 /* RFC 1035 4.1.1, in the third octet */
#define DNS_FLAG_TC     0x02
#define TCP_PREFIX_SIZE 2 /* RFC 1035 4.2.2 */

/* False: the time is up. What keeps coming in after that is left alone, or a flood would never end.
 */
static bool
wait_for(int descriptor, short events, int64_t deadline)
{
    struct pollfd poller = {.fd = descriptor, .events = events};
    int ready;

    do {
        if (ucprov_clock_ms() >= deadline) {
            return false;
        }
        ready = poll(&poller, 1, ucprov_clock_ms_until(deadline));
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

/* A socket connected to the server, so that the kernel drops what others send, and tells us of
 * refusals. TCP connects in the background. -1: see errno. */
static int
open_socket(const struct sockaddr_in *server, int type)
{
    int descriptor = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (descriptor >= 0 &&
        connect(descriptor, (const struct sockaddr *)server, sizeof(*server)) != 0 &&
        errno != EINPROGRESS) {
        int saved = errno;
        close(descriptor);
        errno = saved;
        return -1;
    }
    return descriptor;
}

static enum dns_question_result
result_of_errno(void)
{
    switch (errno) {
    case ECONNREFUSED:
        return DNS_QUESTION_REFUSED;
    case ENETUNREACH: /* from here, at once: a phone may have a route */
        return DNS_QUESTION_UNREACHABLE;
    default:
        return DNS_QUESTION_SILENT;
    }
}

/* The answer repeats the question (RFC 1035 4.1.2); errors may leave it out. */
static bool
repeats(const ldns_pkt *answer, const struct dns_question *question)
{
    const ldns_rr_list *questions = ldns_pkt_question(answer);

    if (ldns_rr_list_rr_count(questions) == 0) {
        return ldns_pkt_get_rcode(answer) != LDNS_RCODE_NOERROR;
    }
    const ldns_rr *repeated = ldns_rr_list_rr(questions, 0);
    return ldns_rr_get_type(repeated) == question->type &&
           ldns_dname_compare(ldns_rr_owner(repeated), question->name) == 0;
}

/* Takes what came in: whether it is for us is in its ID and flag. DNS_QUESTION_SILENT: it is not,
 * or is no answer to this question. */
static enum dns_question_result
take_answer(struct dns_question *question, size_t length)
{
    if (length < DNS_HEADER_SIZE || memcmp(question->answer, question->wire, 2) != 0 ||
        (question->answer[2] & DNS_FLAG_QR) == 0) {
        return DNS_QUESTION_SILENT;
    }
    if ((question->answer[2] & DNS_FLAG_TC) != 0) {
        return DNS_QUESTION_CUT;
    }
    if (ldns_wire2pkt(&question->packet, question->answer, length) != LDNS_STATUS_OK) {
        question->packet = NULL;
        return DNS_QUESTION_NONSENSE;
    }
    if (!repeats(question->packet, question)) {
        ldns_pkt_free(question->packet);
        question->packet = NULL;
        return DNS_QUESTION_SILENT;
    }
    return DNS_QUESTION_ANSWERED;
}

/* Reads datagrams until the answer is among them. A malformed one may be forged, so the real one is
 * waited for all the same. */
static enum dns_question_result
await_datagram(struct dns_question *question, int descriptor, int64_t deadline)
{
    enum dns_question_result worst = DNS_QUESTION_SILENT;

    while (wait_for(descriptor, POLLIN, deadline)) {
        ssize_t length = recv(descriptor, question->answer, DNS_MESSAGE_MAX, 0);
        if (length < 0 && errno != EAGAIN && errno != EINTR) {
            return result_of_errno();
        }
        enum dns_question_result result =
            length > 0 ? take_answer(question, (size_t)length) : DNS_QUESTION_SILENT;
        if (result == DNS_QUESTION_ANSWERED || result == DNS_QUESTION_CUT) {
            return result;
        }
        worst = result == DNS_QUESTION_NONSENSE ? result : worst;
    }
    return worst;
}

static enum dns_question_result
ask_udp(struct dns_question *question, const struct sockaddr_in *server)
{
    int descriptor = open_socket(server, SOCK_DGRAM);
    enum dns_question_result result = DNS_QUESTION_SILENT;

    if (descriptor < 0) {
        return result_of_errno();
    }
    int64_t now = ucprov_clock_ms();
    int64_t part = (question->deadline - now) / DNS_UDP_TRIES;
    for (int i = 1; i <= DNS_UDP_TRIES && result == DNS_QUESTION_SILENT; i++) {
        if (send(descriptor, question->wire, question->length, 0) < 0) {
            result = result_of_errno();
        } else {
            result = await_datagram(question, descriptor, now + i * part);
        }
    }
    close(descriptor);
    return result;
}

/* Reads exactly so many octets before the deadline, however slowly they come. */
static bool
read_octets(int descriptor, uint8_t *octets, size_t length, int64_t deadline)
{
    while (length > 0) {
        if (!wait_for(descriptor, POLLIN, deadline)) {
            return false;
        }
        ssize_t got = recv(descriptor, octets, length, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
            return false;
        }
        octets += got > 0 ? got : 0;
        length -= got > 0 ? (size_t)got : 0;
    }
    return true;
}

/* The query behind its length, in one segment (RFC 7766 8); it always fits a socket's buffer. */
static bool
send_over_tcp(const struct dns_question *question, int descriptor)
{
    uint8_t message[TCP_PREFIX_SIZE + DNS_HEADER_SIZE + UCPROV_NAME_WIRE_MAX + 4];
    size_t length = TCP_PREFIX_SIZE + question->length;

    if (length > sizeof(message) || !wait_for(descriptor, POLLOUT, question->deadline)) {
        return false;
    }
    message[0] = (uint8_t)(question->length >> 8);
    message[1] = (uint8_t)question->length;
    memcpy(message + TCP_PREFIX_SIZE, question->wire, question->length);
    return send(descriptor, message, length, MSG_NOSIGNAL) == (ssize_t)length;
}

static enum dns_question_result
ask_tcp(struct dns_question *question, const struct sockaddr_in *server)
{
    uint8_t prefix[TCP_PREFIX_SIZE];
    enum dns_question_result result = DNS_QUESTION_SILENT;
    int descriptor = open_socket(server, SOCK_STREAM);

    if (descriptor < 0) {
        return result_of_errno();
    }
    if (!send_over_tcp(question, descriptor)) {
        result = result_of_errno();
    } else if (read_octets(descriptor, prefix, sizeof(prefix), question->deadline)) {
        size_t length = (size_t)prefix[0] << 8 | prefix[1];
        if (read_octets(descriptor, question->answer, length, question->deadline)) {
            result = take_answer(question, length);
        }
    }
    close(descriptor);
    return result == DNS_QUESTION_CUT ? DNS_QUESTION_NONSENSE : result;
}

enum dns_question_result
dns_question_ask(struct dns_question *question, const struct sockaddr_in *server)
{
    enum dns_question_result result = ask_udp(question, server);

    return result == DNS_QUESTION_CUT ? ask_tcp(question, server) : result;
}
