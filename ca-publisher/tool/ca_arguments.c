/* SPDX-License-Identifier: MPL-2.0 */
/* Each takes one value, or complains of it as ucprov-ca does. */
#include "tool/ca_arguments.h"

#include <stdlib.h>

#include "base/command_line.h"

#include "tool/ca_command.h"
#include "tool/ca_make.h"

bool
ca_days_take(int *days, const char *value)
{
    char *end;
    long number = strtol(value, &end, 10);
    if (*value < '0' || *value > '9' || *end != '\0' || number < 1 || number > CA_DAYS_MAX) {
        return ucprov_complain_of_value(PROGRAM, "days", value, "write a number from 1 to 36500");
    }
    *days = (int)number;
    return true;
}

bool
ca_directory_take(const char **directory, const char *value)
{
    *directory = value;
    return *value != '\0' || ucprov_complain_of_value(PROGRAM, "output", value, "not a folder");
}
