/* SPDX-License-Identifier: MPL-2.0 */
/* Lint and explain: each option, and option 43 for each client. */
#include <assert.h>
#include <string.h>

#include "option/explain.h"
#include "option/lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

static void
check_findings(const struct ucprov_findings *findings)
{
    assert(findings->count <= UCPROV_FINDINGS_MAX);
    for (size_t i = 0; i < findings->count; i++) {
        assert(findings->items[i].remedy != NULL);
        for (const char *c = findings->items[i].text; *c != '\0'; c++) {
            assert(*c >= ' ' && *c <= '~');
        }
    }
}

static void
try_option(FILE *out, uint8_t code, enum ucprov_client client, const uint8_t *octets, size_t length)
{
    struct ucprov_findings findings = {.count = 0};
    const struct ucprov_option_view view = {code, octets, length};
    ucprov_lint_option(&findings, code, client, octets, length);
    ucprov_lint_answer(&findings, client, &view, 1);
    check_findings(&findings);
    ucprov_explain_text(out, code, client, octets, length);
    ucprov_findings_print(&findings, out, true);
    ucprov_findings_clear(&findings);
    json_t *object = ucprov_explain_json(code, client, octets, length);
    assert(object != NULL);
    json_decref(object);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length)
{
    static const uint8_t codes[] = {15, 42, 43, 60, 119, 120};
    static FILE *out;
    if (out == NULL) {
        out = fopen("/dev/null", "w");
    }
    assert(out != NULL);
    for (size_t i = 0; i < sizeof(codes); i++) {
        try_option(out, codes[i], UCPROV_CLIENT_OTHER, octets, length);
    }
    try_option(out, UCPROV_OPTION_VENDOR, UCPROV_CLIENT_MS_UC, octets, length);
    try_option(out, UCPROV_OPTION_VENDOR, UCPROV_CLIENT_CPE_OCPHONE, octets, length);
    return 0;
}
