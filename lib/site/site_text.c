/* SPDX-License-Identifier: MPL-2.0 */
/* Reads a site file without trusting it: bounded, regular files alone, and no @include. libconfig
 * parses it afterwards; what is refused here is what it would silently misread. */
#include "site/site_text.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "site/site.h"

#define READ_SIZE ((size_t)64 << 10)

/* More digits than any 32-bit number has: libconfig 1.5 reads them with atoi(). */
#define INTEGER_DIGITS_MAX 9

static bool
grow(struct site_text *text, size_t *capacity)
{
    if (text->length + READ_SIZE < *capacity) {
        return true;
    }
    size_t wanted = 2 * *capacity + 2 * READ_SIZE;
    char *octets = realloc(text->octets, wanted);
    if (octets == NULL) {
        return false;
    }
    text->octets = octets;
    *capacity = wanted;
    return true;
}

/* 0, or an errno. */
static int
read_all(struct site_text *text, int descriptor)
{
    size_t capacity = 0;
    for (;;) {
        if (text->length > UCPROV_SITE_FILE_MAX) {
            return EFBIG;
        }
        if (!grow(text, &capacity)) {
            return ENOMEM;
        }
        ssize_t count = read(descriptor, text->octets + text->length, READ_SIZE);
        if (count < 0 && errno != EINTR) {
            return errno;
        }
        if (count == 0) {
            text->octets[text->length] = '\0';
            return 0;
        }
        text->length += count > 0 ? (size_t)count : 0;
    }
}

static int
open_regular(const char *file, struct site_text *text, int *descriptor)
{
    /* O_NONBLOCK: a FIFO must not hold a DHCP server up. */
    *descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*descriptor < 0) {
        return errno;
    }
    struct stat status;
    if (fstat(*descriptor, &status) != 0) {
        return errno;
    }
    if (S_ISDIR(status.st_mode)) {
        return EISDIR;
    }
    if (!S_ISREG(status.st_mode)) {
        return ENOTSUP;
    }
    text->modified = status.st_mtime;
    return 0;
}

static const char *
reason(int error)
{
    switch (error) {
    case EFBIG:
        return "longer than 64 MiB; that is no site file";
    case ENOTSUP:
        return "neither a regular file nor \"-\"";
    default:
        return strerror(error);
    }
}

bool
site_text_read(struct site_text *text, const char *file, struct ucprov_diagnostics *diagnostics)
{
    *text = (struct site_text){0};
    bool standard_input = strcmp(file, "-") == 0;
    int descriptor = STDIN_FILENO;
    int error = standard_input ? 0 : open_regular(file, text, &descriptor);
    if (error == 0) {
        error = read_all(text, descriptor);
    }
    if (!standard_input && descriptor >= 0) {
        close(descriptor);
    }
    if (error != 0) {
        diagnostics->unreadable = true;
        ucprov_diagnostics_error(diagnostics, 0, NULL, "cannot be read: %s", reason(error));
        free(text->octets);
        text->octets = NULL;
    }
    return error == 0;
}

/* A walk over the text, aware of strings and comments as libconfig's scanner is. */
struct walk {
    const char *position;
    const char *end;
    unsigned line;
    struct ucprov_diagnostics *diagnostics;
};

static bool
looking_at(const struct walk *walk, const char *text)
{
    size_t length = strlen(text);
    return (size_t)(walk->end - walk->position) >= length &&
           memcmp(walk->position, text, length) == 0;
}

static void
advance(struct walk *walk, size_t count)
{
    for (; count > 0 && walk->position < walk->end; count--) {
        walk->line += *walk->position == '\n';
        walk->position++;
    }
}

static void
skip_until(struct walk *walk, const char *terminator)
{
    while (walk->position < walk->end && !looking_at(walk, terminator)) {
        advance(walk, 1);
    }
    advance(walk, strlen(terminator));
}

static void
check_string(struct walk *walk)
{
    advance(walk, 1);
    while (walk->position < walk->end && *walk->position != '"') {
        if (looking_at(walk, "\\x00")) {
            ucprov_diagnostics_error(walk->diagnostics, walk->line, NULL,
                                     "\\x00 in a string would cut it off; leave it out");
        }
        advance(walk, *walk->position == '\\' ? 2 : 1);
    }
    advance(walk, 1);
}

static void
check_integer(struct walk *walk)
{
    size_t digits = 0;
    unsigned line = walk->line;
    while (walk->position < walk->end && isdigit((unsigned char)*walk->position)) {
        digits++;
        advance(walk, 1);
    }
    if (digits > INTEGER_DIGITS_MAX) {
        ucprov_diagnostics_error(walk->diagnostics, line, NULL,
                                 "a number of %zu digits; no setting takes one so large", digits);
    }
}

/* Names may hold digits and hyphens: they are taken as a whole. */
static void
skip_name(struct walk *walk)
{
    while (walk->position < walk->end &&
           (isalnum((unsigned char)*walk->position) || strchr("-_*", *walk->position) != NULL)) {
        advance(walk, 1);
    }
}

static void
check_include(struct walk *walk)
{
    if (looking_at(walk, "@include")) {
        ucprov_diagnostics_error(walk->diagnostics, walk->line, NULL,
                                 "@include is not supported: a site is one file, so that it is "
                                 "read, checked and replaced as a whole");
    }
    advance(walk, 1);
}

static void
walk_on(struct walk *walk)
{
    if (*walk->position == '"') {
        check_string(walk);
    } else if (*walk->position == '#' || looking_at(walk, "//")) {
        skip_until(walk, "\n");
    } else if (looking_at(walk, "/*")) {
        skip_until(walk, "*/");
    } else if (isdigit((unsigned char)*walk->position)) {
        check_integer(walk);
    } else if (isalpha((unsigned char)*walk->position)) {
        skip_name(walk);
    } else {
        check_include(walk);
    }
}

void
site_text_check(const char *octets, size_t length, struct ucprov_diagnostics *diagnostics)
{
    struct walk walk = {octets, octets + length, 1, diagnostics};
    const char *nul = memchr(octets, '\0', length);
    if (nul != NULL) {
        advance(&walk, (size_t)(nul - octets));
        ucprov_diagnostics_error(diagnostics, walk.line, NULL,
                                 "a NUL octet; this is not a text file");
        return;
    }
    while (walk.position < walk.end) {
        walk_on(&walk);
    }
}
