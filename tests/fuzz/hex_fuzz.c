/* SPDX-License-Identifier: MPL-2.0 */
/* Hex as people paste it, and octets as they are shown. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/octet_text.h"
#include "base/printable.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length)
{
    uint8_t value[64], same[64];
    char hex[2 * sizeof(value) + 1], escaped[40];
    char *text = strndup((const char *)octets, length);
    assert(text != NULL);
    int count = ucprov_hex_decode(value, sizeof(value), text);
    assert(count >= -1 && count <= (int)sizeof(value));
    if (count >= 0) {
        ucprov_hex_encode(hex, value, (size_t)count);
        assert(ucprov_hex_decode(same, sizeof(same), hex) == count);
        assert(memcmp(value, same, (size_t)count) == 0);
    }
    struct ucprov_problem problem;
    int read = ucprov_octets_read(same, sizeof(same), text, &problem);
    assert(read >= -1 && read <= (int)sizeof(same));
    /* What the strict reader takes, this one takes alike; but a dump has offsets. */
    assert(count <= 0 || strpbrk(text, " \t\n:-") != NULL ||
           (read == count && memcmp(value, same, (size_t)count) == 0));
    for (size_t size = 1; size <= sizeof(escaped); size++) {
        assert(strlen(ucprov_escape(escaped, size, octets, length)) < size);
    }
    free(text);
    return 0;
}
