/* SPDX-License-Identifier: MPL-2.0 */
/* Collects errors up to a bound, and warnings up to some of each kind; counts the rest, says so in
 * the list itself, and prints errors first. Whether a file with errors is used all the same is the
 * caller's business. Nothing here grows with what is only counted. */
#include "base/diagnostics.h"

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "base/program.h"

#define FIRST_CAPACITY 16

/* A terminal or a log must not be steered by what a file contains, or by its name. UTF-8 is left
 * alone as far as it shows: it is how people write names, and a message about one should show it.
 * NULL: out of memory. */
static char *
printable_copy(const char *text)
{
    size_t length = strlen(text);
    size_t size = 4 * length + 1; /* each octet as \xHH */
    char *copy = malloc(size);
    return copy == NULL ? NULL : ucprov_printable(copy, size, text, length);
}

void
ucprov_diagnostics_init(struct ucprov_diagnostics *diagnostics, const char *file)
{
    *diagnostics = (struct ucprov_diagnostics){
        .file = printable_copy(strcmp(file, "-") == 0 ? "(standard input)" : file),
    };
}

static void
free_diagnostic(struct ucprov_diagnostic *diagnostic)
{
    free(diagnostic->setting);
    free(diagnostic->text);
    free(diagnostic);
}

void
ucprov_diagnostics_clear(struct ucprov_diagnostics *diagnostics)
{
    for (size_t i = 0; i < diagnostics->count; i++) {
        free_diagnostic(diagnostics->items[i]);
    }
    for (size_t i = 0; i < diagnostics->kind_count; i++) {
        free(diagnostics->kinds[i].text);
    }
    free(diagnostics->kinds);
    free(diagnostics->items);
    free(diagnostics->file);
    *diagnostics = (struct ucprov_diagnostics){0};
}

/* Room for one more in an array. False: out of memory. */
static bool
grow(void **items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return true;
    }
    size_t more = *capacity > 0 ? 2 * *capacity : FIRST_CAPACITY;
    void *larger = reallocarray(*items, more, size);
    if (larger == NULL) {
        return false;
    }
    *items = larger;
    *capacity = more;
    return true;
}

/* Appends one; `text` becomes its own. NULL: out of memory. */
static struct ucprov_diagnostic *
append(struct ucprov_diagnostics *diagnostics, bool warning, unsigned line, const char *setting,
       char *text)
{
    struct ucprov_diagnostic *item = calloc(1, sizeof(*item));
    void *items = diagnostics->items;
    bool enough =
        grow(&items, diagnostics->count, &diagnostics->capacity, sizeof(*diagnostics->items));
    diagnostics->items = items;
    if (!enough || item == NULL || text == NULL) {
        free(text);
        free(item);
        return NULL;
    }
    *item = (struct ucprov_diagnostic){
        .line = line,
        .order = diagnostics->made++,
        .warning = warning,
        .count = 1,
        .setting = setting == NULL ? NULL : strdup(setting),
        .text = text,
    };
    diagnostics->items[diagnostics->count++] = item;
    return item;
}

/* What does not fit is counted */

/* The text stays what it was when there is no memory for a new one. */
static void
replace_text(struct ucprov_diagnostic *item, char *text)
{
    if (item != NULL && text != NULL) {
        free(item->text);
        item->text = text;
    }
}

static void
count_error(struct ucprov_diagnostics *diagnostics)
{
    size_t more = ++diagnostics->errors - UCPROV_ERRORS_MAX;
    char *text;
    if (asprintf(&text, "%zu more error%s %s not shown", more, more == 1 ? "" : "s",
                 more == 1 ? "is" : "are") < 0) {
        return;
    }
    if (diagnostics->cut == NULL) {
        diagnostics->cut = append(diagnostics, false, 0, NULL, text);
    } else {
        replace_text(diagnostics->cut, text);
    }
    if (diagnostics->cut != NULL) {
        diagnostics->cut->count = more;
        diagnostics->cut->is_cut = true;
    }
}

static void
count_warning(struct ucprov_diagnostics *diagnostics, struct ucprov_diagnostics_kind *kind)
{
    char *text;
    diagnostics->warnings++;
    kind->count++;
    if (kind->first == NULL ||
        asprintf(&text, "%zu like this, and this is the first: %s", kind->count, kind->text) < 0) {
        return;
    }
    replace_text(kind->first, text);
    kind->first->count = kind->count;
}

/* Leaves the first of a kind, which stands for all from now on. */
static void
sum_up(struct ucprov_diagnostics *diagnostics, struct ucprov_diagnostics_kind *kind)
{
    size_t kept = 0;
    for (size_t i = 0; i < diagnostics->count; i++) {
        struct ucprov_diagnostic *item = diagnostics->items[i];
        if (item->warning && item->kind == kind->kind && item != kind->first) {
            free_diagnostic(item);
        } else {
            diagnostics->items[kept++] = item;
        }
    }
    diagnostics->count = kept;
    kind->text = kind->first == NULL ? NULL : strdup(kind->first->text);
    if (kind->text == NULL) {
        kind->first = NULL;
    }
}

