/* SPDX-License-Identifier: MPL-2.0 */
/* A table from addresses to links. Most configurations have no shared network, and then it is
 * empty. */
#include "kea_links.h"

#include <algorithm>
#include <new>
#include <utility>

namespace ucprov {

namespace {

constexpr uint8_t host_length = 32;

bool
is_plain(const KeaLink &link)
{
    return link.subnets.size() < 2 && link.relays.empty();
}

/* The first of two that say the same prefix counts, as a prefix table wants each once. */
void
drop_twins(std::vector<ucprov_prefix_entry> &entries)
{
    auto order = [](const ucprov_prefix_entry &a, const ucprov_prefix_entry &b) {
        return ucprov_prefix_compare(a.prefix, b.prefix) < 0;
    };
    auto same = [](const ucprov_prefix_entry &a, const ucprov_prefix_entry &b) {
        return ucprov_prefix_compare(a.prefix, b.prefix) == 0;
    };
    std::stable_sort(entries.begin(), entries.end(), order);
    entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
}

} // namespace

KeaLinks::KeaLinks(std::vector<KeaLink> links) : links_(std::move(links))
{
    links_.erase(std::remove_if(links_.begin(), links_.end(), is_plain), links_.end());
    if (links_.empty()) {
        return;
    }
    std::vector<ucprov_prefix_entry> entries;
    for (size_t i = 0; i < links_.size(); i++) {
        for (const ucprov_prefix &subnet : links_[i].subnets) {
            entries.push_back({ucprov_prefix_clean(subnet), uint32_t(i)});
        }
        for (uint32_t relay : links_[i].relays) {
            entries.push_back({{relay, host_length}, uint32_t(i)});
        }
    }
    drop_twins(entries);
    table_ = ucprov_prefix_table_new(entries.data(), entries.size());
    if (table_ == nullptr) {
        throw std::bad_alloc();
    }
}

KeaLinks::~KeaLinks()
{
    ucprov_prefix_table_free(table_);
}

const KeaLink *
KeaLinks::find(uint32_t address) const
{
    if (table_ == nullptr) {
        return nullptr;
    }
    uint32_t index = ucprov_prefix_table_find(table_, address);
    return index == UCPROV_PREFIX_NONE ? nullptr : &links_[index];
}

} // namespace ucprov
