#include "snapshot.h"

#include <algorithm>
#include <new>
#include <utility>

#include <boost/make_shared.hpp>

namespace ucprov {

using isc::dhcp::Option;
using isc::dhcp::OptionBuffer;

Policy::Policy(ucprov_policy *policy) : policy_(policy)
{
    try {
        size_t count = ucprov_policy_encoded_count(policy);
        options_.reserve(count);
        for (size_t i = 0; i < count; i++) {
            const ucprov_encoded *encoded = ucprov_policy_encoded_at(policy, i);
            OptionBuffer data(encoded->data, encoded->data + encoded->length);
            options_.push_back(
                boost::make_shared<Option>(Option::V4, uint16_t(encoded->code), data));
        }
        phone_tags_.reserve(ucprov_policy_vlan_count(policy));
        for (size_t i = 0; i < ucprov_policy_vlan_count(policy); i++) {
            phone_tags_.push_back(recent_phones_tag(ucprov_policy_vlan_at(policy, i)->name));
        }
    } catch (...) {
        ucprov_policy_free(policy);
        throw;
    }
}

Policy::~Policy()
{
    ucprov_policy_free(policy_);
}

StatisticNames
statistic_names(const std::string &prefix)
{
    StatisticNames names;
    names[UCPROV_CLIENT_OTHER] = prefix + "ucprov-other";
    names[UCPROV_CLIENT_MS_UC] = prefix + "ucprov-ms-uc-client";
    names[UCPROV_CLIENT_CPE_OCPHONE] = prefix + "ucprov-cpe-ocphone";
    return names;
}

KeaSubnets::KeaSubnets(std::vector<KeaSubnet> subnets) : subnets_(std::move(subnets))
{
    std::sort(subnets_.begin(), subnets_.end(), [](const KeaSubnet &a, const KeaSubnet &b) {
        return ucprov_prefix_compare(a.prefix, b.prefix) < 0;
    });
    std::vector<ucprov_prefix_entry> entries;
    entries.reserve(subnets_.size());
    for (const KeaSubnet &subnet : subnets_) {
        entries.push_back({subnet.prefix, uint32_t(entries.size())});
    }
    table_ = ucprov_prefix_table_new(entries.data(), entries.size());
    if (table_ == nullptr) {
        throw std::bad_alloc();
    }
}

KeaSubnets::~KeaSubnets()
{
    ucprov_prefix_table_free(table_);
}

const KeaSubnet *
KeaSubnets::find(uint32_t address) const
{
    uint32_t index = ucprov_prefix_table_find(table_, address);
    return index == UCPROV_PREFIX_NONE ? nullptr : &subnets_[index];
}

bool
KeaSubnets::overlap(ucprov_prefix prefix) const
{
    if (find(ucprov_prefix_first(prefix)) != nullptr) {
        return true;
    }
    auto inside = std::lower_bound(subnets_.begin(), subnets_.end(), prefix,
                                   [](const KeaSubnet &a, const ucprov_prefix &b) {
                                       return a.prefix.address < ucprov_prefix_first(b);
                                   });
    return inside != subnets_.end() && inside->prefix.address <= ucprov_prefix_last(prefix);
}

size_t
KeaSubnets::without_id() const
{
    return size_t(std::count_if(subnets_.begin(), subnets_.end(), [](const KeaSubnet &subnet) {
        return subnet.statistics[UCPROV_CLIENT_OTHER].empty();
    }));
}

} // namespace ucprov
