/* SPDX-License-Identifier: MPL-2.0 */
/* A template made of a response: the octets around what is base64 stay as they are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "response_template.h"
#include "tool/ca_learn.h"

#define BRACES      "{{"
#define COLUMNS_MAX 9999 /* as in a template */
#define GAP_MAX     8192 /* octets that are looked at for what is repeated: the time is squared */

/* Part of the response. */
struct span {
    const char *start;
    size_t length;
};

/* What a section repeats around a blob, or around another section. */
struct unit {
    size_t before;
    size_t after;
};

/* How blobs are replaced. */
enum shape {
    SHAPE_WHOLE,        /* each is a PKCS#7 with all certificates */
    SHAPE_CHAINS,       /* each is the PKCS#7 of a chain */
    SHAPE_CERTIFICATES, /* each is a certificate, one element after the other */
    SHAPE_NESTED,       /* each is a certificate, in an element for each chain */
};

struct learning {
    const struct learn_response *response;
    const struct ucprov_chain_document *document;
    const struct ucprov_chains *chains;
    struct ucprov_problem *problem;
    enum shape shape;
    struct unit inner; /* around a blob */
    struct unit outer; /* around a chain's blobs; SHAPE_NESTED */
};

/* Sets of certificates */

static bool
are_same(const STACK_OF(X509) * left, const STACK_OF(X509) * right)
{
    return ucprov_certificates_hold_all(left, right) && ucprov_certificates_hold_all(right, left);
}

/* The chain that holds a blob's first certificate. */
static size_t
chain_of(const struct learning *learning, size_t blob)
{
    const X509 *first = sk_X509_value(learning->document->blobs[blob].certificates, 0);
    size_t i = 0;
    while (i < learning->chains->count &&
           !ucprov_certificates_hold(learning->chains->items[i].certificates, first)) {
        i++;
    }
    return i;
}

/* Where things stand */

static const struct ucprov_blob *
last_blob(const struct learning *learning)
{
    return &learning->document->blobs[learning->document->count - 1];
}

static struct span
text_before(const struct learning *learning)
{
    return (struct span){learning->response->octets, learning->document->blobs[0].offset};
}

static struct span
text_after(const struct learning *learning)
{
    size_t start = last_blob(learning)->offset + last_blob(learning)->length;
    return (struct span){learning->response->octets + start, learning->response->length - start};
}

/* Between a blob and the next. */
static struct span
gap(const struct learning *learning, size_t blob)
{
    const struct ucprov_blob *blobs = learning->document->blobs;
    size_t start = blobs[blob].offset + blobs[blob].length;
    return (struct span){learning->response->octets + start, blobs[blob + 1].offset - start};
}

static bool
is_same(struct span left, struct span right)
{
    return left.length == right.length && memcmp(left.start, right.start, left.length) == 0;
}

static bool
begins_with(struct span text, struct span start)
{
    return text.length >= start.length && memcmp(text.start, start.start, start.length) == 0;
}

static bool
ends_with(struct span text, struct span end)
{
    return text.length >= end.length &&
           memcmp(text.start + text.length - end.length, end.start, end.length) == 0;
}

static bool
is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

/* May a unit end, and the next begin, at `split` of a gap? Between tags, with blanks on one side.
 */
static bool
is_boundary(struct span between, size_t split)
{
    size_t left = split, right = split;
    while (left > 0 && is_blank(between.start[left - 1])) {
        left--;
    }
    while (right < between.length && is_blank(between.start[right])) {
        right++;
    }
    return left > 0 && between.start[left - 1] == '>' && right < between.length &&
           between.start[right] == '<';
}

/* Finds what is repeated: the gap between two units is the end of the first and the start of the
 * second, so that what stands before the first ends as the gap does, and what stands after the last
 * begins as the gap does. */
