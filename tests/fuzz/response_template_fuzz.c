/* SPDX-License-Identifier: MPL-2.0 */
/* Templates: refused, or the chain can be read back from what they make. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "certificate/chain_document.h"

#include "response_template.h"
#include "samples/certificate_samples.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

static const struct ucprov_chains *
sample_chains(void)
{
    static struct ucprov_chains chains;
    if (chains.count == 0) {
        struct ucprov_problem problem;
        STACK_OF(X509) *certificates =
            ucprov_certificates_parse((const uint8_t *)pkcs7_pem, strlen(pkcs7_pem));
        assert(certificates != NULL);
        int status = ucprov_chains_build(&chains, certificates, 1767225600 /* 2026 */, &problem);
        assert(status == 0);
        ucprov_certificates_free(certificates);
    }
    return &chains;
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length)
{
    struct ucprov_problem problem = {""};
    size_t result_length = 0;
    char *result =
        response_render((const char *)octets, length, sample_chains(), &result_length, &problem);
    if (result == NULL) {
        assert(problem.text[0] != '\0');
        return 0;
    }
    assert(result_length == strlen(result) && result_length <= RESPONSE_MAX);
    struct ucprov_chain_document document;
    int status = ucprov_chain_document_parse(&document, result, result_length, &problem);
    assert(status == 0 && sk_X509_num(document.certificates) >= 2);
    ucprov_chain_document_clear(&document);
    free(result);
    return 0;
}
