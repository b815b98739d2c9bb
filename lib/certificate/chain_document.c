/* SPDX-License-Identifier: MPL-2.0 */
/* An expat reader that notes each blob's offset and lines, too, so that a template of the very same
 * document can be made. It verifies no certificate. */
#include "certificate/chain_document.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs7.h>
#include <stdlib.h>
#include <string.h>

#include "base/expat.h"
#include "base/printable.h"

#define SEPARATOR        '\n' /* between namespace and local name; expat lets none contain it */
#define BASE64_MIN       64   /* characters; no certificate is as short */
#define CERTIFICATES_MAX 256  /* of all blobs; some documents hold each certificate twice */

#define SOAP_11_FAULT "http://schemas.xmlsoap.org/soap/envelope/\nFault"
#define SOAP_12_FAULT "http://www.w3.org/2003/05/soap-envelope\nFault"
#define SOAP_12_TEXT  "http://www.w3.org/2003/05/soap-envelope\nText"

const char ucprov_get_root_cert_chains[] =
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
    "<GetRootCertChains xmlns=\"http://schemas.microsoft.com/OCS/AuthWebServices/\"/>"
    "</s:Body></s:Envelope>";
const char ucprov_get_root_cert_chains_action[] =
    "http://schemas.microsoft.com/OCS/AuthWebServices/GetRootCertChains";

/* Text between two tags, or of an attribute, as long as it may be base64: without its blanks. */
struct text {
    char *base64;
    size_t length;
    size_t capacity;
    size_t start; /* of its first character in the document, and behind its last one */
    size_t end;
    bool other; /* something else is in there */
};

struct reading {
    XML_Parser expat;
    struct ucprov_chain_document *document;
    struct ucprov_problem *problem;
    const char *octets;
    bool failed;
    struct text text;
    unsigned depth;
    char names[UCPROV_DOCUMENT_DEPTH_MAX][sizeof(((struct ucprov_chain_document *)0)->element)];
    unsigned explaining; /* the depth of the element that explains an error; 0: none */
    size_t explanation_length;
    char explanation[256]; /* as it came */
};

/* Notes the first problem, and stops. expat may call handlers once more after that. */
static void
reading_failed(struct reading *reading, const char *what)
{
    if (!reading->failed) {
        reading->failed = true;
        ucprov_problem_set(reading->problem, "line %lu: %s",
                           (unsigned long)XML_GetCurrentLineNumber64(reading->expat), what);
        XML_StopParser(reading->expat, XML_FALSE);
    }
}

/* Text */

static bool
is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

static bool
is_base64(char character)
{
    return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z') ||
           (character >= '0' && character <= '9') || character == '+' || character == '/' ||
           character == '=';
}

static bool
text_grow(struct text *text)
{
    size_t capacity = text->capacity == 0 ? 4096 : 2 * text->capacity;
    char *grown = realloc(text->base64, capacity);
    if (grown != NULL) {
        text->base64 = grown;
        text->capacity = capacity;
    }
    return grown != NULL;
}

/* Adds a character, which stands at `start` to `end` in the document. */
static void
text_add(struct reading *reading, char character, size_t start, size_t end)
{
    struct text *text = &reading->text;
    if (text->other || is_blank(character)) {
        return;
    }
    if (!is_base64(character)) {
        text->other = true;
        return;
    }
    if (text->length == text->capacity && !text_grow(text)) {
        reading_failed(reading, "out of memory");
        return;
    }
    if (text->length == 0) {
        text->start = start;
    }
    text->end = end;
    text->base64[text->length++] = character;
}

static void
text_reset(struct text *text)
{
    text->length = 0;
    text->other = false;
}

/* Blobs */

/* What stands between lines: blanks, and references to such. Returns its length. */
static size_t
break_length(const char *raw, size_t length)
{
    size_t i = 0;
    while (i < length) {
        const char *end = raw[i] == '&' ? memchr(raw + i, ';', length - i) : NULL;
        if (end != NULL) {
            i = (size_t)(end - raw) + 1;
        } else if (is_blank(raw[i])) {
            i++;
        } else {
            break;
        }
    }
    return i;
}

static size_t
base64_length(const char *raw, size_t length)
{
    size_t i = 0;
    while (i < length && is_base64(raw[i])) {
        i++;
    }
    return i;
}

