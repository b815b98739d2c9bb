/* SPDX-License-Identifier: MPL-2.0 */
/* Reads a group of the site file by its table: each member by its row, unknown and missing ones as
 * errors. */
#include <stdint.h>
#include <string.h>

#include "base/nearest.h"

#include "site/site_schema.h"

static const struct setting_definition *
find_setting(const struct setting_definition *settings, const char *name)
{
    for (; settings->name != NULL; settings++) {
        if (strcmp(settings->name, name) == 0) {
            return settings;
        }
    }
    return NULL;
}

static void
report_unknown(struct site_reader *reader, const config_setting_t *member,
               struct ucprov_words known)
{
    struct ucprov_suggestion near;
    setting_error(reader, member, "unknown setting%s",
                  ucprov_suggest(&near, config_setting_name(member), known,
                                 "; \"ucprov-checkconf --list-settings\" shows all"));
}

void
schema_report_unknown(struct site_reader *reader, const config_setting_t *member,
                      const char *const *known)
{
    report_unknown(reader, member, UCPROV_WORDS(known, SIZE_MAX));
}

static void
report_missing(struct site_reader *reader, const config_setting_t *group,
               const struct setting_definition *settings)
{
    for (; settings->name != NULL; settings++) {
        if (settings->required && config_setting_get_member(group, settings->name) == NULL) {
            setting_error(reader, group, "\"%s\" is missing: %s", settings->name, settings->help);
        }
    }
}

void
schema_read_group(struct site_reader *reader, const config_setting_t *group,
                  const struct setting_definition *settings, void *record)
{
    if (!config_setting_is_group(group)) {
        setting_error(reader, group, "has to be a group: { NAME = VALUE; ... }");
        return;
    }
    unsigned count = (unsigned)config_setting_length(group);
    for (unsigned i = 0; i < count; i++) {
        const config_setting_t *member = config_setting_get_elem(group, i);
        const char *name = config_setting_name(member);
        const struct setting_definition *setting = find_setting(settings, name);
        if (setting == NULL) {
            report_unknown(reader, member, UCPROV_WORDS_IN(settings, SIZE_MAX, name));
            continue;
        }
        setting->read(reader, member, (char *)record + setting->offset);
    }
    report_missing(reader, group, settings);
}
