/* SPDX-License-Identifier: MPL-2.0 */
/* Requests to the certificate service, in any pieces; one parser for all, as the server has it. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "daemon/soap_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

static void
check_answer(const struct soap_request *request)
{
    char answer[SOAP_ANSWER_SIZE];
    size_t length;
    int status = soap_answer_write(answer, &length, request);
    assert(status == 500 || (status == 200 && request->operation == SOAP_GET_AND_PUBLISH_CERT));
    assert(strlen(answer) == length);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length)
{
    static struct soap_parser *parser;
    if (parser == NULL) {
        parser = soap_parser_new();
        assert(parser != NULL);
    }
    struct soap_request whole, parts;
    struct soap_piece piece = {octets, length};
    soap_parser_read(parser, &piece, 1, &whole);
    size_t cut = length == 0 ? 0 : octets[length - 1] % length;
    struct soap_piece pieces[2] = {{octets, cut}, {octets + cut, length - cut}};
    soap_parser_read(parser, pieces, 2, &parts);
    assert(whole.operation == parts.operation && strcmp(whole.name, parts.name) == 0);
    assert((whole.operation == SOAP_MALFORMED) == (whole.reason != NULL));
    if (whole.operation != SOAP_GET_ROOT_CERT_CHAINS) {
        check_answer(&whole);
    }
    return 0;
}
