#include "tsig.h"

#include <ctype.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ucprov/wire.h>

#define TYPE_TSIG      250
#define CLASS_ANY      255
#define FUDGE          300 /* seconds, RFC 8945 section 10 */
#define HEADER_LENGTH  12
#define ARCOUNT_OFFSET 10

/* Error codes of RFC 8945 section 3. */
enum { BADSIG = 16, BADKEY = 17, BADTIME = 18, BADTRUNC = 22 };

/* The fields of a TSIG record. The pointers are borrowed. */
struct tsig_record {
    struct ucprov_name key;
    struct ucprov_name algorithm;
    uint64_t time; /* seconds since 1970, 48 bits */
    uint16_t fudge;
    uint16_t mac_length;
    const uint8_t *mac;
    uint16_t original_id;
    uint16_t error;
    uint16_t other_length;
    const uint8_t *other;
};

static void
write_time(struct ucprov_writer *writer, uint64_t time)
{
    ucprov_write_u16(writer, (uint16_t)(time >> 32));
    ucprov_write_u32(writer, (uint32_t)time);
}

/* The TSIG variables, RFC 8945 section 4.3.3. Our names are in lower case already. */
static void
write_variables(struct ucprov_writer *writer, const struct tsig_key *key,
                const struct tsig_record *record)
{
    ucprov_write_octets(writer, key->name.wire, key->name.length);
    ucprov_write_u16(writer, CLASS_ANY);
    ucprov_write_u32(writer, 0); /* TTL */
    ucprov_write_octets(writer, key->algorithm_name.wire, key->algorithm_name.length);
    write_time(writer, record->time);
    ucprov_write_u16(writer, record->fudge);
    ucprov_write_u16(writer, record->error);
    ucprov_write_u16(writer, record->other_length);
    ucprov_write_octets(writer, record->other, record->other_length);
}

/* The MAC over the request's MAC (if any), a message without TSIG, and the TSIG variables. */
static bool
compute_mac(const struct tsig_key *key, const struct tsig_mac *request, const uint8_t *message,
            size_t length, const struct tsig_record *record, struct tsig_mac *mac)
{
    size_t size = length + TSIG_DIGEST_MAX + TSIG_RECORD_MAX + record->other_length;
    uint8_t *octets = malloc(size);
    struct ucprov_writer writer;
    unsigned mac_length = 0;

    if (octets == NULL) {
        return false;
    }
    ucprov_writer_init(&writer, octets, size);
    if (request != NULL) {
        ucprov_write_u16(&writer, (uint16_t)request->length);
        ucprov_write_octets(&writer, request->octets, request->length);
    }
    ucprov_write_octets(&writer, message, length);
    write_variables(&writer, key, record);
    bool computed =
        writer.error == 0 &&
        HMAC(EVP_get_digestbyname(key->algorithm->digest), key->secret, (int)key->secret_length,
             octets, ucprov_writer_length(&writer), mac->octets, &mac_length) != NULL;
    free(octets);
    mac->length = mac_length;
    return computed && mac_length == key->algorithm->length;
}

/* One more, or one less, record in the additional section. */
static void
add_to_count(uint8_t *message, int difference)
{
    unsigned count = (unsigned)(message[ARCOUNT_OFFSET] << 8) | message[ARCOUNT_OFFSET + 1];

    count += (unsigned)difference;
    message[ARCOUNT_OFFSET] = (uint8_t)(count >> 8);
    message[ARCOUNT_OFFSET + 1] = (uint8_t)count;
}

int
tsig_sign(const struct tsig_key *key, uint8_t *message, size_t *length, size_t size,
          struct tsig_mac *mac, struct problem *problem)
{
    const struct tsig_record record = {.time = (uint64_t)time(NULL), .fudge = FUDGE};
    struct ucprov_writer writer;

    if (!compute_mac(key, NULL, message, *length, &record, mac)) {
        return problem_set(problem, STATUS_FAILED, "cannot compute the TSIG of a message");
    }
    ucprov_writer_init(&writer, message + *length, size - *length);
    ucprov_write_octets(&writer, key->name.wire, key->name.length);
    ucprov_write_u16(&writer, TYPE_TSIG);
    ucprov_write_u16(&writer, CLASS_ANY);
    ucprov_write_u32(&writer, 0); /* TTL */
    ucprov_write_u16(&writer, (uint16_t)(key->algorithm_name.length + 16 + mac->length));
    ucprov_write_octets(&writer, key->algorithm_name.wire, key->algorithm_name.length);
    write_time(&writer, record.time);
    ucprov_write_u16(&writer, record.fudge);
    ucprov_write_u16(&writer, (uint16_t)mac->length);
    ucprov_write_octets(&writer, mac->octets, mac->length);
    ucprov_write_octets(&writer, message, 2); /* original ID */
    ucprov_write_u16(&writer, 0);             /* error */
    ucprov_write_u16(&writer, 0);             /* other data */
    if (writer.error != 0) {
        return problem_set(problem, STATUS_FAILED, "a message is too long to be signed");
    }
    *length += ucprov_writer_length(&writer);
    add_to_count(message, 1);
    return STATUS_FINE;
}

static void
lower_case(struct ucprov_name *name)
{
    for (size_t i = 0; i < name->length; i++) { /* lengths of labels are below 'A' */
        name->wire[i] = (uint8_t)tolower(name->wire[i]);
    }
}

