/* SPDX-License-Identifier: MPL-2.0 */
/* What the packet path reads: a policy, ready-made option objects, and names of statistics.
 * Immutable once published; the last reader frees it. */
#ifndef KEA_POLICY_H
#define KEA_POLICY_H

#include <memory>
#include <vector>

#include <dhcp/option.h>

#include "kea_links.h"
#include "kea_subnets.h"
#include "ucprov_c.h"

namespace ucprov {

/* A policy of libucprov with an option object for each of its encoded options. The objects are
 * shared by all responses, as Kea shares those of its own configuration; nobody changes them. */
class KeaPolicy {
public:
    explicit KeaPolicy(ucprov_policy *policy); /* takes ownership */
    ~KeaPolicy();
    KeaPolicy(const KeaPolicy &) = delete;
    KeaPolicy &operator=(const KeaPolicy &) = delete;

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

struct Snapshot {
    std::shared_ptr<const KeaPolicy> policy;
    std::shared_ptr<const KeaSubnets> subnets;          /* none until Kea is configured */
    std::shared_ptr<const KeaLinks> links;              /* likewise */
    std::shared_ptr<const kea_own_options> own_options; /* likewise */
    bool has_to_prompt = false; /* Kea may have options 15, 42 or 119 of its own */
};

} // namespace ucprov

#endif
