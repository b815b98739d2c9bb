/* SPDX-License-Identifier: MPL-2.0 */
/* Names as people write them: what is accepted comes back as it was. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "option/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length)
{
    struct ucprov_name name;
    char back[UCPROV_NAME_TEXT_SIZE];
    char *text = strndup((const char *)octets, length);
    assert(text != NULL);
    int error = ucprov_name_from_text(&name, text);
    assert(error == ucprov_name_from_text(NULL, text));
    assert(error == UCPROV_OK || ucprov_name_check_host(text) == error);
    if (error == UCPROV_OK) {
        assert(strcmp(ucprov_name_to_text(&name, back), text) == 0);
        assert(name.length == strlen(text) + 2);
    }
    free(text);
    return 0;
}
