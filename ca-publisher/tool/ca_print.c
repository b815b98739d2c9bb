/* SPDX-License-Identifier: MPL-2.0 */
/* How all commands of ucprov-ca print: complaints, the files that they wrote, wrapped text. */
#include "tool/ca_print.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/command_line.h"
#include "base/printable.h"

#include "tool/ca_command.h"

int
ca_complain(const struct ucprov_problem *problem, int status)
{
    ucprov_complain(PROGRAM, "%s", problem->text);
    return status;
}

char *
ca_path(char path[CA_PATH_SIZE], const char *directory, const char *name)
{
    char *absolute = realpath(directory, NULL);
    const char *folder = absolute == NULL ? directory : absolute;
    const char *slash = folder[0] != '\0' && folder[strlen(folder) - 1] == '/' ? "" : "/";
    snprintf(path, CA_PATH_SIZE, "%s%s%s", folder, slash, name);
    free(absolute);
    return path;
}

void
ca_print_file(const char *directory, const char *name, const char *format, ...)
{
    char text[512];
    char path[CA_PATH_SIZE];
    char shown[CA_PATH_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    ca_path(path, directory, name);
    ucprov_printable(shown, sizeof(shown), path, strlen(path));
    printf("%s\n", shown);
    ca_print_wrapped(stdout, "    ", text);
}

/* Characters, not octets: what stands behind a leading octet of UTF-8 takes no column. */
static size_t
columns_of(const char *text, size_t length)
{
    size_t columns = 0;
    for (size_t i = 0; i < length; i++) {
        columns += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return columns;
}

void
ca_print_wrapped(FILE *out, const char *label, const char *text)
{
    size_t indent = strlen(label);
    size_t column = indent;
    fputs(label, out);
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        size_t width = columns_of(text, length);
        if (column > indent && column + 1 + width > CA_COLUMNS) {
            fprintf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%.*s", (int)length, text);
        column += width;
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}
