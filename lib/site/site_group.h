/* SPDX-License-Identifier: MPL-2.0 */
/* Groups of a site file: records of the model, read by their tables. */
#ifndef SITE_GROUP_H
#define SITE_GROUP_H

#include "site/site_reader.h"
#include "site/site_schema.h"

/* Makes a record of zeros what it is by default. */
void group_set_defaults(struct site_reader *reader, const struct setting_definition *settings,
                        void *record);

/* Reads every member of a group into its record. Reports members that the table does not have, and
 * required ones that are missing. */
void group_read(struct site_reader *reader, const config_setting_t *group,
                const struct setting_definition *settings, void *record);

/* Gives the settings that are by default what another one is, and that nobody set, that value: when
 * all that may set the other has been read. */
void group_copy_defaults(struct site_reader *reader, const struct setting_definition *settings,
                         void *record);

/* Reports members of the whole file that no group of the table is. */
void group_check_root(struct site_reader *reader, const config_setting_t *root);

#endif
