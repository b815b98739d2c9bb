/* SPDX-License-Identifier: MPL-2.0 */
/* Certificates in documents: each stands where it is said to stand. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "certificate/chain_document.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

/* In lines as stated: what is no line break is a base64 character. */
static void
check_lines(const struct ucprov_blob *blob, const char *text)
{
    size_t gap = strlen(blob->line_break);
    assert(blob->columns < blob->length);
    for (size_t at = blob->columns; at < blob->length; at += blob->columns + gap) {
        assert(memcmp(text + at, blob->line_break, gap) == 0);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length)
{
    struct ucprov_chain_document document;
    struct ucprov_problem problem = {""};
    const char *text = (const char *)octets;
    int status = ucprov_chain_document_parse(&document, text, length, &problem);
    assert(status == 0 || problem.text[0] != '\0');
    int certificates = 0;
    size_t end = 0;
    for (size_t i = 0; i < document.count && status == 0; i++) {
        const struct ucprov_blob *blob = &document.blobs[i];
        assert(blob->offset >= end && blob->length >= 64);
        end = blob->offset + blob->length;
        assert(end <= length);
        if (blob->columns > 0) {
            check_lines(blob, text + blob->offset);
        }
        assert(sk_X509_num(blob->certificates) > 0);
        certificates += sk_X509_num(blob->certificates);
    }
    assert(status != 0 || certificates == sk_X509_num(document.certificates));
    assert(strlen(document.element) < sizeof(document.element));
    assert(strlen(document.explanation) < sizeof(document.explanation));
    ucprov_chain_document_clear(&document);
    return 0;
}
