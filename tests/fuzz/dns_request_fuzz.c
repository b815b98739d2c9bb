/* SPDX-License-Identifier: MPL-2.0 */
/* A message that comes from a DNS server: whatever it is, no crash, and an answer only when it is
 * taken. The first octet says whether it came by TCP, and whether the rest only follows a header
 * and the question, since chance would hardly make those. */
#include <stdlib.h>
#include <string.h>

#include "client/dns_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BY_TCP = 1, APPEND = 2 };

static const uint8_t name_wire[] = "\3sip\1a";

/* An answer to "sip.a A" with two records and one more of authority and of additional data each. */
static const uint8_t start[] = {0x12, 0x34, 0x84, 0,   0, 1,   0, 2, 0, 1, 0, 1,
                                3,    's',  'i',  'p', 1, 'a', 0, 0, 1, 0, 1};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t choice = size > 0 ? data[0] : 0;
    size_t before = (choice & APPEND) != 0 ? sizeof(start) : 0;
    size_t rest = size > 0 ? size - 1 : 0;
    uint8_t *octets = malloc(before + rest + 1);
    ldns_rdf *name = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, sizeof(name_wire), name_wire);
    struct dns_client client = {.tries = 1};
    struct dns_exchange exchange = {.name = name, .type = LDNS_RR_TYPE_A};
    struct dns_request request;
    memcpy(octets, start, before);
    if (rest > 0) {
        memcpy(octets + before, data + 1, rest);
    }
    if (!dns_request_make(&request, &client, &exchange, 0x1234)) {
        abort();
    }
    exchange.tcp = (choice & BY_TCP) != 0;
    enum dns_fit fit = dns_request_take(&request, &client, octets, before + rest);
    if ((fit == DNS_FIT_TAKEN) != (exchange.answer != NULL)) {
        abort();
    }
    dns_request_clear(&request);
    dns_exchange_clear(&exchange);
    ldns_rdf_deep_free(name);
    free(octets);
    return 0;
}
