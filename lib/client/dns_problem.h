/* SPDX-License-Identifier: MPL-2.0 */
/* What went wrong while acting on a server: one sentence, and the exit status it leads to. */
#ifndef DNS_PROBLEM_H
#define DNS_PROBLEM_H

#include "base/exit_status.h"

enum {
    STATUS_FINE = UCPROV_EXIT_OK,
    STATUS_FINDING = UCPROV_EXIT_FINDING, /* a difference, or a server that refuses */
    STATUS_FAILED = UCPROV_EXIT_ERROR,
};

/* Room for two names in presentation format (4 * 255 octets each), and a sentence. */
#define PROBLEM_SIZE 2560

struct problem {
    char text[PROBLEM_SIZE];
};

/* Sets the text, and returns `status`. */
int problem_set(struct problem *problem, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "out of memory", STATUS_FAILED. */
int problem_memory(struct problem *problem);

#endif
