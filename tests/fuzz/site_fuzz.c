/* SPDX-License-Identifier: MPL-2.0 */
/* Site files: what is accepted makes a policy; what is refused has said why. */
#include <assert.h>

#include "site/policy.h"
#include "site/site.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length)
{
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "fuzz");
    struct ucprov_site *site =
        ucprov_site_parse("fuzz", (const char *)octets, length, &diagnostics);
    assert((site == NULL) == (diagnostics.errors > 0));
    if (site != NULL) {
        struct ucprov_policy *policy = ucprov_policy_new(site, NULL, 0, &diagnostics);
        assert(policy != NULL);
        ucprov_policy_free(policy);
        ucprov_site_free(site);
    }
    ucprov_diagnostics_clear(&diagnostics);
    return 0;
}
