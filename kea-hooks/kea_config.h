/* SPDX-License-Identifier: MPL-2.0 */
/* What the hook reads in Kea's configuration: its own parameters, and Kea's subnets. */
#ifndef KEA_CONFIG_H
#define KEA_CONFIG_H

#include <string>
#include <vector>

#include <cc/data.h>

#include "kea_policy.h"

namespace ucprov {

struct Parameters {
    std::string site_file = UCPROV_SITE_FILE;
    std::string state_file; /* empty: none */
};

/* From the map under "parameters", which may be null. Throws isc::BadValue on an unknown one and on
 * one that is no absolute file name. */
Parameters read_parameters(const isc::data::ConstElementPtr &map);

/* The parameters of this library in the "hooks-libraries" of a Dhcp4 configuration. False: the
 * configuration does not load it. Throws as read_parameters() does. */
bool find_parameters(const isc::data::ConstElementPtr &dhcp4, Parameters &parameters);

/* Libraries behind this one that may change options after it; names as in the configuration. */
std::vector<std::string> read_later_libraries(const isc::data::ConstElementPtr &dhcp4);

/* Subnets may come from a database, too ("config-control"). */
bool has_config_backend(const isc::data::ConstElementPtr &dhcp4);

/* The subnets of a Dhcp4 configuration, those in shared networks too. */
std::vector<KeaSubnet> read_subnets(const isc::data::ConstElementPtr &dhcp4);

/* The links that have several subnets, or relay agents elsewhere. */
std::vector<KeaLink> read_links(const isc::data::ConstElementPtr &dhcp4);

/* Options may come from elsewhere, too: a database of hosts, a configuration back end, commands of
 * other libraries. */
bool has_other_sources(const isc::data::ConstElementPtr &dhcp4);

/* Its options 15, 42 and 119, wherever they stand. */
std::shared_ptr<const kea_own_options> read_own_options(const isc::data::ConstElementPtr &dhcp4);

} // namespace ucprov

#endif
