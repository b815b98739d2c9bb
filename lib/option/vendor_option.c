/* SPDX-License-Identifier: MPL-2.0 */
/* Option 43, RFC 2132 8.4: sub-options 1 to 5 for MS-UC-Client, 10 for CPE-OCPHONE. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/wire.h"
#include "option/option.h"

#define PORT_TEXT_SIZE       sizeof("65535")
#define VLAN_TEXT_SIZE       sizeof("65535")
#define PORT_MAX             65535U
#define VLAN_TEXT_LENGTH_MAX 4 /* 4094 */

static void
write_sub_option(struct ucprov_writer *writer, uint8_t code, const void *value, size_t length)
{
    ucprov_write_u8(writer, code);
    ucprov_write_u8(writer, (uint8_t)length);
    ucprov_write_octets(writer, value, length);
}

static void
write_text(struct ucprov_writer *writer, uint8_t code, const char *text)
{
    write_sub_option(writer, code, text, strnlen(text, UCPROV_OPTION_WIRE_MAX));
}

static void
write_port(struct ucprov_writer *writer, uint16_t port)
{
    char text[PORT_TEXT_SIZE];
    snprintf(text, sizeof(text), "%u", port);
    write_text(writer, UCPROV_SUB_WEB_SERVER_PORT, text);
}

static void
write_voice_vlan(struct ucprov_writer *writer, uint16_t id, enum ucprov_vlan_encoding encoding)
{
    char text[VLAN_TEXT_SIZE];
    switch (encoding) {
    case UCPROV_VLAN_UINT16:
        ucprov_write_u8(writer, UCPROV_SUB_VOICE_VLAN);
        ucprov_write_u8(writer, sizeof(uint16_t));
        ucprov_write_u16(writer, id);
        return;
    case UCPROV_VLAN_UINT32:
        ucprov_write_u8(writer, UCPROV_SUB_VOICE_VLAN);
        ucprov_write_u8(writer, sizeof(uint32_t));
        ucprov_write_u32(writer, id);
        return;
    case UCPROV_VLAN_ASCII:
        snprintf(text, sizeof(text), "%u", id);
        write_text(writer, UCPROV_SUB_VOICE_VLAN, text);
        return;
    }
    writer->error = UCPROV_ERANGE;
}

static int
finish(struct ucprov_option *option, const struct ucprov_writer *writer)
{
    if (writer->error == UCPROV_OK) {
        option->length = (uint8_t)ucprov_writer_length(writer);
    }
    return writer->error;
}

int
ucprov_cert_prov_encode(struct ucprov_option *option, const struct ucprov_ms_uc_options *service)
{
    option->code = UCPROV_OPTION_VENDOR;
    option->length = 0;
    if (service->scheme[0] == '\0' || service->web_server[0] == '\0' ||
        service->cert_prov_path[0] == '\0' || service->voice_vlan_id > UCPROV_VLAN_ID_MAX) {
        return UCPROV_ERANGE;
    }
    struct ucprov_writer writer;
    ucprov_writer_init(&writer, option->data, UCPROV_OPTION_MAX);
    write_text(&writer, UCPROV_SUB_UC_IDENTIFIER, UCPROV_CLASS_MS_UC);
    write_text(&writer, UCPROV_SUB_URL_SCHEME, service->scheme);
    write_text(&writer, UCPROV_SUB_WEB_SERVER_FQDN, service->web_server);
    if (service->port != 0) {
        write_port(&writer, service->port);
    }
    write_text(&writer, UCPROV_SUB_CERT_PROV_REL_PATH, service->cert_prov_path);
    if (service->voice_vlan_id != 0) {
        write_voice_vlan(&writer, service->voice_vlan_id, service->voice_vlan_encoding);
    }
    return finish(option, &writer);
}

int
ucprov_voice_vlan_encode(struct ucprov_option *option, uint16_t id,
                         enum ucprov_vlan_encoding encoding)
{
    option->code = UCPROV_OPTION_VENDOR;
    option->length = 0;
    if (id < UCPROV_VLAN_ID_MIN || id > UCPROV_VLAN_ID_MAX) {
        return UCPROV_ERANGE;
    }
    struct ucprov_writer writer;
    ucprov_writer_init(&writer, option->data, UCPROV_OPTION_MAX);
    write_voice_vlan(&writer, id, encoding);
    return finish(option, &writer);
}

static size_t
without_nuls(const uint8_t *value, size_t length)
{
    while (length > 0 && value[length - 1] == '\0') {
        length--;
    }
    return length;
}

