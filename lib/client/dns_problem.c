/* SPDX-License-Identifier: MPL-2.0 */
/* Formats the sentence and hands the status back, so that a failing call can be returned in one
 * line. */
#include "client/dns_problem.h"

#include <stdarg.h>
#include <stdio.h>

int
problem_set(struct problem *problem, int status, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(problem->text, sizeof(problem->text), format, arguments);
    va_end(arguments);
    return status;
}

int
problem_memory(struct problem *problem)
{
    return problem_set(problem, STATUS_FAILED, "out of memory");
}
