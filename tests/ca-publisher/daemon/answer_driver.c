/* SPDX-License-Identifier: MPL-2.0 */
/* tests/answer_driver: what the publisher answers, without the publisher.
 *
 *   answer_driver wsdl URL               the WSDL, with the service at URL
 *   answer_driver response CHAIN [FILE]  the response with the chains of a file, by a template
 *   answer_driver request                the operation of the SOAP request on standard input: a
 *                                        number, and the answer to any but GetRootCertChains
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/soap_answer.h"
#include "daemon/wsdl.h"
#include "response_template.h"

static int
report_problem(const char *problem)
{
    fprintf(stderr, "answer_driver: %s\n", problem);
    return EXIT_FAILURE;
}

static int
write_wsdl(const char *location)
{
    static char wsdl[WSDL_SIZE];
    size_t length = wsdl_write(wsdl, location);
    return length > 0 && fwrite(wsdl, 1, length, stdout) == length ? 0
                                                                   : report_problem("no location");
}

static int
write_response(const char *chain, const char *template_file)
{
    struct ucprov_problem problem;
    struct ucprov_chains chains = {.count = 0};
    size_t length = strlen(response_template_builtin), rendered_length = 0;
    char *template = template_file == NULL
                         ? strdup(response_template_builtin)
                         : response_template_read(template_file, &length, &problem);
    STACK_OF(X509) *certificates = ucprov_certificates_read(chain, UCPROV_FILE_OR_PIPE, &problem);
    char *rendered = NULL;
    if (template != NULL && certificates != NULL &&
        ucprov_chains_build(&chains, certificates, time(NULL), &problem) == 0) {
        rendered = response_render(template, length, &chains, &rendered_length, &problem);
    }
    fwrite(rendered == NULL ? "" : rendered, 1, rendered_length, stdout);
    int status = rendered == NULL ? report_problem(problem.text) : EXIT_SUCCESS;
    free(rendered);
    free(template);
    ucprov_certificates_free(certificates);
    ucprov_chains_clear(&chains);
    return status;
}

static int
write_answer(void)
{
    static char octets[1 << 20];
    char answer[SOAP_ANSWER_SIZE] = "";
    struct soap_request request;
    struct soap_piece piece = {octets, fread(octets, 1, sizeof(octets), stdin)};
    struct soap_parser *parser = soap_parser_new();
    if (parser == NULL) {
        return report_problem("out of memory");
    }
    size_t length = 0;
    soap_parser_read(parser, &piece, 1, &request);
    if (request.operation != SOAP_GET_ROOT_CERT_CHAINS) {
        soap_answer_write(answer, &length, &request);
    }
    printf("%d\n%s", request.operation, answer);
    soap_parser_free(parser);
    return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "wsdl") == 0) {
        return write_wsdl(argv[2]);
    }
    if ((argc == 3 || argc == 4) && strcmp(argv[1], "response") == 0) {
        return write_response(argv[2], argv[3]);
    }
    if (argc == 2 && strcmp(argv[1], "request") == 0) {
        return write_answer();
    }
    return report_problem("wsdl URL, response CHAIN [FILE], or request");
}
