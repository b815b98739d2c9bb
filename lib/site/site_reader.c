/* SPDX-License-Identifier: MPL-2.0 */
/* Messages about settings: each has its line, and its path in the file. */
#include "site/site_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PATH_SIZE 192

static char *
path_of(const config_setting_t *setting, char path[PATH_SIZE])
{
    config_setting_t *parent = config_setting_parent(setting);
    if (parent == NULL) {
        path[0] = '\0';
        return path;
    }
    size_t length = strlen(path_of(parent, path));
    const char *name = config_setting_name(setting);
    if (name != NULL) {
        snprintf(path + length, PATH_SIZE - length, "%s%s", length > 0 ? "." : "", name);
    } else {
        snprintf(path + length, PATH_SIZE - length, "[%d]", config_setting_index(setting));
    }
    return path;
}

/* To find the place of each among hundreds of thousands would take minutes. */
void
setting_report(struct site_reader *reader, enum ucprov_fault fault, const config_setting_t *setting,
               const char *format, ...)
{
    char path[PATH_SIZE];
    if (ucprov_diagnostics_count(reader->diagnostics, fault)) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    ucprov_diagnostics_vadd(reader->diagnostics, fault, config_setting_source_line(setting),
                            path_of(setting, path), format, arguments);
    va_end(arguments);
}

const config_setting_t *
member_or_group(const config_setting_t *group, const char *name)
{
    const config_setting_t *member = config_setting_get_member(group, name);
    return member != NULL ? member : group;
}

bool
setting_is_list_of_groups(struct site_reader *reader, const config_setting_t *setting)
{
    if (!config_setting_is_list(setting)) {
        setting_report(reader, UCPROV_FAULT_VALUE_TYPE, setting,
                       "has to be a list of groups: ( { ... }, { ... } )");
        return false;
    }
    return true;
}