/* NULL: out of memory, or none of this kind yet and `make` is false. */
static struct ucprov_diagnostics_kind *
find_kind(struct ucprov_diagnostics *diagnostics, const char *kind, bool make)
{
    for (size_t i = 0; i < diagnostics->kind_count; i++) {
        if (diagnostics->kinds[i].kind == kind) {
            return &diagnostics->kinds[i];
        }
    }
    void *kinds = diagnostics->kinds;
    if (!make || !grow(&kinds, diagnostics->kind_count, &diagnostics->kind_capacity,
                       sizeof(*diagnostics->kinds))) {
        return NULL;
    }
    diagnostics->kinds = kinds;
    diagnostics->kinds[diagnostics->kind_count] = (struct ucprov_diagnostics_kind){.kind = kind};
    return &diagnostics->kinds[diagnostics->kind_count++];
}

bool
ucprov_diagnostics_count(struct ucprov_diagnostics *diagnostics, bool warning, const char *format)
{
    if (!warning && diagnostics->errors >= UCPROV_ERRORS_MAX) {
        count_error(diagnostics);
        return true;
    }
    struct ucprov_diagnostics_kind *kind = warning ? find_kind(diagnostics, format, false) : NULL;
    if (kind == NULL || kind->count < UCPROV_ALIKE_MAX) {
        return false;
    }
    if (kind->count == UCPROV_ALIKE_MAX) {
        sum_up(diagnostics, kind);
    }
    count_warning(diagnostics, kind);
    return true;
}

/* Adding */

static char *
make_text(const char *format, va_list arguments)
{
    char *text;
    if (vasprintf(&text, format, arguments) < 0) {
        return NULL;
    }
    char *shown = printable_copy(text);
    free(text);
    return shown;
}

void
ucprov_diagnostics_add(struct ucprov_diagnostics *diagnostics, bool warning, unsigned line,
                       const char *setting, const char *format, va_list arguments)
{
    if (ucprov_diagnostics_count(diagnostics, warning, format)) {
        return;
    }
    *(warning ? &diagnostics->warnings : &diagnostics->errors) += 1;
    struct ucprov_diagnostic *item =
        append(diagnostics, warning, line, setting, make_text(format, arguments));
    if (item != NULL) {
        item->kind = format;
    }
    struct ucprov_diagnostics_kind *kind = warning ? find_kind(diagnostics, format, true) : NULL;
    if (kind != NULL) {
        kind->first = kind->count++ == 0 ? item : kind->first;
    }
}

void
ucprov_diagnostics_error(struct ucprov_diagnostics *diagnostics, unsigned line, const char *setting,
                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ucprov_diagnostics_add(diagnostics, false, line, setting, format, arguments);
    va_end(arguments);
}

void
ucprov_diagnostics_warning(struct ucprov_diagnostics *diagnostics, unsigned line,
                           const char *setting, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ucprov_diagnostics_add(diagnostics, true, line, setting, format, arguments);
    va_end(arguments);
}

/* What is said of the file as a whole goes last, and how much was left out after it. */
static uint64_t
place_of(const struct ucprov_diagnostic *diagnostic)
{
    return (diagnostic->line > 0 ? diagnostic->line : UINT_MAX) + (uint64_t)diagnostic->is_cut;
}

static int
compare_places(const void *left, const void *right)
{
    const struct ucprov_diagnostic *a = *(struct ucprov_diagnostic *const *)left;
    const struct ucprov_diagnostic *b = *(struct ucprov_diagnostic *const *)right;
    if (a->warning != b->warning) {
        return a->warning ? 1 : -1;
    }
    if (place_of(a) != place_of(b)) {
        return place_of(a) < place_of(b) ? -1 : 1;
    }
    return (a->order > b->order) - (a->order < b->order);
}

void
ucprov_diagnostics_sort(struct ucprov_diagnostics *diagnostics)
{
    if (diagnostics->count > 1) {
        qsort(diagnostics->items, diagnostics->count, sizeof(*diagnostics->items), compare_places);
    }
}

char *
ucprov_diagnostic_format(const struct ucprov_diagnostics *diagnostics, size_t index)
{
    const struct ucprov_diagnostic *item = diagnostics->items[index];
    char line[16] = "";
    if (item->line > 0) {
        snprintf(line, sizeof(line), "%u:", item->line);
    }
    char *text;
    int length =
        asprintf(&text, "%s:%s%s%s%s %s", diagnostics->file, line, item->setting == NULL ? "" : " ",
                 item->setting == NULL ? "" : item->setting,
                 item->setting == NULL ? (item->warning ? " warning:" : "")
                                       : (item->warning ? ": warning:" : ":"),
                 item->text);
    return length < 0 ? NULL : text;
}

static void
print_count(FILE *out, size_t count, const char *noun, const char *separator)
{
    if (count > 0) {
        fprintf(out, "%s%zu %s%s", separator, count, noun, count == 1 ? "" : "s");
    }
}

void
ucprov_diagnostics_print(const struct ucprov_diagnostics *diagnostics, FILE *out)
{
    for (size_t i = 0; i < diagnostics->count; i++) {
        char *text = ucprov_diagnostic_format(diagnostics, i);
        fprintf(out, "%s\n", text == NULL ? "out of memory" : text);
        if (text != NULL && !diagnostics->items[i]->warning) {
            ucprov_program_note_error(text);
        }
        free(text);
    }
    if (diagnostics->errors + diagnostics->warnings > 0) {
        fprintf(out, "%s:", diagnostics->file);
        print_count(out, diagnostics->errors, "error", " ");
        print_count(out, diagnostics->warnings, "warning", diagnostics->errors > 0 ? ", " : " ");
        fputc('\n', out);
    }
}
