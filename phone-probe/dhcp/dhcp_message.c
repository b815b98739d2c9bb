/* SPDX-License-Identifier: MPL-2.0 */
/* Writes the requests, and takes replies apart whatever is in them: options split over several
 * fields (RFC 3396), overload, lengths that lie. The meaning of an option is lib/option/'s. */
#include "dhcp/dhcp_message.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "option/option.h"

/* The fixed part of a message (RFC 2131 figure 1). */
enum {
    OP_REQUEST = 1,
    OP_REPLY = 2,
    FLAG_BROADCAST = 0x8000,
    CHADDR_SIZE = 16,
    SNAME_SIZE = 64,
    FILE_SIZE = 128,
};

static const uint8_t magic_cookie[] = {99, 130, 83, 99}; /* RFC 2131 3 */

enum {                           /* Sub-options of option 82. */
       AGENT_LINK_SELECTION = 5, /* RFC 3527; never empty: Kea 2.6 and ISC dhcpd drop that */
       AGENT_SOURCE_PORT = 19,   /* RFC 8357 4.1: reply to the port that we send from */
};

/* RFC 8357 4.1 gives DHCPv4's source port no octets. Kea since 2.3.2 reads it as DHCPv6's (4.2), a
 * 16-bit number, and drops what has fewer octets. As a value, 4.2's zero: no other agent's port. */
static const uint8_t source_port_value[] = {0, 0};

static void
write_option(struct ucprov_writer *writer, uint8_t code, const void *value, size_t length)
{
    assert(length <= UCPROV_OPTION_WIRE_MAX);
    ucprov_write_u8(writer, code);
    ucprov_write_u8(writer, (uint8_t)length);
    ucprov_write_octets(writer, value, length);
}

static void
write_address(struct ucprov_writer *writer, struct in_addr address)
{
    ucprov_write_octets(writer, &address.s_addr, sizeof(address.s_addr));
}

static void
write_zeros(struct ucprov_writer *writer, size_t count)
{
    while (count-- > 0) {
        ucprov_write_u8(writer, 0);
    }
}

/* A relay agent's mark, which must come last (RFC 3046 2.1). */
static void
write_agent(struct ucprov_writer *writer, const struct dhcp_request *request)
{
    struct in_addr link = request->link;
    uint8_t value[2 + sizeof(link.s_addr) + 2 + sizeof(source_port_value)];
    struct ucprov_writer agent;

    ucprov_writer_init(&agent, value, sizeof(value));
    if (link.s_addr != INADDR_ANY) {
        write_option(&agent, AGENT_LINK_SELECTION, &link.s_addr, sizeof(link.s_addr));
    }
    write_option(&agent, AGENT_SOURCE_PORT, source_port_value,
                 request->empty_source_port ? 0 : sizeof(source_port_value));
    write_option(writer, UCPROV_OPTION_AGENT, value, ucprov_writer_length(&agent));
}

static void
write_fixed_part(struct ucprov_writer *writer, const struct dhcp_request *request)
{
    bool relayed = request->relay.s_addr != INADDR_ANY;

    ucprov_write_u8(writer, OP_REQUEST);
    ucprov_write_u8(writer, DHCP_HARDWARE_ETHERNET);
    ucprov_write_u8(writer, DHCP_HARDWARE_LENGTH);
    ucprov_write_u8(writer, relayed ? 1 : 0); /* hops */
    ucprov_write_u32(writer, request->xid);
    ucprov_write_u16(writer, request->seconds);
    ucprov_write_u16(writer, request->broadcast ? FLAG_BROADCAST : 0);
    write_address(writer, request->client);
    write_zeros(writer, 2 * sizeof(struct in_addr)); /* yiaddr, siaddr */
    write_address(writer, request->relay);
    ucprov_write_octets(writer, request->hardware, DHCP_HARDWARE_LENGTH);
    write_zeros(writer, CHADDR_SIZE - DHCP_HARDWARE_LENGTH + SNAME_SIZE + FILE_SIZE);
}

void
dhcp_request_write(struct ucprov_writer *writer, const struct dhcp_request *request)
{
    write_fixed_part(writer, request);
    ucprov_write_octets(writer, magic_cookie, sizeof(magic_cookie));
    write_option(writer, DHCP_OPTION_MESSAGE_TYPE, &request->type, 1);
    if (request->vendor_class != NULL) {
        write_option(writer, UCPROV_OPTION_VENDOR_CLASS, request->vendor_class,
                     strlen(request->vendor_class));
    }
    write_option(writer, UCPROV_OPTION_PARAMETER_LIST, request->parameters,
                 request->parameters_length);
    if (request->relay.s_addr != INADDR_ANY) {
        write_agent(writer, request);
    }
    ucprov_write_u8(writer, DHCP_OPTION_END);
    if (ucprov_writer_length(writer) < DHCP_MESSAGE_MIN) {
        write_zeros(writer, DHCP_MESSAGE_MIN - ucprov_writer_length(writer));
    }
}

