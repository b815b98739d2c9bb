/* SPDX-License-Identifier: MPL-2.0 */
/* One connection for many messages, some of them under way at a time (RFC 7766 section 6.2.1.1):
 * answers may come in any order. Each message has its time, however slowly octets trickle in.
 *
 * Some servers close a connection after an answer or more. What they had not read then is lost, and
 * of an update nobody knows; so the first message goes alone, and the number under way grows by one
 * with each answer. Once a server has closed with messages unanswered, one goes at a time, and no
 * connection is asked for more than that one gave. */
#include "client/dns_tcp.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

#include "client/dns_request.h"

/* A message under way. */
struct slot {
    struct dns_request request;
    size_t sent; /* octets, of the length and the message */
    int64_t began;
    int64_t wait_until;
};

struct stream {
    const struct dns_client *client;
    struct dns_batch *batch;
    size_t next;       /* exchange to begin */
    size_t slot_max;   /* messages under way at most, ever */
    size_t answer_max; /* answers that a connection gives; SIZE_MAX: not known */
    size_t count;
    struct slot slots[DNS_TCP_IN_FLIGHT_MAX]; /* in the order in which they are sent */

    /* Of this connection. */
    int descriptor;
    size_t window;   /* messages under way at most, at present */
    size_t answered; /* messages */
    int64_t heard;   /* when an answer came; INT64_MIN: none did */
    bool strayed;    /* something came that answered nothing */
    size_t have;     /* octets that came in */
    uint8_t octets[DNS_PREFIX_LENGTH + DNS_MESSAGE_MAX];
};

static int64_t
earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool
is_sent(const struct slot *slot)
{
    return slot->sent == DNS_PREFIX_LENGTH + slot->request.length;
}

/* Whose request is the caller's, or cleared. */
static void
remove_slot(struct stream *stream, size_t index)
{
    stream->count--;
    memmove(&stream->slots[index], &stream->slots[index + 1],
            (stream->count - index) * sizeof(stream->slots[0]));
}

static void
fail_slot(struct stream *stream, size_t index, int error, bool gone)
{
    struct dns_request request = stream->slots[index].request;
    if (stream->strayed && request.fault == DNS_PENDING && error != ETIMEDOUT) {
        request.fault = DNS_OTHER;
    }
    remove_slot(stream, index);
    dns_batch_fail(stream->batch, &request, error, gone);
}

static struct slot *
find_slot(struct stream *stream, uint16_t id)
{
    for (size_t i = 0; i < stream->count; i++) {
        if (stream->slots[i].request.id == id) {
            return &stream->slots[i];
        }
    }
    return NULL;
}

static uint16_t
unused_id(struct stream *stream)
{
    uint16_t id;
    do {
        id = ldns_get_random();
    } while (find_slot(stream, id) != NULL);
    return id;
}

static void
begin_message(struct stream *stream, struct dns_exchange *exchange)
{
    int64_t now = ucprov_clock_ms();
    struct slot slot = {.began = now,
                        .wait_until =
                            earlier(now + stream->client->tcp_ms, stream->client->deadline)};
    exchange->tcp = true;
    exchange->sent = false;
    if (now >= stream->client->deadline) {
        slot.request.exchange = exchange;
        dns_batch_fail(stream->batch, &slot.request, ETIMEDOUT, false);
        return;
    }
    if (!dns_request_make(&slot.request, stream->client, exchange, unused_id(stream))) {
        dns_batch_fail(stream->batch, &slot.request, ENOMEM, false);
        return;
    }
    stream->slots[stream->count++] = slot;
}

static void
begin_messages(struct stream *stream)
{
    struct dns_batch *batch = stream->batch;
    while (stream->count < stream->window && stream->next < batch->count &&
           stream->answered + stream->count < stream->answer_max) {
        struct dns_exchange *exchange = &batch->exchanges[stream->next++];
        if (exchange->result == DNS_PENDING) {
            begin_message(stream, exchange);
        }
    }
}

