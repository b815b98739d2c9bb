/* SPDX-License-Identifier: MPL-2.0 */
/* Option 120: a name that is decoded can be encoded, and comes back. */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "option/option.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length)
{
    struct ucprov_name name, same;
    struct ucprov_option option;
    char text[UCPROV_NAME_TEXT_SIZE];
    if (ucprov_sip_server_decode(&name, octets, length) == UCPROV_OK &&
        ucprov_sip_server_encode(&option, ucprov_name_to_text(&name, text)) == UCPROV_OK) {
        assert(ucprov_sip_server_decode(&same, option.data, option.length) == UCPROV_OK);
        assert(ucprov_name_equal(&name, &same));
    }
    return 0;
}
