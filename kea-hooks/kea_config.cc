/* SPDX-License-Identifier: MPL-2.0 */
/* Reads Kea's JSON with suspicion: only the hook's own parameters are refused when they are wrong,
 * anything odd in Kea's part is Kea's to complain about and is passed over here. */
#include "kea_config.h"

#include <cstdlib>
#include <memory>
#include <set>

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

/* Without folders, as it may stand in a configuration, too; "": there is none. */
std::string
library_of(const ConstElementPtr &entry)
{
    ConstElementPtr library =
        entry->getType() == Element::map ? entry->get("library") : ConstElementPtr();
    if (!library || library->getType() != Element::string) {
        return "";
    }
    const std::string &path = library->stringValue();
    return path.substr(path.rfind('/') + 1);
}

/* Those of Kea's that change options of a response where they see fit. */
const std::set<std::string> option_changers = {
    "libdhcp_flex_option.so", "libdhcp_radius.so", /* Reply attributes become options */
};

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

/* Where a name leads; itself where that is nowhere yet. */
std::string
resolved(const std::string &path)
{
    std::unique_ptr<char, decltype(&free)> real(realpath(path.c_str(), nullptr), free);
    return real ? real.get() : path;
}

/* The state file, its copy of the site, and what they are written to first are written over. */
void
refuse_to_write_over_the_site(const Parameters &parameters)
{
    const std::string site = resolved(parameters.site_file);
    const std::string &state = parameters.state_file;
    for (const char *suffix : {"", ".new", ".site", ".site.new"}) {
        if (!state.empty() &&
            (site == resolved(state + suffix) || site == resolved(state) + suffix)) {
            isc_throw(isc::BadValue, "\"site-file\" is " << parameters.site_file
                                                         << ", which \"state-file\" " << state
                                                         << " would be written to");
        }
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
    refuse_to_write_over_the_site(parameters);
    return parameters;
}

bool
find_parameters(const ConstElementPtr &dhcp4, Parameters &parameters)
{
    const ConstElementPtr libraries = list_member(dhcp4, "hooks-libraries");
    for (const auto &entry : libraries->listValue()) {
        if (library_of(entry) == library_name) {
            parameters = read_parameters(entry->get("parameters"));
            return true;
        }
    }
    return false;
}

std::vector<std::string>
read_later_libraries(const ConstElementPtr &dhcp4)
{
    std::vector<std::string> later;
    bool ours_seen = false;
    const ConstElementPtr libraries = list_member(dhcp4, "hooks-libraries");
    for (const auto &entry : libraries->listValue()) {
        const std::string name = library_of(entry);
        if (ours_seen && option_changers.count(name) > 0) {
            later.push_back(name);
        }
        ours_seen = ours_seen || name == library_name;
    }
    return later;
}

bool
has_config_backend(const ConstElementPtr &dhcp4)
{
    ConstElementPtr control =
        dhcp4->getType() == Element::map ? dhcp4->get("config-control") : ConstElementPtr();
    return control && !list_member(control, "config-databases")->empty();
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
