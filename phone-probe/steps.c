/* SPDX-License-Identifier: MPL-2.0 */
/* Names of steps, and sets of them as bits. How a step is taken is in steps/. */
#include "steps.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

const char *const step_words[STEP_COUNT + 1] = {
    [STEP_VLAN] = "vlan",   [STEP_DHCP] = "dhcp",       [STEP_INFORM] = "inform",
    [STEP_NAMES] = "names", [STEP_TIME] = "time",       [STEP_UPDATE] = "update",
    [STEP_CHAIN] = "chain", [STEP_SIGN_IN] = "sign-in", [STEP_COUNT] = "all",
};

#define WORDS     UCPROV_WORDS(step_words, STEP_COUNT + 1)
#define WORD_SIZE 80

const char *
step_name(enum step step)
{
    return step_words[step];
}

/* The complaint names the list already; of several, this names the one. */
static int
refuse_word(const char *word, const char *list, struct ucprov_problem *problem)
{
    char all[UCPROV_PROBLEM_SIZE / 2];
    char otherwise[UCPROV_PROBLEM_SIZE / 2 + sizeof("; write ")];
    struct ucprov_suggestion near;
    snprintf(otherwise, sizeof(otherwise), "; write %s, with commas between",
             ucprov_words_join(all, sizeof(all), WORDS, NULL));
    const char *suggestion = ucprov_suggest(&near, word, WORDS, otherwise);
    return strcmp(word, list) == 0
               ? ucprov_problem_set(problem, "not a step%s", suggestion)
               : ucprov_problem_set(problem, "\"%s\" is not a step%s", word, suggestion);
}

int
steps_parse(unsigned *steps, const char *text, struct ucprov_problem *problem)
{
    size_t length;
    *steps = 0;
    for (const char *at = text;; at += length + 1) {
        char word[WORD_SIZE];
        length = strcspn(at, ",");
        snprintf(word, sizeof(word), "%.*s", (int)length, at);
        size_t step = ucprov_words_find(WORDS, word);
        if (step == SIZE_MAX) {
            return refuse_word(word, text, problem);
        }
        *steps |= step == STEP_COUNT ? STEPS_ALL : STEPS_OF(step);
        if (at[length] == '\0') {
            return 0;
        }
    }
}
