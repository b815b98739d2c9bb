/* SPDX-License-Identifier: MPL-2.0 */
/* What all options share: their names, how option 60 tells clients apart, and the walk over sub-
 * options that every reader of option 43 uses. Each option's own format has a file. */
#include "option/option.h"

#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/wire.h"

struct text_of_number {
    int number;
    const char *text;
};

const char *const ucprov_client_names[] = {
    [UCPROV_CLIENT_OTHER] = "other",
    [UCPROV_CLIENT_MS_UC] = "ms-uc",
    [UCPROV_CLIENT_CPE_OCPHONE] = "cpe-ocphone",
};

static const struct text_of_number vlan_encoding_names[] = {
    {UCPROV_VLAN_UINT16, "uint16"},
    {UCPROV_VLAN_ASCII, "ascii"},
    {UCPROV_VLAN_UINT32, "uint32"},
    {0, NULL},
};

static const struct text_of_number option_names[] = {
    {UCPROV_OPTION_DOMAIN_NAME, "domain name"},
    {UCPROV_OPTION_NTP_SERVERS, "time servers"},
    {UCPROV_OPTION_VENDOR, "vendor specific information"},
    {UCPROV_OPTION_DOMAIN_SEARCH, "domain search list"},
    {UCPROV_OPTION_SIP_SERVERS, "SIP server"},
    {0, NULL},
};

/* As DHCPUtil.exe prints them; 10 as AudioCodes' manual does. */
static const struct text_of_number sub_option_names[] = {
    {UCPROV_SUB_UC_IDENTIFIER, "UCIdentifier"},
    {UCPROV_SUB_URL_SCHEME, "URLScheme"},
    {UCPROV_SUB_WEB_SERVER_FQDN, "WebServerFqdn"},
    {UCPROV_SUB_WEB_SERVER_PORT, "WebServerPort"},
    {UCPROV_SUB_CERT_PROV_REL_PATH, "CertProvRelPath"},
    {UCPROV_SUB_VOICE_VLAN, "VoiceVLAN"},
    {0, NULL},
};

static const char *
find_text(const struct text_of_number *table, int number)
{
    for (; table->text != NULL; table++) {
        if (table->number == number) {
            return table->text;
        }
    }
    return NULL;
}

static const struct text_of_number *
find_number(const struct text_of_number *table, const char *text)
{
    for (; table->text != NULL; table++) {
        if (strcmp(table->text, text) == 0) {
            return table;
        }
    }
    return NULL;
}

enum ucprov_client
ucprov_client_from_class(const void *vendor_class, size_t length)
{
    if (length == strlen(UCPROV_CLASS_MS_UC) &&
        memcmp(vendor_class, UCPROV_CLASS_MS_UC, length) == 0) {
        return UCPROV_CLIENT_MS_UC;
    }
    if (length == strlen(UCPROV_CLASS_OCPHONE) &&
        strncasecmp(vendor_class, UCPROV_CLASS_OCPHONE, length) == 0) {
        return UCPROV_CLIENT_CPE_OCPHONE;
    }
    return UCPROV_CLIENT_OTHER;
}

const char *
ucprov_client_name(enum ucprov_client client)
{
    return ucprov_client_names[client];
}

const char *
ucprov_vlan_encoding_name(enum ucprov_vlan_encoding encoding)
{
    return find_text(vlan_encoding_names, (int)encoding);
}

bool
ucprov_vlan_encoding_from_name(const char *name, enum ucprov_vlan_encoding *encoding)
{
    const struct text_of_number *found = find_number(vlan_encoding_names, name);
    if (found == NULL) {
        return false;
    }
    *encoding = (enum ucprov_vlan_encoding)found->number;
    return true;
}

const char *
ucprov_sub_option_name(uint8_t code)
{
    return find_text(sub_option_names, code);
}

const char *
ucprov_option_name(uint8_t code)
{
    return find_text(option_names, code);
}

bool
ucprov_sub_option_next(struct ucprov_reader *reader, struct ucprov_sub_option *sub)
{
    if (reader->error != UCPROV_OK || ucprov_reader_left(reader) == 0) {
        return false;
    }
    *sub = (struct ucprov_sub_option){.code = ucprov_read_u8(reader)};
    sub->value = reader->position;
    if (sub->code == UCPROV_SUB_PAD || sub->code == UCPROV_SUB_END) {
        return true;
    }
    sub->claimed = ucprov_read_u8(reader);
    sub->value = reader->position;
    size_t left = ucprov_reader_left(reader);
    sub->length = left < sub->claimed ? (uint8_t)left : sub->claimed;
    if (ucprov_read_octets(reader, sub->claimed) == NULL) {
        reader->position = reader->end;
    }
    return true;
}