/* Finds out about the lines of a blob: all as long, the last perhaps shorter, and with the same
 * between them. Otherwise it is left as if it were in one line. `count` is the number of its base64
 * characters, since a reference may stand for one, too. */
static void
find_lines(struct ucprov_blob *blob, const char *raw, size_t count)
{
    size_t columns = base64_length(raw, blob->length);
    size_t gap = break_length(raw + columns, blob->length - columns);
    if (gap == 0 || gap >= sizeof(blob->line_break)) {
        return;
    }
    const char *line_break = raw + columns;
    size_t position = 0, seen = 0;
    for (;;) {
        size_t line = base64_length(raw + position, blob->length - position);
        position += line;
        seen += line;
        if (position == blob->length) {
            if (line > columns || seen != count) {
                return;
            }
            break;
        }
        if (line != columns || break_length(raw + position, blob->length - position) != gap ||
            memcmp(raw + position, line_break, gap) != 0) {
            return;
        }
        position += gap;
    }
    blob->columns = columns;
    memcpy(blob->line_break, line_break, gap);
    blob->line_break[gap] = '\0';
}

static bool
push_certificate(STACK_OF(X509) * stack, X509 *certificate)
{
    if (X509_up_ref(certificate) == 0) {
        return false;
    }
    if (sk_X509_push(stack, certificate) <= 0) {
        X509_free(certificate);
        return false;
    }
    return true;
}

/* Takes certificates into a new blob. */
static void
add_blob(struct reading *reading, enum ucprov_blob_kind kind, const STACK_OF(X509) * certificates)
{
    struct ucprov_chain_document *document = reading->document;
    int count = sk_X509_num(certificates);
    if (document->count == UCPROV_BLOBS_MAX ||
        sk_X509_num(document->certificates) + count > CERTIFICATES_MAX) {
        reading_failed(reading, "more certificates than any chain has");
        return;
    }
    if (document->count == 0 && reading->depth > 0) {
        memcpy(document->element, reading->names[reading->depth - 1], sizeof(document->element));
    }
    struct ucprov_blob *blob = &document->blobs[document->count++];
    const struct text *text = &reading->text;
    *blob = (struct ucprov_blob){
        .kind = kind, .offset = text->start, .length = text->end - text->start};
    blob->certificates = sk_X509_new_null();
    bool fine = blob->certificates != NULL;
    for (int i = 0; i < count && fine; i++) {
        X509 *certificate = sk_X509_value(certificates, i);
        fine = push_certificate(blob->certificates, certificate) &&
               push_certificate(document->certificates, certificate);
    }
    if (!fine) {
        reading_failed(reading, "out of memory");
    }
    find_lines(blob, reading->octets + text->start, text->length);
}

static bool
add_pkcs7(struct reading *reading, const unsigned char *der, long length)
{
    const unsigned char *end = der;
    PKCS7 *pkcs7 = d2i_PKCS7(NULL, &end, length);
    bool fine = pkcs7 != NULL && end == der + length && PKCS7_type_is_signed(pkcs7) &&
                pkcs7->d.sign != NULL && sk_X509_num(pkcs7->d.sign->cert) > 0;
    if (fine) {
        add_blob(reading, UCPROV_BLOB_PKCS7, pkcs7->d.sign->cert);
    }
    PKCS7_free(pkcs7);
    return fine;
}

static void
add_certificate(struct reading *reading, const unsigned char *der, long length)
{
    const unsigned char *end = der;
    X509 *certificate = d2i_X509(NULL, &end, length);
    STACK_OF(X509) *certificates = sk_X509_new_null();
    if (certificate != NULL && end == der + length && certificates != NULL &&
        sk_X509_push(certificates, certificate) > 0) {
        add_blob(reading, UCPROV_BLOB_CERTIFICATE, certificates);
    }
    sk_X509_free(certificates);
    X509_free(certificate);
}

/* Decodes in place (RFC 4648 section 4). Returns the number of octets; 0: it is no base64. */
static size_t
decode(struct text *text)
{
    size_t length = text->length;
    const char *padding = memchr(text->base64, '=', length);
    size_t pads = padding == NULL ? 0 : length - (size_t)(padding - text->base64);
    if (length % 4 != 0 || length > INT_MAX || pads > 2 ||
        (pads == 2 && text->base64[length - 1] != '=')) {
        return 0;
    }
    unsigned char *octets = (unsigned char *)text->base64; /* never overtakes what it reads */
    int count = EVP_DecodeBlock(octets, octets, (int)length);
    return count < 0 ? 0 : (size_t)count - pads;
}