static bool
find_unit(struct unit *unit, struct span before, struct span between, struct span after)
{
    if (between.length > GAP_MAX) {
        return false;
    }
    for (size_t split = between.length; split-- > 1;) {
        struct span end = {between.start, split};
        struct span start = {between.start + split, between.length - split};
        if (is_boundary(between, split) && ends_with(before, start) && begins_with(after, end)) {
            *unit = (struct unit){.before = start.length, .after = end.length};
            return true;
        }
    }
    return false;
}

/* The same where there is one only: the element that holds it, and nothing else. */
static bool
find_single_unit(struct unit *unit, struct span before, struct span after)
{
    const char *tag = memrchr(before.start, '<', before.length);
    const char *end = memchr(after.start, '>', after.length);
    if (tag == NULL || end == NULL || tag[1] == '!' ||
        memchr(tag, '>', before.length - (size_t)(tag - before.start)) == NULL ||
        after.length < 2 || memcmp(after.start, "</", 2) != 0) {
        return false;
    }
    *unit = (struct unit){.before = before.length - (size_t)(tag - before.start),
                          .after = (size_t)(end - after.start) + 1};
    return true;
}

/* Shapes */

static bool
are_of_kind(const struct learning *learning, enum ucprov_blob_kind kind)
{
    const struct ucprov_chain_document *document = learning->document;
    for (size_t i = 0; i < document->count; i++) {
        if (document->blobs[i].kind != kind) {
            return false;
        }
    }
    return true;
}

static bool
hold_everything(const struct learning *learning)
{
    const struct ucprov_chain_document *document = learning->document;
    for (size_t i = 0; i < document->count; i++) {
        if (!are_same(document->blobs[i].certificates, learning->chains->all)) {
            return false;
        }
    }
    return true;
}

static bool
hold_a_chain_each(const struct learning *learning)
{
    const struct ucprov_chain_document *document = learning->document;
    bool fine = document->count == learning->chains->count;
    for (size_t i = 0; i < document->count && fine; i++) {
        fine = are_same(document->blobs[i].certificates, learning->chains->items[i].certificates);
    }
    return fine;
}

static bool
have_the_same_lines(const struct learning *learning)
{
    const struct ucprov_blob *blobs = learning->document->blobs;
    for (size_t i = 1; i < learning->document->count; i++) {
        if (blobs[i].columns != blobs[0].columns ||
            strcmp(blobs[i].line_break, blobs[0].line_break) != 0) {
            return false;
        }
    }
    return true;
}

/* All gaps are the same: one element after the other. */
static bool
find_flat_unit(struct learning *learning)
{
    size_t count = learning->document->count;
    if (count == 1) {
        return find_single_unit(&learning->inner, text_before(learning), text_after(learning));
    }
    for (size_t i = 1; i < count - 1; i++) {
        if (!is_same(gap(learning, 0), gap(learning, i))) {
            return false;
        }
    }
    return find_unit(&learning->inner, text_before(learning), gap(learning, 0),
                     text_after(learning));
}

/* Gaps within a chain, and gaps between chains: each kind all the same. */
static bool
find_gaps(const struct learning *learning, struct span *within, struct span *between)
{
    *within = *between = (struct span){NULL, 0};
    for (size_t i = 0; i < learning->document->count - 1; i++) {
        struct span *kind = chain_of(learning, i) == chain_of(learning, i + 1) ? within : between;
        if (kind->start == NULL) {
            *kind = gap(learning, i);
        } else if (!is_same(*kind, gap(learning, i))) {
            return false;
        }
    }
    return within->start != NULL && between->start != NULL;
}

static bool
find_nested_units(struct learning *learning)
{
    struct span within, between;
    struct span before = text_before(learning), after = text_after(learning);
    if (!find_gaps(learning, &within, &between) ||
        !find_unit(&learning->inner, before, within, after)) {
        return false;
    }
    struct unit *inner = &learning->inner;
    struct span start = {within.start + inner->after, inner->before};
    struct span end = {within.start, inner->after};
    if (!begins_with(between, end) || !ends_with(between, start) ||
        between.length < start.length + end.length) {
        return false;
    }
    before.length -= inner->before;
    after = (struct span){after.start + inner->after, after.length - inner->after};
    between =
        (struct span){between.start + inner->after, between.length - inner->before - inner->after};
    return find_unit(&learning->outer, before, between, after);
}

