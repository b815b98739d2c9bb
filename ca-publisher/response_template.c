/* SPDX-License-Identifier: MPL-2.0 */
/* Renders a template strictly, and then reads the result back as a phone would: a template that
 * hides, loses or adds a certificate is refused when it is loaded, not found out by phones. */
#include "response_template.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/file.h"
#include "certificate/chain_document.h"

#define OPEN        "{{"
#define CLOSE       "}}"
#define TAG_MAX     64   /* characters between braces; the longest that means anything is shorter */
#define COLUMNS_MAX 9999 /* base64 characters a line */
#define BREAK_SIZE  16   /* as in struct ucprov_blob */

/* A reconstruction. Public are the envelope, the response element with its default namespace and
 * ResponseClass, and that chains are PKCS#7 ([MS-OCAUTHWS]); what the child element is called, and
 * that there is one for each chain, is our guess. As WCF writes it: no XML declaration, no blanks.
 */
const char response_template_builtin[] =
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
    "<GetRootCertChainsResponse xmlns=\"http://schemas.microsoft.com/OCS/AuthWebServices/\""
    " ResponseClass=\"Success\">"
    "{{#chains}}<CertChain>{{pkcs7}}</CertChain>{{/chains}}"
    "</GetRootCertChainsResponse></s:Body></s:Envelope>";

/* What has been made so far. After the first failure, appending does nothing. */
struct output {
    char *octets;
    size_t length;
    size_t capacity;
    const char *failure; /* static */
};

struct rendering {
    const char *template;
    const struct ucprov_chains *chains;
    struct output output;
    size_t blobs; /* how many PKCS#7 and certificates have been put in */
    struct ucprov_problem *problem;
};

/* What placeholders stand for where they are. */
struct scope {
    const STACK_OF(X509) * certificates; /* of the chain, or of all of them */
    const X509 *certificate;             /* NULL: in no certificates section */
    bool in_chain;
};

/* Part of the template. */
struct span {
    const char *start;
    const char *end;
};

static void
append_octets(struct output *output, const void *octets, size_t length)
{
    if (output->failure != NULL) {
        return;
    }
    if (length > RESPONSE_MAX - output->length) {
        output->failure = "the response would have more than 4 MiB";
        return;
    }
    size_t needed = output->length + length + 1;
    if (needed > output->capacity) {
        size_t capacity = needed + needed / 2;
        char *grown = realloc(output->octets, capacity);
        if (grown == NULL) {
            output->failure = "out of memory";
            return;
        }
        output->octets = grown;
        output->capacity = capacity;
    }
    memcpy(output->octets + output->length, octets, length);
    output->length += length;
    output->octets[output->length] = '\0';
}

/* False, always: `where` is in the template. */
__attribute__((format(printf, 3, 4))) static bool
refuse_template(const struct rendering *rendering, const char *where, const char *format, ...)
{
    size_t line = 1;
    for (const char *octet = rendering->template; octet < where; octet++) {
        line += *octet == '\n';
    }
    char text[UCPROV_PROBLEM_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    ucprov_problem_set(rendering->problem, "line %zu: %s", line, text);
    return false;
}

/* How base64 is broken into lines. */
struct line_format {
    size_t columns; /* 0: all in one */
    char line_break[BREAK_SIZE];
};

/* Reads one part of a line break: its octets go to `text`, and what follows it in the placeholder
 * is returned; NULL when it is none. A character reference stays as it is. */
static const char *
read_break_part(char *text, const char *tag)
{
    static const struct {
        const char *name;
        const char *octet;
    } parts[] = {{"cr", "\r"}, {"lf", "\n"}, {"tab", "\t"}, {"sp", " "}};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        size_t length = strlen(parts[i].name);
        if (strncmp(tag, parts[i].name, length) == 0) {
            memcpy(text, parts[i].octet, 2);
            return tag + length;
        }
    }
    size_t length = strcspn(tag, ";") + 1;
    if (strncmp(tag, "&#", 2) != 0 || tag[length - 1] != ';' || length >= BREAK_SIZE) {
        return NULL;
    }
    memcpy(text, tag, length);
    text[length] = '\0';
    return tag + length;
}

/* "64 crlf", or "64", or nothing. */
static bool
read_line_format(struct line_format *format, const char *tag)
{
    *format = (struct line_format){.columns = 0};
    if (*tag == '\0') {
        return true;
    }
    char *end;
    unsigned long columns = *tag >= '1' && *tag <= '9' ? strtoul(tag, &end, 10) : 0;
    if (columns == 0 || columns > COLUMNS_MAX || (*end != '\0' && *end != ' ')) {
        return false;
    }
    format->columns = columns;
    if (*end == '\0') {
        memcpy(format->line_break, "\n", 2);
        return true;
    }
    size_t length = 0;
    for (tag = end + 1; *tag != '\0'; length = strlen(format->line_break)) {
        char part[BREAK_SIZE];
        tag = read_break_part(part, tag);
        if (tag == NULL || length + strlen(part) >= BREAK_SIZE) {
            return false;
        }
        memcpy(format->line_break + length, part, strlen(part) + 1);
    }
    return length > 0;
}

