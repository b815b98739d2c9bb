/* SPDX-License-Identifier: MPL-2.0 */
/* Cursors over octets, with sticky errors.
 *
 * After the first overrun every further write or read does nothing (reads give 0), so that an
 * encoder has one check, at its end.
 */
#ifndef UCPROV_WIRE_H
#define UCPROV_WIRE_H

#include <stddef.h>
#include <stdint.h>

/* Writes into a buffer that the caller owns. */
struct ucprov_writer {
    uint8_t *start;
    uint8_t *position;
    uint8_t *end;
    int error; /* 0, or UCPROV_ETOOLONG since the first write that did not fit */
};

void ucprov_writer_init(struct ucprov_writer *writer, uint8_t *buffer, size_t size);
void ucprov_write_u8(struct ucprov_writer *writer, uint8_t value);
void ucprov_write_u16(struct ucprov_writer *writer, uint16_t value); /* network order */
void ucprov_write_u32(struct ucprov_writer *writer, uint32_t value); /* network order */
void ucprov_write_octets(struct ucprov_writer *writer, const void *octets, size_t length);
size_t ucprov_writer_length(const struct ucprov_writer *writer);

/* Reads from octets that the caller owns. */
struct ucprov_reader {
    const uint8_t *start;
    const uint8_t *position;
    const uint8_t *end;
    int error; /* 0, or UCPROV_EWIRE_SHORT since the first read past the end */
};

void ucprov_reader_init(struct ucprov_reader *reader, const void *octets, size_t length);
uint8_t ucprov_read_u8(struct ucprov_reader *reader);
uint16_t ucprov_read_u16(struct ucprov_reader *reader);
uint32_t ucprov_read_u32(struct ucprov_reader *reader);
/* Borrows `length` octets; NULL when fewer are left. */
const uint8_t *ucprov_read_octets(struct ucprov_reader *reader, size_t length);
size_t ucprov_reader_left(const struct ucprov_reader *reader);

#endif
