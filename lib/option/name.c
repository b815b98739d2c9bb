/* SPDX-License-Identifier: MPL-2.0 */
/* Reads and writes single domain names. It compresses none: that takes more than one name, and is
 * domain_search.c's. */
#include "option/name.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

#define LABEL_TYPE      0xc0   /* RFC 1035 4.1.4: the two high bits of a length octet */
#define LABEL_POINTER   0xc0   /* both set: a pointer */
#define POINTER_OFFSET  0x3fff /* the other 14 bits of a pointer */
#define PRINTABLE_FIRST 0x21   /* "!": a blank in a name is shown as \032 */
#define PRINTABLE_LAST  0x7e   /* "~" */
#define ROOT_TEXT       "."
#define DIGITS_AND_DOTS "0123456789."

static bool
is_letter(uint8_t octet)
{
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
}

static bool
is_label_character(uint8_t octet)
{
    return is_letter(octet) || (octet >= '0' && octet <= '9') || octet == '-' || octet == '_';
}

static uint8_t
to_lower(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet - 'A' + 'a') : octet;
}

/* What is wrong with the characters of one label (RFC 1123 2.1), or 0. */
static int
check_label(const char *label, size_t length)
{
    if (length == 0) {
        return UCPROV_ENAME_EMPTY_LABEL;
    }
    for (size_t i = 0; i < length; i++) {
        if (!is_label_character((uint8_t)label[i])) {
            return UCPROV_ENAME_CHARACTER;
        }
    }
    if (length > UCPROV_LABEL_MAX) {
        return UCPROV_ENAME_LABEL_LONG;
    }
    return label[0] == '-' || label[length - 1] == '-' ? UCPROV_ENAME_HYPHEN : UCPROV_OK;
}

static bool
is_ascii(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((uint8_t)*text > 0x7f) {
            return false;
        }
    }
    return true;
}

/* Text that is not empty. The last label of "a.b." is empty, but what is wrong is the dot. */
static int
check_labels(const char *text)
{
    const char *label = text;
    for (;;) {
        size_t length = strcspn(label, ".");
        bool last = label[length] == '\0';
        if (length == 0 && last) {
            return UCPROV_ENAME_TRAILING_DOT;
        }
        int error = check_label(label, length);
        if (error != UCPROV_OK || last) {
            return error;
        }
        label += length + 1;
    }
}

/* For text that has been checked. */
static void
labels_to_wire(struct ucprov_name *name, const char *text)
{
    struct ucprov_writer writer;
    ucprov_writer_init(&writer, name->wire, sizeof(name->wire));
    for (const char *label = text;; label++) {
        size_t length = strcspn(label, ".");
        ucprov_write_u8(&writer, (uint8_t)length);
        ucprov_write_octets(&writer, label, length);
        label += length;
        if (*label == '\0') {
            break;
        }
    }
    ucprov_write_u8(&writer, 0);
    name->length = (uint8_t)ucprov_writer_length(&writer);
}

int
ucprov_name_from_text(struct ucprov_name *name, const char *text)
{
    if (*text == '\0') {
        return UCPROV_ENAME_EMPTY;
    }
    if (!is_ascii(text)) {
        return UCPROV_ENAME_NON_ASCII;
    }
    int error = check_labels(text);
    if (error != UCPROV_OK) {
        return error;
    }
    if (strlen(text) > UCPROV_NAME_TEXT_MAX) {
        return UCPROV_ENAME_LONG;
    }
    if (name != NULL) {
        labels_to_wire(name, text);
    }
    return UCPROV_OK;
}

int
ucprov_name_check(const char *text)
{
    return ucprov_name_from_text(NULL, text);
}

int
ucprov_name_check_host(const char *text)
{
    int error = ucprov_name_check(text);
    if (error != UCPROV_OK) {
        return error;
    }
    if (strchr(text, '.') == NULL) {
        return UCPROV_ENAME_NOT_QUALIFIED;
    }
    /* "10.1.1.999" was meant as one, too. RFC 1123 2.1: the last label has a letter. */
    return text[strspn(text, DIGITS_AND_DOTS)] == '\0' ? UCPROV_ENAME_ADDRESS : UCPROV_OK;
}

/* Moves to where the pointer leads. Every pointer has to lead before the labels that it ends, so
 * that following pointers comes to an end. */