/* The text is complete: does it hold certificates? */
static void
text_end(struct reading *reading)
{
    struct text *text = &reading->text;
    if (!text->other && text->length >= BASE64_MIN && !reading->failed) {
        long length = (long)decode(text);
        ERR_set_mark();
        if (length > 0 && !add_pkcs7(reading, (unsigned char *)text->base64, length)) {
            add_certificate(reading, (unsigned char *)text->base64, length);
        }
        ERR_pop_to_mark();
    }
    text_reset(text);
}

/* Attributes. expat hands out their values, but not where they stand; so the tag is looked at,
 * which it has found to be well-formed. */

/* The character that a reference stands for; something that is no base64 when it is another. */
static char
referenced(const char *reference, size_t length)
{
    bool is_hex = length > 3 && (reference[2] == 'x');
    if (length < 4 || reference[1] != '#') {
        return '&';
    }
    unsigned long code = strtoul(reference + (is_hex ? 3 : 2), NULL, is_hex ? 16 : 10);
    return code < 0x80 ? (char)code : '&';
}

static void
read_value(struct reading *reading, size_t start, size_t end)
{
    const char *octets = reading->octets;
    text_reset(&reading->text);
    for (size_t next, i = start; i < end; i = next) {
        const char *semicolon = octets[i] == '&' ? memchr(octets + i, ';', end - i) : NULL;
        next = semicolon == NULL ? i + 1 : (size_t)(semicolon - octets) + 1;
        text_add(reading, semicolon == NULL ? octets[i] : referenced(octets + i, next - i), i,
                 next);
    }
    text_end(reading);
}

static void
read_attributes(struct reading *reading)
{
    const char *octets = reading->octets;
    size_t i = (size_t)XML_GetCurrentByteIndex64(reading->expat);
    size_t end = i + (size_t)XML_GetCurrentByteCount64(reading->expat);
    while (i < end) {
        char quote = octets[i++];
        if (quote != '"' && quote != '\'') {
            continue;
        }
        const char *closing = memchr(octets + i, quote, end - i);
        if (closing == NULL) {
            return;
        }
        size_t value_end = (size_t)(closing - octets);
        read_value(reading, i, value_end);
        i = value_end + 1;
    }
}

/* Errors that the document tells of */

static const char *
local_name(const char *name)
{
    const char *separator = strrchr(name, SEPARATOR);
    return separator == NULL ? name : separator + 1;
}

static void
explain_parse_error(struct reading *reading, const char *text, size_t length)
{
    size_t room = sizeof(reading->explanation) - reading->explanation_length;
    length = length < room ? length : room;
    for (size_t i = 0; i < length; i++) {
        reading->explanation[reading->explanation_length++] = is_blank(text[i]) ? ' ' : text[i];
    }
}

/* What is inside an ErrorInfo is not public: all of its text and attributes may help. Those of a
 * namespace, xml:lang above all, do not. */
static void
note_error(struct reading *reading, const char *name, const char **attributes)
{
    const char *local = local_name(name);
    if (strcmp(name, SOAP_11_FAULT) == 0 || strcmp(name, SOAP_12_FAULT) == 0) {
        reading->document->error_response = true;
    }
    if (reading->explaining == 0 &&
        (strcmp(name, "faultstring") == 0 || strcmp(name, SOAP_12_TEXT) == 0 ||
         strcmp(local, "ErrorInfo") == 0)) {
        reading->explaining = reading->depth;
    }
    for (; attributes[0] != NULL; attributes += 2) {
        if (strcmp(attributes[0], "ResponseClass") == 0 && strcmp(attributes[1], "Success") != 0) {
            reading->document->error_response = true;
        }
        if (reading->explaining != 0 && strchr(attributes[0], SEPARATOR) == NULL) {
            explain_parse_error(reading, attributes[0], strlen(attributes[0]));
            explain_parse_error(reading, "=", 1);
            explain_parse_error(reading, attributes[1], strlen(attributes[1]));
            explain_parse_error(reading, " ", 1);
        }
    }
}

/* Handlers */

