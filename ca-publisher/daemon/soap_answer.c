/* SPDX-License-Identifier: MPL-2.0 */
/* Fixed texts, and one place in them for an operation's name or a parser's reason, both of which
 * are free of markup before they get here. */
#include "daemon/soap_answer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define HTTP_OK             200
#define HTTP_INTERNAL_ERROR 500 /* of every fault (SOAP 1.1 section 6.2) */

#define ENVELOPE_START "<s:Envelope xmlns:s=\"" SOAP_NAMESPACE "\"><s:Body>"
#define ENVELOPE_END   "</s:Body></s:Envelope>"
#define FAULT_FORMAT                                                                               \
    ENVELOPE_START "<s:Fault><faultcode>s:%s</faultcode><faultstring>%s%s%s</faultstring>"         \
                   "</s:Fault>" ENVELOPE_END

/* What is public of [MS-OCAUTHWS] is that an operation's error is an ErrorInfo in its response
 * element, whose ResponseClass says so; what ErrorInfo consists of is not. So it has a text. */
static const char publish_error[] = ENVELOPE_START
    "<GetAndPublishCertResponse xmlns=\"" CERT_PROV_NAMESPACE "\" ResponseClass=\"Error\">"
    "<ErrorInfo>This service only publishes root certificate chains. Certificates of users are "
    "issued by the registrar's own certificate provisioning service.</ErrorInfo>"
    "</GetAndPublishCertResponse>" ENVELOPE_END;

/* Fault codes as SOAP 1.1 section 4.4.1 has them. Text that comes from the request is in the
 * middle; a reason of expat's is free of markup, and so is an operation's name. */
static const struct fault {
    const char *code;
    const char *before;
    const char *after;
} faults[SOAP_OPERATION_COUNT] = {
    [SOAP_UNKNOWN_OPERATION] =
        {"Client", "There is no operation ",
         "; this service has GetRootCertChains, of namespace " CERT_PROV_NAMESPACE "."},
    [SOAP_MALFORMED] = {"Client", "This is no SOAP 1.1 request: ", "."},
    [SOAP_VERSION_MISMATCH] = {"VersionMismatch",
                               "This service speaks SOAP 1.1: an Envelope of "
                               "namespace " SOAP_NAMESPACE ".",
                               ""},
    [SOAP_MUST_UNDERSTAND] = {"MustUnderstand",
                              "A header entry has to be understood, and this "
                              "service understands none.",
                              ""},
};

int
soap_answer_write(char answer[SOAP_ANSWER_SIZE], size_t *length, const struct soap_request *request)
{
    assert(request->operation != SOAP_GET_ROOT_CERT_CHAINS);
    assert(request->operation < SOAP_OPERATION_COUNT);
    if (request->operation == SOAP_GET_AND_PUBLISH_CERT) {
        *length = sizeof(publish_error) - 1;
        memcpy(answer, publish_error, sizeof(publish_error));
        return HTTP_OK;
    }
    const struct fault *fault = &faults[request->operation];
    const char *middle = request->operation == SOAP_UNKNOWN_OPERATION ? request->name
                         : request->operation == SOAP_MALFORMED       ? request->reason
                                                                      : "";
    int count = snprintf(answer, SOAP_ANSWER_SIZE, FAULT_FORMAT, fault->code, fault->before, middle,
                         fault->after);
    assert(count > 0 && count < SOAP_ANSWER_SIZE);
    *length = (size_t)count;
    return HTTP_INTERNAL_ERROR;
}

static_assert(sizeof(publish_error) <= SOAP_ANSWER_SIZE, "every answer fits");
