/* SPDX-License-Identifier: MPL-2.0 */
/* Names of steps, and sets of them as bits. How a step is taken is in steps/. */
#include "steps.h"

#include <string.h>

static const char *const names[STEP_COUNT] = {
    [STEP_VLAN] = "vlan",   [STEP_DHCP] = "dhcp",       [STEP_INFORM] = "inform",
    [STEP_NAMES] = "names", [STEP_TIME] = "time",       [STEP_UPDATE] = "update",
    [STEP_CHAIN] = "chain", [STEP_SIGN_IN] = "sign-in",
};

const char *
step_name(enum step step)
{
    return names[step];
}

static unsigned
find_step(const char *word, size_t length)
{
    if (length == strlen("all") && memcmp(word, "all", length) == 0) {
        return STEPS_ALL;
    }
    for (unsigned i = 0; i < STEP_COUNT; i++) {
        if (strlen(names[i]) == length && memcmp(names[i], word, length) == 0) {
            return STEPS_OF(i);
        }
    }
    return 0;
}

bool
steps_parse(unsigned *steps, const char *text, const char **unknown)
{
    *steps = 0;
    for (;;) {
        size_t length = strcspn(text, ",");
        unsigned found = find_step(text, length);
        if (found == 0) {
            *unknown = text;
            return false;
        }
        *steps |= found;
        if (text[length] == '\0') {
            return true;
        }
        text += length + 1;
    }
}
