/* SPDX-License-Identifier: MPL-2.0 */
/* Names in wire form, begun at every octet. */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "option/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length)
{
    for (size_t start = 0; start < length; start++) {
        struct ucprov_reader reader, again;
        struct ucprov_name name, same;
        char text[UCPROV_NAME_TEXT_SIZE];
        ucprov_reader_init(&reader, octets, length);
        reader.position += start;
        int error = ucprov_name_read(&reader, &name);
        assert(error == reader.error);
        assert(strlen(ucprov_name_to_text(&name, text)) < sizeof(text));
        if (error == UCPROV_OK) {
            assert(reader.position > octets + start && reader.position <= reader.end);
            ucprov_reader_init(&again, name.wire, name.length);
            assert(ucprov_name_read(&again, &same) == UCPROV_OK);
            assert(ucprov_name_equal(&name, &same));
            assert(ucprov_reader_left(&again) == 0);
        }
    }
    return 0;
}
