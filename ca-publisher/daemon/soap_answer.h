/* SPDX-License-Identifier: MPL-2.0 */
/* What is answered besides a chain: errors of an operation, and SOAP 1.1 faults. */
#ifndef SOAP_ANSWER_H
#define SOAP_ANSWER_H

#include <stddef.h>

#include "daemon/soap_request.h"

#define SOAP_NAMESPACE      "http://schemas.xmlsoap.org/soap/envelope/"
#define CERT_PROV_NAMESPACE "http://schemas.microsoft.com/OCS/AuthWebServices/"
#define SOAP_CONTENT_TYPE   "text/xml; charset=utf-8"
#define SOAP_ANSWER_SIZE    2048

/* Writes the answer to any request but SOAP_GET_ROOT_CERT_CHAINS. Returns the HTTP status: 200
 * with ResponseClass="Error" and an ErrorInfo element for an operation that this service does not
 * do, 500 with a fault for what is no request (SOAP 1.1 section 6.2). `*length` is its length. */
int soap_answer_write(char answer[SOAP_ANSWER_SIZE], size_t *length,
                      const struct soap_request *request);

#endif
