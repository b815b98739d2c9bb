/* SPDX-License-Identifier: MPL-2.0 */
/* Part of the build: copies the source of a manual page from standard input to standard output, and
 * puts the settings of a group where a line says "@settings GROUP". Exits with 1 when a group is
 * not there, unknown or twice: a manual is whole, or not made. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "site/settings_list.h"

#define MARK       "@settings "
#define GROUPS_MAX 32

/* How often each group has been put in. */
struct mentions {
    unsigned count[GROUPS_MAX];
};

static void
count_mention(struct mentions *mentions, const char *group)
{
    for (size_t i = 0; i < GROUPS_MAX && ucprov_settings_group(i) != NULL; i++) {
        mentions->count[i] += strcmp(ucprov_settings_group(i), group) == 0;
    }
}

static bool
copy_line(struct mentions *mentions, char *line)
{
    if (strncmp(line, MARK, strlen(MARK)) != 0) {
        fputs(line, stdout);
        return true;
    }
    char *group = line + strlen(MARK);
    group[strcspn(group, "\n")] = '\0';
    count_mention(mentions, group);
    if (!ucprov_settings_print_manual(stdout, group)) {
        fprintf(stderr, "settings-manual: \"%s\" is no group of settings\n", group);
        return false;
    }
    return true;
}

/* Each group once. */
static bool
check_mentions(const struct mentions *mentions)
{
    bool fine = true;
    for (size_t i = 0; i < GROUPS_MAX && ucprov_settings_group(i) != NULL; i++) {
        if (mentions->count[i] != 1) {
            fprintf(stderr, "settings-manual: %u times, not once: " MARK "%s\n", mentions->count[i],
                    ucprov_settings_group(i));
            fine = false;
        }
    }
    return fine;
}

int
main(void)
{
    struct mentions mentions = {0};
    char *line = NULL;
    size_t size = 0;
    bool fine = true;
    while (fine && getline(&line, &size, stdin) >= 0) {
        fine = copy_line(&mentions, line);
    }
    free(line);
    fine = fine && check_mentions(&mentions);
    return fine && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
