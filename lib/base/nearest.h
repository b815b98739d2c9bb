/* SPDX-License-Identifier: MPL-2.0 */
/* Lists of known words; the nearest one to a misspelled word, and the clause that offers it. */
#ifndef UCPROV_NEAREST_H
#define UCPROV_NEAREST_H

#include <stddef.h>

/* Known words: a string in each element of an array, which is borrowed. The first NULL among them
 * ends it early; SIZE_MAX counts an array that is sure to have one. */
struct ucprov_words {
    const void *first;  /* the array */
    size_t count;       /* of elements */
    size_t stride;      /* from one element to the next */
    size_t offset;      /* of the string in an element */
    const char *prefix; /* what people write before each of them: "--", or "" */
};

/* An array of strings; an array of structures with the string in `member`. */
#define UCPROV_WORDS(array, count)                                                                 \
    ((struct ucprov_words){(array), (count), sizeof(const char *), 0, ""})
#define UCPROV_WORDS_IN(array, count, member)                                                      \
    ((struct ucprov_words){(array), (count), sizeof(*(array)),                                     \
                           offsetof(__typeof__(*(array)), member), ""})

/* The place of a word; SIZE_MAX: it is none of them. */
size_t ucprov_words_find(struct ucprov_words words, const char *word);

/* "bind (default), zone or json", where `fallback` is the one that is marked as the default; NULL:
 * none is. Cut when `size` is short. Returns `text`. */
char *ucprov_words_join(char *text, size_t size, struct ucprov_words words, const char *fallback);

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
