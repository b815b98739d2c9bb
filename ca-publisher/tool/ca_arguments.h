/* SPDX-License-Identifier: MPL-2.0 */
/* Values of the command line that several commands of ucprov-ca take. */
#ifndef CA_ARGUMENTS_H
#define CA_ARGUMENTS_H

#include <stdbool.h>

/* Takes a number of days; false after a complaint. */
bool ca_days_take(int *days, const char *value);

/* Takes a folder's name; false after a complaint. */
bool ca_directory_take(const char **directory, const char *value);

#endif
