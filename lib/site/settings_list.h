/* SPDX-License-Identifier: MPL-2.0 */
/* Lists of the settings that a site file may have, made of their table. */
#ifndef UCPROV_SETTINGS_LIST_H
#define UCPROV_SETTINGS_LIST_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* For people, as wide as the terminal. */
void ucprov_settings_print(FILE *out);

/* For programs: an array with an object for each setting, which has every column of the table, null
 * where the setting has none. A new reference; NULL when out of memory. */
json_t *ucprov_settings_json(void);

/* Those of one group ("pools.NAME", "dns.hosts[N]") for a manual page, as scdoc(5) reads it. False:
 * there is no such group. */
bool ucprov_settings_print_manual(FILE *out, const char *path);

/* The path of each group that has settings of its own, in the order of the file; NULL after the
 * last. */
const char *ucprov_settings_group(size_t index);

#endif
