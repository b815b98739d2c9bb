/* SPDX-License-Identifier: MPL-2.0 */
/* The packet path: find the client's vlan, look up its options, put them in. No lock, no file, no
 * look-up that loading could have done; and a response is changed wholly or, if memory runs out,
 * not at all. */
#include "response_options.h"

#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <dhcp/dhcp4.h>
#include <dhcp/iface_mgr.h>

#include "messages.h"
#include "parameter_list.h"

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

/* Whether an option goes in, as one of its code is there or not. */
bool
goes_in(ucprov_reply_rule rule, bool there)
{
    return rule == UCPROV_REPLY_PUT || there == (rule == UCPROV_REPLY_CORRECT);
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
    void add(const OptionPtr &option, ucprov_reply_rule rule)
    {
        unsigned code = option->getType();
        auto place = options_.lower_bound(code);
        bool there = place != options_.end() && place->first == code;
        if (!goes_in(rule, there)) {
            return;
        }
        replaces_ = replaces_ || there;
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

/* Options that Kea gives to clients of an address pool; when it answers an INFORM, it does not look
 * into pools, and then they get none rather than ours. */
unsigned
withheld(const Snapshot &snapshot, uint32_t address, const Pkt4 &response)
{
    if (!snapshot.own_options || !response.getYiaddr().isV4Zero()) {
        return 0;
    }
    return kea_own_options_of_pool(snapshot.own_options.get(), address);
}

/* Returns how many options were put in. */
size_t
apply_options(const KeaPolicy &policy, const ucprov_reply_option *reply, size_t count,
              unsigned without, Pkt4 &response)
{
    Change change(response.options_);
    for (size_t i = 0; i < count; i++) {
        const ucprov_encoded &option = *reply[i].option;
        if (reply[i].rule != UCPROV_REPLY_ADD || (without & ucprov_prompt_of(option.code)) == 0) {
            change.add(policy.option(option), reply[i].rule);
        }
    }
    return change.complete();
}

/* Whether a client gets anything at all. */
bool
includes(const ucprov_policy_vlan &vlan, const Pkt4 &query)
{
    const HWAddrPtr &hardware = query.getHWAddr();
    return vlan.pilot.count == 0 ||
           (hardware &&
            ucprov_policy_includes(&vlan, hardware->hwaddr_.data(), hardware->hwaddr_.size()));
}

/* Which options go in, as "15, 43 for Kea's, 120"; empty: none does. */
std::string
describe(const ucprov_reply_option *reply, size_t count, const Pkt4 &response)
{
    std::string text;
    for (size_t i = 0; i < count; i++) {
        unsigned code = reply[i].option->code;
        bool there = find_option(response.options_, code) != nullptr;
        if (goes_in(reply[i].rule, there)) {
            text += (text.empty() ? "" : ", ") + std::to_string(code) + (there ? " for Kea's" : "");
        }
    }
    return text;
}

/* Says what would have been done. */
void
observe(const Snapshot &snapshot, const ucprov_policy_vlan &vlan, ucprov_client client,
        const Pkt4 &query, const Pkt4 &response)
{
    ucprov_reply_option reply[UCPROV_REPLY_OPTIONS_MAX];
    size_t count = grants_for(vlan, client, query, reply);
    std::string text = describe(reply, count, response);
    if (text.empty()) {
        return;
    }
    snapshot.subnets->count_observed();
    LOG_DEBUG(logger, DBGLVL_PKT_HANDLING, UCPROV_OBSERVED)
        .arg(query.getLabel())
        .arg(text)
        .arg(vlan.name)
        .arg(ucprov_client_name(client));
}

/* Where a query comes from, as far as it is known before there is a response: host order, 0 when
 * nothing tells. */
uint32_t
origin_of(const Pkt4 &query)
{
    if (!query.getCiaddr().isV4Zero()) {
        return query.getCiaddr().toUint32();
    }
    uint32_t link = link_address(query);
    if (link != 0) {
        return link;
    }
    IfacePtr interface = IfaceMgr::instance().getIface(query.getIface());
    isc::asiolink::IOAddress address("0.0.0.0");
    return interface && interface->getAddress4(address) ? address.toUint32() : 0;
}

unsigned
prompts_at(const Snapshot &snapshot, uint32_t address, const Pkt4 &query)
{
    const ucprov_policy_vlan *vlan = ucprov_policy_find(snapshot.policy->get(), address);
    if (vlan == nullptr || vlan->prompts == 0 || vlan->observe || !includes(*vlan, query)) {
        return 0;
    }
    return vlan->prompts;
}

} // namespace

void
prompt(const Snapshot &snapshot, Pkt4 &query)
{
    uint8_t type = query.getType();
    if (type != DHCPDISCOVER && type != DHCPREQUEST && type != DHCPINFORM) {
        return;
    }
    uint32_t origin = origin_of(query);
    unsigned prompts = prompts_at(snapshot, origin, query);
    const KeaLink *link = snapshot.links ? snapshot.links->find(origin) : nullptr;
    for (size_t i = 0; link != nullptr && i < link->subnets.size(); i++) {
        prompts |= prompts_at(snapshot, ucprov_prefix_first(link->subnets[i]), query);
    }
    if (prompts == 0) {
        return;
    }
    std::vector<uint8_t> asked = parameter_list_of(query);
    uint8_t codes[UCPROV_PROMPTS_MAX];
    size_t count = ucprov_policy_prompted(prompts, asked.data(), asked.size(), codes);
    if (count > 0) {
        extend_parameter_list(query, codes, count);
    }
}

void
provision(const Snapshot &snapshot, Pkt4 &query, Pkt4 &response)
{
    if (snapshot.has_to_prompt) {
        restore_parameter_list(query);
    }
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
    if (!includes(*vlan, query)) {
        snapshot.subnets->count_outside_pilot();
        return;
    }
    if (vlan->observe) {
        observe(snapshot, *vlan, client, query, response);
        return;
    }
    ucprov_reply_option reply[UCPROV_REPLY_OPTIONS_MAX];
    size_t count = grants_for(*vlan, client, query, reply);
    count = apply_options(policy, reply, count, withheld(snapshot, address, response), response);
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
