/* SPDX-License-Identifier: MPL-2.0 */
/* DHCP replies as ucprov-probe takes them apart. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "dhcp/dhcp_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length)
{
    struct dhcp_message message;
    struct ucprov_option_view option;
    char text[DHCP_FAULT_TEXT_SIZE];
    size_t total = 0;

    enum dhcp_fault fault = dhcp_message_parse(&message, octets, length);
    assert(strlen(dhcp_fault_text(fault, &message, text)) < DHCP_FAULT_TEXT_SIZE);
    for (unsigned code = 0; fault == DHCP_SOUND && code <= DHCP_OPTION_END; code++) {
        if (!dhcp_message_option(&message, (uint8_t)code, &option))
            continue;
        assert(option.value >= message.data &&
               option.value + option.length <= message.data + sizeof(message.data));
        total += option.length;
    }
    assert(total <= length);
    return 0;
}
