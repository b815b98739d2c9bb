/* SPDX-License-Identifier: MPL-2.0 */
/* Which of Kea's subnets share a link: a client may be given an address of any of them. */
#ifndef KEA_LINKS_H
#define KEA_LINKS_H

#include <vector>

#include "ucprov_c.h"

namespace ucprov {

/* A shared network, or a subnet that relays reach from elsewhere. */
struct KeaLink {
    std::vector<ucprov_prefix> subnets;
    std::vector<uint32_t> relays; /* addresses of relay agents, host order */
};

/* Immutable; any thread may look. */
class KeaLinks {
public:
    /* Those of one subnet and no relay are left out: their subnet says it all. */
    explicit KeaLinks(std::vector<KeaLink> links);
    ~KeaLinks();
    KeaLinks(const KeaLinks &) = delete;
    KeaLinks &operator=(const KeaLinks &) = delete;

    /* The link that an address (host order) of a client or relay is on; null: none of these. */
    const KeaLink *find(uint32_t address) const;

private:
    std::vector<KeaLink> links_;
    ucprov_prefix_table *table_ = nullptr;
};

} // namespace ucprov

#endif
