/* SPDX-License-Identifier: MPL-2.0 */
/* Which of the things that a program does is asked for. For command_line.c alone. */
#ifndef UCPROV_COMMAND_MODE_H
#define UCPROV_COMMAND_MODE_H

#include "base/command_line.h"

/* Finds the mode by the options that were given, and sees to it that each of them goes with it.
 * Returns 0, or -1 with the complaint. */
int command_mode_check(const struct ucprov_command_line *line, struct ucprov_given *given,
                       struct ucprov_problem *problem);

#endif
