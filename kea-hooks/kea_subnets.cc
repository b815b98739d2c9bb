/* SPDX-License-Identifier: MPL-2.0 */
/* Packet threads count in atomics of their own subnet; a timer hands the sums to Kea's statistics,
 * whose lock is too much for every packet. */
#include "kea_subnets.h"

#include <algorithm>
#include <new>
#include <utility>

#include <stats/stats_mgr.h>

namespace ucprov {

using isc::stats::StatsMgr;

namespace {

const StatisticNames global_statistics = statistic_names("");

void
flush_counter(std::atomic<int64_t> &counter, const char *name)
{
    if (counter.load(std::memory_order_relaxed) != 0) {
        StatsMgr::instance().addValue(name, counter.exchange(0, std::memory_order_relaxed));
    }
}

} // namespace

StatisticNames
statistic_names(const std::string &prefix)
{
    StatisticNames names;
    names[UCPROV_CLIENT_OTHER] = prefix + "ucprov-other";
    names[UCPROV_CLIENT_MS_UC] = prefix + "ucprov-ms-uc-client";
    names[UCPROV_CLIENT_CPE_OCPHONE] = prefix + "ucprov-cpe-ocphone";
    return names;
}

KeaSubnets::KeaSubnets(std::vector<KeaSubnet> subnets)
    : subnets_(std::move(subnets)), counters_(new Counters[subnets_.size() + 1]())
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
    try {
        flush();
    } catch (...) {
        /* Only counts are lost, and there is no memory to say so. */
    }
    ucprov_prefix_table_free(table_);
}

void
KeaSubnets::count(uint32_t address, ucprov_client client) const
{
    size_t index = ucprov_prefix_table_find(table_, address);
    Counters &counters = counters_[std::min(index, subnets_.size())];
    counters[client].fetch_add(1, std::memory_order_relaxed);
}

int64_t
KeaSubnets::flush_one(Counters &counters, const StatisticNames *names, size_t client) const
{
    if (counters[client].load(std::memory_order_relaxed) == 0) {
        return 0;
    }
    int64_t counted = counters[client].exchange(0, std::memory_order_relaxed);
    if (names != nullptr && !(*names)[client].empty()) {
        StatsMgr::instance().addValue((*names)[client], counted);
    }
    return counted;
}

void
KeaSubnets::flush() const
{
    flush_counter(observed_, observed_statistic);
    flush_counter(outside_pilot_, outside_pilot_statistic);
    for (size_t client = 0; client < client_kinds; client++) {
        int64_t total = 0;
        for (size_t i = 0; i < subnets_.size(); i++) {
            total += flush_one(counters_[i], &subnets_[i].statistics, client);
        }
        total += flush_one(counters_[subnets_.size()], nullptr, client);
        if (total != 0) {
            StatsMgr::instance().addValue(global_statistics[client], total);
        }
    }
}

bool
KeaSubnets::overlap(ucprov_prefix prefix) const
{
    if (ucprov_prefix_table_find(table_, ucprov_prefix_first(prefix)) != UCPROV_PREFIX_NONE) {
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
