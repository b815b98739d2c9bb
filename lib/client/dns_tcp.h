/* SPDX-License-Identifier: MPL-2.0 */
/* Messages by TCP, for dns_client.c. */
#ifndef DNS_TCP_H
#define DNS_TCP_H

#include "client/dns_client.h"

/* Has every exchange of a batch done that is pending, over one connection, or over several where
 * the server closes it. */
void dns_tcp_run(const struct dns_client *client, struct dns_batch *batch);

#endif
