/* SPDX-License-Identifier: MPL-2.0 */
/* Option 43: what is decoded can be encoded, and then means the same. */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "base/wire.h"
#include "option/option.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length);

static void
walk_sub_options(const uint8_t *octets, size_t length)
{
    struct ucprov_reader reader;
    struct ucprov_sub_option sub;
    uint16_t id;
    enum ucprov_vlan_encoding encoding;
    ucprov_reader_init(&reader, octets, length);
    while (ucprov_sub_option_next(&reader, &sub)) {
        assert(sub.value > octets && sub.value + sub.length <= octets + length);
        assert(sub.length == sub.claimed || reader.error == UCPROV_EWIRE_SHORT);
        int error = ucprov_voice_vlan_decode(&id, &encoding, sub.value, sub.length);
        assert(error != UCPROV_OK || (id >= UCPROV_VLAN_ID_MIN && id <= UCPROV_VLAN_ID_MAX));
    }
    assert(ucprov_reader_left(&reader) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t length)
{
    struct ucprov_ms_uc_options service, same;
    struct ucprov_option option;
    walk_sub_options(octets, length);
    if (ucprov_cert_prov_decode(&service, octets, length) == UCPROV_OK &&
        ucprov_cert_prov_encode(&option, &service) == UCPROV_OK) {
        assert(option.length > 0 && option.length <= UCPROV_OPTION_MAX);
        assert(ucprov_cert_prov_decode(&same, option.data, option.length) == UCPROV_OK);
        assert(strcmp(same.scheme, service.scheme) == 0);
        assert(strcmp(same.web_server, service.web_server) == 0);
        assert(strcmp(same.cert_prov_path, service.cert_prov_path) == 0);
        assert(same.port == service.port && same.voice_vlan_id == service.voice_vlan_id);
        assert(service.voice_vlan_id == 0 ||
               same.voice_vlan_encoding == service.voice_vlan_encoding);
    }
    return 0;
}