static void XMLCALL
start_element(void *context, const char *name, const char **attributes)
{
    struct reading *reading = context;
    text_end(reading);
    if (reading->failed) {
        return;
    }
    if (reading->depth == UCPROV_DOCUMENT_DEPTH_MAX) {
        reading_failed(reading, "the elements are nested too deeply");
        return;
    }
    char *copy = reading->names[reading->depth++];
    ucprov_printable(copy, sizeof(reading->names[0]), local_name(name), strlen(local_name(name)));
    note_error(reading, name, attributes);
    read_attributes(reading);
}

static void XMLCALL
end_element(void *context, const char *name)
{
    struct reading *reading = context;
    (void)name;
    text_end(reading);
    if (reading->failed) {
        return;
    }
    if (reading->explaining == reading->depth) {
        reading->explaining = 0;
        explain_parse_error(reading, " ", 1);
    }
    reading->depth--;
}

/* Text comes in pieces: of a reference or a line break, what it stands for; otherwise octets as
 * they are in the document. */
static void XMLCALL
character_data(void *context, const char *text, int length)
{
    struct reading *reading = context;
    size_t start = (size_t)XML_GetCurrentByteIndex64(reading->expat);
    size_t count = (size_t)XML_GetCurrentByteCount64(reading->expat);
    bool same = count == (size_t)length;
    for (int i = 0; i < length; i++) {
        size_t offset = start + (same ? (size_t)i : 0);
        text_add(reading, text[i], offset, same ? offset + 1 : start + count);
    }
    if (reading->explaining != 0) {
        explain_parse_error(reading, text, (size_t)length);
    }
}

/* With no document type there are no entities that could grow, or read files. */
static void XMLCALL
start_doctype(void *context, const char *name, const char *system_id, const char *public_id,
              int has_internal_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal_subset;
    reading_failed(context, "it has a document type declaration, which is refused");
}

/* Octets of UTF-16 are not the characters of base64, and offsets would be of no use. It begins with
 * a byte order mark, or half of its "<" is 0 (XML 1.0 appendix F). */
static bool
is_utf16(const char *octets, size_t length)
{
    return length >= 2 && (memcmp(octets, "\xfe\xff", 2) == 0 ||
                           memcmp(octets, "\xff\xfe", 2) == 0 || octets[0] == 0 || octets[1] == 0);
}

static int
parse_document(struct reading *reading, size_t length)
{
    XML_SetUserData(reading->expat, reading);
    XML_SetElementHandler(reading->expat, start_element, end_element);
    XML_SetCharacterDataHandler(reading->expat, character_data);
    XML_SetStartDoctypeDeclHandler(reading->expat, start_doctype);
    if (XML_Parse(reading->expat, reading->octets, (int)length, true) != XML_STATUS_OK) {
        reading_failed(reading, XML_ErrorString(XML_GetErrorCode(reading->expat)));
    }
    size_t explained = reading->explanation_length;
    while (explained > 0 && reading->explanation[explained - 1] == ' ') {
        explained--;
    }
    ucprov_printable(reading->document->explanation, sizeof(reading->document->explanation),
                     reading->explanation, explained);
    return reading->failed ? -1 : 0;
}

int
ucprov_chain_document_parse(struct ucprov_chain_document *document, const char *octets,
                            size_t length, struct ucprov_problem *problem)
{
    *document = (struct ucprov_chain_document){.certificates = sk_X509_new_null()};
    if (length > UCPROV_DOCUMENT_MAX) {
        return ucprov_problem_set(problem, "more than 4 MiB, which is no response with chains");
    }
    if (is_utf16(octets, length)) {
        return ucprov_problem_set(problem, "its encoding is UTF-16; UTF-8 is what is read here");
    }
    struct reading *reading = calloc(1, sizeof(*reading));
    XML_Parser expat = XML_ParserCreateNS(NULL, SEPARATOR);
    int status;
    if (reading == NULL || expat == NULL || document->certificates == NULL) {
        status = ucprov_problem_set(problem, "out of memory");
    } else {
        reading->expat = expat;
        reading->document = document;
        reading->problem = problem;
        reading->octets = octets;
        status = parse_document(reading, length);
        free(reading->text.base64);
    }
    free(reading);
    XML_ParserFree(expat);
    return status;
}

void
ucprov_chain_document_clear(struct ucprov_chain_document *document)
{
    for (size_t i = 0; i < document->count; i++) {
        ucprov_certificates_free(document->blobs[i].certificates);
    }
    ucprov_certificates_free(document->certificates);
    *document = (struct ucprov_chain_document){.count = 0};
}
