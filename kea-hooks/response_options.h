/* SPDX-License-Identifier: MPL-2.0 */
/* Puts the options of a policy into a response. */
#ifndef RESPONSE_OPTIONS_H
#define RESPONSE_OPTIONS_H

#include <dhcp/pkt4.h>

#include "kea_policy.h"

namespace ucprov {

/* For an OFFER or an ACK to a client of one of the policy's vlans; any other response is left
 * alone. When it throws, the response is as it was. */
void provision(const Snapshot &snapshot, const isc::dhcp::Pkt4 &query, isc::dhcp::Pkt4 &response);

} // namespace ucprov

#endif
