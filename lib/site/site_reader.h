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

/* A fault of a setting, with its line and its path: "vlans[0].search[1]". */
void setting_report(struct site_reader *reader, enum ucprov_fault fault,
                    const config_setting_t *setting, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The member of a group, or the group itself when it is not there: what a message is about. */
const config_setting_t *member_or_group(const config_setting_t *group, const char *name);

/* False, with an error reported, when it is something else: ( { ... }, { ... } ). */
bool setting_is_list_of_groups(struct site_reader *reader, const config_setting_t *setting);

#endif
