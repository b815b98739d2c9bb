/* SPDX-License-Identifier: MPL-2.0 */
/* Reads Kea's JSON with suspicion: only the hook's own parameters are refused when they are wrong,
 * anything odd in Kea's part is Kea's to complain about and is passed over here. */
#include "kea_config.h"

#include <exceptions/exceptions.h>

namespace ucprov {

using isc::data::ConstElementPtr;
using isc::data::Element;

namespace {

const std::string library_name = "libdhcp_ucprov.so";

std::string
file_parameter(const std::string &name, const ConstElementPtr &value)
{
    if (value->getType() != Element::string || value->stringValue().compare(0, 1, "/") != 0) {
        isc_throw(isc::BadValue, "parameter \"" << name << "\" has to be a file name that begins "
                                                << "with \"/\", and is " << value->str());
    }
    return value->stringValue();
}

/* A member that is a list; an empty one where there is none. */
ConstElementPtr
list_member(const ConstElementPtr &map, const std::string &name)
{
    ConstElementPtr list = map->getType() == Element::map ? map->get(name) : ConstElementPtr();
    return list && list->getType() == Element::list ? list : Element::createList();
}

bool
names_this_library(const ConstElementPtr &entry)
{
    ConstElementPtr library =
        entry->getType() == Element::map ? entry->get("library") : ConstElementPtr();
    if (!library || library->getType() != Element::string) {
        return false;
    }
    const std::string &path = library->stringValue();
    return path.substr(path.rfind('/') + 1) == library_name;
}

void
add_subnets(const ConstElementPtr &holder, std::vector<KeaSubnet> &subnets)
{
    const ConstElementPtr list = list_member(holder, "subnet4");
    for (const auto &subnet : list->listValue()) {
        ConstElementPtr text = subnet->get("subnet");
        ConstElementPtr id = subnet->get("id");
        ucprov_prefix prefix;
        if (!text || text->getType() != Element::string ||
            !ucprov_prefix_from_text(&prefix, text->stringValue().c_str())) {
            continue;
        }
        KeaSubnet known = {ucprov_prefix_clean(prefix), {}};
        if (id && id->getType() == Element::integer) {
            known.statistics = statistic_names("subnet[" + std::to_string(id->intValue()) + "].");
        }
        subnets.push_back(known);
    }
}

} // namespace

Parameters
read_parameters(const ConstElementPtr &map)
{
    Parameters parameters;
    if (!map) {
        return parameters;
    }
    if (map->getType() != Element::map) {
        isc_throw(isc::BadValue, "\"parameters\" has to be a map, and is " << map->str());
    }
    for (const auto &parameter : map->mapValue()) {
        if (parameter.first == "site-file") {
            parameters.site_file = file_parameter(parameter.first, parameter.second);
        } else if (parameter.first == "state-file") {
            parameters.state_file = file_parameter(parameter.first, parameter.second);
        } else {
            isc_throw(isc::BadValue, "unknown parameter \"" << parameter.first << "\"; there are "
                                                            << "\"site-file\" and \"state-file\"");
        }
    }
    return parameters;
}

bool
find_parameters(const ConstElementPtr &dhcp4, Parameters &parameters)
{
    const ConstElementPtr libraries = list_member(dhcp4, "hooks-libraries");
    for (const auto &entry : libraries->listValue()) {
        if (names_this_library(entry)) {
            parameters = read_parameters(entry->get("parameters"));
            return true;
        }
    }
    return false;
}

std::vector<KeaSubnet>
read_subnets(const ConstElementPtr &dhcp4)
{
    std::vector<KeaSubnet> subnets;
    add_subnets(dhcp4, subnets);
    const ConstElementPtr networks = list_member(dhcp4, "shared-networks");
    for (const auto &network : networks->listValue()) {
        add_subnets(network, subnets);
    }
    return subnets;
}

} // namespace ucprov
