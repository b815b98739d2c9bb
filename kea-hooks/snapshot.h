/* What the packet path reads: a policy, ready-made option objects, and names of statistics.
 * Immutable once published; the last reader frees it. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <dhcp/option.h>

#include "c_library.h"

namespace ucprov {

/* A policy of libucprov with an option object for each of its encoded options. The objects are
 * shared by all responses, as Kea shares those of its own configuration; nobody changes them. */
class Policy {
public:
    explicit Policy(ucprov_policy *policy); /* takes ownership */
    ~Policy();
    Policy(const Policy &) = delete;
    Policy &operator=(const Policy &) = delete;

    const ucprov_policy *get() const { return policy_; }
    const isc::dhcp::OptionPtr &option(const ucprov_encoded &encoded) const
    {
        return options_[encoded.index];
    }
    uint16_t phone_tag(const ucprov_policy_vlan &vlan) const { return phone_tags_[vlan.index]; }

private:
    ucprov_policy *policy_;
    std::vector<isc::dhcp::OptionPtr> options_;
    std::vector<uint16_t> phone_tags_; /* by vlan */
};

constexpr size_t client_kinds = 3; /* of enum ucprov_client */

/* Names of one set of statistics: responses that got options, by kind of client. */
using StatisticNames = std::array<std::string, client_kinds>;

StatisticNames statistic_names(const std::string &prefix);

/* Kea's own subnets, as its configuration lists them. */
struct KeaSubnet {
    ucprov_prefix prefix;
    StatisticNames statistics; /* "subnet[ID].ucprov-..."; empty when it has no id */
};

class KeaSubnets {
public:
    explicit KeaSubnets(std::vector<KeaSubnet> subnets);
    ~KeaSubnets();
    KeaSubnets(const KeaSubnets &) = delete;
    KeaSubnets &operator=(const KeaSubnets &) = delete;

    /* The subnet that holds an address (host order), or nullptr. */
    const KeaSubnet *find(uint32_t address) const;

    /* Whether any of them has an address in common with a prefix. */
    bool overlap(ucprov_prefix prefix) const;

    /* How many have no "id", and so no statistics. */
    size_t without_id() const;

private:
    std::vector<KeaSubnet> subnets_; /* sorted by prefix */
    ucprov_prefix_table *table_;
};

struct Snapshot {
    std::shared_ptr<const Policy> policy;
    std::shared_ptr<const KeaSubnets> subnets; /* null until Kea is configured */
};

} // namespace ucprov

#endif
