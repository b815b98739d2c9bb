/* SPDX-License-Identifier: MPL-2.0 */
/* Decides whether octets from the network answer a request: ID and question are compared octet by
 * octet before libldns's parser sees the rest; with a key, its signature says what is wrong. */
#include "client/dns_request.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define QUESTION_FIXED 4 /* type and class, behind the name */

static ldns_pkt *
query_new(const struct dns_exchange *exchange)
{
    ldns_rdf *name = ldns_rdf_clone(exchange->name);
    uint16_t flags = exchange->recursion ? LDNS_RD : 0;
    ldns_pkt *query =
        name != NULL ? ldns_pkt_query_new(name, exchange->type, LDNS_RR_CLASS_IN, flags) : NULL;
    if (query == NULL) {
        ldns_rdf_deep_free(name);
    }
    return query;
}

static bool
write_octets(struct dns_request *request)
{
    uint8_t *wire = NULL;
    if (ldns_pkt2wire(&wire, request->packet, &request->length) == LDNS_STATUS_OK &&
        request->length <= DNS_MESSAGE_MAX) {
        request->octets = malloc(DNS_PREFIX_LENGTH + request->length);
    }
    if (request->octets != NULL) {
        ldns_write_uint16(request->octets, (uint16_t)request->length);
        memcpy(request->octets + DNS_PREFIX_LENGTH, wire, request->length);
    }
    free(wire);
    return request->octets != NULL;
}

bool
dns_request_make(struct dns_request *request, const struct dns_client *client,
                 struct dns_exchange *exchange, uint16_t id)
{
    *request = (struct dns_request){.exchange = exchange, .id = id};
    request->packet = exchange->update != NULL ? exchange->update : query_new(exchange);
    if (request->packet == NULL) {
        return false;
    }
    ldns_pkt_set_id(request->packet, id);
    return (client->key == NULL || tsig_sign(client->key, request->packet)) &&
           write_octets(request);
}

void
dns_request_clear(struct dns_request *request)
{
    if (request->exchange != NULL && request->packet != request->exchange->update) {
        ldns_pkt_free(request->packet);
    }
    free(request->octets);
    *request = (struct dns_request){.exchange = NULL};
}

/* The same octets but for the case of ASCII letters (RFC 4343). Lengths of labels are below 64, and
 * no letters. */
static bool
same_name(const uint8_t *a, const uint8_t *b, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (tolower(a[i]) != tolower(b[i])) {
            return false;
        }
    }
    return true;
}

/* The answer repeats the question (RFC 1035 section 4.1.2), which is never compressed; errors may
 * leave it out. Of updates, the ID alone is compared (RFC 2136 section 3.8). */
static bool
repeats_question(const struct dns_request *request, const uint8_t *octets, size_t length)
{
    if (request->exchange->update != NULL) {
        return true;
    }
    if (LDNS_QDCOUNT(octets) == 0) {
        return LDNS_RCODE_WIRE(octets) != LDNS_RCODE_NOERROR;
    }
    const uint8_t *asked = request->octets + DNS_PREFIX_LENGTH + LDNS_HEADER_SIZE;
    const uint8_t *repeated = octets + LDNS_HEADER_SIZE;
    size_t size = ldns_rdf_size(request->exchange->name);
    return LDNS_QDCOUNT(octets) == 1 && length >= LDNS_HEADER_SIZE + size + QUESTION_FIXED &&
           same_name(asked, repeated, size) &&
           memcmp(asked + size, repeated + size, QUESTION_FIXED) == 0;
}

/* From wire form to a packet that is to be trusted. */
static enum dns_result
read_answer(struct dns_request *request, const struct dns_client *client, uint8_t *octets,
            size_t length)
{
    struct dns_exchange *exchange = request->exchange;
    ldns_pkt *answer = NULL;
    ldns_status status = ldns_wire2pkt(&answer, octets, length);
    if (status != LDNS_STATUS_OK) {
        request->fault_error = (int)status;
        return DNS_MALFORMED;
    }
    if (client->key != NULL) {
        exchange->tsig =
            tsig_verify(client->key, answer, octets, length, ldns_pkt_tsig(request->packet));
        if (exchange->tsig.verdict != TSIG_AUTHENTIC) {
            ldns_pkt_free(answer);
            return DNS_NOT_AUTHENTIC;
        }
    }
    exchange->answer = answer;
    return DNS_ANSWERED;
}

enum dns_fit
dns_request_take(struct dns_request *request, const struct dns_client *client, uint8_t *octets,
                 size_t length)
{
    struct dns_exchange *exchange = request->exchange;
    if (length < LDNS_HEADER_SIZE || LDNS_ID_WIRE(octets) != request->id ||
        LDNS_QR_WIRE(octets) == 0) {
        return DNS_FIT_NOT;
    }
    bool repeats = repeats_question(request, octets, length);
    if (repeats && LDNS_TC_WIRE(octets) != 0 && !exchange->tcp) {
        return DNS_FIT_CUT;
    }
    enum dns_result result =
        repeats || client->key != NULL ? read_answer(request, client, octets, length) : DNS_OTHER;
    if (result == DNS_ANSWERED && !repeats) { /* though signed */
        ldns_pkt_free(exchange->answer);
        exchange->answer = NULL;
        result = DNS_OTHER;
    }
    if (result != DNS_ANSWERED) {
        request->fault = result;
        return DNS_FIT_UNUSABLE;
    }
    exchange->result = DNS_ANSWERED;
    return DNS_FIT_TAKEN;
}

static enum dns_result
result_of_errno(int error)
{
    switch (error) {
    case ECONNREFUSED:
        return DNS_REFUSED;
    case ENETUNREACH:
        return DNS_UNREACHABLE;
    case ETIMEDOUT:
        return DNS_SILENT;
    default:
        return DNS_BROKEN;
    }
}

void
dns_batch_end(struct dns_batch *batch, struct dns_exchange *exchange)
{
    if (batch->done != NULL) {
        batch->done(exchange, batch->context);
    }
}

/* Whatever is pending shares the result of `model`. */
static void
abandon_server(struct dns_batch *batch, const struct dns_exchange *model)
{
    batch->gone = true;
    for (size_t i = 0; i < batch->count; i++) {
        struct dns_exchange *exchange = &batch->exchanges[i];
        if (exchange->result == DNS_PENDING) {
            exchange->result = model->result;
            exchange->error = model->error;
            exchange->tsig = model->tsig;
            exchange->tcp = model->tcp;
            exchange->abandoned = true;
            dns_batch_end(batch, exchange);
        }
    }
}

void
dns_batch_fail(struct dns_batch *batch, struct dns_request *request, int error, bool gone)
{
    struct dns_exchange *exchange = request->exchange;
    bool faulty = request->fault != DNS_PENDING;
    exchange->result = faulty ? request->fault : result_of_errno(error);
    exchange->error = faulty ? request->fault_error : error;
    exchange->abandoned = gone;
    dns_request_clear(request);
    const struct dns_exchange model = *exchange; /* whose owner may clear it */
    dns_batch_end(batch, exchange);
    if (gone) {
        abandon_server(batch, &model);
    }
}
