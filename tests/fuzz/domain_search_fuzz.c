/* SPDX-License-Identifier: MPL-2.0 */
/* Option 119: a list that is decoded can be encoded, compressed or not, and comes back. */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "option/option.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length)
{
    static struct ucprov_domain_search search, same;
    static char texts[UCPROV_DOMAIN_SEARCH_MAX][UCPROV_NAME_TEXT_SIZE];
    const char *domains[UCPROV_DOMAIN_SEARCH_MAX];
    struct ucprov_option option;
    if (ucprov_domain_search_decode(&search, octets, length) != UCPROV_OK) {
        return 0;
    }
    for (size_t i = 0; i < search.count; i++) {
        domains[i] = ucprov_name_to_text(&search.names[i], texts[i]);
    }
    if (ucprov_domain_search_encode(&option, domains, search.count) == UCPROV_OK) {
        assert(option.length <= UCPROV_OPTION_MAX);
        assert(ucprov_domain_search_decode(&same, option.data, option.length) == UCPROV_OK);
        assert(same.count == search.count);
        for (size_t i = 0; i < search.count; i++) {
            assert(ucprov_name_equal(&same.names[i], &search.names[i]));
        }
    }
    return 0;
}
