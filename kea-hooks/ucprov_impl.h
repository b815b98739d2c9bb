/* SPDX-License-Identifier: MPL-2.0 */
/* The hook's state in a Kea process: loads and unloads with the library, answers commands, follows
 * Kea's configuration, and gives the packet path its snapshot.
 *
 * All but current() and report_failure() belong to Kea's main thread.
 */
#ifndef UCPROV_IMPL_H
#define UCPROV_IMPL_H

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include <asiolink/interval_timer.h>
#include <asiolink/io_service.h>
#include <cc/data.h>

#include "diagnostics_log.h"
#include "kea_config.h"
#include "kea_policy.h"

namespace ucprov {

class UcprovImpl {
public:
    /* Takes the parameters (a map or null) and loads the site file. A site file that is no good
     * never stops Kea: what served serves on, or, when nothing served, the copy of the last
     * accepted one, or nothing; take_refusal() says why. Wrong parameters throw isc::BadValue when
     * nothing served. A configuration that is only tested changes nothing, and throws for a site
     * file, too. */
    void load(const isc::data::ConstElementPtr &parameters);
    void unload();

    /* Why what the last load() found was refused, once; empty: it was not. */
    std::string take_refusal();

    /* Kea's new configuration is in force. */
    void configure(const isc::data::ConstElementPtr &dhcp4,
                   const isc::asiolink::IOServicePtr &io_service);

    /* Runs a command of the control channel. Throws only what an allocation throws. */
    isc::data::ConstElementPtr run(hook_state_command *command,
                                   const isc::data::ConstElementPtr &arguments);

    const ucprov_site &site() const { return *hook_state_site(serving_.get()); }

    /* Logs where Kea's own options differ from those of the site that serves. */
    void warn_of_differences() const;

    /* Whether prompt() can make a difference to what Kea sends. */
    bool has_to_prompt() const;

    /* Any thread. */
    std::shared_ptr<const Snapshot> current() const { return std::atomic_load(&snapshot_); }
    void report_failure(const char *what) noexcept;

private:
    void publish(Snapshot snapshot);
    void publish(ucprov_policy *policy);
    bool load_site(const Parameters &parameters, Diagnostics &diagnostics);
    void test_site(const Parameters &parameters, Diagnostics &diagnostics);
    void serve_on(Diagnostics &diagnostics);
    void stand_in(Diagnostics &diagnostics);
    void remind();
    void keep();
    void warn_of_missing_subnets(const KeaSubnets &subnets) const;
    void start_timer();
    void flush();

    struct HookStateDeleter {
        void operator()(hook_state *object) const { hook_state_free(object); }
    };
    using Clock = std::chrono::steady_clock;

    std::unique_ptr<hook_state, HookStateDeleter>
        serving_;                              /* what the published policy comes from */
    std::shared_ptr<const Snapshot> snapshot_; /* only through std::atomic_load and _store */
    std::atomic<bool> failure_logged_{false};
    std::string refusal_;
    Clock::time_point unloaded_;
    isc::asiolink::IOServicePtr io_service_; /* Kea's main loop; outlives the timer */
    std::unique_ptr<isc::asiolink::IntervalTimer> flush_timer_;
};

} // namespace ucprov

#endif
