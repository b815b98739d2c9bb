/* SPDX-License-Identifier: MPL-2.0 */
/* Option 15, RFC 2132 3.17: ASCII, no NUL. */
#include <string.h>

#include "base/error.h"
#include "base/wire.h"
#include "option/option.h"

int
ucprov_domain_name_encode(struct ucprov_option *option, const char *domain)
{
    option->code = UCPROV_OPTION_DOMAIN_NAME;
    option->length = 0;
    int error = ucprov_name_from_text(NULL, domain);
    if (error != UCPROV_OK) {
        return error;
    }
    /* A name has at most UCPROV_NAME_TEXT_MAX characters: it always fits. */
    option->length = (uint8_t)strlen(domain);
    memcpy(option->data, domain, option->length);
    return UCPROV_OK;
}

int
ucprov_domain_name_decode(char domain[UCPROV_OPTION_WIRE_MAX + 1], const uint8_t *value,
                          size_t length)
{
    domain[0] = '\0';
    if (length == 0) {
        return UCPROV_EWIRE_EMPTY;
    }
    size_t copied = length < UCPROV_OPTION_WIRE_MAX ? length : UCPROV_OPTION_WIRE_MAX;
    memcpy(domain, value, copied);
    domain[copied] = '\0';
    return length > copied ? UCPROV_ETOOLONG : ucprov_name_from_text(NULL, domain);
}
