/* SPDX-License-Identifier: MPL-2.0 */
/* Sends one request with retries that back off, and goes on listening after the first answer, since
 * the second server is what people do not know of. What an answer says is not judged here. */
#include "dhcp/dhcp_exchange.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "option/option.h"

/* The options of which a phone makes something: answers that differ in none are the same. */
static const uint8_t meaningful[] = {
    DHCP_OPTION_SUBNET_MASK,     DHCP_OPTION_ROUTERS,       DHCP_OPTION_NAME_SERVERS,
    UCPROV_OPTION_DOMAIN_NAME,   UCPROV_OPTION_NTP_SERVERS, UCPROV_OPTION_VENDOR,
    UCPROV_OPTION_DOMAIN_SEARCH, UCPROV_OPTION_SIP_SERVERS,
};

bool
dhcp_answers_agree(const struct dhcp_answer *a, const struct dhcp_answer *b, uint8_t code)
{
    struct ucprov_option_view in_a, in_b;
    bool a_has = dhcp_message_option(&a->message, code, &in_a);
    bool b_has = dhcp_message_option(&b->message, code, &in_b);

    if (!a_has || !b_has) {
        return a_has == b_has;
    }
    return in_a.length == in_b.length && memcmp(in_a.value, in_b.value, in_a.length) == 0;
}

/* True when an answer adds nothing to another: the same server says the same. */
static bool
is_repetition(const struct dhcp_answer *a, const struct dhcp_answer *b)
{
    if (a->message.server.s_addr != b->message.server.s_addr ||
        a->message.your.s_addr != b->message.your.s_addr) {
        return false;
    }
    for (size_t i = 0; i < sizeof(meaningful); i++) {
        if (!dhcp_answers_agree(a, b, meaningful[i])) {
            return false;
        }
    }
    return true;
}

const struct dhcp_answer *
dhcp_exchange_find(const struct dhcp_exchange *exchange, struct in_addr server)
{
    for (size_t i = 0; i < exchange->count; i++) {
        if (exchange->answers[i].message.server.s_addr == server.s_addr) {
            return &exchange->answers[i];
        }
    }
    return NULL;
}

static void
note_complaint(struct dhcp_exchange *exchange, struct in_addr source, const char *what)
{
    if (exchange->broken++ == 0) {
        snprintf(exchange->complaint, sizeof(exchange->complaint),
                 "%s sent an answer that a phone cannot use: %s", address_text(source), what);
    }
}

/* Keeps an answer unless it is known. */
static void
keep(struct dhcp_exchange *exchange, const struct dhcp_answer *answer)
{
    for (size_t i = 0; i < exchange->count; i++) {
        if (is_repetition(&exchange->answers[i], answer)) {
            exchange->repeated++;
            return;
        }
    }
    if (exchange->count == DHCP_ANSWERS_MAX) {
        exchange->surplus++;
    } else {
        exchange->answers[exchange->count++] = *answer;
    }
}

/* Looks at a datagram: anybody's, until its xid and hardware address say that it is for us. */
static void
consider(struct dhcp_exchange *exchange, const struct dhcp_transport *transport,
         const struct dhcp_request *request, const struct transport_packet *packet, int64_t sent_at)
{
    struct dhcp_answer answer = {.source = packet->source};
    const struct dhcp_message *message = &answer.message;
    char text[DHCP_FAULT_TEXT_SIZE];

    enum dhcp_fault fault = dhcp_message_parse(&answer.message, packet->octets, packet->length);
    if (fault == DHCP_FAULT_FOREIGN || message->xid != request->xid ||
        memcmp(message->hardware, transport->hardware, DHCP_HARDWARE_LENGTH) != 0) {
        return;
    }
    answer.milliseconds = (int)(ucprov_clock_ms() - sent_at);
    if (fault != DHCP_SOUND) {
        note_complaint(exchange, packet->source, dhcp_fault_text(fault, message, text));
    } else if (message->type == DHCP_NAK) {
        note_complaint(exchange, packet->source, "it is a refusal (DHCPNAK)");
    } else if (message->type != (request->type == DHCP_DISCOVER ? DHCP_OFFER : DHCP_ACK)) {
        note_complaint(exchange, packet->source, "its message type does not answer the question");
    } else if (request->type == DHCP_DISCOVER && message->your.s_addr == INADDR_ANY) {
        note_complaint(exchange, packet->source, "it offers no address");
    } else {
        keep(exchange, &answer);
    }
}

static int
send_request(struct dhcp_transport *transport, const struct dhcp_request *request)
{
    uint8_t octets[DHCP_REQUEST_SIZE];
    struct ucprov_writer writer;

    ucprov_writer_init(&writer, octets, sizeof(octets));
    dhcp_request_write(&writer, request);
    if (writer.error != 0) {
        return dhcp_transport_fail(transport, "the request does not fit in %d octets",
                                   DHCP_REQUEST_SIZE);
    }
    return transport->send(transport, octets, ucprov_writer_length(&writer), request->client);
}

/* How long to wait behind a try: twice as long as behind the one before, all of them together the
 * timeout (RFC 2131 4.1 begins with 4 seconds; nobody wants to wait for a minute here). */
static int
try_length(const struct dhcp_timing *timing, unsigned number)
{
    int64_t parts = ((int64_t)1 << timing->tries) - 1;

    return (int)(timing->timeout * ((int64_t)1 << number) / parts);
}

/* Says in what form a try names our source port as a relay agent. All servers that we know of take
 * the first; the last of several tries is for one that takes RFC 8357's alone. With two tries both
 * are needed against the loss of a packet. */
static bool
has_empty_source_port(const struct dhcp_timing *timing, unsigned number)
{
    enum { TRIES_FOR_KEA = 2 };

    return number >= TRIES_FOR_KEA && number == timing->tries - 1;
}

/* Waits for answers behind one try: until its time is up, or for timing->wait after the first. */
static int
collect_answers(struct dhcp_exchange *exchange, struct dhcp_transport *transport,
                const struct dhcp_request *request, const struct dhcp_timing *timing,
                int64_t deadline)
{
    struct transport_packet packet;
    int64_t sent_at = ucprov_clock_ms();

    do {
        int got = transport->receive(transport, &packet, deadline);
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            continue;
        }
        size_t before = exchange->count;
        consider(exchange, transport, request, &packet, sent_at);
        if (before == 0 && exchange->count == 1) {
            deadline = ucprov_clock_ms() + timing->wait;
        }
    } while (ucprov_clock_ms() < deadline);
    return 0;
}

int
dhcp_exchange_run(struct dhcp_exchange *exchange, struct dhcp_transport *transport,
                  struct dhcp_request *request, const struct dhcp_timing *timing)
{
    int64_t start = ucprov_clock_ms();
    int64_t deadline = start;

    memset(exchange, 0, sizeof(*exchange));
    if (getrandom(&request->xid, sizeof(request->xid), 0) != sizeof(request->xid)) {
        return dhcp_transport_fail(transport, "no random octets: %s", strerror(errno));
    }
    for (unsigned i = 0; i < timing->tries && exchange->count == 0; i++) {
        request->seconds = (uint16_t)((ucprov_clock_ms() - start) / 1000);
        request->empty_source_port = has_empty_source_port(timing, i);
        if (send_request(transport, request) != 0) {
            return -1;
        }
        deadline += try_length(timing, i);
        if (collect_answers(exchange, transport, request, timing, deadline) != 0) {
            return -1;
        }
    }
    return 0;
}