static void
append_lines(struct output *output, const char *text, size_t length,
             const struct line_format *format)
{
    size_t columns = format->columns == 0 ? length : format->columns;
    for (size_t done = 0; done < length; done += columns) {
        if (done > 0) {
            append_octets(output, format->line_break, strlen(format->line_break));
        }
        append_octets(output, text + done, length - done < columns ? length - done : columns);
    }
}

static void
append_base64(struct output *output, const uint8_t *octets, size_t length,
              const struct line_format *format)
{
    if (output->failure != NULL) {
        return;
    }
    if (octets == NULL || length > RESPONSE_MAX) {
        output->failure = octets == NULL ? "out of memory" : "a chain of more than 4 MiB";
        return;
    }
    unsigned char *text = malloc(4 * ((length + 2) / 3) + 1);
    if (text == NULL) {
        output->failure = "out of memory";
        return;
    }
    int count = EVP_EncodeBlock(text, octets, (int)length);
    append_lines(output, (const char *)text, (size_t)count, format);
    free(text);
}

/* {{pkcs7 ...}} and {{certificate ...}}; `tag` is what is between the braces. */
static bool
render_blob(struct rendering *rendering, const struct scope *scope, const char *tag,
            const char *where)
{
    bool is_pkcs7 = strncmp(tag, "pkcs7", 5) == 0;
    size_t name = strlen(is_pkcs7 ? "pkcs7" : "certificate");
    struct line_format format;
    if (!read_line_format(&format, tag + name + (tag[name] == ' '))) {
        return refuse_template(rendering, where,
                               "{{%s}}: not a line length and line break; write, for instance, "
                               "{{%.*s 64 crlf}}",
                               tag, (int)name, tag);
    }
    if (is_pkcs7 && scope->certificate != NULL) {
        return refuse_template(rendering, where,
                               "{{pkcs7}} does not go into a certificates section");
    }
    if (!is_pkcs7 && scope->certificate == NULL) {
        return refuse_template(rendering, where,
                               "{{certificate}} goes into {{#certificates}} ... {{/certificates}}");
    }
    size_t length = 0;
    uint8_t *octets = NULL;
    if (is_pkcs7) {
        octets = ucprov_certificates_pkcs7(scope->certificates, &length);
    } else {
        int count = i2d_X509(scope->certificate, &octets);
        length = count < 0 ? 0 : (size_t)count;
    }
    append_base64(&rendering->output, octets, length, &format);
    OPENSSL_free(octets);
    rendering->blobs++;
    return true;
}

static bool render_span(struct rendering *rendering, struct span span, const struct scope *scope);

static bool
render_chains(struct rendering *rendering, struct span body)
{
    const struct ucprov_chains *chains = rendering->chains;
    bool fine = true;
    for (size_t i = 0; i < chains->count && fine; i++) {
        struct scope scope = {.certificates = chains->items[i].certificates, .in_chain = true};
        fine = render_span(rendering, body, &scope);
    }
    return fine;
}

static bool
render_certificates(struct rendering *rendering, struct span body, const struct scope *outer)
{
    bool fine = true;
    for (int i = 0; i < sk_X509_num(outer->certificates) && fine; i++) {
        struct scope scope = *outer;
        scope.certificate = sk_X509_value(outer->certificates, i);
        fine = render_span(rendering, body, &scope);
    }
    return fine;
}

/* Renders a section, whose tag is "#chains" or "#certificates" and ends at `rest->start`; moves
 * that behind the section's end. */
static bool
render_section(struct rendering *rendering, const struct scope *scope, const char *tag,
               const char *where, struct span *rest)
{
    char end[TAG_MAX];
    int end_length = snprintf(end, sizeof(end), OPEN "/%s" CLOSE, tag + 1);
    const char *found =
        memmem(rest->start, (size_t)(rest->end - rest->start), end, (size_t)end_length);
    if (found == NULL) {
        return refuse_template(rendering, where, "{{%s}} is not closed: there is no %s behind it",
                               tag, end);
    }
    struct span body = {rest->start, found};
    rest->start = found + end_length;
    bool of_chains = strcmp(tag, "#chains") == 0;
    if (scope->certificate != NULL || (of_chains && scope->in_chain)) {
        return refuse_template(rendering, where, "{{%s}} does not go into a section of its kind",
                               tag);
    }
    return of_chains ? render_chains(rendering, body) : render_certificates(rendering, body, scope);
}

static bool
is_named(const char *tag, const char *name)
{
    size_t length = strlen(name);
    return strncmp(tag, name, length) == 0 && (tag[length] == '\0' || tag[length] == ' ');
}

