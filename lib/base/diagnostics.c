/* SPDX-License-Identifier: MPL-2.0 */
/* Collects errors and warnings up to a bound, counts the rest, and prints them by line. Whether a
 * file with errors is used all the same is the caller's business. */
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

void
ucprov_diagnostics_clear(struct ucprov_diagnostics *diagnostics)
{
    for (size_t i = 0; i < diagnostics->count; i++) {
        free(diagnostics->items[i].setting);
        free(diagnostics->items[i].text);
    }
    free(diagnostics->items);
    free(diagnostics->file);
    *diagnostics = (struct ucprov_diagnostics){0};
}

static struct ucprov_diagnostic *
next_item(struct ucprov_diagnostics *diagnostics)
{
    if (diagnostics->count == UCPROV_DIAGNOSTICS_MAX) {
        return NULL;
    }
    if (diagnostics->count == diagnostics->capacity) {
        size_t capacity = diagnostics->capacity ? 2 * diagnostics->capacity : FIRST_CAPACITY;
        void *items = reallocarray(diagnostics->items, capacity, sizeof(*diagnostics->items));
        if (items == NULL) {
            return NULL;
        }
        diagnostics->items = items;
        diagnostics->capacity = capacity;
    }
    return &diagnostics->items[diagnostics->count];
}

static void
add_diagnostic(struct ucprov_diagnostics *diagnostics, bool warning, unsigned line,
               const char *setting, const char *format, va_list arguments)
{
    *(warning ? &diagnostics->warnings : &diagnostics->errors) += 1;
    struct ucprov_diagnostic *item = next_item(diagnostics);
    if (item == NULL) {
        return;
    }
    char *text;
    if (vasprintf(&text, format, arguments) < 0) {
        return;
    }
    char *shown = printable_copy(text);
    free(text);
    if (shown == NULL) {
        return;
    }
    *item = (struct ucprov_diagnostic){
        .line = line,
        .order = diagnostics->count,
        .warning = warning,
        .setting = setting == NULL ? NULL : strdup(setting),
        .text = shown,
    };
    diagnostics->count++;
}

void
ucprov_diagnostics_error(struct ucprov_diagnostics *diagnostics, unsigned line, const char *setting,
                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_diagnostic(diagnostics, false, line, setting, format, arguments);
    va_end(arguments);
}

void
ucprov_diagnostics_warning(struct ucprov_diagnostics *diagnostics, unsigned line,
                           const char *setting, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_diagnostic(diagnostics, true, line, setting, format, arguments);
    va_end(arguments);
}

/* What is said of the file as a whole goes last. */
static unsigned
place_of_line(const struct ucprov_diagnostic *diagnostic)
{
    return diagnostic->line > 0 ? diagnostic->line : UINT_MAX;
}

static int
compare_lines(const void *left, const void *right)
{
    const struct ucprov_diagnostic *a = left;
    const struct ucprov_diagnostic *b = right;
    if (place_of_line(a) != place_of_line(b)) {
        return place_of_line(a) < place_of_line(b) ? -1 : 1;
    }
    return (a->order > b->order) - (a->order < b->order);
}

void
ucprov_diagnostics_sort(struct ucprov_diagnostics *diagnostics)
{
    if (diagnostics->count > 1) {
        qsort(diagnostics->items, diagnostics->count, sizeof(*diagnostics->items), compare_lines);
    }
}

char *
ucprov_diagnostic_format(const struct ucprov_diagnostics *diagnostics, size_t index)
{
    const struct ucprov_diagnostic *item = &diagnostics->items[index];
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
        if (text != NULL && !diagnostics->items[i].warning) {
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
