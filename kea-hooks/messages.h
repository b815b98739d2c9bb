/* SPDX-License-Identifier: MPL-2.0 */
/* Log messages of the hook library; the manual page libdhcp_ucprov(7) explains each. */
#ifndef MESSAGES_H
#define MESSAGES_H

#include <log/logger.h>
#include <log/macros.h>
#include <log/message_types.h>

namespace ucprov {

extern isc::log::Logger logger;

extern const isc::log::MessageID UCPROV_CALLOUT_FAILED;
extern const isc::log::MessageID UCPROV_COMMAND_FAILED;
extern const isc::log::MessageID UCPROV_DEGRADED;
extern const isc::log::MessageID UCPROV_LIBRARY_ORDER;
extern const isc::log::MessageID UCPROV_LOADED;
extern const isc::log::MessageID UCPROV_LOAD_FAILED;
extern const isc::log::MessageID UCPROV_OBSERVED;
extern const isc::log::MessageID UCPROV_OPTION_DIFFERS;
extern const isc::log::MessageID UCPROV_POOL_SET;
extern const isc::log::MessageID UCPROV_PROVISIONED;
extern const isc::log::MessageID UCPROV_RELOADED;
extern const isc::log::MessageID UCPROV_SITE_ERROR;
extern const isc::log::MessageID UCPROV_SITE_REFUSED;
extern const isc::log::MessageID UCPROV_SITE_WARNING;
extern const isc::log::MessageID UCPROV_STATE_FILE;
extern const isc::log::MessageID UCPROV_SUBNETS_ELSEWHERE;
extern const isc::log::MessageID UCPROV_SUBNET_MISSING;
extern const isc::log::MessageID UCPROV_SUBNET_WITHOUT_ID;
extern const isc::log::MessageID UCPROV_UNLOADED;

} // namespace ucprov

#endif
