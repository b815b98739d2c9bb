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
    free(diagnostic->finding.text);
    free(diagnostic->finding.remedy);
    free(diagnostic);
}

void
ucprov_diagnostics_clear(struct ucprov_diagnostics *diagnostics)
{
    for (size_t i = 0; i < diagnostics->count; i++) {
        free_diagnostic(diagnostics->items[i]);
    }
    for (size_t i = 0; i < UCPROV_FAULTS; i++) {
        free(diagnostics->kinds[i].text);
    }
    free(diagnostics->items);
    free(diagnostics->file);
    *diagnostics = (struct ucprov_diagnostics){0};
}

bool
ucprov_diagnostic_is_error(const struct ucprov_diagnostic *diagnostic)
{
    return diagnostic->finding.severity == UCPROV_FAIL;
}

static bool
is_warning(enum ucprov_fault fault)
{
    return ucprov_faults[fault].severity < UCPROV_FAIL;
}

/* Room for one more. False: out of memory. */
static bool
grow(struct ucprov_diagnostics *diagnostics)
{
    if (diagnostics->count < diagnostics->capacity) {
        return true;
    }
    size_t capacity = diagnostics->capacity > 0 ? 2 * diagnostics->capacity : FIRST_CAPACITY;
    void *items = reallocarray(diagnostics->items, capacity, sizeof(*diagnostics->items));
    if (items == NULL) {
        return false;
    }
    diagnostics->items = items;
    diagnostics->capacity = capacity;
    return true;
}

/* Appends one; `text` becomes its own. NULL: out of memory. */
static struct ucprov_diagnostic *
append(struct ucprov_diagnostics *diagnostics, enum ucprov_fault fault, unsigned line,
       const char *setting, char *text)
{
    struct ucprov_diagnostic *item = calloc(1, sizeof(*item));
    if (!grow(diagnostics) || item == NULL || text == NULL) {
        free(text);
        free(item);
        return NULL;
    }
    *item = (struct ucprov_diagnostic){
        .finding = {.id = ucprov_faults[fault].id,
                    .severity = ucprov_faults[fault].severity,
                    .text = text},
        .fault = fault,
        .line = line,
        .order = diagnostics->made++,
        .count = 1,
        .setting = setting == NULL ? NULL : strdup(setting),
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
        free(item->finding.text);
        item->finding.text = text;
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
        diagnostics->cut = append(diagnostics, UCPROV_FAULT_FILE_MORE, 0, NULL, text);
    } else {
        replace_text(diagnostics->cut, text);
    }
    if (diagnostics->cut != NULL) {
        diagnostics->cut->count = more;
    }
}

static void
count_warning(struct ucprov_diagnostics *diagnostics, enum ucprov_fault fault)
{
    struct ucprov_diagnostics_kind *kind = &diagnostics->kinds[fault];
    const char *several = ucprov_faults[fault].several;
    char *text;
    diagnostics->warnings++;
    kind->count++;
    if (kind->first == NULL || asprintf(&text, "%zu %s; the first: %s", kind->count,
                                        several != NULL ? several : "like this", kind->text) < 0) {
        return;
    }
    replace_text(kind->first, text);
    kind->first->count = kind->count;
}

/* Leaves the first of a kind, which stands for all from now on. */
static void
sum_up(struct ucprov_diagnostics *diagnostics, enum ucprov_fault fault)
{
    struct ucprov_diagnostics_kind *kind = &diagnostics->kinds[fault];
    size_t kept = 0;
    for (size_t i = 0; i < diagnostics->count; i++) {
        struct ucprov_diagnostic *item = diagnostics->items[i];
        if (item->fault == fault && item != kind->first) {
            free_diagnostic(item);
        } else {
            diagnostics->items[kept++] = item;
        }
    }
    diagnostics->count = kept;
    kind->text = kind->first == NULL ? NULL : strdup(kind->first->finding.text);
    if (kind->text == NULL) {
        kind->first = NULL;
    }
}

bool
ucprov_diagnostics_count(struct ucprov_diagnostics *diagnostics, enum ucprov_fault fault)
{
    if (!is_warning(fault)) {
        if (diagnostics->errors < UCPROV_ERRORS_MAX) {
            return false;
        }
        count_error(diagnostics);
        return true;
    }
    if (diagnostics->kinds[fault].count < UCPROV_ALIKE_MAX) {
        return false;
    }
    if (diagnostics->kinds[fault].count == UCPROV_ALIKE_MAX) {
        sum_up(diagnostics, fault);
    }
    count_warning(diagnostics, fault);
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
ucprov_diagnostics_vadd(struct ucprov_diagnostics *diagnostics, enum ucprov_fault fault,
                        unsigned line, const char *setting, const char *format, va_list arguments)
{
    if (ucprov_diagnostics_count(diagnostics, fault)) {
        return;
    }
    struct ucprov_diagnostic *item =
        append(diagnostics, fault, line, setting, make_text(format, arguments));
    if (!is_warning(fault)) {
        diagnostics->errors++;
        return;
    }
    struct ucprov_diagnostics_kind *kind = &diagnostics->kinds[fault];
    kind->first = kind->count++ == 0 ? item : kind->first;
    diagnostics->warnings++;
}

void
ucprov_diagnostics_add(struct ucprov_diagnostics *diagnostics, enum ucprov_fault fault,
                       unsigned line, const char *setting, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ucprov_diagnostics_vadd(diagnostics, fault, line, setting, format, arguments);
    va_end(arguments);
}

/* What is said of the file as a whole goes last, and how much was left out after it. */
static uint64_t
place_of(const struct ucprov_diagnostic *diagnostic)
{
    return (diagnostic->line > 0 ? diagnostic->line : UINT_MAX) +
           (diagnostic->fault == UCPROV_FAULT_FILE_MORE ? UINT64_C(1) : 0);
}

static int
compare_places(const void *left, const void *right)
{
    const struct ucprov_diagnostic *a = *(struct ucprov_diagnostic *const *)left;
    const struct ucprov_diagnostic *b = *(struct ucprov_diagnostic *const *)right;
    if (a->finding.severity != b->finding.severity) {
        return a->finding.severity > b->finding.severity ? -1 : 1;
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
    const char *setting = item->setting == NULL ? "" : item->setting;
    char *text;
    int length = asprintf(&text, "%s:%s%s%s%s%s %s", diagnostics->file, line,
                          *setting == '\0' ? "" : " ", setting, *setting == '\0' ? "" : ":",
                          ucprov_diagnostic_is_error(item) ? "" : " warning:", item->finding.text);
    return length < 0 ? NULL : text;
}

json_t *
ucprov_diagnostic_json(const struct ucprov_diagnostic *diagnostic)
{
    json_t *object = ucprov_finding_json(&diagnostic->finding);
    json_t *place = json_pack("{s:I, s:s?, s:I}", "line", (json_int_t)diagnostic->line, "setting",
                              diagnostic->setting, "count", (json_int_t)diagnostic->count);
    if (object == NULL || place == NULL || json_object_update(object, place) != 0) {
        json_decref(object);
        object = NULL;
    }
    json_decref(place);
    return object;
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
        if (text != NULL && ucprov_diagnostic_is_error(diagnostics->items[i])) {
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
