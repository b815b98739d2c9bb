/* SPDX-License-Identifier: MPL-2.0 */
/* Kea's own subnets, and what is counted for each. */
#ifndef KEA_SUBNETS_H
#define KEA_SUBNETS_H

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "ucprov_c.h"

namespace ucprov {

constexpr size_t client_kinds = 3; /* of enum ucprov_client */

/* Names of one set of statistics: responses that got options, by kind of client. */
using StatisticNames = std::array<std::string, client_kinds>;

StatisticNames statistic_names(const std::string &prefix);

/* Of all subnets together: responses that a vlan's "observe" or "pilot" left alone. */
constexpr char observed_statistic[] = "ucprov-observed";
constexpr char outside_pilot_statistic[] = "ucprov-outside-pilot";

struct KeaSubnet {
    ucprov_prefix prefix;
    StatisticNames statistics; /* "subnet[ID].ucprov-..."; empty when it has no id */
};

/* Counting is for packet threads: no lock, no allocation. Kea's statistics get the counts from
 * flush(), which the main thread calls every second, and from the destructor. */
class KeaSubnets {
public:
    explicit KeaSubnets(std::vector<KeaSubnet> subnets);
    ~KeaSubnets();
    KeaSubnets(const KeaSubnets &) = delete;
    KeaSubnets &operator=(const KeaSubnets &) = delete;

    /* A client of some kind at an address (host order) got options. Any thread. */
    void count(uint32_t address, ucprov_client client) const;

    /* A response was left alone, though it would have got options. Any thread. */
    void count_observed() const { observed_.fetch_add(1, std::memory_order_relaxed); }
    void count_outside_pilot() const { outside_pilot_.fetch_add(1, std::memory_order_relaxed); }

    /* Adds what was counted to Kea's statistics. Any thread. */
    void flush() const;

    /* Whether any of them has an address in common with a prefix. */
    bool overlap(ucprov_prefix prefix) const;

    /* How many have no "id", and so no statistics. */
    size_t without_id() const;

private:
    using Counters = std::array<std::atomic<int64_t>, client_kinds>;

    int64_t flush_one(Counters &counters, const StatisticNames *names, size_t client) const;

    std::vector<KeaSubnet> subnets_;       /* sorted by prefix */
    std::unique_ptr<Counters[]> counters_; /* of each; the last is for addresses in none */
    mutable std::atomic<int64_t> observed_{0};
    mutable std::atomic<int64_t> outside_pilot_{0};
    ucprov_prefix_table *table_;
};

} // namespace ucprov

#endif
