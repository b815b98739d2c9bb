/* SPDX-License-Identifier: MPL-2.0 */
/* Some dozens of questions in flight, each on a socket of its own: connected, so that the kernel
 * drops what others send, and tells us of refusals. Whatever comes in, and however fast, each
 * question has its number of tries and their time, and no more. */
#include "client/dns_udp.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"

#include "client/dns_request.h"

#define UDP_MAX 512 /* RFC 1035 section 4.2.1; no EDNS, TCP instead */

/* A question on its way. Its socket is the poller with the same index. */
struct flight {
    struct dns_request request;
    int64_t began;
    int64_t tried;      /* when it was last sent */
    int64_t wait_until; /* the end of this try */
    int tries;          /* that were made */
};

struct traffic {
    const struct dns_client *client;
    struct dns_batch *batch;
    size_t next;   /* exchange to begin */
    int64_t heard; /* when something came from the server */
    size_t count;
    struct flight flights[DNS_IN_FLIGHT_MAX];
    struct pollfd pollers[DNS_IN_FLIGHT_MAX];
    uint8_t octets[DNS_MESSAGE_MAX];
};

static int64_t
earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Takes a question out of the air; the last one takes its place. */
static void
land(struct traffic *traffic, size_t index)
{
    dns_request_clear(&traffic->flights[index].request);
    close(traffic->pollers[index].fd);
    traffic->count--;
    traffic->flights[index] = traffic->flights[traffic->count];
    traffic->pollers[index] = traffic->pollers[traffic->count];
}

/* A question has failed: would all others, too? Yes, where nothing came from the server since it
 * was first sent; or, when there are so many that some wait for their turn, since it was last sent.
 */
static bool
is_gone(const struct traffic *traffic, const struct flight *flight)
{
    bool crowded = traffic->next < traffic->batch->count;
    return traffic->heard < flight->began || (crowded && traffic->heard < flight->tried);
}

static void
fail_question(struct traffic *traffic, struct flight *flight, int error)
{
    dns_batch_fail(traffic->batch, &flight->request, error, is_gone(traffic, flight));
}

static void
fail_flight(struct traffic *traffic, size_t index, int error)
{
    struct flight flight = traffic->flights[index];
    traffic->flights[index].request = (struct dns_request){.exchange = NULL};
    land(traffic, index);
    fail_question(traffic, &flight, error);
}

/* Milliseconds from the first try to the end of one (1, 2, ...): each waits twice as long as the
 * one before, so that a datagram that was lost costs little, and a slow server is not pressed. */
static int64_t
end_of_try(const struct dns_client *client, int tries)
{
    return (int64_t)client->udp_ms * ((1LL << tries) - 1) / ((1LL << client->tries) - 1);
}

/* Sends a question, again or for the first time. What the kernel has no room for is as good as lost
 * on the way. Returns 0, or errno. */
static int
send_flight(struct traffic *traffic, size_t index)
{
    struct flight *flight = &traffic->flights[index];
    const struct dns_request *request = &flight->request;
    flight->tries++;
    flight->tried = ucprov_clock_ms();
    flight->wait_until = earlier(flight->began + end_of_try(traffic->client, flight->tries),
                                 traffic->client->deadline);
    if (send(traffic->pollers[index].fd, request->octets + DNS_PREFIX_LENGTH, request->length, 0) <
            0 &&
        errno != EAGAIN && errno != ENOBUFS && errno != EINTR) {
        return errno;
    }
    request->exchange->sent = true;
    return 0;
}

static int
open_socket(const struct dns_client *client)
{
    int descriptor =
        socket(client->address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor >= 0 && connect(descriptor, (const struct sockaddr *)&client->address,
                                   client->address_length) != 0) {
        int error = errno;
        close(descriptor);
        errno = error;
        return -1;
    }
    return descriptor;
}

/* Begins a question. False: there is no descriptor for it as long as others are in flight. */
static bool
begin_flight(struct traffic *traffic, struct dns_exchange *exchange)
{
    struct flight flight = {.began = ucprov_clock_ms(), .request.exchange = exchange};
    if (flight.began >= traffic->client->deadline) {
        fail_question(traffic, &flight, ETIMEDOUT);
        return true;
    }
    if (!dns_request_make(&flight.request, traffic->client, exchange, ldns_get_random())) {
        fail_question(traffic, &flight, ENOMEM);
        return true;
    }
    if (flight.request.length > UDP_MAX) {
        dns_request_clear(&flight.request);
        exchange->tcp = true;
        return true;
    }
    int descriptor = open_socket(traffic->client);
    if (descriptor < 0) {
        if (traffic->count > 0 && (errno == EMFILE || errno == ENFILE)) {
            dns_request_clear(&flight.request);
            return false;
        }
        fail_question(traffic, &flight, errno);
        return true;
    }
    size_t index = traffic->count++;
    traffic->flights[index] = flight;
    traffic->pollers[index] = (struct pollfd){.fd = descriptor, .events = POLLIN};
    int error = send_flight(traffic, index);
    if (error != 0) {
        fail_flight(traffic, index, error);
    }
    return true;
}

