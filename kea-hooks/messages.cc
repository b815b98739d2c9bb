/* SPDX-License-Identifier: MPL-2.0 */
/* Written by hand: Debian 12 does not package kea-msg-compiler. */
#include "messages.h"

#include <log/message_initializer.h>

namespace ucprov {

isc::log::Logger logger("ucprov-hooks");

const isc::log::MessageID UCPROV_CALLOUT_FAILED = "UCPROV_CALLOUT_FAILED";
const isc::log::MessageID UCPROV_COMMAND_FAILED = "UCPROV_COMMAND_FAILED";
const isc::log::MessageID UCPROV_DEGRADED = "UCPROV_DEGRADED";
const isc::log::MessageID UCPROV_LIBRARY_ORDER = "UCPROV_LIBRARY_ORDER";
const isc::log::MessageID UCPROV_LOADED = "UCPROV_LOADED";
const isc::log::MessageID UCPROV_LOAD_FAILED = "UCPROV_LOAD_FAILED";
const isc::log::MessageID UCPROV_OBSERVED = "UCPROV_OBSERVED";
const isc::log::MessageID UCPROV_OPTION_DIFFERS = "UCPROV_OPTION_DIFFERS";
const isc::log::MessageID UCPROV_POOL_SET = "UCPROV_POOL_SET";
const isc::log::MessageID UCPROV_PROVISIONED = "UCPROV_PROVISIONED";
const isc::log::MessageID UCPROV_RELOADED = "UCPROV_RELOADED";
const isc::log::MessageID UCPROV_SITE_ERROR = "UCPROV_SITE_ERROR";
const isc::log::MessageID UCPROV_SITE_REFUSED = "UCPROV_SITE_REFUSED";
const isc::log::MessageID UCPROV_SITE_WARNING = "UCPROV_SITE_WARNING";
const isc::log::MessageID UCPROV_STATE_FILE = "UCPROV_STATE_FILE";
const isc::log::MessageID UCPROV_SUBNETS_ELSEWHERE = "UCPROV_SUBNETS_ELSEWHERE";
const isc::log::MessageID UCPROV_SUBNET_MISSING = "UCPROV_SUBNET_MISSING";
const isc::log::MessageID UCPROV_SUBNET_WITHOUT_ID = "UCPROV_SUBNET_WITHOUT_ID";
const isc::log::MessageID UCPROV_UNLOADED = "UCPROV_UNLOADED";

} // namespace ucprov

namespace {

const char *values[] = {
    "UCPROV_CALLOUT_FAILED",
    "a response goes out as Kea made it: %1 (further failures are only counted, in the statistic "
    "ucprov-errors)",
    "UCPROV_COMMAND_FAILED",
    "command %1: %2",
    "UCPROV_DEGRADED",
    "site file %1 is no good (see ucprov-status-get for why), and what serves is %2; mend it, and "
    "run ucprov-reload",
    "UCPROV_LIBRARY_ORDER",
    "%1 is listed behind libdhcp_ucprov.so and may change or remove options that phones need: list "
    "libdhcp_ucprov.so last in hooks-libraries",
    "UCPROV_LOADED",
    "site file %1 (SHA-256 %2) is in force: %3 vlan(s)",
    "UCPROV_LOAD_FAILED",
    "the library cannot be loaded: %1",
    "UCPROV_OBSERVED",
    "%1: would get option(s) %2 of vlan %3 for client kind %4; nothing is changed, as the site "
    "file "
    "says observe = true",
    "UCPROV_OPTION_DIFFERS",
    "%1",
    "UCPROV_POOL_SET",
    "%1",
    "UCPROV_PROVISIONED",
    "%1: %2 option(s) of vlan %3 for client kind %4",
    "UCPROV_RELOADED",
    "site file %1 (SHA-256 %2) is in force: %3 vlan(s)",
    "UCPROV_SITE_ERROR",
    "%1",
    "UCPROV_SITE_REFUSED",
    "refused for the %1 error(s) logged above; the policy that served serves on",
    "UCPROV_SITE_WARNING",
    "%1",
    "UCPROV_STATE_FILE",
    "%1: what ucprov-pool-set chooses, and the copy of the site that could serve after a restart, "
    "stay as they were written last; let Kea write there (AppArmor, too), and run config-reload",
    "UCPROV_SUBNETS_ELSEWHERE",
    "Kea's configuration has a configuration back end, so vlans without a subnet in the "
    "configuration file are not told of: the back end may have it",
    "UCPROV_SUBNET_MISSING",
    "vlan %1: Kea's configuration has no subnet that overlaps %2: Kea gives out no address there, "
    "and phones that have one are answered only where Kea answers a DHCPINFORM without a subnet "
    "(relayed ones); add it to subnet4, or correct the site file",
    "UCPROV_SUBNET_WITHOUT_ID",
    "%1 subnet(s) have no \"id\" in Kea's configuration, so there are no statistics for them",
    "UCPROV_UNLOADED",
    "the library is unloaded",
    nullptr,
};

const isc::log::MessageInitializer initializer(values);

} // namespace
