#include "provision.h"

#include <dhcp/dhcp4.h>
#include <dhcp/option_int_array.h>
#include <stats/stats_mgr.h>

#include "messages.h"

namespace ucprov {

using namespace isc::dhcp;
using isc::log::DBGLVL_PKT_HANDLING;
using isc::stats::StatsMgr;

namespace {

const StatisticNames global_statistics = statistic_names("");

bool
is_ours(const Pkt4 &query, const Pkt4 &response)
{
    uint8_t asked = query.getType();
    uint8_t answered = response.getType();
    return (asked == DHCPDISCOVER || asked == DHCPREQUEST || asked == DHCPINFORM) &&
           (answered == DHCPOFFER || answered == DHCPACK);
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

ucprov_request
request_of(const Pkt4 &query)
{
    ucprov_request request = {};
    const Option *vendor_class = find_option(query.options_, DHO_VENDOR_CLASS_IDENTIFIER);
    if (vendor_class != nullptr) {
        request.vendor_class = vendor_class->getData().data();
        request.vendor_class_length = vendor_class->getData().size();
    }
    const Option *list = find_option(query.options_, DHO_DHCP_PARAMETER_REQUEST_LIST);
    if (list != nullptr) {
        auto codes = dynamic_cast<const OptionUint8Array *>(list);
        const std::vector<uint8_t> &values =
            codes != nullptr ? codes->getValues() : list->getData();
        request.parameter_list = values.data();
        request.parameter_list_length = values.size();
    }
    return request;
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

    /* Adds an option behind those of its code that are there already. */
    void add(const OptionPtr &option)
    {
        added_[count_] = options_.insert({option->getType(), option});
        count_++;
    }

    /* Removes what stands before the added ones. Cannot fail. */
    void complete(const ucprov_grant *const *grants)
    {
        for (size_t i = 0; i < count_; i++) {
            if (grants[i]->replace) {
                options_.erase(options_.lower_bound(added_[i]->first), added_[i]);
            }
        }
        count_ = 0;
    }

private:
    OptionCollection &options_;
    OptionCollection::iterator added_[UCPROV_GRANTS_MAX];
    size_t count_ = 0;
};

/* Returns how many options were put in. */
size_t
apply(const Policy &policy, const ucprov_grant *grants, size_t grant_count, Pkt4 &response)
{
    const ucprov_grant *used[UCPROV_GRANTS_MAX];
    size_t count = 0;
    Change change(response.options_);
    for (size_t i = 0; i < grant_count; i++) {
        const ucprov_grant &grant = grants[i];
        if (grant.replace || response.options_.count(grant.option->code) == 0) {
            change.add(policy.option(*grant.option));
            used[count++] = &grant;
        }
    }
    change.complete(used);
    return count;
}

void
count_response(const Snapshot &snapshot, uint32_t address, ucprov_client client)
{
    StatsMgr &statistics = StatsMgr::instance();
    statistics.addValue(global_statistics[client], int64_t(1));
    const KeaSubnet *subnet = snapshot.subnets ? snapshot.subnets->find(address) : nullptr;
    if (subnet != nullptr && !subnet->statistics[client].empty()) {
        statistics.addValue(subnet->statistics[client], int64_t(1));
    }
}

} // namespace

void
provision(const Snapshot &snapshot, const Pkt4 &query, Pkt4 &response)
{
    if (!is_ours(query, response)) {
        return;
    }
    uint32_t address = client_address(query, response);
    const Policy &policy = *snapshot.policy;
    const ucprov_policy_vlan *vlan = ucprov_policy_find(policy.get(), address);
    if (vlan == nullptr) {
        return;
    }
    ucprov_request request = request_of(query);
    ucprov_grant grants[UCPROV_GRANTS_MAX];
    size_t count = apply(policy, grants, ucprov_policy_grant(vlan, &request, grants), response);
    if (count == 0) {
        return;
    }
    ucprov_client client = ucprov_policy_client(vlan, &request);
    const HWAddrPtr &hardware = query.getHWAddr();
    if (client == UCPROV_CLIENT_MS_UC && hardware) {
        recent_phones_note(policy.phone_tag(*vlan), hardware->hwaddr_.data(),
                           hardware->hwaddr_.size());
    }
    count_response(snapshot, address, client);
    LOG_DEBUG(logger, DBGLVL_PKT_HANDLING, UCPROV_PROVISIONED)
        .arg(query.getLabel())
        .arg(count)
        .arg(vlan->name)
        .arg(ucprov_client_name(client));
}

} // namespace ucprov
