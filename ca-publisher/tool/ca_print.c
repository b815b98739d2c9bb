/* SPDX-License-Identifier: MPL-2.0 */
/* How all commands of ucprov-ca print: complaints, and the files that they wrote. */
#include "tool/ca_print.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/command_line.h"
#include "base/printable.h"
#include "base/wrap.h"

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
    ucprov_wrap(stdout, "    ", text);
}
