/* SPDX-License-Identifier: MPL-2.0 */
/* The state of this one process: whether JSON is wanted, whether there was some, and what went
 * wrong first. */
#include "base/program.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/printable.h"

static struct {
    bool wants_json;
    bool has_printed;
    char error[1024]; /* "": nothing went wrong */
} program;

void
ucprov_program_note_error(const char *text)
{
    if (program.error[0] == '\0') {
        ucprov_printable(program.error, sizeof(program.error), text, strlen(text));
    }
}

void
ucprov_complain(const char *name, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    va_end(arguments);
    fprintf(stderr, "%s: %s\n", name, text != NULL ? text : "out of memory");
    ucprov_program_note_error(text != NULL ? text : "out of memory");
    free(text);
}

static bool
asks_for_json(const char *word, const char *next)
{
    return strcmp(word, "-j") == 0 || strcmp(word, "--json") == 0 ||
           strcmp(word, "--format=json") == 0 ||
           (strcmp(word, "--format") == 0 && next != NULL && strcmp(next, "json") == 0);
}

void
ucprov_program_begin(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        program.wants_json = program.wants_json || asks_for_json(argv[i], argv[i + 1]);
    }
}

bool
ucprov_json_print(const char *name, json_t *object)
{
    json_t *document = json_pack("{s:i}", "schema", UCPROV_JSON_SCHEMA);
    bool made = object != NULL && document != NULL && json_object_update(document, object) == 0;
    bool printed = made && json_dumpf(document, stdout, JSON_INDENT(2)) == 0;
    json_decref(document);
    json_decref(object);
    program.has_printed = program.has_printed || made;
    if (!made) {
        ucprov_complain(name, "out of memory");
    }
    /* That it could not be written is said at the end. */
    return printed && putchar('\n') != EOF;
}

void
ucprov_json_begun(void)
{
    program.has_printed = true;
}

static void
print_error(const char *name)
{
    const char *text =
        program.error[0] != '\0' ? program.error : "see what is said on standard error";
    json_t *error = json_string(text);
    ucprov_json_print(
        name, json_pack("{s:o}", "error", error != NULL ? error : json_string("(not UTF-8)")));
}

int
ucprov_program_end(const char *name, int status)
{
    if (program.wants_json && !program.has_printed && status != UCPROV_EXIT_OK) {
        print_error(name);
    }
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        ucprov_complain(name, "standard output: %s",
                        errno != 0 ? strerror(errno) : "could not be written");
        return UCPROV_EXIT_ERROR;
    }
    return status;
}
