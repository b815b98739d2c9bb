/* SPDX-License-Identifier: MPL-2.0 */
/* Option 120, RFC 3361. The phones take one fully qualified name, in encoding 0. */
#include "base/error.h"
#include "base/wire.h"
#include "option/option.h"

#define ENCODING_NAMES 0 /* RFC 3361 3.1; 1 is for addresses */

int
ucprov_sip_server_encode(struct ucprov_option *option, const char *fqdn)
{
    option->code = UCPROV_OPTION_SIP_SERVERS;
    option->length = 0;
    int error = ucprov_name_check_host(fqdn);
    if (error != UCPROV_OK) {
        return error;
    }
    struct ucprov_name name;
    error = ucprov_name_from_text(&name, fqdn);
    if (error != UCPROV_OK) {
        return error;
    }
    struct ucprov_writer writer;
    ucprov_writer_init(&writer, option->data, UCPROV_OPTION_MAX);
    ucprov_write_u8(&writer, ENCODING_NAMES);
    ucprov_write_octets(&writer, name.wire, name.length);
    if (writer.error == UCPROV_OK) {
        option->length = (uint8_t)ucprov_writer_length(&writer);
    }
    return writer.error;
}

int
ucprov_sip_server_decode(struct ucprov_name *name, const uint8_t *value, size_t length)
{
    *name = (struct ucprov_name){.length = 0};
    if (length == 0) {
        return UCPROV_EWIRE_EMPTY;
    }
    struct ucprov_reader reader;
    ucprov_reader_init(&reader, value, length);
    if (ucprov_read_u8(&reader) != ENCODING_NAMES) {
        return UCPROV_EWIRE_VALUE;
    }
    int error = ucprov_name_read(&reader, name);
    if (error != UCPROV_OK) {
        return error;
    }
    if (ucprov_name_labels(name) == 0) {
        return UCPROV_EWIRE_VALUE;
    }
    return ucprov_reader_left(&reader) > 0 ? UCPROV_EWIRE_TRAILING : UCPROV_OK;
}