/* One of the fields that hold options, borrowed from the octets. */
struct field {
    const uint8_t *octets;
    size_t length;
};

enum { FIELD_OPTIONS, FIELD_FILE, FIELD_SNAME, FIELD_COUNT }; /* in the order of RFC 3396 5 */

/* Reads the fixed part. False: it is no reply that we could have asked for. */
static bool
parse_fixed_part(struct dhcp_message *message, struct field fields[FIELD_COUNT],
                 struct ucprov_reader *reader)
{
    uint8_t op = ucprov_read_u8(reader);
    uint8_t hardware_type = ucprov_read_u8(reader);
    uint8_t hardware_length = ucprov_read_u8(reader);

    ucprov_read_u8(reader); /* hops */
    message->xid = ucprov_read_u32(reader);
    ucprov_read_octets(reader, 2 + 2 + sizeof(struct in_addr)); /* secs, flags, ciaddr */
    message->your.s_addr = htonl(ucprov_read_u32(reader));
    ucprov_read_octets(reader, 2 * sizeof(struct in_addr)); /* siaddr, giaddr */

    const uint8_t *hardware = ucprov_read_octets(reader, CHADDR_SIZE);
    fields[FIELD_SNAME] = (struct field){ucprov_read_octets(reader, SNAME_SIZE), SNAME_SIZE};
    fields[FIELD_FILE] = (struct field){ucprov_read_octets(reader, FILE_SIZE), FILE_SIZE};
    const uint8_t *cookie = ucprov_read_octets(reader, sizeof(magic_cookie));
    if (cookie == NULL || memcmp(cookie, magic_cookie, sizeof(magic_cookie)) != 0) {
        return false;
    }
    memcpy(message->hardware, hardware, sizeof(message->hardware));
    size_t left = ucprov_reader_left(reader);
    fields[FIELD_OPTIONS] = (struct field){ucprov_read_octets(reader, left), left};
    return op == OP_REPLY && hardware_type == DHCP_HARDWARE_ETHERNET &&
           hardware_length == DHCP_HARDWARE_LENGTH;
}

/* Takes the next option of a field. False at its end, or at one that is cut off: reader->error is
 * set then. A field without an END option ends where its octets do. */
static bool
next_option(struct ucprov_reader *reader, struct ucprov_option_view *option)
{
    do {
        if (ucprov_reader_left(reader) == 0) {
            return false;
        }
        option->code = ucprov_read_u8(reader);
    } while (option->code == DHCP_OPTION_PAD);
    if (option->code == DHCP_OPTION_END) {
        return false;
    }
    option->length = ucprov_read_u8(reader);
    option->value = ucprov_read_octets(reader, option->length);
    return reader->error == 0;
}

/* Adds the lengths of a field's options to the message's. */
static enum dhcp_fault
measure_field(struct dhcp_message *message, const struct field *field)
{
    struct ucprov_reader reader;
    struct ucprov_option_view option = {0};

    ucprov_reader_init(&reader, field->octets, field->length);
    while (next_option(&reader, &option)) {
        message->options[option.code].pieces++;
        message->options[option.code].length =
            (uint16_t)(message->options[option.code].length + option.length);
    }
    if (reader.error == 0) {
        return DHCP_SOUND;
    }
    message->fault_code = option.code;
    return DHCP_FAULT_CUT;
}

/* Appends the values of a field's options to those copied before. */
static void
copy_field(struct dhcp_message *message, uint16_t ends[DHCP_OPTION_END], const struct field *field)
{
    struct ucprov_reader reader;
    struct ucprov_option_view option;

    ucprov_reader_init(&reader, field->octets, field->length);
    while (next_option(&reader, &option)) {
        if (option.length > 0) {
            memcpy(message->data + ends[option.code], option.value, option.length);
        }
        ends[option.code] = (uint16_t)(ends[option.code] + option.length);
    }
}

/* Puts the pieces of each option together (RFC 3396 7). What has been measured cannot exceed the
 * octets received, so it fits in `data`. */
static void
copy_options(struct dhcp_message *message, const struct field *fields, size_t count)
{
    uint16_t ends[DHCP_OPTION_END];
    uint16_t offset = 0;

    for (size_t code = 0; code < DHCP_OPTION_END; code++) {
        message->options[code].offset = ends[code] = offset;
        offset = (uint16_t)(offset + message->options[code].length);
    }
    assert(offset <= sizeof(message->data));
    for (size_t i = 0; i < count; i++) {
        copy_field(message, ends, &fields[i]);
    }
}

/* Leaves in `fields` those that hold options, and in *count how many: option 52 (RFC 2132 9.3) is
 * read from the options field only. */
