/* SPDX-License-Identifier: MPL-2.0 */
/* Text from anywhere: what comes out fits, is UTF-8 by jansson's judgment, and has no controls. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    size_t room = (size_t)data[0] + 1;
    char *text = malloc(room);
    if (text == NULL) {
        return 0;
    }
    ucprov_printable(text, room, data + 1, size - 1);
    json_t *json = json_string(text);
    if (strlen(text) >= room || json == NULL) {
        abort();
    }
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f) {
            abort();
        }
    }
    json_decref(json);
    free(text);
    return 0;
}
