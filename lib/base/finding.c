/* SPDX-License-Identifier: MPL-2.0 */
/* A list of findings that grows up to a bound, and the one table and the one JSON that all programs
 * show it in. Findings neither judge nor conclude: those who add them do. */
#include "base/finding.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "base/wrap.h"

#define FIRST_CAPACITY 16
#define MARK_WIDTH     7 /* " FAIL  " */
#define ARROW          "-> "

static const struct {
    const char *name; /* for programs */
    const char *mark; /* for people, MARK_WIDTH wide */
    const char *color;
} severities[] = {
    [UCPROV_SKIP] = {"skip", " skip  ", "\033[2m"},
    [UCPROV_PASS] = {"pass", " ok    ", "\033[32m"},
    [UCPROV_NOTE] = {"note", " note  ", "\033[36m"},
    [UCPROV_WAIT] = {"wait", " wait  ", "\033[36m"},
    [UCPROV_WARN] = {"warn", " warn  ", "\033[33m"},
    [UCPROV_FAIL] = {"fail", " FAIL  ", "\033[1;31m"},
};

static const char out_of_memory[] = "(out of memory)";

/* Where the next one goes; the spare where there is no room. */
static struct ucprov_finding *
next_finding(struct ucprov_findings *findings)
{
    if (findings->count == findings->capacity && findings->count < UCPROV_FINDINGS_MAX) {
        size_t capacity = findings->capacity > 0 ? 2 * findings->capacity : FIRST_CAPACITY;
        void *items = reallocarray(findings->items, capacity, sizeof(findings->items[0]));
        if (items != NULL) {
            findings->items = items;
            findings->capacity = capacity;
        }
    }
    if (findings->count == findings->capacity || findings->count == UCPROV_FINDINGS_MAX) {
        findings->lost++;
        free(findings->spare.text);
        free(findings->spare.remedy);
        return &findings->spare;
    }
    return &findings->items[findings->count++];
}

struct ucprov_finding *
ucprov_findings_add(struct ucprov_findings *findings, const char *id, enum ucprov_severity severity,
                    char *text, char *remedy)
{
    enum ucprov_severity worst = findings->spare.severity;
    struct ucprov_finding *finding = next_finding(findings);
    *finding =
        (struct ucprov_finding){.id = id, .severity = severity, .text = text, .remedy = remedy};
    if (findings->spare.severity < worst) {
        findings->spare.severity = worst;
    }
    return finding;
}

struct ucprov_finding *
ucprov_finding_note(struct ucprov_findings *findings, const char *id, enum ucprov_severity severity,
                    const char *remedy, const char *format, ...)
{
    char *text;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    va_end(arguments);
    return ucprov_findings_add(findings, id, severity, text,
                               remedy == NULL ? NULL : strdup(remedy));
}

void
ucprov_findings_clear(struct ucprov_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        free(findings->items[i].text);
        free(findings->items[i].remedy);
    }
    free(findings->spare.text);
    free(findings->spare.remedy);
    free(findings->items);
    *findings = (struct ucprov_findings){0};
}

/* One that was lost counts, too: a failure among too many findings is a failure. */
enum ucprov_severity
ucprov_findings_worst(const struct ucprov_findings *findings)
{
    enum ucprov_severity worst = findings->spare.severity;
    for (size_t i = 0; i < findings->count; i++) {
        worst = findings->items[i].severity > worst ? findings->items[i].severity : worst;
    }
    return worst;
}

int
ucprov_findings_exit_status(const struct ucprov_findings *findings, bool strict)
{
    enum ucprov_severity least = strict ? UCPROV_WARN : UCPROV_FAIL;
    return ucprov_findings_worst(findings) >= least ? UCPROV_EXIT_FINDING : UCPROV_EXIT_OK;
}

const struct ucprov_finding *
ucprov_findings_first(const struct ucprov_findings *findings, enum ucprov_severity severity)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->items[i].severity == severity) {
            return &findings->items[i];
        }
    }
    return NULL;
}

const char *
ucprov_severity_name(enum ucprov_severity severity)
{
    assert((size_t)severity < sizeof(severities) / sizeof(severities[0]));
    return severities[severity].name;
}

static bool
wants_color(FILE *out)
{
    const char *no_color = getenv("NO_COLOR");
    return (no_color == NULL || no_color[0] == '\0') && isatty(fileno(out)) == 1;
}

static const char *
label_of(const struct ucprov_finding *finding)
{
    return finding->label[0] != '\0' ? finding->label : finding->id;
}

static bool
is_shown(const struct ucprov_finding *finding, bool verbose)
{
    return verbose || !finding->quiet || finding->severity > UCPROV_PASS;
}

/* The width of the widest label. */
static size_t
label_width(const struct ucprov_findings *findings, bool verbose)
{
    size_t width = 0;
    for (size_t i = 0; i < findings->count; i++) {
        size_t length = strlen(label_of(&findings->items[i]));
        width = is_shown(&findings->items[i], verbose) && length > width ? length : width;
    }
    return width;
}

static void
print_row(FILE *out, const struct ucprov_finding *finding, size_t width, bool verbose)
{
    bool color = wants_color(out);
    const size_t indent = MARK_WIDTH + width + 2;
    fprintf(out, "%s%s%s%-*s  ", color ? severities[finding->severity].color : "",
            severities[finding->severity].mark, color ? "\033[0m" : "", (int)width,
            label_of(finding));
    ucprov_wrap_from(out, indent, indent, verbose ? UCPROV_WORD_WHOLE : UCPROV_WORD_CUT,
                     finding->text != NULL ? finding->text : out_of_memory);
    bool explains = verbose || finding->severity >= UCPROV_WARN;
    if (explains && finding->remedy != NULL && finding->remedy[0] != '\0') {
        const size_t column = indent + strlen(ARROW);
        fprintf(out, "%*s" ARROW, (int)indent, "");
        ucprov_wrap_from(out, column, column, UCPROV_WORD_WHOLE, finding->remedy);
    }
}

void
ucprov_findings_print(const struct ucprov_findings *findings, FILE *out, bool verbose)
{
    size_t width = label_width(findings, verbose);
    for (size_t i = 0; i < findings->count; i++) {
        if (is_shown(&findings->items[i], verbose)) {
            print_row(out, &findings->items[i], width, verbose);
        }
    }
    if (findings->lost > 0) {
        fprintf(out, "%zu more did not fit.\n", findings->lost);
    }
}

json_t *
ucprov_finding_json(const struct ucprov_finding *finding)
{
    return json_pack("{s:s, s:s, s:s, s:s?}", "id", finding->id, "severity",
                     ucprov_severity_name(finding->severity), "text",
                     finding->text != NULL ? finding->text : out_of_memory, "remedy",
                     finding->remedy);
}

json_t *
ucprov_findings_json(const struct ucprov_findings *findings)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < findings->count; i++) {
        if (json_array_append_new(list, ucprov_finding_json(&findings->items[i])) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}