static int
find_shape(struct learning *learning)
{
    bool are_pkcs7 = are_of_kind(learning, UCPROV_BLOB_PKCS7);
    if (!are_pkcs7 && !are_of_kind(learning, UCPROV_BLOB_CERTIFICATE)) {
        return ucprov_problem_set(learning->problem,
                                  "it has PKCS#7 and single certificates; put the placeholders in "
                                  "by hand");
    }
    if (are_pkcs7 && hold_everything(learning)) {
        learning->shape = SHAPE_WHOLE;
        return 0;
    }
    if (!have_the_same_lines(learning)) {
        return ucprov_problem_set(learning->problem,
                                  "its base64 is not always in lines of the same "
                                  "length; put the placeholders in by hand");
    }
    if (are_pkcs7 && !hold_a_chain_each(learning)) {
        return ucprov_problem_set(learning->problem,
                                  "each PKCS#7 in it holds neither one chain nor all of them; put "
                                  "the placeholders in by hand");
    }
    learning->shape = are_pkcs7 ? SHAPE_CHAINS : SHAPE_CERTIFICATES;
    if (find_flat_unit(learning)) {
        return 0;
    }
    learning->shape = SHAPE_NESTED;
    if (!are_pkcs7 && find_nested_units(learning)) {
        return 0;
    }
    return ucprov_problem_set(learning->problem,
                              "the elements around what is base64 are not the same each time, so "
                              "that they cannot be repeated; put the placeholders in by hand");
}

/* Writing */

/* Octets as they are, but for what would be a placeholder. */
static void
put_literal(FILE *out, const char *octets, size_t length)
{
    const char *end = octets + length;
    const char *braces;
    while ((braces = memmem(octets, (size_t)(end - octets), BRACES, strlen(BRACES))) != NULL) {
        fwrite(octets, 1, (size_t)(braces - octets), out);
        fputs("{{braces}}", out);
        octets = braces + strlen(BRACES);
    }
    fwrite(octets, 1, (size_t)(end - octets), out);
}

static void
put_break(FILE *out, const char *line_break)
{
    while (*line_break != '\0') {
        size_t length = *line_break == '&' ? strcspn(line_break, ";") + 1 : 1;
        switch (*line_break) {
        case '\r':
            fputs("cr", out);
            break;
        case '\n':
            fputs("lf", out);
            break;
        case '\t':
            fputs("tab", out);
            break;
        case ' ':
            fputs("sp", out);
            break;
        default:
            fwrite(line_break, 1, length, out);
        }
        line_break += length;
    }
}

static void
put_placeholder(FILE *out, const struct ucprov_blob *blob)
{
    fprintf(out, "{{%s", blob->kind == UCPROV_BLOB_PKCS7 ? "pkcs7" : "certificate");
    if (blob->columns > 0 && blob->columns <= COLUMNS_MAX) {
        fprintf(out, " %zu ", blob->columns);
        put_break(out, blob->line_break);
    }
    fputs("}}", out);
}

static void
put_whole(FILE *out, const struct learning *learning)
{
    const char *octets = learning->response->octets;
    size_t done = 0;
    for (size_t i = 0; i < learning->document->count; i++) {
        const struct ucprov_blob *blob = &learning->document->blobs[i];
        put_literal(out, octets + done, blob->offset - done);
        put_placeholder(out, blob);
        done = blob->offset + blob->length;
    }
    put_literal(out, octets + done, learning->response->length - done);
}

