/* SPDX-License-Identifier: MPL-2.0 */
/* A reader for the one statement of BIND's grammar that holds a key. No word of the file ever gets
 * into a message, as it may be the secret; the buffer is wiped before it is freed. */
#include "client/tsig_key.h"

#include <ctype.h>
#include <errno.h>
#include <ldns/ldns.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"

#define MODE_BITS 07777 /* of a file's mode: its permissions */

static const char *const algorithms[] = {"hmac-sha256", "hmac-sha512"};

/* libldns (1.8.3) looks for "hmac-shac384". */
static const char sha384[] = "hmac-sha384";

/* RFC 8945 section 6 advises against them. */
static const char *const weak_algorithms[] = {"hmac-md5", "hmac-md5.sig-alg.reg.int", "hmac-sha1",
                                              "hmac-sha224"};

/* The text of a key file, and where its reader is. */
struct source {
    const char *file;
    const char *position;
    const char *end;
    unsigned line;
};

enum token { TOKEN_END, TOKEN_WORD, TOKEN_PUNCTUATION };

/* A word (without its quotes), or one of { } ; -- borrowed from the text. */
struct lexeme {
    enum token token;
    const char *text;
    size_t length;
};

/* Tokens are never shown: any of them may be the secret. */
static int
wrong(const struct source *source, struct ucprov_problem *problem, const char *what)
{
    return ucprov_problem_set(problem, "%s:%u: %s", source->file, source->line, what);
}

static bool
begins(const struct source *source, const char *text)
{
    size_t length = strlen(text);

    return (size_t)(source->end - source->position) >= length &&
           memcmp(source->position, text, length) == 0;
}

/* Moves one octet on, counting lines. */
static void
advance(struct source *source)
{
    source->line += *source->position++ == '\n' ? 1 : 0;
}

static void
skip_comment(struct source *source)
{
    bool block = begins(source, "/*");

    source->position += block ? 2 : 1;
    while (source->position < source->end) {
        if (block && begins(source, "*/")) {
            source->position += 2;
            return;
        }
        if (!block && *source->position == '\n') {
            return;
        }
        advance(source);
    }
}

static void
skip_blanks(struct source *source)
{
    while (source->position < source->end) {
        if (isspace((unsigned char)*source->position)) {
            advance(source);
        } else if (begins(source, "#") || begins(source, "//") || begins(source, "/*")) {
            skip_comment(source);
        } else {
            return;
        }
    }
}

static bool
is_punctuation(char c)
{
    return c == '{' || c == '}' || c == ';';
}

static struct lexeme
next_token(struct source *source)
{
    struct lexeme lexeme = {.token = TOKEN_END};

    skip_blanks(source);
    if (source->position == source->end) {
        return lexeme;
    }
    lexeme.token = is_punctuation(*source->position) ? TOKEN_PUNCTUATION : TOKEN_WORD;
    lexeme.text = source->position++;
    if (lexeme.token == TOKEN_PUNCTUATION) {
        lexeme.length = 1;
    } else if (*lexeme.text == '"') {
        lexeme.text++;
        while (source->position < source->end && *source->position != '"' &&
               *source->position != '\n') {
            source->position++;
        }
        lexeme.length = (size_t)(source->position - lexeme.text);
        source->position += source->position < source->end && *source->position == '"' ? 1 : 0;
    } else {
        while (source->position < source->end && !isspace((unsigned char)*source->position) &&
               !is_punctuation(*source->position) && *source->position != '"') {
            source->position++;
        }
        lexeme.length = (size_t)(source->position - lexeme.text);
    }
    return lexeme;
}

static bool
is(const struct lexeme *lexeme, const char *text)
{
    return lexeme->token != TOKEN_END && lexeme->length == strlen(text) &&
           strncasecmp(lexeme->text, text, lexeme->length) == 0;
}

static bool
next_is(struct source *source, const char *text)
{
    struct lexeme lexeme = next_token(source);

    return is(&lexeme, text);
}

/* The name of a key or an algorithm: lower case, without its trailing dot. */
static bool
copy_name(const struct lexeme *lexeme, char text[TSIG_KEY_TEXT_SIZE])
{
    size_t length = lexeme->length;

    if (lexeme->token != TOKEN_WORD) {
        return false;
    }
    if (length > 1 && lexeme->text[length - 1] == '.') {
        length--;
    }
    if (length >= TSIG_KEY_TEXT_SIZE) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        text[i] = (char)tolower((unsigned char)lexeme->text[i]);
    }
    text[length] = '\0';
    return true;
}

