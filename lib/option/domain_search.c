/* SPDX-License-Identifier: MPL-2.0 */
/* Option 119, RFC 3397: a list of names in wire form, which may be compressed. */
#include "base/error.h"
#include "base/wire.h"
#include "option/option.h"

#define POINTER 0xc000U /* RFC 1035 4.1.4; the offset is in the other 14 bits */

/* What has been written, and where its labels begin: what a pointer may lead to. */
struct compressor {
    struct ucprov_writer writer;
    size_t label_count;
    uint8_t labels[UCPROV_OPTION_MAX]; /* offsets: a label takes more than one octet */
};

/* The offset of an equal name, or of an equal end of one. */
static bool
find_written(const struct compressor *compressor, const struct ucprov_name *name, uint8_t *offset)
{
    for (size_t i = 0; i < compressor->label_count; i++) {
        struct ucprov_reader reader;
        struct ucprov_name written;
        ucprov_reader_init(&reader, compressor->writer.start,
                           ucprov_writer_length(&compressor->writer));
        reader.position += compressor->labels[i];
        if (ucprov_name_read(&reader, &written) == UCPROV_OK && ucprov_name_equal(&written, name)) {
            *offset = compressor->labels[i];
            return true;
        }
    }
    return false;
}

/* The name without its first label. */
static struct ucprov_name
parent(const struct ucprov_name *name)
{
    struct ucprov_name result;
    struct ucprov_writer writer;
    size_t skipped = (size_t)name->wire[0] + 1;
    ucprov_writer_init(&writer, result.wire, sizeof(result.wire));
    ucprov_write_octets(&writer, name->wire + skipped, name->length - skipped);
    result.length = (uint8_t)ucprov_writer_length(&writer);
    return result;
}

/* Labels up to the longest end that is there already, and a pointer to that. The labels of this
 * name become known when it is complete: before, they have no end that could be read. */
static void
write_compressed(struct compressor *compressor, struct ucprov_name name)
{
    uint8_t labels[UCPROV_NAME_WIRE_MAX];
    size_t count = 0;
    uint8_t offset = 0;
    bool found = false;
    while (name.wire[0] != 0 && !(found = find_written(compressor, &name, &offset))) {
        labels[count++] = (uint8_t)ucprov_writer_length(&compressor->writer);
        ucprov_write_octets(&compressor->writer, name.wire, (size_t)name.wire[0] + 1);
        name = parent(&name);
    }
    if (found) {
        ucprov_write_u16(&compressor->writer, (uint16_t)(POINTER | offset));
    } else {
        ucprov_write_u8(&compressor->writer, 0);
    }
    for (size_t i = 0; i < count && compressor->writer.error == UCPROV_OK; i++) {
        compressor->labels[compressor->label_count++] = labels[i];
    }
}

static int
check_names(const char *const *domains, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int error = ucprov_name_from_text(NULL, domains[i]);
        if (error != UCPROV_OK) {
            return error;
        }
    }
    return count == 0 ? UCPROV_ERANGE : UCPROV_OK;
}

static int
encode(struct ucprov_option *option, const char *const *domains, size_t count, bool compressed)
{
    struct compressor compressor = {.label_count = 0};
    struct ucprov_writer *writer = &compressor.writer;
    ucprov_writer_init(writer, option->data, UCPROV_OPTION_MAX);
    for (size_t i = 0; i < count && writer->error == UCPROV_OK; i++) {
        struct ucprov_name name;
        writer->error = ucprov_name_from_text(&name, domains[i]);
        if (writer->error != UCPROV_OK) {
            break;
        }
        if (compressed) {
            write_compressed(&compressor, name);
        } else {
            ucprov_write_octets(writer, name.wire, name.length);
        }
    }
    if (writer->error == UCPROV_OK) {
        option->length = (uint8_t)ucprov_writer_length(writer);
    }
    return writer->error;
}

int
ucprov_domain_search_encode(struct ucprov_option *option, const char *const *domains, size_t count)
{
    option->code = UCPROV_OPTION_DOMAIN_SEARCH;
    option->length = 0;
    int error = check_names(domains, count);
    if (error != UCPROV_OK) {
        return error;
    }
    error = encode(option, domains, count, false);
    return error == UCPROV_ETOOLONG ? encode(option, domains, count, true) : error;
}

int
ucprov_domain_search_decode(struct ucprov_domain_search *search, const uint8_t *value,
                            size_t length)
{
    search->count = 0;
    if (length == 0) {
        return UCPROV_EWIRE_EMPTY;
    }
    struct ucprov_reader reader;
    ucprov_reader_init(&reader, value, length);
    while (ucprov_reader_left(&reader) > 0 && search->count < UCPROV_DOMAIN_SEARCH_MAX) {
        struct ucprov_name *name = &search->names[search->count];
        int error = ucprov_name_read(&reader, name);
        if (error != UCPROV_OK) {
            return error;
        }
        if (ucprov_name_labels(name) == 0) {
            return UCPROV_EWIRE_VALUE;
        }
        search->count++;
    }
    return ucprov_reader_left(&reader) > 0 ? UCPROV_ETOOLONG : UCPROV_OK;
}
