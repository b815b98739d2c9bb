/* SPDX-License-Identifier: MPL-2.0 */
/* --update and --remove: brings a primary server's zones up to date (RFC 2136), or takes our
 * records out. */
#ifndef ZONE_UPDATE_H
#define ZONE_UPDATE_H

#include "client/dns_client.h"

#include "records.h"
#include "zone_arguments.h"

/* Finds out what differs, and sends one update a zone. Prints what it did on stdout, as text or
 * JSON, and problems on stderr. Returns the exit status: 0 done, or nothing to do; 1 the server, or
 * what is there already, refuses; 2 could not run; 3 it is only to be shown, and there is something
 * to do. */
int zone_update_run(const struct zones *zones, const struct dns_client *client,
                    const struct server_arguments *arguments);

#endif
