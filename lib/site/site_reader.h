/* SPDX-License-Identifier: MPL-2.0 */
/* Reading a site file: what the readers of values and groups and the checks share. */
#ifndef SITE_READER_H
#define SITE_READER_H

#include <libconfig.h>
#include <stdbool.h>

#include "site/site.h"

#include "base/arena.h"

struct site_reader {
    struct ucprov_arena *arena;
    struct ucprov_diagnostics *diagnostics;
    const struct ucprov_pool *pools; /* read before anything refers to them */
    size_t pool_count;
};

/* An error or a warning about a setting, with its line and its path: "vlans[0].search[1]". */
void setting_error(struct site_reader *reader, const config_setting_t *setting, const char *format,
                   ...) __attribute__((format(printf, 3, 4)));
void setting_warning(struct site_reader *reader, const config_setting_t *setting,
                     const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Counts an error when there are so many that it would not be shown: for those whose text takes
 * work, such as a suggestion. False: report it. */
bool setting_error_is_counted(struct site_reader *reader);

/* The member of a group, or the group itself when it is not there: what a message is about. */
const config_setting_t *member_or_group(const config_setting_t *group, const char *name);

/* False, with an error reported, when it is something else: ( { ... }, { ... } ). */
bool setting_is_list_of_groups(struct site_reader *reader, const config_setting_t *setting);

#endif
