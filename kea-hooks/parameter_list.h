/* SPDX-License-Identifier: MPL-2.0 */
/* Option 55 of a query, the parameter request list (RFC 2132 9.8), with codes of ours added for as
 * long as Kea works on it. */
#ifndef PARAMETER_LIST_H
#define PARAMETER_LIST_H

#include <cstddef>
#include <cstdint>
#include <vector>

#include <dhcp/pkt4.h>

namespace ucprov {

/* What it asks for, as the client sent it; empty when there is none. */
std::vector<uint8_t> parameter_list_of(const isc::dhcp::Pkt4 &query);

/* Adds codes to it. When it throws, the query is as it was. */
void extend_parameter_list(isc::dhcp::Pkt4 &query, const uint8_t *codes, size_t count);

/* Puts the client's own back. Nothing happens where it was not extended. */
void restore_parameter_list(isc::dhcp::Pkt4 &query);

} // namespace ucprov

#endif
