/* SPDX-License-Identifier: MPL-2.0 */
/* Values of a site file: what kinds there are, and how one value of each is read. */
#ifndef SITE_VALUE_H
#define SITE_VALUE_H

#include "site/site_reader.h"
#include "site/site_schema.h"

/* Reads a value that is written as a string. `setting` is what messages are about. False, with an
 * error reported, when the text cannot be taken; `value` is as it was then. */
typedef bool text_reader(struct site_reader *reader, const struct setting_definition *definition,
                         const config_setting_t *setting, const char *text, void *value);

struct value_kind {
    const char *id;         /* for programs: "host" */
    const char *one;        /* for people: "host name" */
    const char *several;    /* "host names" */
    size_t size;            /* in the model; 0: the field's */
    text_reader *from_text; /* NULL: it is not written as a string */
};

extern const struct value_kind value_kinds[]; /* by enum setting_kind */

/* Reads one value of any kind but SETTING_GROUP, as text_reader does. */
bool value_read(struct site_reader *reader, const struct setting_definition *definition,
                const config_setting_t *setting, void *value);

/* Stores a number, which is in the setting's range, a boolean or an enum's value. */
void value_set_number(const struct setting_definition *definition, void *value, uint32_t number);

#endif
