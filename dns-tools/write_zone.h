/* SPDX-License-Identifier: MPL-2.0 */
/* Where records are written: to standard output, or a file a domain. */
#ifndef WRITE_ZONE_H
#define WRITE_ZONE_H

#include "format.h"
#include "zone_arguments.h"

/* Writes what the arguments ask for. Returns the exit status; what is wrong has been said. */
int write_zones(const struct ucprov_site *site, const struct zones *zones,
                const struct zone_arguments *arguments);

#endif