/* Renders the placeholder at the start of the span, and moves that behind it. */
static bool
render_tag(struct rendering *rendering, const struct scope *scope, struct span *rest)
{
    const char *where = rest->start;
    const char *text = where + strlen(OPEN);
    const char *end = memmem(text, (size_t)(rest->end - text), CLOSE, strlen(CLOSE));
    if (end == NULL || end - text >= TAG_MAX - (int)sizeof(OPEN CLOSE) ||
        memchr(text, '\0', (size_t)(end - text)) != NULL) {
        return refuse_template(
            rendering, where,
            "{{ without }} soon behind it; where the response has two braces, write "
            "{{braces}}");
    }
    char tag[TAG_MAX] = "";
    memcpy(tag, text, (size_t)(end - text));
    rest->start = end + strlen(CLOSE);
    if (strcmp(tag, "braces") == 0) {
        append_octets(&rendering->output, OPEN, strlen(OPEN));
        return true;
    }
    if (is_named(tag, "pkcs7") || is_named(tag, "certificate")) {
        return render_blob(rendering, scope, tag, where);
    }
    if (strcmp(tag, "#chains") == 0 || strcmp(tag, "#certificates") == 0) {
        return render_section(rendering, scope, tag, where, rest);
    }
    return refuse_template(
        rendering, where,
        "{{%s}} is no placeholder here; there are pkcs7, certificate, #chains, /chains, "
        "#certificates, /certificates and braces",
        tag);
}

static bool
render_span(struct rendering *rendering, struct span span, const struct scope *scope)
{
    while (span.start < span.end && rendering->output.failure == NULL) {
        size_t left = (size_t)(span.end - span.start);
        const char *open = memmem(span.start, left, OPEN, strlen(OPEN));
        if (open == NULL) {
            append_octets(&rendering->output, span.start, left);
            return true;
        }
        append_octets(&rendering->output, span.start, (size_t)(open - span.start));
        span.start = open;
        if (!render_tag(rendering, scope, &span)) {
            return false;
        }
    }
    return true;
}

/* Every certificate of `wanted` is in `certificates`, or the problem says which one is not. */
static bool
check_contains(const STACK_OF(X509) * certificates, const STACK_OF(X509) * wanted,
               const char *sentence, struct ucprov_problem *problem)
{
    for (int i = 0; i < sk_X509_num(wanted); i++) {
        const X509 *certificate = sk_X509_value(wanted, i);
        if (!ucprov_certificates_hold(certificates, certificate)) {
            char *subject = ucprov_certificate_subject(certificate);
            ucprov_problem_set(problem, sentence, subject == NULL ? "?" : subject);
            free(subject);
            return false;
        }
    }
    return true;
}

/* Reads the response as a client would: are exactly the chains' certificates in there? */
static bool
check_response(const struct output *response, const struct ucprov_chains *chains,
               struct ucprov_problem *problem)
{
    struct ucprov_chain_document document;
    struct ucprov_problem reason;
    bool fine = false;
    if (ucprov_chain_document_parse(&document, response->octets, response->length, &reason) != 0) {
        ucprov_problem_set(problem, "what the template makes is no response: %s", reason.text);
    } else if (document.error_response) {
        ucprov_problem_set(problem, "what the template makes is an error: a fault, or a "
                                    "ResponseClass that is not Success");
    } else {
        fine = check_contains(document.certificates, chains->all,
                              "the certificate %s cannot be read back from what the template makes",
                              problem) &&
               check_contains(chains->all, document.certificates,
                              "the template itself has a certificate, %s, which is not in the "
                              "chains; a placeholder should be there",
                              problem);
    }
    ucprov_chain_document_clear(&document);
    return fine;
}

char *
response_render(const char *template, size_t length, const struct ucprov_chains *chains,
                size_t *result_length, struct ucprov_problem *problem)
{
    struct rendering rendering = {.template = template, .chains = chains, .problem = problem};
    struct output *output = &rendering.output;
    struct scope scope = {.certificates = chains->all};
    append_octets(output, "", 0);
    bool fine = render_span(&rendering, (struct span){template, template + length}, &scope);
    if (fine && output->failure != NULL) {
        ucprov_problem_set(problem, "%s", output->failure);
        fine = false;
    } else if (fine && rendering.blobs == 0) {
        ucprov_problem_set(problem, "there is no placeholder for a chain; write {{pkcs7}} where "
                                    "it goes");
        fine = false;
    }
    if (!fine || !check_response(output, chains, problem)) {
        free(output->octets);
        return NULL;
    }
    *result_length = output->length;
    return output->octets;
}

char *
response_template_read(const char *path, size_t *length, struct ucprov_problem *problem)
{
    struct ucprov_file file;
    int error = ucprov_file_read(&file, path, RESPONSE_TEMPLATE_MAX, UCPROV_FILE_REGULAR);
    if (error != 0) {
        ucprov_problem_set(problem, "%s: %s", path,
                           error == EFBIG ? "more than 1 MiB, which is no template"
                                          : ucprov_file_error(error));
        return NULL;
    }
    *length = file.length;
    return file.octets;
}
