/* SPDX-License-Identifier: MPL-2.0 */
/* The nearest known word to a misspelled one, and the clause that offers it. */
#ifndef UCPROV_NEAREST_H
#define UCPROV_NEAREST_H

#include <stddef.h>

/* Known words: a string in each element of an array, which is borrowed. The first NULL among them
 * ends it early; SIZE_MAX counts an array that is sure to have one. */
struct ucprov_words {
    const void *first; /* the array */
    size_t count;      /* of elements */
    size_t stride;     /* from one element to the next */
    size_t offset;     /* of the string in an element */
};

/* An array of strings; an array of structures with the string in `member`. */
#define UCPROV_WORDS(array, count)                                                                 \
    ((struct ucprov_words){(array), (count), sizeof(const char *), 0})
#define UCPROV_WORDS_IN(array, count, member)                                                      \
    ((struct ucprov_words){(array), (count), sizeof(*(array)),                                     \
                           offsetof(__typeof__(*(array)), member)})

/* The word with the smallest edit distance, when that is small enough to be a slip: a third of the
 * word, and one. Borrowed; NULL: none. */
const char *ucprov_nearest(const char *word, struct ucprov_words words);

#define UCPROV_SUGGESTION_SIZE 128

struct ucprov_suggestion {
    char text[UCPROV_SUGGESTION_SIZE];
};

/* What belongs behind `no vlan named "hq-vioce"`: the clause `; did you mean "hq-voice"?`, or, when
 * no word is near, `otherwise`. Returns `suggestion->text`, or `otherwise`. */
const char *ucprov_suggest(struct ucprov_suggestion *suggestion, const char *word,
                           struct ucprov_words words, const char *otherwise);

#endif
