/* SPDX-License-Identifier: MPL-2.0 */
/* --check: does a resolver give the records of a site, as a phone asks for them? */
#ifndef ZONE_CHECK_H
#define ZONE_CHECK_H

#include <stdbool.h>

#include "client/dns_client.h"

#include "records.h"

/* Asks the server for every record set. Prints the results on stdout, as text or JSON, and problems
 * on stderr. Returns the exit status: 0 all right; 1 a difference; 2 could not run. */
int zone_check_run(const struct zones *zones, const struct dns_client *client, bool json);

#endif
