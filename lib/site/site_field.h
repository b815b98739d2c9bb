/* SPDX-License-Identifier: MPL-2.0 */
/* Fields of the model: a value, or a list of values, read or made as the table of settings says. */
#ifndef SITE_FIELD_H
#define SITE_FIELD_H

#include "site/site_reader.h"
#include "site/site_schema.h"

/* Reads what a setting says, of any kind but SETTING_GROUP. What cannot be taken is reported and
 * left out: the field stays as it was, and a list lacks such elements. */
void field_read(struct site_reader *reader, const struct setting_definition *definition,
                const config_setting_t *setting, void *field);

/* Makes a field of zeros what it is by default, where that is a value. */
void field_set_default(struct site_reader *reader, const struct setting_definition *definition,
                       void *field);

/* Gives a field that nobody set the value of another one; nothing, when nobody set that either. A
 * list gets it for its only element. Names and lists only. */
void field_copy(struct site_reader *reader, const struct setting_definition *to, void *field,
                const struct setting_definition *from, const void *other);

/* Makes a list of an array, which is the arena's. `lines` may be NULL, and must be where the field
 * does not keep them. */
void field_set_list(const struct setting_definition *definition, void *field, size_t count,
                    const void *items, const unsigned *lines);

#endif
