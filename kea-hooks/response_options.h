/* SPDX-License-Identifier: MPL-2.0 */
/* The packet path: what is done to a query and to its response. */
#ifndef RESPONSE_OPTIONS_H
#define RESPONSE_OPTIONS_H

#include <dhcp/pkt4.h>

#include "kea_policy.h"

namespace ucprov {

/* Before Kea looks which options it sends: has it send its own 15, 42 and 119 whether the client
 * asked for them or not, where else ours would go out. So all answers to a client have Kea's, or
 * all have ours. When it throws, the query is as it was. */
void prompt(const Snapshot &snapshot, isc::dhcp::Pkt4 &query);

/* For an OFFER or an ACK to a client of one of the policy's vlans; any other response is left
 * alone. The query is what the client sent again. When it throws, the response is as it was. */
void provision(const Snapshot &snapshot, isc::dhcp::Pkt4 &query, isc::dhcp::Pkt4 &response);

} // namespace ucprov

#endif
