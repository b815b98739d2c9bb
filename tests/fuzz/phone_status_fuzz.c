/* SPDX-License-Identifier: MPL-2.0 */
/* A status that somebody read off a phone's screen: what is read, is written, and read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "certificate/phone_status.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ucprov_problem problem;
    char written[UCPROV_PHONE_STATUS_SIZE];
    unsigned values[4];
    char *text = strndup((const char *)data, size);
    if (text != NULL && ucprov_phone_status_parse(text, &values[0], &values[1], &problem) == 0) {
        ucprov_phone_status_text(written, values[0], values[1]);
        if (ucprov_phone_status_parse(written, &values[2], &values[3], &problem) != 0 ||
            values[0] != values[2] || values[1] != values[3]) {
            abort();
        }
    }
    free(text);
    return 0;
}
