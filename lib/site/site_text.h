/* SPDX-License-Identifier: MPL-2.0 */
/* The text of a site file: read whole and bounded, and searched for what libconfig would let pass
 * without a word. */
#ifndef SITE_TEXT_H
#define SITE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/diagnostics.h"

struct site_text {
    char *octets; /* terminated by a NUL that length does not count */
    size_t length;
    time_t modified;
};

/* Reads a regular file, or standard input when `file` is "-". False with an error in
 * `diagnostics`. The octets are the caller's to free. */
bool site_text_read(struct site_text *text, const char *file,
                    struct ucprov_diagnostics *diagnostics);

/* Reports NUL octets, @include, integers that libconfig would wrap, and \x00 in strings, where it
 * would cut the string. */
void site_text_check(const char *octets, size_t length, struct ucprov_diagnostics *diagnostics);

#endif