/* Decimal digits and nothing else; false also when the number is above `max`. */
static bool
read_digits(const uint8_t *value, size_t length, uint32_t max, uint32_t *number)
{
    *number = 0;
    for (size_t i = 0; i < length; i++) {
        if (value[i] < '0' || value[i] > '9') {
            return false;
        }
        *number = *number * 10 + (uint32_t)(value[i] - '0');
        if (*number > max) {
            return false;
        }
    }
    return length > 0;
}

/* Two or four octets in network order. */
static bool
read_integer(const uint8_t *value, size_t length, uint32_t max, uint32_t *number)
{
    struct ucprov_reader reader;
    ucprov_reader_init(&reader, value, length);
    if (length == sizeof(uint16_t)) {
        *number = ucprov_read_u16(&reader);
    } else if (length == sizeof(uint32_t)) {
        *number = ucprov_read_u32(&reader);
    } else {
        return false;
    }
    return *number <= max;
}

static bool
is_vlan_id(uint32_t number)
{
    return number >= UCPROV_VLAN_ID_MIN && number <= UCPROV_VLAN_ID_MAX;
}

/* The range tells the encodings apart: two digits are 0x3030 at the least, four 0x30303030, which
 * are no VLAN ids; and no VLAN id as an integer has a digit for its first octet. */
int
ucprov_voice_vlan_decode(uint16_t *id, enum ucprov_vlan_encoding *encoding, const uint8_t *value,
                         size_t length)
{
    uint32_t number;
    *id = 0;
    *encoding = UCPROV_VLAN_UINT16;
    if (length == 0) {
        return UCPROV_EWIRE_EMPTY;
    }
    if (read_integer(value, length, UCPROV_VLAN_ID_MAX, &number)) {
        *encoding = length == sizeof(uint16_t) ? UCPROV_VLAN_UINT16 : UCPROV_VLAN_UINT32;
    } else {
        size_t digits = without_nuls(value, length);
        if (digits > VLAN_TEXT_LENGTH_MAX ||
            !read_digits(value, digits, UCPROV_VLAN_ID_MAX, &number)) {
            return UCPROV_EWIRE_VALUE;
        }
        *encoding = UCPROV_VLAN_ASCII;
    }
    *id = (uint16_t)number;
    return is_vlan_id(number) ? UCPROV_OK : UCPROV_EWIRE_VALUE;
}

/* Text first: "80" is a port, not 0x3830. */
static int
decode_port(uint16_t *port, const struct ucprov_sub_option *sub)
{
    uint32_t number;
    if (!read_digits(sub->value, without_nuls(sub->value, sub->length), PORT_MAX, &number) &&
        !read_integer(sub->value, sub->length, PORT_MAX, &number)) {
        return UCPROV_EWIRE_VALUE;
    }
    *port = (uint16_t)number;
    return number == 0 ? UCPROV_EWIRE_VALUE : UCPROV_OK;
}

/* A C string can hold what has no NUL inside; those at the end are a known habit of servers. */
static int
decode_text(char text[UCPROV_OPTION_WIRE_MAX + 1], const struct ucprov_sub_option *sub)
{
    size_t length = without_nuls(sub->value, sub->length);
    memcpy(text, sub->value, length);
    text[length] = '\0';
    return strlen(text) == length ? UCPROV_OK : UCPROV_EWIRE_VALUE;
}

static int
decode_sub_option(struct ucprov_ms_uc_options *service, const struct ucprov_sub_option *sub)
{
    switch (sub->code) {
    case UCPROV_SUB_URL_SCHEME:
        return decode_text(service->scheme, sub);
    case UCPROV_SUB_WEB_SERVER_FQDN:
        return decode_text(service->web_server, sub);
    case UCPROV_SUB_WEB_SERVER_PORT:
        return decode_port(&service->port, sub);
    case UCPROV_SUB_CERT_PROV_REL_PATH:
        return decode_text(service->cert_prov_path, sub);
    case UCPROV_SUB_VOICE_VLAN:
        return ucprov_voice_vlan_decode(&service->voice_vlan_id, &service->voice_vlan_encoding,
                                        sub->value, sub->length);
    default:
        return UCPROV_OK;
    }
}

int
ucprov_cert_prov_decode(struct ucprov_ms_uc_options *service, const uint8_t *value, size_t length)
{
    *service = (struct ucprov_ms_uc_options){.port = 0};
    if (length == 0) {
        return UCPROV_EWIRE_EMPTY;
    }
    struct ucprov_reader reader;
    struct ucprov_sub_option sub;
    int error = UCPROV_OK;
    ucprov_reader_init(&reader, value, length);
    while (ucprov_sub_option_next(&reader, &sub) && sub.code != UCPROV_SUB_END) {
        int sub_error = decode_sub_option(service, &sub);
        error = error == UCPROV_OK ? sub_error : error;
    }
    return reader.error != UCPROV_OK ? reader.error : error;
}
