/* SPDX-License-Identifier: MPL-2.0 */
/* Publishes snapshots. All that may fail (reading a site, running a command) happens before the one
 * atomic store that makes the packet threads see the outcome. */
#include "ucprov_impl.h"

#include <cstdlib>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#include <exceptions/exceptions.h>
#include <hooks/hooks_manager.h>
#include <stats/stats_mgr.h>

#include "messages.h"

namespace ucprov {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::stats::StatsMgr;

namespace {

/* A load() right after unload() means that Kea is being reconfigured; one later, that somebody had
 * taken the library out, and that its old policy is none to fall back on. */
constexpr std::chrono::seconds reconfiguration_time(5);

constexpr long flush_interval = 1000; /* milliseconds */

/* Kea 2.2 makes a timer of a reference, later versions of a shared pointer. */
template <typename Timer, typename ServicePtr>
std::unique_ptr<Timer>
make_timer(const ServicePtr &io_service)
{
    if constexpr (std::is_constructible_v<Timer, const ServicePtr &>) {
        return std::make_unique<Timer>(io_service);
    } else {
        return std::make_unique<Timer>(*io_service);
    }
}

} // namespace

void
UcprovImpl::publish(Snapshot snapshot)
{
    auto next = std::make_shared<const Snapshot>(std::move(snapshot));
    std::atomic_store(&snapshot_, std::move(next));
    failure_logged_ = false;
}

/* A new policy in place of the one that serves; what is known of Kea's configuration stays. */
void
UcprovImpl::publish(ucprov_policy *policy)
{
    auto owned = std::make_shared<const KeaPolicy>(policy);
    auto before = current();
    Snapshot next = before ? *before : Snapshot();
    next.policy = std::move(owned);
    if (!next.subnets) {
        next.subnets = std::make_shared<const KeaSubnets>(std::vector<KeaSubnet>());
    }
    publish(std::move(next));
}

/* Refusing Kea's new configuration as a whole would be worse: Kea 2.2 with multi-threading answers
 * nobody any more after a configuration was refused. */
void
UcprovImpl::serve_on(Diagnostics &diagnostics)
{
    hook_state_note_refusal(serving_.get(), diagnostics.get());
    refusal_ = "what served phones serves on, since this is refused:\n" + diagnostics.error_lines();
    LOG_ERROR(logger, UCPROV_SITE_REFUSED).arg(diagnostics.errors());
}

bool
UcprovImpl::load_site(const Parameters &parameters, Diagnostics &diagnostics)
{
    const char *state_file =
        parameters.state_file.empty() ? nullptr : parameters.state_file.c_str();
    std::unique_ptr<hook_state, HookStateDeleter> next(
        hook_state_new(parameters.site_file.c_str(), state_file));
    if (!next) {
        throw std::bad_alloc();
    }
    if (serving_) {
        hook_state_inherit(next.get(), serving_.get());
    }
    hook_state_load_state(next.get(), diagnostics.get());
    ucprov_policy *policy = hook_state_load_site(next.get(), diagnostics.get());
    if (policy == nullptr && serving_) {
        hook_state_take_files(serving_.get(), next.get());
        return false;
    }
    bool loaded = policy != nullptr;
    if (!loaded) {
        policy = hook_state_stand_in(next.get(), diagnostics.get());
    }
    if (policy == nullptr) {
        throw std::bad_alloc();
    }
    publish(policy);
    serving_ = std::move(next);
    return loaded;
}

/* "kea-dhcp4 -T": nothing is published, nothing is written, and a site file with errors is one. */
void
UcprovImpl::test_site(const Parameters &parameters, Diagnostics &diagnostics)
{
    ucprov_site *site = ucprov_site_load(parameters.site_file.c_str(), diagnostics.get());
    if (site != nullptr) {
        ucprov_policy_free(ucprov_policy_new(site, nullptr, 0, diagnostics.get()));
        ucprov_site_free(site);
    }
    diagnostics.log();
    if (diagnostics.errors() > 0) {
        isc_throw(isc::BadValue, diagnostics.errors() << " error(s), logged above");
    }
}

/* Kea starts, and the site file is no good. */
void
UcprovImpl::stand_in(Diagnostics &diagnostics)
{
    refusal_ = std::string("what serves phones now is ") +
               hook_state_stand_in_text(serving_.get()) + ", since this is refused:\n" +
               diagnostics.error_lines();
    LOG_ERROR(logger, UCPROV_DEGRADED)
        .arg(site().file)
        .arg(hook_state_stand_in_text(serving_.get()));
}

void
UcprovImpl::load(const ConstElementPtr &map)
{
    refusal_.clear();
    if (serving_ && Clock::now() - unloaded_ > reconfiguration_time) {
        serving_.reset();
    }
    Parameters parameters;
    bool loaded = false;
    const bool served = bool(serving_);
    Diagnostics diagnostics("libdhcp_ucprov.so");
    try {
        parameters = read_parameters(map);
        diagnostics.set_file(parameters.site_file);
        if (isc::hooks::HooksManager::getTestMode()) {
            test_site(parameters, diagnostics);
            return;
        }
        loaded = load_site(parameters, diagnostics);
    } catch (const isc::BadValue &error) {
        if (isc::hooks::HooksManager::getTestMode()) {
            throw;
        }
        ucprov_diagnostics_add(diagnostics.get(), UCPROV_FAULT_HOOK_PARAMETERS, 0, "parameters",
                               "%s; with these parameters Kea will not start", error.what());
    }
    diagnostics.log();
    if (loaded || serving_) {
        start_timer();
    }
    if (loaded) {
        LOG_INFO(logger, UCPROV_LOADED).arg(site().file).arg(site().digest).arg(site().vlan_count);
    } else if (served) {
        serve_on(diagnostics);
    } else if (serving_) {
        stand_in(diagnostics);
    } else {
        isc_throw(isc::BadValue, diagnostics.errors() << " error(s), logged above");
    }
}

std::string
UcprovImpl::take_refusal()
{
    return std::exchange(refusal_, std::string());
}

void
UcprovImpl::unload()
{
    flush_timer_.reset();
    flush();
    unloaded_ = Clock::now();
}

/* Kea gives its main loop away when it is configured. "libreload" is no configuration, so the one
 * from before is used then. */
void
UcprovImpl::start_timer()
{
    if (io_service_) {
        flush_timer_ = make_timer<isc::asiolink::IntervalTimer>(io_service_);
        flush_timer_->setup([this] { flush(); }, flush_interval);
    }
}

/* Loud for as long as it lasts: a log is rotated. */
void
UcprovImpl::remind()
{
    if (serving_ && hook_state_should_remind(serving_.get(), time(nullptr))) {
        LOG_ERROR(logger, UCPROV_DEGRADED)
            .arg(site().file)
            .arg(hook_state_stand_in_text(serving_.get()));
    }
}

/* What is to outlive this process. */
void
UcprovImpl::keep()
{
    ucprov_problem problem;
    if (!hook_state_keep(serving_.get(), &problem)) {
        LOG_ERROR(logger, UCPROV_STATE_FILE).arg(problem.text);
    }
    StatsMgr::instance().setValue("ucprov-degraded",
                                  int64_t(hook_state_stand_in_text(serving_.get()) != nullptr));
}

/* From a timer of Kea's main loop: there is nobody to throw to. */
void
UcprovImpl::flush()
{
    try {
        auto snapshot = current();
        if (snapshot) {
            snapshot->subnets->flush();
        }
        remind();
    } catch (const std::exception &error) {
        report_failure(error.what());
    }
}

void
UcprovImpl::warn_of_missing_subnets(const KeaSubnets &subnets) const
{
    for (size_t i = 0; i < site().vlan_count; i++) {
        const ucprov_vlan &vlan = site().vlans[i];
        for (size_t j = 0; j < vlan.subnets.count; j++) {
            char text[UCPROV_PREFIX_TEXT_SIZE];
            if (!subnets.overlap(vlan.subnets.items[j])) {
                LOG_WARN(logger, UCPROV_SUBNET_MISSING)
                    .arg(vlan.name)
                    .arg(ucprov_prefix_to_text(vlan.subnets.items[j], text));
            }
        }
    }
}

void
UcprovImpl::warn_of_differences() const
{
    auto snapshot = current();
    auto warn = [](void *, const char *text) { LOG_WARN(logger, UCPROV_OPTION_DIFFERS).arg(text); };
    if (snapshot->own_options && !kea_own_options_compare(snapshot->own_options.get(), &site(),
                                                          snapshot->policy->get(), warn, nullptr)) {
        throw std::bad_alloc();
    }
}

bool
UcprovImpl::has_to_prompt() const
{
    auto snapshot = current();
    return snapshot && snapshot->has_to_prompt;
}

void
UcprovImpl::configure(const ConstElementPtr &dhcp4, const isc::asiolink::IOServicePtr &io_service)
{
    auto subnets = std::make_shared<const KeaSubnets>(read_subnets(dhcp4));
    if (has_config_backend(dhcp4)) {
        LOG_INFO(logger, UCPROV_SUBNETS_ELSEWHERE);
    } else {
        warn_of_missing_subnets(*subnets);
    }
    for (const std::string &library : read_later_libraries(dhcp4)) {
        LOG_WARN(logger, UCPROV_LIBRARY_ORDER).arg(library);
    }
    if (subnets->without_id() > 0) {
        LOG_INFO(logger, UCPROV_SUBNET_WITHOUT_ID).arg(subnets->without_id());
    }
    Snapshot next = *current();
    next.subnets = std::move(subnets);
    next.links = std::make_shared<const KeaLinks>(read_links(dhcp4));
    next.own_options = read_own_options(dhcp4);
    next.has_to_prompt =
        kea_own_options_count(next.own_options.get()) > 0 || has_other_sources(dhcp4);
    publish(std::move(next));
    warn_of_differences();
    io_service_ = io_service;
    start_timer();
    keep();
}

ConstElementPtr
UcprovImpl::run(hook_state_command *command, const ConstElementPtr &arguments)
{
    auto before = current();
    std::string text = arguments ? arguments->str() : "";
    Diagnostics diagnostics(hook_state_site_file(serving_.get()));
    hook_state_set_own_options(serving_.get(), before->own_options.get());
    hook_state_answer answer = command(serving_.get(), arguments ? text.c_str() : nullptr,
                                       before->policy->get(), diagnostics.get());
    std::unique_ptr<char, decltype(&free)> json(answer.json, free);
    if (answer.policy != nullptr) {
        publish(answer.policy);
        if (command == hook_state_reload) {
            keep(); /* what serves is what was just read */
        }
    }
    diagnostics.log();
    if (!json) {
        throw std::bad_alloc();
    }
    return Element::fromJSON(json.get());
}

void
UcprovImpl::report_failure(const char *what) noexcept
{
    try {
        StatsMgr::instance().addValue("ucprov-errors", int64_t(1));
        if (!failure_logged_.exchange(true)) {
            LOG_ERROR(logger, UCPROV_CALLOUT_FAILED).arg(what);
        }
    } catch (...) {
        /* There is not even the memory to say so. */
    }
}

} // namespace ucprov
