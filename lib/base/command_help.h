/* SPDX-License-Identifier: MPL-2.0 */
/* What --help prints. For command_line.c alone. */
#ifndef UCPROV_COMMAND_HELP_H
#define UCPROV_COMMAND_HELP_H

#include <stdio.h>

#include "base/command_line.h"

/* Usage, introduction, commands, options and the rest, as wide as `out` is. */
void command_help_print(FILE *out, const struct ucprov_command_line *line);

#endif
