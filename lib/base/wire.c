/* SPDX-License-Identifier: MPL-2.0 */
/* The only arithmetic on positions in a packet or an option: encoders and parsers above never
 * compare a pointer with an end themselves. */
#include "base/wire.h"

#include <string.h>

#include "base/error.h"

void
ucprov_writer_init(struct ucprov_writer *writer, uint8_t *buffer, size_t size)
{
    writer->start = buffer;
    writer->position = buffer;
    writer->end = buffer + size;
    writer->error = UCPROV_OK;
}

void
ucprov_write_u8(struct ucprov_writer *writer, uint8_t value)
{
    ucprov_write_octets(writer, &value, sizeof(value));
}

void
ucprov_write_u16(struct ucprov_writer *writer, uint16_t value)
{
    const uint8_t octets[] = {(uint8_t)(value >> 8), (uint8_t)value};
    ucprov_write_octets(writer, octets, sizeof(octets));
}

void
ucprov_write_u32(struct ucprov_writer *writer, uint32_t value)
{
    const uint8_t octets[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                              (uint8_t)value};
    ucprov_write_octets(writer, octets, sizeof(octets));
}

void
ucprov_write_octets(struct ucprov_writer *writer, const void *octets, size_t length)
{
    if (writer->error != UCPROV_OK) {
        return;
    }
    if (length > (size_t)(writer->end - writer->position)) {
        writer->error = UCPROV_ETOOLONG;
        return;
    }
    if (length > 0) {
        memcpy(writer->position, octets, length);
        writer->position += length;
    }
}

size_t
ucprov_writer_length(const struct ucprov_writer *writer)
{
    return (size_t)(writer->position - writer->start);
}

void
ucprov_reader_init(struct ucprov_reader *reader, const void *octets, size_t length)
{
    /* An empty value may come as a null pointer, which no arithmetic is allowed on. */
    static const uint8_t nothing[1];
    reader->start = octets == NULL ? nothing : octets;
    reader->position = reader->start;
    reader->end = reader->start + (octets == NULL ? 0 : length);
    reader->error = UCPROV_OK;
}

uint8_t
ucprov_read_u8(struct ucprov_reader *reader)
{
    const uint8_t *octets = ucprov_read_octets(reader, 1);
    return octets == NULL ? 0 : octets[0];
}

uint16_t
ucprov_read_u16(struct ucprov_reader *reader)
{
    const uint8_t *octets = ucprov_read_octets(reader, 2);
    if (octets == NULL) {
        return 0;
    }
    return (uint16_t)(octets[0] << 8 | octets[1]);
}

uint32_t
ucprov_read_u32(struct ucprov_reader *reader)
{
    const uint8_t *octets = ucprov_read_octets(reader, 4);
    if (octets == NULL) {
        return 0;
    }
    return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 |
           octets[3];
}

const uint8_t *
ucprov_read_octets(struct ucprov_reader *reader, size_t length)
{
    if (reader->error != UCPROV_OK) {
        return NULL;
    }
    if (length > ucprov_reader_left(reader)) {
        reader->error = UCPROV_EWIRE_SHORT;
        return NULL;
    }
    const uint8_t *octets = reader->position;
    reader->position += length;
    return octets;
}

size_t
ucprov_reader_left(const struct ucprov_reader *reader)
{
    return (size_t)(reader->end - reader->position);
}