/* The first that is not sent completely; NULL: all are. */
static struct slot *
slot_to_send(struct stream *stream)
{
    for (size_t i = 0; i < stream->count; i++) {
        if (!is_sent(&stream->slots[i])) {
            return &stream->slots[i];
        }
    }
    return NULL;
}

/* Sends as much as the socket takes. Returns 0, or errno. */
static int
send_messages(struct stream *stream)
{
    struct slot *slot;
    while ((slot = slot_to_send(stream)) != NULL) {
        size_t length = DNS_PREFIX_LENGTH + slot->request.length;
        ssize_t sent = send(stream->descriptor, slot->request.octets + slot->sent,
                            length - slot->sent, MSG_NOSIGNAL);
        if (sent < 0) {
            return errno == EAGAIN || errno == EINTR ? 0 : errno;
        }
        slot->sent += (size_t)sent;
        slot->request.exchange->sent = is_sent(slot);
    }
    return 0;
}

/* The answer has come: its exchange ends, and another message may be under way. */
static void
end_slot(struct stream *stream, struct slot *slot)
{
    struct dns_exchange *exchange = slot->request.exchange;
    stream->answered++;
    stream->window += stream->window < stream->slot_max ? 1 : 0;
    dns_request_clear(&slot->request);
    remove_slot(stream, (size_t)(slot - stream->slots));
    dns_batch_end(stream->batch, exchange);
}

/* A whole message. Here, nobody waits for a better one: the connection is the server's. */
static void
take_message(struct stream *stream, uint8_t *octets, size_t length)
{
    struct slot *slot = length >= LDNS_HEADER_SIZE ? find_slot(stream, LDNS_ID_WIRE(octets)) : NULL;
    enum dns_fit fit = slot != NULL && is_sent(slot)
                           ? dns_request_take(&slot->request, stream->client, octets, length)
                           : DNS_FIT_NOT;
    stream->batch->strays += fit == DNS_FIT_TAKEN ? 0 : 1;
    stream->strayed = stream->strayed || fit == DNS_FIT_NOT;
    if (fit == DNS_FIT_NOT) {
        return;
    }
    stream->heard = ucprov_clock_ms();
    if (fit == DNS_FIT_TAKEN) {
        end_slot(stream, slot);
    } else {
        fail_slot(stream, (size_t)(slot - stream->slots), EPROTO, false);
    }
}

static void
take_messages(struct stream *stream)
{
    size_t taken = 0;
    while (stream->have - taken >= DNS_PREFIX_LENGTH) {
        uint8_t *octets = stream->octets + taken;
        size_t length = ldns_read_uint16(octets);
        if (stream->have - taken < DNS_PREFIX_LENGTH + length) {
            break;
        }
        take_message(stream, octets + DNS_PREFIX_LENGTH, length);
        taken += DNS_PREFIX_LENGTH + length;
    }
    stream->have -= taken;
    memmove(stream->octets, stream->octets + taken, stream->have);
}

/* Reads once: who sends without end does not keep us. Returns 0, or errno. */
static int
receive_messages(struct stream *stream)
{
    ssize_t got = recv(stream->descriptor, stream->octets + stream->have,
                       sizeof(stream->octets) - stream->have, 0);
    if (got < 0) {
        return errno == EAGAIN || errno == EINTR ? 0 : errno;
    }
    stream->have += (size_t)got;
    take_messages(stream);
    return got > 0 ? 0 : ECONNRESET;
}

/* Ends messages whose time is up. Returns ETIMEDOUT when the connection is of no more use: nothing
 * came since such a one began, or it has been sent in part. */
static int
end_late_messages(struct stream *stream)
{
    int64_t now = ucprov_clock_ms();
    for (size_t i = stream->count; i-- > 0;) {
        const struct slot *slot = &stream->slots[i];
        if (slot->wait_until <= now) {
            if (stream->heard < slot->began || !is_sent(slot)) {
                return ETIMEDOUT;
            }
            fail_slot(stream, i, ETIMEDOUT, false);
        }
    }
    return 0;
}

