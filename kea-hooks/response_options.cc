/* SPDX-License-Identifier: MPL-2.0 */
/* The packet path: find the client's vlan, look up its options, put them in. No lock, no file, no
 * look-up that loading could have done; and a response is changed wholly or, if memory runs out,
 * not at all. */
#include "response_options.h"

#include <iterator>
#include <utility>
#include <vector>

#include <dhcp/dhcp4.h>
#include <dhcp/option_int_array.h>

#include "messages.h"

namespace ucprov {

using namespace isc::dhcp;
using isc::log::DBGLVL_PKT_HANDLING;

namespace {

/* An OFFER answers a DISCOVER; an ACK, a REQUEST or an INFORM. Nothing else is ours. */
bool
is_ours(const Pkt4 &response)
{
    uint8_t type = response.getType();
    return type == DHCPOFFER || type == DHCPACK;
}

/* Pkt4::getOption() would copy the option for us; we only look at it. */
const Option *
find_option(const OptionCollection &options, unsigned code)
{
    auto found = options.find(code);
    return found == options.end() ? nullptr : found->second.get();
}

/* RFC 3527: what the relay says the client's link is, in place of its own address. */
uint32_t
link_address(const Pkt4 &query)
{
    constexpr size_t address_size = 4;
    const Option *agent = find_option(query.options_, DHO_DHCP_AGENT_OPTIONS);
    const Option *link =
        agent == nullptr ? nullptr : find_option(agent->getOptions(), RAI_OPTION_LINK_SELECTION);
    if (link != nullptr && link->getData().size() == address_size) {
        const OptionBuffer &octets = link->getData();
        return uint32_t(octets[0]) << 24 | uint32_t(octets[1]) << 16 | uint32_t(octets[2]) << 8 |
               uint32_t(octets[3]);
    }
    return query.getGiaddr().toUint32();
}

/* Where the client is: the address it is given, or has, or else its relay's link; host order, 0
 * when nothing tells. */
uint32_t
client_address(const Pkt4 &query, const Pkt4 &response)
{
    if (!response.getYiaddr().isV4Zero()) {
        return response.getYiaddr().toUint32();
    }
    if (!query.getCiaddr().isV4Zero()) {
        return query.getCiaddr().toUint32();
    }
    return link_address(query);
}

ucprov_client
client_of(const ucprov_policy_vlan &vlan, const Pkt4 &query)
{
    const Option *vendor_class = find_option(query.options_, DHO_VENDOR_CLASS_IDENTIFIER);
    if (vendor_class == nullptr) {
        return UCPROV_CLIENT_OTHER;
    }
    const OptionBuffer &value = vendor_class->getData();
    return ucprov_policy_client(&vlan, value.data(), value.size());
}

/* What option 55 asks for, where that matters. */
std::vector<uint8_t>
parameter_list_of(const Pkt4 &query)
{
    const Option *list = find_option(query.options_, DHO_DHCP_PARAMETER_REQUEST_LIST);
    if (list == nullptr) {
        return {};
    }
    auto codes = dynamic_cast<const OptionUint8Array *>(list);
    return codes != nullptr ? codes->getValues() : list->getData();
}

size_t
grants_for(const ucprov_policy_vlan &vlan, ucprov_client client, const Pkt4 &query,
           ucprov_reply_option *reply)
{
    if (!ucprov_policy_needs_parameter_list(&vlan, client)) {
        return ucprov_policy_options_for(&vlan, client, nullptr, 0, reply);
    }
    std::vector<uint8_t> asked = parameter_list_of(query);
    return ucprov_policy_options_for(&vlan, client, asked.data(), asked.size(), reply);
}

/* A change to a response that is undone unless it is completed. */
class Change {
public:
    explicit Change(OptionCollection &options) : options_(options) {}

    ~Change()
    {
        for (size_t i = 0; i < count_; i++) {
            options_.erase(added_[i]);
        }
    }

    /* Adds an option before those of its code that are there already, which are to be replaced, or
     * else win. */
    void add(const OptionPtr &option, bool replace)
    {
        unsigned code = option->getType();
        auto place = options_.lower_bound(code);
        if (place != options_.end() && place->first == code) {
            if (!replace) {
                return;
            }
            replaces_ = true;
        }
        added_[count_] = options_.emplace_hint(place, code, option);
        count_++;
    }

    /* Removes what the added ones replace. Cannot fail. Returns how many were added. */
    size_t complete()
    {
        for (size_t i = 0; i < count_ && replaces_; i++) {
            options_.erase(std::next(added_[i]), options_.upper_bound(added_[i]->first));
        }
        return std::exchange(count_, 0);
    }

private:
    OptionCollection &options_;
    OptionCollection::iterator added_[UCPROV_REPLY_OPTIONS_MAX];
    size_t count_ = 0;
    bool replaces_ = false;
};

/* Returns how many options were put in. */
size_t
apply_options(const KeaPolicy &policy, const ucprov_reply_option *reply, size_t count,
              Pkt4 &response)
{
    Change change(response.options_);
    for (size_t i = 0; i < count; i++) {
        change.add(policy.option(*reply[i].option), reply[i].replace);
    }
    return change.complete();
}

} // namespace

void
provision(const Snapshot &snapshot, const Pkt4 &query, Pkt4 &response)
{
    if (!is_ours(response)) {
        return;
    }
    uint32_t address = client_address(query, response);
    const KeaPolicy &policy = *snapshot.policy;
    const ucprov_policy_vlan *vlan = ucprov_policy_find(policy.get(), address);
    if (vlan == nullptr) {
        return;
    }
    ucprov_client client = client_of(*vlan, query);
    ucprov_reply_option reply[UCPROV_REPLY_OPTIONS_MAX];
    size_t count = apply_options(policy, reply, grants_for(*vlan, client, query, reply), response);
    if (count == 0) {
        return;
    }
    const HWAddrPtr &hardware = query.getHWAddr();
    if (client == UCPROV_CLIENT_MS_UC && hardware) {
        recent_phones_note(policy.phone_tag(*vlan), hardware->hwaddr_.data(),
                           hardware->hwaddr_.size());
    }
    snapshot.subnets->count(address, client);
    LOG_DEBUG(logger, DBGLVL_PKT_HANDLING, UCPROV_PROVISIONED)
        .arg(query.getLabel())
        .arg(count)
        .arg(vlan->name)
        .arg(ucprov_client_name(client));
}

} // namespace ucprov
