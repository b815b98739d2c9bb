/* SPDX-License-Identifier: MPL-2.0 */
/* The nearest known word to a misspelled one. */
#ifndef UCPROV_NEAREST_H
#define UCPROV_NEAREST_H

#include <stddef.h>

/* The candidate with the smallest edit distance, when that is small enough to be a slip: at most a
 * third of the word. NULL: none. `candidate(context, i)` gives the i-th, NULL at the end. */
const char *ucprov_nearest(const char *word,
                           const char *(*candidate)(const void *context, size_t index),
                           const void *context);

#endif