static int
time_to_wait(const struct stream *stream)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < stream->count; i++) {
        first = earlier(first, stream->slots[i].wait_until);
    }
    return ucprov_clock_ms_until(first);
}

static int
connect_stream(struct stream *stream)
{
    const struct dns_client *client = stream->client;
    stream->descriptor =
        socket(client->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (stream->descriptor < 0) {
        return errno;
    }
    const int at_once = 1; /* not when the last segment is acknowledged, a round trip later */
    setsockopt(stream->descriptor, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
    int error = connect(stream->descriptor, (const struct sockaddr *)&client->address,
                        client->address_length);
    return error == 0 || errno == EINPROGRESS ? 0 : errno;
}

/* Waits until the connection can be read, or written to when there is something to send, and does
 * so. Returns 0, or errno. */
static int
serve_stream(struct stream *stream)
{
    struct pollfd poller = {.fd = stream->descriptor, .events = POLLIN};
    int error = 0;
    poller.events |= slot_to_send(stream) != NULL ? POLLOUT : 0;
    if (poll(&poller, 1, time_to_wait(stream)) < 0) {
        poller.revents = 0; /* a signal */
    }
    if ((poller.revents & (POLLIN | POLLERR | POLLHUP)) != 0) {
        error = receive_messages(stream);
    }
    if (error == 0 && (poller.revents & POLLOUT) != 0) {
        error = send_messages(stream);
    }
    return error == 0 ? end_late_messages(stream) : error;
}

/* Returns 0 when nothing is left to do; else errno: the connection is of no more use. */
static int
use_stream(struct stream *stream)
{
    stream->descriptor = -1;
    stream->next = stream->have = stream->answered = 0;
    stream->window = 1;
    stream->heard = INT64_MIN;
    stream->strayed = false;
    begin_messages(stream);
    int error = stream->count > 0 ? connect_stream(stream) : 0;
    while (stream->count > 0 && error == 0) {
        error = serve_stream(stream);
        if (error == 0) {
            begin_messages(stream);
        }
    }
    return error == 0 && stream->answered >= stream->answer_max ? ECONNRESET : error;
}

/* The connection has ended. Where it had answered nothing, the server is given up; else a new one
 * takes what may be sent again: a question, or an update that the server cannot have. */
static void
end_stream(struct stream *stream, int error)
{
    bool gone = stream->heard == INT64_MIN;
    if (stream->count > 0 && stream->answered > 0 && error != ETIMEDOUT) {
        stream->slot_max = 1;
        stream->answer_max = stream->answered;
    }
    while (stream->count > 0) {
        struct slot *slot = &stream->slots[0];
        bool late = slot->wait_until <= ucprov_clock_ms();
        bool again = slot->request.exchange->update == NULL || !is_sent(slot);
        if (gone || late || !again) {
            fail_slot(stream, 0, error, gone);
        } else {
            dns_request_clear(&slot->request);
            remove_slot(stream, 0);
        }
    }
    if (stream->descriptor >= 0) {
        close(stream->descriptor);
    }
}

void
dns_tcp_run(const struct dns_client *client, struct dns_batch *batch)
{
    struct stream *stream = malloc(sizeof(*stream));
    int error;
    if (stream == NULL) {
        struct dns_request first = {.exchange = &batch->exchanges[0]};
        dns_batch_fail(batch, &first, ENOMEM, true);
        return;
    }
    stream->client = client;
    stream->batch = batch;
    stream->slot_max = DNS_TCP_IN_FLIGHT_MAX;
    stream->answer_max = SIZE_MAX;
    stream->count = 0;
    do {
        error = use_stream(stream);
        end_stream(stream, error);
    } while (error != 0 && !batch->gone);
    free(stream);
}
