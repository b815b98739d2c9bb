/* SPDX-License-Identifier: MPL-2.0 */
/* Option 42, RFC 2132 8.3: IPv4 addresses in order of preference. */
#include <string.h>

#include "base/error.h"
#include "base/wire.h"
#include "option/option.h"

int
ucprov_ntp_servers_encode(struct ucprov_option *option, const struct in_addr *addresses,
                          size_t count)
{
    option->code = UCPROV_OPTION_NTP_SERVERS;
    option->length = 0;
    if (count == 0) {
        return UCPROV_ERANGE;
    }
    struct ucprov_writer writer;
    ucprov_writer_init(&writer, option->data, UCPROV_OPTION_MAX);
    for (size_t i = 0; i < count; i++) {
        /* s_addr is in network order already. */
        ucprov_write_octets(&writer, &addresses[i].s_addr, sizeof(addresses[i].s_addr));
    }
    if (writer.error == UCPROV_OK) {
        option->length = (uint8_t)ucprov_writer_length(&writer);
    }
    return writer.error;
}

int
ucprov_ntp_servers_decode(struct ucprov_ntp_servers *servers, const uint8_t *value, size_t length)
{
    servers->count = 0;
    if (length == 0) {
        return UCPROV_EWIRE_EMPTY;
    }
    struct ucprov_reader reader;
    ucprov_reader_init(&reader, value, length);
    while (ucprov_reader_left(&reader) > 0 && servers->count < UCPROV_NTP_SERVERS_MAX) {
        struct in_addr *address = &servers->addresses[servers->count];
        const uint8_t *octets = ucprov_read_octets(&reader, sizeof(address->s_addr));
        if (octets == NULL) {
            return reader.error;
        }
        memcpy(&address->s_addr, octets, sizeof(address->s_addr));
        servers->count++;
    }
    return ucprov_reader_left(&reader) > 0 ? UCPROV_ETOOLONG : UCPROV_OK;
}
