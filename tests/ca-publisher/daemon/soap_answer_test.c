/* SPDX-License-Identifier: MPL-2.0 */
/* SOAP faults and the error of an operation, octet by octet where the specification says so. */
#include "unit.h"

#include "certificate/chain_document.h"

#include "daemon/soap_answer.h"

static char answer[SOAP_ANSWER_SIZE];

/* Writes an answer, and reads it as a client would. */
static int
write_answer(struct ucprov_chain_document *document, const struct soap_request *request)
{
    struct ucprov_problem problem;
    size_t length = 0;
    memset(answer, 'x', sizeof(answer));
    int status = soap_answer_write(answer, &length, request);
    assert_int_equal(strlen(answer), length);
    assert_int_equal(ucprov_chain_document_parse(document, answer, length, &problem), 0);
    assert_true(document->error_response);
    assert_int_equal(document->count, 0);
    return status;
}

static void
assert_fault(const struct soap_request *request, const char *code, const char *part)
{
    struct ucprov_chain_document document;
    char element[64];
    assert_int_equal(write_answer(&document, request), 500);
    print_to(element, sizeof(element), "<s:Fault><faultcode>s:%s</faultcode><faultstring>", code);
    assert_non_null(strstr(answer, element));
    assert_ptr_equal(strstr(answer, "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/"
                                    "envelope/\"><s:Body>"),
                     answer);
    print_message("    %s\n", document.explanation);
    assert_non_null(strstr(document.explanation, part));
    ucprov_chain_document_clear(&document);
}

static void
faults_have_their_codes(void **state)
{
    (void)state;
    struct soap_request request = {.operation = SOAP_UNKNOWN_OPERATION, .name = "Hello"};
    assert_fault(&request, "Client", "Hello");
    request = (struct soap_request){.operation = SOAP_MALFORMED, .reason = "no element found"};
    assert_fault(&request, "Client", "no element found");
    request = (struct soap_request){.operation = SOAP_VERSION_MISMATCH};
    assert_fault(&request, "VersionMismatch", "SOAP 1.1");
    request = (struct soap_request){.operation = SOAP_MUST_UNDERSTAND};
    assert_fault(&request, "MustUnderstand", "understand");
}

static void
the_longest_name_fits(void **state)
{
    (void)state;
    struct soap_request request = {.operation = SOAP_UNKNOWN_OPERATION};
    memset(request.name, 'W', SOAP_OPERATION_MAX);
    assert_fault(&request, "Client", request.name);
}

static void
another_operation_gets_an_error_of_its_own(void **state)
{
    (void)state;
    struct ucprov_chain_document document;
    struct soap_request request = {.operation = SOAP_GET_AND_PUBLISH_CERT};
    assert_int_equal(write_answer(&document, &request), 200);
    assert_non_null(strstr(answer,
                           "<GetAndPublishCertResponse xmlns=\"http://schemas.microsoft.com/"
                           "OCS/AuthWebServices/\" ResponseClass=\"Error\"><ErrorInfo>"));
    assert_null(strstr(answer, "Fault"));
    assert_non_null(strstr(document.explanation, "only publishes root certificate chains"));
    ucprov_chain_document_clear(&document);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_have_their_codes),
        cmocka_unit_test(the_longest_name_fits),
        cmocka_unit_test(another_operation_gets_an_error_of_its_own),
    };
    return cmocka_run_group_tests_name("SOAP answer", tests, NULL, NULL);
}