static void
begin_flights(struct traffic *traffic)
{
    struct dns_batch *batch = traffic->batch;
    while (traffic->count < DNS_IN_FLIGHT_MAX && traffic->next < batch->count && !batch->gone) {
        struct dns_exchange *exchange = &batch->exchanges[traffic->next];
        if (exchange->result == DNS_PENDING && !exchange->tcp && !begin_flight(traffic, exchange)) {
            return;
        }
        traffic->next++;
    }
}

/* Reads one datagram. */
static void
receive_datagram(struct traffic *traffic, size_t index)
{
    struct dns_request *request = &traffic->flights[index].request;
    struct dns_exchange *exchange = request->exchange;
    ssize_t length = recv(traffic->pollers[index].fd, traffic->octets, sizeof(traffic->octets), 0);
    if (length < 0) {
        if (errno != EAGAIN && errno != EINTR) {
            fail_flight(traffic, index, errno);
        }
        return;
    }
    enum dns_fit fit = dns_request_take(request, traffic->client, traffic->octets, (size_t)length);
    if (fit != DNS_FIT_NOT) {
        traffic->heard = ucprov_clock_ms();
    }
    if (fit == DNS_FIT_NOT || fit == DNS_FIT_UNUSABLE) {
        traffic->batch->strays++;
        return;
    }
    land(traffic, index);
    if (fit == DNS_FIT_CUT) {
        exchange->tcp = true;
    } else {
        dns_batch_end(traffic->batch, exchange);
    }
}

/* A try's time is up: another one, unless the server's answer is no use as it is. */
static void
end_try(struct traffic *traffic, size_t index)
{
    struct flight *flight = &traffic->flights[index];
    enum dns_result fault = flight->request.fault;
    int error = ETIMEDOUT;
    if (flight->tries < traffic->client->tries && fault != DNS_MALFORMED &&
        fault != DNS_NOT_AUTHENTIC && flight->wait_until < traffic->client->deadline) {
        error = send_flight(traffic, index);
    }
    if (error != 0) {
        fail_flight(traffic, index, error);
    }
}

/* From the last one down, as one that lands is replaced by the last. */
static void
look_at_flights(struct traffic *traffic)
{
    for (size_t i = traffic->count; i-- > 0 && !traffic->batch->gone;) {
        if (traffic->pollers[i].revents != 0) {
            receive_datagram(traffic, i);
        }
    }
    int64_t now = ucprov_clock_ms();
    for (size_t i = traffic->count; i-- > 0 && !traffic->batch->gone;) {
        if (traffic->flights[i].wait_until <= now) {
            end_try(traffic, i);
        }
    }
}

/* Milliseconds until the first try ends, as poll(2) takes it. */
static int
time_to_wait(const struct traffic *traffic)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < traffic->count; i++) {
        first = earlier(first, traffic->flights[i].wait_until);
    }
    return ucprov_clock_ms_until(first);
}

void
dns_udp_run(const struct dns_client *client, struct dns_batch *batch)
{
    struct traffic *traffic = malloc(sizeof(*traffic));
    if (traffic == NULL) {
        struct dns_request first = {.exchange = &batch->exchanges[0]};
        dns_batch_fail(batch, &first, ENOMEM, true);
        return;
    }
    traffic->client = client;
    traffic->batch = batch;
    traffic->next = traffic->count = 0;
    traffic->heard = INT64_MIN;
    begin_flights(traffic);
    while (traffic->count > 0 && !batch->gone) {
        int ready = poll(traffic->pollers, traffic->count, time_to_wait(traffic));
        for (size_t i = 0; ready < 0 && i < traffic->count; i++) { /* a signal */
            traffic->pollers[i].revents = 0;
        }
        look_at_flights(traffic);
        begin_flights(traffic);
    }
    while (traffic->count > 0) {
        land(traffic, traffic->count - 1);
    }
    free(traffic);
}