/* Reads the fields behind the fixed part of the record. */
static bool
read_fields(struct ucprov_reader *reader, struct tsig_record *record)
{
    if (ucprov_name_read(reader, &record->algorithm) != 0) {
        return false;
    }
    record->time = (uint64_t)ucprov_read_u16(reader) << 32;
    record->time |= ucprov_read_u32(reader);
    record->fudge = ucprov_read_u16(reader);
    record->mac_length = ucprov_read_u16(reader);
    record->mac = ucprov_read_octets(reader, record->mac_length);
    record->original_id = ucprov_read_u16(reader);
    record->error = ucprov_read_u16(reader);
    record->other_length = ucprov_read_u16(reader);
    record->other = ucprov_read_octets(reader, record->other_length);
    lower_case(&record->algorithm);
    return reader->error == 0;
}

/* Finds the TSIG record, which has to be the last one of a message, and where it begins. False:
 * there is none. */
static bool
find_record(const uint8_t *message, size_t length, struct tsig_record *record, size_t *offset)
{
    struct ucprov_reader reader;
    struct ucprov_name name;
    unsigned questions, records = 0;

    ucprov_reader_init(&reader, message, length);
    ucprov_read_u32(&reader); /* ID and flags */
    questions = ucprov_read_u16(&reader);
    for (int i = 0; i < 3; i++) {
        records += ucprov_read_u16(&reader);
    }
    for (; questions > 0 && ucprov_name_read(&reader, &name) == 0; questions--) {
        ucprov_read_u32(&reader); /* type and class */
    }
    for (; records > 0 && reader.error == 0; records--) {
        *offset = (size_t)(reader.position - reader.start);
        if (ucprov_name_read(&reader, &record->key) != 0) {
            return false;
        }
        uint16_t type = ucprov_read_u16(&reader);
        ucprov_read_u16(&reader); /* class */
        ucprov_read_u32(&reader); /* TTL */
        uint16_t data_length = ucprov_read_u16(&reader);
        if (records == 1 && type == TYPE_TSIG) {
            lower_case(&record->key);
            return read_fields(&reader, record) && ucprov_reader_left(&reader) == 0;
        }
        ucprov_read_octets(&reader, data_length);
    }
    return false;
}

/* The sentence for a TSIG error that the server reports. */
static int
report_error(const struct tsig_key *key, const char *server, unsigned error,
             struct problem *problem)
{
    switch (error) {
    case BADKEY:
        return problem_set(problem, STATUS_FINDING,
                           "%s does not know the key \"%s\" with %s (BADKEY): put the same key "
                           "statement into its configuration",
                           server, key->text, key->algorithm->name);
    case BADSIG:
        return problem_set(problem, STATUS_FINDING,
                           "%s has another secret for the key \"%s\" (BADSIG): copy the key file "
                           "from the server again",
                           server, key->text);
    case BADTIME:
        return problem_set(problem, STATUS_FINDING,
                           "%s has another time than this machine (BADTIME): set both clocks, "
                           "best by NTP",
                           server);
    case BADTRUNC:
        return problem_set(problem, STATUS_FINDING,
                           "%s demands a longer TSIG of the key \"%s\" (BADTRUNC): make the "
                           "algorithm the same on both sides",
                           server, key->text);
    default:
        return problem_set(problem, STATUS_FINDING,
                           "%s refuses the key \"%s\" with TSIG error %u: look in its log", server,
                           key->text, error);
    }
}

/* The MAC of the answer, made as the server should have made it. */
static bool
mac_is_right(const struct tsig_key *key, const uint8_t *message, size_t length,
             const struct tsig_record *record, const struct tsig_mac *request)
{
    struct tsig_mac mac;
    uint8_t *bare = malloc(length);

    if (bare == NULL) {
        return false;
    }
    memcpy(bare, message, length);
    bare[0] = (uint8_t)(record->original_id >> 8);
    bare[1] = (uint8_t)record->original_id;
    add_to_count(bare, -1);
    bool right = compute_mac(key, request, bare, length, record, &mac) &&
                 record->mac_length == mac.length &&
                 CRYPTO_memcmp(record->mac, mac.octets, mac.length) == 0;
    free(bare);
    return right;
}

int
tsig_verify(const struct tsig_key *key, const char *server, const uint8_t *message, size_t length,
            const struct tsig_mac *request, struct problem *problem)
{
    struct tsig_record record;
    size_t offset = 0;

    if (length < HEADER_LENGTH || !find_record(message, length, &record, &offset)) {
        return problem_set(problem, STATUS_FINDING,
                           "%s does not sign its answer with the key \"%s\" (response code %u): "
                           "it knows no TSIG, or something between changes messages",
                           server, key->text, length > 3 ? message[3] & 0xFU : 0);
    }
    if (record.error != 0) {
        return report_error(key, server, record.error, problem);
    }
    if (!ucprov_name_equal(&record.key, &key->name) ||
        !ucprov_name_equal(&record.algorithm, &key->algorithm_name) ||
        !mac_is_right(key, message, offset, &record, request)) {
        return problem_set(problem, STATUS_FINDING,
                           "the signature of %s's answer is wrong: somebody else answered, or "
                           "changed the answer",
                           server);
    }
    int64_t difference = (int64_t)time(NULL) - (int64_t)record.time;
    if (difference > record.fudge || -difference > record.fudge) {
        return report_error(key, server, BADTIME, problem);
    }
    return STATUS_FINE;
}