static enum dhcp_fault
choose_fields(const struct dhcp_message *message, struct field fields[FIELD_COUNT], size_t *count)
{
    enum { FILE_HOLDS_OPTIONS = 1, SNAME_HOLDS_OPTIONS = 2 };
    struct ucprov_reader reader;
    struct ucprov_option_view option;
    unsigned overload = 0;

    *count = 1;
    if (message->options[DHCP_OPTION_OVERLOAD].pieces == 0) {
        return DHCP_SOUND;
    }
    ucprov_reader_init(&reader, fields[FIELD_OPTIONS].octets, fields[FIELD_OPTIONS].length);
    while (next_option(&reader, &option)) {
        if (option.code != DHCP_OPTION_OVERLOAD) {
            continue;
        }
        if (overload != 0 || option.length != 1 || option.value[0] < FILE_HOLDS_OPTIONS ||
            option.value[0] > (FILE_HOLDS_OPTIONS | SNAME_HOLDS_OPTIONS)) {
            return DHCP_FAULT_OVERLOAD;
        }
        overload = option.value[0];
    }
    if ((overload & FILE_HOLDS_OPTIONS) != 0) {
        fields[(*count)++] = fields[FIELD_FILE];
    }
    if ((overload & SNAME_HOLDS_OPTIONS) != 0) {
        fields[(*count)++] = fields[FIELD_SNAME];
    }
    return DHCP_SOUND;
}

/* Reads the two options that every reply must have. */
static enum dhcp_fault
read_required(struct dhcp_message *message)
{
    struct ucprov_option_view option;

    if (!dhcp_message_option(message, DHCP_OPTION_MESSAGE_TYPE, &option) || option.length != 1) {
        return DHCP_FAULT_TYPE;
    }
    message->type = option.value[0];
    if (!dhcp_message_option(message, DHCP_OPTION_SERVER_ID, &option) ||
        option.length != sizeof(message->server.s_addr)) {
        return DHCP_FAULT_SERVER;
    }
    memcpy(&message->server.s_addr, option.value, sizeof(message->server.s_addr));
    return message->server.s_addr == INADDR_ANY ? DHCP_FAULT_SERVER : DHCP_SOUND;
}

enum dhcp_fault
dhcp_message_parse(struct dhcp_message *message, const void *octets, size_t length)
{
    struct ucprov_reader reader;
    struct field fields[FIELD_COUNT];
    size_t count;

    memset(message, 0, sizeof(*message));
    ucprov_reader_init(&reader, octets, length);
    if (!parse_fixed_part(message, fields, &reader)) {
        return DHCP_FAULT_FOREIGN;
    }
    if (length > DHCP_MESSAGE_MAX) {
        return DHCP_FAULT_LONG;
    }
    enum dhcp_fault fault = measure_field(message, &fields[FIELD_OPTIONS]);
    if (fault == DHCP_SOUND) {
        fault = choose_fields(message, fields, &count);
    }
    if (fault != DHCP_SOUND) {
        return fault;
    }
    for (size_t i = 1; i < count && fault == DHCP_SOUND; i++) {
        fault = measure_field(message, &fields[i]);
    }
    if (fault != DHCP_SOUND) {
        return fault;
    }
    copy_options(message, fields, count);
    return read_required(message);
}

const char *
dhcp_fault_text(enum dhcp_fault fault, const struct dhcp_message *message,
                char text[DHCP_FAULT_TEXT_SIZE])
{
    switch (fault) {
    case DHCP_FAULT_FOREIGN:
        return "it is not a DHCP reply";
    case DHCP_FAULT_LONG:
        return "it is longer than any DHCP server may send";
    case DHCP_FAULT_CUT:
        snprintf(text, DHCP_FAULT_TEXT_SIZE, "option %u ends before its length",
                 message->fault_code);
        return text;
    case DHCP_FAULT_OVERLOAD:
        return "option 52 (overload) is neither 1, 2 nor 3";
    case DHCP_FAULT_TYPE:
        return "option 53 (message type) is missing or malformed";
    case DHCP_FAULT_SERVER:
        return "option 54 (server identifier) is missing or malformed";
    case DHCP_SOUND:
        break;
    }
    return "it is sound";
}

bool
dhcp_message_option(const struct dhcp_message *message, uint8_t code,
                    struct ucprov_option_view *view)
{
    if (code >= DHCP_OPTION_END || message->options[code].pieces == 0) {
        return false;
    }
    view->code = code;
    view->value = message->data + message->options[code].offset;
    view->length = message->options[code].length;
    return true;
}

const char *
dhcp_message_type_name(uint8_t type)
{
    switch (type) {
    case DHCP_DISCOVER:
        return "DHCPDISCOVER";
    case DHCP_OFFER:
        return "DHCPOFFER";
    case DHCP_ACK:
        return "DHCPACK";
    case DHCP_NAK:
        return "DHCPNAK";
    case DHCP_INFORM:
        return "DHCPINFORM";
    default:
        return "DHCP message of another type";
    }
}
