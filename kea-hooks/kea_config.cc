/* SPDX-License-Identifier: MPL-2.0 */
/* Reads Kea's JSON with suspicion: only the hook's own parameters are refused when they are wrong,
 * anything odd in Kea's part is Kea's to complain about and is passed over here. */
#include "kea_config.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>
#include <set>
#include <utility>

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

/* A member that is a string; "": there is none. */
std::string
text_member(const ConstElementPtr &map, const std::string &name)
{
    ConstElementPtr value = map->getType() == Element::map ? map->get(name) : ConstElementPtr();
    return value && value->getType() == Element::string ? value->stringValue() : "";
}

/* Host order; 0: it is none. */
uint32_t
address_from_text(const std::string &text)
{
    struct in_addr address;
    return inet_pton(AF_INET, text.c_str(), &address) == 1 ? ntohl(address.s_addr) : 0;
}

/* Without folders, as it may stand in a configuration, too; "": there is none. */
std::string
library_of(const ConstElementPtr &entry)
{
    const std::string path = text_member(entry, "library");
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

namespace {

bool
prefix_of(const ConstElementPtr &subnet, ucprov_prefix &prefix)
{
    const std::string text = text_member(subnet, "subnet");
    return ucprov_prefix_from_text(&prefix, text.c_str());
}

/* "relay": { "ip-addresses": [ ... ] } of a subnet or a shared network. */
void
add_relays(const ConstElementPtr &holder, KeaLink &link)
{
    ConstElementPtr relay =
        holder->getType() == Element::map ? holder->get("relay") : ConstElementPtr();
    if (!relay) {
        return;
    }
    const ConstElementPtr addresses = list_member(relay, "ip-addresses");
    for (const auto &address : addresses->listValue()) {
        uint32_t parsed =
            address->getType() == Element::string ? address_from_text(address->stringValue()) : 0;
        if (parsed != 0) {
            link.relays.push_back(parsed);
        }
    }
}

void
add_link_subnet(const ConstElementPtr &subnet, KeaLink &link)
{
    ucprov_prefix prefix;
    if (prefix_of(subnet, prefix)) {
        link.subnets.push_back(ucprov_prefix_clean(prefix));
        add_relays(subnet, link);
    }
}

/* Reads options 15, 42 and 119, from the outside in: what is inside goes first in Kea. */
class OwnOptionsReader {
public:
    explicit OwnOptionsReader(kea_own_options *options) : options_(options) {}

    void read(const ConstElementPtr &dhcp4)
    {
        kea_sent_options sent = {};
        take(dhcp4, "all of Kea", &sent, 0);
        const ConstElementPtr classes = list_member(dhcp4, "client-classes");
        for (const auto &entry : classes->listValue()) {
            take(entry, "class " + text_member(entry, "name"), nullptr, 0);
        }
        read_reservations(dhcp4);
        read_subnets(dhcp4, sent);
        const ConstElementPtr networks = list_member(dhcp4, "shared-networks");
        for (const auto &network : networks->listValue()) {
            kea_sent_options here = sent;
            take(network, "shared network " + text_member(network, "name"), &here, 0);
            read_subnets(network, here);
        }
        check(kea_own_options_complete(options_));
    }

private:
    static void check(bool enough)
    {
        if (!enough) {
            throw std::bad_alloc();
        }
    }

    /* The "option-data" of a map; `sent` null: only for some clients, those at the address. */
    void take(const ConstElementPtr &holder, const std::string &place, kea_sent_options *sent,
              uint32_t first, uint32_t last = 0)
    {
        const ConstElementPtr list = list_member(holder, "option-data");
        for (const auto &entry : list->listValue()) {
            uint8_t code = code_of(entry);
            if (code == 0) {
                continue;
            }
            const kea_own_option *option = kea_own_options_add(
                options_, code, place.c_str(), text_member(entry, "data").c_str(),
                flag(entry, "csv-format", true), flag(entry, "never-send", false), sent);
            check(option != nullptr);
            if (last != 0) {
                check(kea_own_options_add_pool(options_, option, first, last));
            } else if (sent == nullptr) {
                check(kea_own_options_add_exception(options_, option, first));
            }
            // kea_own_options_add_exception(options_, option, address)));
        }
    }

    void read_subnets(const ConstElementPtr &holder, const kea_sent_options &sent)
    {
        const ConstElementPtr list = list_member(holder, "subnet4");
        for (const auto &subnet : list->listValue()) {
            ucprov_prefix prefix;
            if (!prefix_of(subnet, prefix)) {
                continue;
            }
            kea_sent_options here = sent;
            take(subnet, "subnet " + text_member(subnet, "subnet"), &here, 0);
            check(kea_own_options_add_subnet(options_, prefix, &here));
            read_pools(subnet);
            read_reservations(subnet, ucprov_prefix_first(prefix));
        }
    }

    void read_pools(const ConstElementPtr &subnet)
    {
        const ConstElementPtr pools = list_member(subnet, "pools");
        for (const auto &pool : pools->listValue()) {
            const std::string range = text_member(pool, "pool");
            uint32_t first = 0;
            uint32_t last = 0;
            if (range_from_text(range, first, last)) {
                take(pool, "pool " + range, nullptr, first, last);
            }
        }
    }

    void read_reservations(const ConstElementPtr &holder, uint32_t subnet = 0)
    {
        const ConstElementPtr list = list_member(holder, "reservations");
        for (const auto &host : list->listValue()) {
            uint32_t address = address_from_text(text_member(host, "ip-address"));
            take(host, "reservation of " + host_name(host), nullptr,
                 address != 0 ? address : subnet);
        }
    }

    /* "10.0.0.1 - 10.0.0.9", or "10.0.0.0/28". */
    static bool range_from_text(const std::string &text, uint32_t &first, uint32_t &last)
    {
        ucprov_prefix prefix;
        if (ucprov_prefix_from_text(&prefix, text.c_str())) {
            first = ucprov_prefix_first(prefix);
            last = ucprov_prefix_last(prefix);
            return true;
        }
        size_t dash = text.find('-');
        if (dash == std::string::npos) {
            return false;
        }
        first = address_from_text(trimmed(text.substr(0, dash)));
        last = address_from_text(trimmed(text.substr(dash + 1)));
        return first != 0 && last >= first;
    }

    static std::string trimmed(const std::string &text)
    {
        size_t first = text.find_first_not_of(" \t");
        size_t last = text.find_last_not_of(" \t");
        return first == std::string::npos ? "" : text.substr(first, last - first + 1);
    }

    static std::string host_name(const ConstElementPtr &host)
    {
        for (const char *name :
             {"hw-address", "client-id", "circuit-id", "duid", "flex-id", "ip-address"}) {
            const std::string text = text_member(host, name);
            if (!text.empty()) {
                return text;
            }
        }
        return "a client";
    }

    static uint8_t code_of(const ConstElementPtr &entry)
    {
        const std::string space = text_member(entry, "space");
        if (entry->getType() != Element::map || (!space.empty() && space != "dhcp4")) {
            return 0;
        }
        ConstElementPtr code = entry->get("code");
        if (!code || code->getType() != Element::integer) {
            return kea_own_options_code(text_member(entry, "name").c_str());
        }
        switch (code->intValue()) {
        case UCPROV_OPTION_DOMAIN_NAME:
        case UCPROV_OPTION_NTP_SERVERS:
        case UCPROV_OPTION_DOMAIN_SEARCH:
            return uint8_t(code->intValue());
        default:
            return 0;
        }
    }

    static bool flag(const ConstElementPtr &map, const std::string &name, bool missing)
    {
        ConstElementPtr value = map->get(name);
        return value && value->getType() == Element::boolean ? value->boolValue() : missing;
    }

    kea_own_options *options_;
};

} // namespace

std::vector<KeaLink>
read_links(const ConstElementPtr &dhcp4)
{
    std::vector<KeaLink> links;
    const ConstElementPtr subnets = list_member(dhcp4, "subnet4");
    for (const auto &subnet : subnets->listValue()) {
        KeaLink link;
        add_link_subnet(subnet, link);
        links.push_back(std::move(link));
    }
    const ConstElementPtr networks = list_member(dhcp4, "shared-networks");
    for (const auto &network : networks->listValue()) {
        KeaLink link;
        add_relays(network, link);
        const ConstElementPtr members = list_member(network, "subnet4");
        for (const auto &subnet : members->listValue()) {
            add_link_subnet(subnet, link);
        }
        links.push_back(std::move(link));
    }
    return links;
}

bool
has_other_sources(const ConstElementPtr &dhcp4)
{
    static const std::set<std::string> sources = {
        "libdhcp_cb_cmds.so",   "libdhcp_class_cmds.so", "libdhcp_host_cache.so",
        "libdhcp_host_cmds.so", "libdhcp_radius.so",     "libdhcp_subnet_cmds.so",
    };
    if (has_config_backend(dhcp4) || dhcp4->contains("hosts-database") ||
        !list_member(dhcp4, "hosts-databases")->empty()) {
        return true;
    }
    const ConstElementPtr libraries = list_member(dhcp4, "hooks-libraries");
    const auto &entries = libraries->listValue();
    return std::any_of(entries.begin(), entries.end(), [](const ConstElementPtr &entry) {
        return sources.count(library_of(entry)) > 0;
    });
}

std::shared_ptr<const kea_own_options>
read_own_options(const ConstElementPtr &dhcp4)
{
    std::shared_ptr<kea_own_options> options(kea_own_options_new(), kea_own_options_free);
    if (!options) {
        throw std::bad_alloc();
    }
    OwnOptionsReader(options.get()).read(dhcp4);
    return options;
}

} // namespace ucprov
