/* SPDX-License-Identifier: MPL-2.0 */
/* What went wrong: one sentence that names the thing, and what would be right. */
#ifndef UCPROV_PROBLEM_H
#define UCPROV_PROBLEM_H

#define UCPROV_PROBLEM_SIZE 1024

struct ucprov_problem {
    char text[UCPROV_PROBLEM_SIZE];
};

/* Sets the text; what is not printable is escaped, what is too long is cut. Always -1. */
int ucprov_problem_set(struct ucprov_problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same, with OpenSSL's newest error behind it, whose queue it empties. Always -1. */
int ucprov_problem_openssl(struct ucprov_problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