static int
read_algorithm(struct source *source, struct tsig_key *key, struct ucprov_problem *problem)
{
    struct lexeme lexeme = next_token(source);

    for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
        if (is(&lexeme, algorithms[i])) {
            key->algorithm = algorithms[i];
            return 0;
        }
    }
    if (is(&lexeme, sha384)) {
        return wrong(source, problem,
                     "hmac-sha384 is not supported: make another key with \"tsig-keygen -a "
                     "hmac-sha256\", or hmac-sha512");
    }
    for (size_t i = 0; i < sizeof(weak_algorithms) / sizeof(weak_algorithms[0]); i++) {
        if (is(&lexeme, weak_algorithms[i])) {
            char text[128];
            snprintf(text, sizeof(text),
                     "%s is too weak: make another key with \"tsig-keygen -a hmac-sha256\"",
                     weak_algorithms[i]);
            return wrong(source, problem, text);
        }
    }
    return wrong(source, problem, "unknown algorithm: hmac-sha256 and hmac-sha512 are known");
}

/* Checks that it is Base64, of the length that it may have. */
static int
check_secret(const struct source *source, const char *secret, struct ucprov_problem *problem)
{
    ldns_rdf *octets = NULL;
    ldns_status error = ldns_str2rdf_b64(&octets, secret);
    size_t length = error == LDNS_STATUS_OK ? ldns_rdf_size(octets) : 0;

    if (length > 0) {
        explicit_bzero(ldns_rdf_data(octets), length);
    }
    ldns_rdf_deep_free(octets);
    if (length > TSIG_SECRET_MAX) {
        return wrong(source, problem, "the secret is too long: 512 octets at the most");
    }
    return length > 0 ? 0 : wrong(source, problem, "the secret is not valid Base64");
}

static int
read_secret(struct source *source, struct tsig_key *key, struct ucprov_problem *problem)
{
    struct lexeme lexeme = next_token(source);

    if (lexeme.token != TOKEN_WORD || lexeme.length == 0) {
        return wrong(source, problem, "no secret: Base64 in quotes is expected");
    }
    if (lexeme.length >= sizeof(key->secret)) {
        return wrong(source, problem, "the secret is too long: 512 octets at the most");
    }
    if (memchr(lexeme.text, '\0', lexeme.length) != NULL) {
        return wrong(source, problem, "the secret is not valid Base64");
    }
    memcpy(key->secret, lexeme.text, lexeme.length);
    key->secret[lexeme.length] = '\0';
    return check_secret(source, key->secret, problem);
}

/* What is between the braces, up to the closing one. */
static int
read_settings(struct source *source, struct tsig_key *key, struct ucprov_problem *problem)
{
    for (;;) {
        struct lexeme lexeme = next_token(source);
        int status;

        if (is(&lexeme, "}")) {
            break;
        }
        if (is(&lexeme, "algorithm") && key->algorithm == NULL) {
            status = read_algorithm(source, key, problem);
        } else if (is(&lexeme, "secret") && key->secret[0] == '\0') {
            status = read_secret(source, key, problem);
        } else {
            return wrong(source, problem, "\"algorithm\", \"secret\", each once, or } is expected");
        }
        if (status != 0) {
            return status;
        }
        if (!next_is(source, ";")) {
            return wrong(source, problem, "a semicolon is missing");
        }
    }
    if (key->algorithm == NULL || key->secret[0] == '\0') {
        return wrong(source, problem, "the key lacks its algorithm or its secret");
    }
    return 0;
}

static int
read_key(struct source *source, struct tsig_key *key, struct ucprov_problem *problem)
{
    if (!next_is(source, "key")) {
        return wrong(source, problem,
                     "a key in BIND's format is expected, as tsig-keygen writes it: "
                     "key \"NAME\" { algorithm hmac-sha256; secret \"...\"; };");
    }
    struct lexeme name = next_token(source);
    if (!copy_name(&name, key->text) || ucprov_name_from_text(NULL, key->text) != 0) {
        return wrong(source, problem, "the key's name is expected: a domain name");
    }
    if (!next_is(source, "{")) {
        return wrong(source, problem, "{ is expected behind the key's name");
    }
    int status = read_settings(source, key, problem);
    if (status != 0) {
        return status;
    }
    if (!next_is(source, ";")) {
        return wrong(source, problem, "a semicolon is missing behind the key's }");
    }
    if (next_token(source).token != TOKEN_END) {
        return wrong(source, problem, "there is more than one key: leave the one to use");
    }
    return 0;
}

int
tsig_key_load(struct tsig_key *key, const char *path, struct ucprov_problem *problem)
{
    struct ucprov_file file;
    *key = (struct tsig_key){.algorithm = NULL};
    int error = ucprov_file_read(&file, path, TSIG_KEY_FILE_MAX, UCPROV_FILE_OR_PIPE);
    if (error != 0) {
        return ucprov_problem_set(problem, "%s: %s", path,
                                  error == EFBIG ? "is too big to be a key file"
                                                 : ucprov_file_error(error));
    }
    key->mode = file.status.st_mode & MODE_BITS;
    struct source source = {
        .file = path, .position = file.octets, .end = file.octets + file.length, .line = 1};
    int status = read_key(&source, key, problem);
    ucprov_file_clear(&file);
    return status;
}

void
tsig_key_clear(struct tsig_key *key)
{
    explicit_bzero(key, sizeof(*key));
}
