/* SPDX-License-Identifier: MPL-2.0 */
/* Reads a site file without trusting it: bounded, regular files alone, and no @include. libconfig
 * parses it afterwards; what is refused here is what it would silently misread. */
#include "site/site_text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "site/site.h"

/* More digits than any 32-bit number has: libconfig 1.5 reads them with atoi(). */
#define INTEGER_DIGITS_MAX 9

/* Vlans in a list, which hold lists: three deep. Before libconfig's parser, whose stack grows. */
#define NESTING_MAX 16

/* libconfig compares the name of each member of a group with those of all before it. Pools are the
 * only group that grows with a site. */
#define MEMBERS_MAX 10000

static const char *
failure_text(int error)
{
    switch (error) {
    case EFBIG:
        return "longer than 64 MiB; that is no site file";
    case ENOTSUP:
        return "neither a regular file nor \"-\"";
    default:
        return ucprov_file_error(error);
    }
}

bool
site_text_read(struct site_text *text, const char *file, struct ucprov_diagnostics *diagnostics)
{
    struct ucprov_file read;
    bool standard_input = strcmp(file, "-") == 0;
    int error = ucprov_file_read(&read, file, UCPROV_SITE_FILE_MAX,
                                 standard_input ? UCPROV_FILE_OR_INPUT : UCPROV_FILE_REGULAR);
    *text = (struct site_text){read.octets, read.length, standard_input ? 0 : read.status.st_mtime};
    if (error != 0) {
        diagnostics->unreadable = true;
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_FILE_UNREADABLE, 0, NULL,
                               "cannot be read: %s", failure_text(error));
    }
    return error == 0;
}

/* A walk over the text, aware of strings and comments as libconfig's scanner is. */
struct walk {
    const char *position;
    const char *end;
    unsigned line;
    struct ucprov_diagnostics *diagnostics;
    unsigned depth;                    /* of brackets */
    unsigned members[NESTING_MAX + 1]; /* of the group at each depth */
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
            ucprov_diagnostics_add(walk->diagnostics, UCPROV_FAULT_VALUE_NUL, walk->line, NULL,
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
        ucprov_diagnostics_add(walk->diagnostics, UCPROV_FAULT_VALUE_DIGITS, line, NULL,
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

/* What follows would be read anyhow, at a cost that grows with its square or its depth. */
static void
give_up(struct walk *walk)
{
    walk->position = walk->end;
}

static void
check_nesting(struct walk *walk)
{
    if (walk->depth == NESTING_MAX) {
        ucprov_diagnostics_add(walk->diagnostics, UCPROV_FAULT_FILE_NESTING, walk->line, NULL,
                               "brackets are nested more than %d deep; no setting needs more "
                               "than three",
                               NESTING_MAX);
        give_up(walk);
        return;
    }
    walk->members[++walk->depth] = 0;
    advance(walk, 1);
}

static void
leave_bracket(struct walk *walk)
{
    walk->depth -= walk->depth > 0;
    advance(walk, 1);
}

static void
check_members(struct walk *walk)
{
    if (++walk->members[walk->depth] > MEMBERS_MAX) {
        ucprov_diagnostics_add(walk->diagnostics, UCPROV_FAULT_FILE_MEMBERS, walk->line, NULL,
                               "the group has more than %d members; that is no site file",
                               MEMBERS_MAX);
        give_up(walk);
        return;
    }
    advance(walk, 1);
}

static void
check_include(struct walk *walk)
{
    if (looking_at(walk, "@include")) {
        ucprov_diagnostics_add(walk->diagnostics, UCPROV_FAULT_FILE_INCLUDE, walk->line, NULL,
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
    } else if (strchr("{([", *walk->position) != NULL) {
        check_nesting(walk);
    } else if (strchr("})]", *walk->position) != NULL) {
        leave_bracket(walk);
    } else if (*walk->position == '=' || *walk->position == ':') {
        check_members(walk);
    } else {
        check_include(walk);
    }
}

#define UTF_8_MARK "\xef\xbb\xbf"

/* What is not the text that it should be is not walked over: the rest would follow from it. */
static bool
is_text(const struct walk *walk)
{
    if (looking_at(walk, UTF_8_MARK)) {
        ucprov_diagnostics_add(walk->diagnostics, UCPROV_FAULT_FILE_MARK, 1, NULL,
                               "a UTF-8 byte order mark before the first character; save the file "
                               "as UTF-8 without one (tail -c +4 takes it off)");
        return false;
    }
    return true;
}

void
site_text_check(const char *octets, size_t length, struct ucprov_diagnostics *diagnostics)
{
    struct walk walk = {
        .position = octets, .end = octets + length, .line = 1, .diagnostics = diagnostics};
    const char *nul = memchr(octets, '\0', length);
    if (nul != NULL) {
        advance(&walk, (size_t)(nul - octets));
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_FILE_NUL, walk.line, NULL,
                               "a NUL octet; this is not a text file");
        return;
    }
    if (!is_text(&walk)) {
        return;
    }
    while (walk.position < walk.end) {
        walk_on(&walk);
    }
}