static void
put_sections(FILE *out, const struct learning *learning)
{
    const char *inner = learning->shape == SHAPE_CHAINS ? "chains" : "certificates";
    bool nested = learning->shape == SHAPE_NESTED;
    struct unit outer = nested ? learning->outer : (struct unit){0, 0};
    struct span before = text_before(learning), after = text_after(learning);
    size_t unit_before = learning->inner.before + outer.before;
    size_t unit_after = learning->inner.after + outer.after;
    const char *unit = before.start + before.length - unit_before;
    put_literal(out, before.start, before.length - unit_before);
    fputs(nested ? "{{#chains}}" : "", out);
    put_literal(out, unit, outer.before);
    fprintf(out, "{{#%s}}", inner);
    put_literal(out, unit + outer.before, learning->inner.before);
    put_placeholder(out, &learning->document->blobs[0]);
    put_literal(out, after.start, learning->inner.after);
    fprintf(out, "{{/%s}}", inner);
    put_literal(out, after.start + learning->inner.after, outer.after);
    fputs(nested ? "{{/chains}}" : "", out);
    put_literal(out, after.start + unit_after, after.length - unit_after);
}

static int
write_template(struct learn_template *made, const struct learning *learning)
{
    FILE *out = open_memstream(&made->octets, &made->length);
    if (out == NULL) {
        return ucprov_problem_set(learning->problem, "out of memory");
    }
    if (learning->shape == SHAPE_WHOLE) {
        put_whole(out, learning);
    } else {
        put_sections(out, learning);
    }
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        return ucprov_problem_set(learning->problem, "out of memory");
    }
    if (made->length > RESPONSE_TEMPLATE_MAX) {
        return ucprov_problem_set(learning->problem, "its template would have more than 1 MiB");
    }
    return 0;
}

/* Checking */

/* Is everything around the blobs the same, and in the blobs the same certificates? */
static bool
is_equivalent(const struct learning *learning, const struct ucprov_chain_document *rendered,
              struct span text, bool *reordered)
{
    const struct ucprov_chain_document *document = learning->document;
    size_t here = 0, there = 0;
    if (rendered->count != document->count) {
        return false;
    }
    for (size_t i = 0; i < document->count; i++) {
        const struct ucprov_blob *left = &document->blobs[i], *right = &rendered->blobs[i];
        if (!is_same((struct span){learning->response->octets + here, left->offset - here},
                     (struct span){text.start + there, right->offset - there})) {
            return false;
        }
        *reordered = *reordered || !are_same(left->certificates, right->certificates);
        here = left->offset + left->length;
        there = right->offset + right->length;
    }
    return is_same(
               (struct span){learning->response->octets + here, learning->response->length - here},
               (struct span){text.start + there, text.length - there}) &&
           are_same(document->certificates, rendered->certificates);
}

static int
check_template(struct learn_template *made, const struct learning *learning)
{
    struct ucprov_problem reason;
    struct span text;
    char *octets =
        response_render(made->octets, made->length, learning->chains, &text.length, &reason);
    if (octets == NULL) {
        return ucprov_problem_set(learning->problem, "the template that was made is no good: %s",
                                  reason.text);
    }
    text.start = octets;
    made->exact =
        is_same(text, (struct span){learning->response->octets, learning->response->length});
    struct ucprov_chain_document rendered;
    bool fine = ucprov_chain_document_parse(&rendered, octets, text.length, &reason) == 0 &&
                is_equivalent(learning, &rendered, text, &made->reordered) &&
                (!made->reordered || learning->shape == SHAPE_CERTIFICATES ||
                 learning->shape == SHAPE_NESTED);
    ucprov_chain_document_clear(&rendered);
    free(octets);
    return fine ? 0
                : ucprov_problem_set(learning->problem,
                                     "the template that was made does not give it back; put the "
                                     "placeholders in by hand");
}

int
learn_template_make(struct learn_template *made, const struct learn_response *response,
                    const struct ucprov_chain_document *document,
                    const struct ucprov_chains *chains, struct ucprov_problem *problem)
{
    struct learning learning = {
        .response = response, .document = document, .chains = chains, .problem = problem};
    *made = (struct learn_template){.octets = NULL};
    if (find_shape(&learning) != 0 || write_template(made, &learning) != 0 ||
        check_template(made, &learning) != 0) {
        free(made->octets);
        made->octets = NULL;
        return -1;
    }
    return 0;
}
