/* SPDX-License-Identifier: MPL-2.0 */
/* The rules across settings: what the table of settings cannot say of one alone. Each reports what
 * it finds; the records that it is given were read without an error. */
#ifndef SITE_CHECKS_H
#define SITE_CHECKS_H

#include "site/site_reader.h"

void check_vlan(struct site_reader *reader, const config_setting_t *group,
                const struct ucprov_vlan *vlan);
void check_ca(struct site_reader *reader, const config_setting_t *group,
              const struct ucprov_ca *ca);

/* Encode the options of phones. Those that do not fit are errors. */
void encode_pool(struct site_reader *reader, const config_setting_t *group,
                 struct ucprov_pool *pool);
void encode_vlan(struct site_reader *reader, const config_setting_t *group,
                 struct ucprov_vlan *vlan);

/* What no two vlans may have in common. `list` is what they were read from; they need not be
 * without errors of their own. */
void check_vlans(struct site_reader *reader, const config_setting_t *list,
                 const struct ucprov_site *site);

#endif
