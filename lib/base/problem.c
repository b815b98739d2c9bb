/* SPDX-License-Identifier: MPL-2.0 */
/* Every sentence about a failure passes through here on its way out, which is why each is printable
 * and bounded whatever a server or a file put into it. */
#include "base/problem.h"

#include <openssl/err.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"

static void
set_text(struct ucprov_problem *problem, const char *format, va_list arguments)
{
    char text[UCPROV_PROBLEM_SIZE + 1]; /* longer, so that what is cut gets its dots */
    int length = vsnprintf(text, sizeof(text), format, arguments);
    ucprov_printable(problem->text, sizeof(problem->text), text, length < 0 ? 0 : strlen(text));
}

int
ucprov_problem_set(struct ucprov_problem *problem, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_text(problem, format, arguments);
    va_end(arguments);
    return -1;
}

/* The newest error's reason; NULL: there is none. */
static const char *
newest_reason(void)
{
    unsigned long error = ERR_peek_last_error();
    if (error == 0) {
        return NULL;
    }
    const char *reason =
        ERR_SYSTEM_ERROR(error) ? strerror(ERR_GET_REASON(error)) : ERR_reason_error_string(error);
    return reason == NULL ? "unknown error of OpenSSL" : reason;
}

int
ucprov_problem_openssl(struct ucprov_problem *problem, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_text(problem, format, arguments);
    va_end(arguments);
    const char *reason = newest_reason();
    if (reason != NULL) {
        struct ucprov_problem first = *problem;
        ucprov_problem_set(problem, "%s: %s", first.text, reason);
    }
    ERR_clear_error();
    return -1;
}
