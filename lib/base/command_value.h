/* SPDX-License-Identifier: MPL-2.0 */
/* Values of options, by the kind that their row says. For command_line.c alone. */
#ifndef UCPROV_COMMAND_VALUE_H
#define UCPROV_COMMAND_VALUE_H

#include "base/command_line.h"

/* Puts a value (NULL: of a flag) where the row says. Returns 0, or -1 with the clause that belongs
 * behind the value: "not a port; write a number from 1 to 65535". */
int command_value_take(const struct ucprov_setting *setting, void *arguments, const char *value,
                       struct ucprov_problem *problem);

#endif
