/* SPDX-License-Identifier: MPL-2.0 */
/* --check, --update and --remove, from the command line on: the server is found, the key is read.
 */
#ifndef ZONE_SERVER_H
#define ZONE_SERVER_H

#include "records.h"
#include "zone_arguments.h"

/* Checks or updates what the arguments say. Prints the results on stdout, and problems on stderr.
 * Returns the exit status. */
int zone_server_run(const struct zones *zones, const struct server_arguments *arguments);

#endif
