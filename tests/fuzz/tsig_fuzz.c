/* SPDX-License-Identifier: MPL-2.0 */
/* An answer with a TSIG record: whatever comes, no crash, and nothing unsigned passes. */
#include <sanitizer/lsan_interface.h>
#include <stdlib.h>
#include <string.h>

#include "client/tsig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A TSIG record that has everything but the right MAC and time. */
static const uint8_t record[] = "\6phones\0\0\372\0\377\0\0\0\0\0\75"
                                "\13hmac-sha256\0\0\0\0\0\0\0\1\54\0\40"
                                "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm\0\0\0\0\0";

/* A request's TSIG record, as far as it counts. */
static ldns_rr *
request_new(void)
{
    static const uint8_t mac[2 + 32] = {0, 32, 'm'};
    ldns_rr *request = ldns_rr_new_frm_type(LDNS_RR_TYPE_TSIG);
    ldns_rr_set_rdf(request, ldns_rdf_new_frm_data(LDNS_RDF_TYPE_INT16_DATA, sizeof(mac), mac), 3);
    return request;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct tsig_key key = {"phones", "hmac-sha256", "a2tra2tra2tra2tra2tra2s=", 0};
    bool append = size > 0 && (data[0] & 1) != 0; /* chance would hardly make one */
    size_t length = append ? size + sizeof(record) : size;
    uint8_t *octets = malloc(length + 1);
    ldns_pkt *answer = NULL;
    memcpy(octets, data, size);
    memcpy(octets + size, record, length - size);
    __lsan_disable(); /* libldns loses all TSIG records but the last */
    ldns_status error = ldns_wire2pkt(&answer, octets, length);
    __lsan_enable();
    if (error == LDNS_STATUS_OK) {
        ldns_rr *request = request_new();
        if (tsig_verify(&key, answer, octets, length, request).verdict == TSIG_AUTHENTIC) {
            abort(); /* nobody but us knows the secret */
        }
        ldns_rr_free(request);
        ldns_pkt_free(answer);
    }
    free(octets);
    return 0;
}
