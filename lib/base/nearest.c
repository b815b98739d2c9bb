/* SPDX-License-Identifier: MPL-2.0 */
/* "Did you mean ...?" by Damerau's edit distance, since swapped letters are the commonest slip.
 * Work is bounded: words longer than any setting's get no suggestion. */
#include "base/nearest.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"

#define WORD_MAX 64 /* longer words get no suggestion */

static size_t
smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Damerau's distance (insert, delete, replace, swap neighbors), one row of three at a time. */
static size_t
edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][WORD_MAX + 1];
    for (size_t j = 0; j <= b_length; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        const size_t *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = smallest(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = smallest(row[j], two_above[j - 2] + 1, row[j]);
            }
        }
    }
    return rows[a_length % 3][b_length];
}

/* NULL behind the last. */
static const char *
word_at(struct ucprov_words words, size_t index)
{
    const char *word = NULL;
    if (index < words.count) {
        memcpy(&word, (const char *)words.first + index * words.stride + words.offset,
               sizeof(word));
    }
    return word;
}

size_t
ucprov_words_find(struct ucprov_words words, const char *word)
{
    const char *other;
    for (size_t i = 0; (other = word_at(words, i)) != NULL; i++) {
        if (strcmp(other, word) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

char *
ucprov_words_join(char *text, size_t size, struct ucprov_words words, const char *fallback)
{
    const char *word;
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; (word = word_at(words, i)) != NULL && used < size; i++) {
        bool is_last = word_at(words, i + 1) == NULL;
        const char *separator = i == 0 ? "" : is_last ? " or " : ", ";
        const char *mark = fallback != NULL && strcmp(word, fallback) == 0 ? " (default)" : "";
        used += (size_t)snprintf(text + used, size - used, "%s%s%s", separator, word, mark);
    }
    return text;
}

const char *
ucprov_nearest(const char *word, struct ucprov_words words)
{
    size_t length = strlen(word);
    const char *best = NULL;
    const char *other;
    size_t best_distance = length / 3 + 1;
    for (size_t i = 0; length <= WORD_MAX && (other = word_at(words, i)) != NULL; i++) {
        size_t other_length = strlen(other);
        if (other_length > WORD_MAX) {
            continue;
        }
        size_t distance = edit_distance(word, length, other, other_length);
        if (distance <= best_distance && (best == NULL || distance < best_distance)) {
            best = other;
            best_distance = distance;
        }
    }
    return best;
}

const char *
ucprov_suggest(struct ucprov_suggestion *suggestion, const char *word, struct ucprov_words words,
               const char *otherwise)
{
    char printable[UCPROV_SUGGESTION_SIZE - sizeof("; did you mean \"\"?")];
    const char *near = ucprov_nearest(word, words);
    if (near == NULL) {
        return otherwise;
    }
    snprintf(suggestion->text, sizeof(suggestion->text), "; did you mean \"%s%s\"?", words.prefix,
             ucprov_printable(printable, sizeof(printable), near, strlen(near)));
    return suggestion->text;
}