static int
follow_pointer(struct ucprov_reader *reader, uint8_t first, size_t *labels_start)
{
    size_t offset = (size_t)(first << 8 | ucprov_read_u8(reader)) & POINTER_OFFSET;
    if (reader->error != UCPROV_OK) {
        return reader->error;
    }
    if (offset >= *labels_start) {
        return UCPROV_EWIRE_POINTER;
    }
    reader->position = reader->start + offset;
    *labels_start = offset;
    return UCPROV_OK;
}

static int
copy_label(struct ucprov_reader *reader, struct ucprov_writer *writer, uint8_t length)
{
    ucprov_write_u8(writer, length);
    const uint8_t *octets = ucprov_read_octets(reader, length);
    if (octets == NULL) {
        return reader->error;
    }
    ucprov_write_octets(writer, octets, length);
    return writer->error == UCPROV_OK ? UCPROV_OK : UCPROV_EWIRE_NAME_LONG;
}

/* Copies labels until the root label. `resume` is where the reader goes on behind the name. */
static int
read_labels(struct ucprov_reader *reader, struct ucprov_writer *writer, const uint8_t **resume)
{
    size_t labels_start = (size_t)(reader->position - reader->start);
    for (;;) {
        uint8_t length = ucprov_read_u8(reader);
        int error = reader->error;
        if (error == UCPROV_OK && (length & LABEL_TYPE) == LABEL_POINTER) {
            const uint8_t *behind = reader->position + 1;
            error = follow_pointer(reader, length, &labels_start);
            if (error == UCPROV_OK && *resume == NULL) {
                *resume = behind;
            }
        } else if (error == UCPROV_OK && (length & LABEL_TYPE) != 0) {
            error = UCPROV_EWIRE_LABEL;
        } else if (error == UCPROV_OK) {
            error = copy_label(reader, writer, length);
        }
        if (error != UCPROV_OK || length == 0) {
            return error;
        }
    }
}

int
ucprov_name_read(struct ucprov_reader *reader, struct ucprov_name *name)
{
    struct ucprov_writer writer;
    ucprov_writer_init(&writer, name->wire, sizeof(name->wire));
    name->length = 0;
    name->wire[0] = 0;
    if (reader->error != UCPROV_OK) {
        return reader->error;
    }
    const uint8_t *resume = NULL;
    reader->error = read_labels(reader, &writer, &resume);
    if (reader->error != UCPROV_OK) {
        name->wire[0] = 0; /* the root, rather than half a name */
        return reader->error;
    }
    if (resume != NULL) {
        reader->position = resume;
    }
    name->length = (uint8_t)ucprov_writer_length(&writer);
    return UCPROV_OK;
}

/* Returns the new end of the text. */
static char *
label_to_text(char *text, const uint8_t *label, uint8_t length)
{
    for (uint8_t i = 0; i < length; i++) {
        if (label[i] < PRINTABLE_FIRST || label[i] > PRINTABLE_LAST) {
            text += snprintf(text, sizeof("\\DDD"), "\\%03u", label[i]);
            continue;
        }
        if (label[i] == '.' || label[i] == '\\') {
            *text++ = '\\';
        }
        *text++ = (char)label[i];
    }
    return text;
}

char *
ucprov_name_to_text(const struct ucprov_name *name, char text[UCPROV_NAME_TEXT_SIZE])
{
    char *end = text;
    for (const uint8_t *label = name->wire; label[0] != 0; label += label[0] + 1) {
        if (end != text) {
            *end++ = '.';
        }
        end = label_to_text(end, label + 1, label[0]);
    }
    *end = '\0';
    return end == text ? strcpy(text, ROOT_TEXT) : text;
}

bool
ucprov_name_equal(const struct ucprov_name *a, const struct ucprov_name *b)
{
    if (a->length != b->length) {
        return false;
    }
    /* Length octets are below 64 and so no letters: lower case does nothing to them. */
    for (uint8_t i = 0; i < a->length; i++) {
        if (to_lower(a->wire[i]) != to_lower(b->wire[i])) {
            return false;
        }
    }
    return true;
}

unsigned
ucprov_name_labels(const struct ucprov_name *name)
{
    unsigned count = 0;
    for (const uint8_t *label = name->wire; label[0] != 0; label += label[0] + 1) {
        count++;
    }
    return count;
}
