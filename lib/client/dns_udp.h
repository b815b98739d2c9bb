/* SPDX-License-Identifier: MPL-2.0 */
/* Questions by UDP, for dns_client.c. */
#ifndef DNS_UDP_H
#define DNS_UDP_H

#include "client/dns_client.h"

/* Asks every question of a batch that is pending and not marked for TCP. Afterwards each has its
 * result, or is pending and marked for TCP. */
void dns_udp_run(const struct dns_client *client, struct dns_batch *batch);

#endif
