/* SPDX-License-Identifier: MPL-2.0 */
/* The functions that Kea looks for in a hook library: load, unload, and the callouts.
 *
 * Nothing is thrown into Kea: every callout catches all, says so once in the log, and leaves Kea to
 * go on with what it has.
 *
 * The library stays mapped after Kea has closed it (-z nodelete), for two reasons. Options of ours
 * may still be in responses that wait to be sent. And when Kea is reconfigured it unloads the
 * library before it loads it again: the policy that served has to outlive that, since it is the one
 * to serve on when the site file turns out to be no good.
 */
#include <string>

#include <cc/command_interpreter.h>
#include <hooks/hooks.h>
#include <hooks/hooks_manager.h>
#include <process/daemon.h>
#include <stats/stats_mgr.h>

#include "messages.h"
#include "response_options.h"
#include "ucprov_impl.h"

using namespace ucprov;
using isc::data::ConstElementPtr;
using isc::dhcp::Pkt4Ptr;
using isc::hooks::CalloutHandle;
using isc::hooks::LibraryHandle;
using isc::stats::StatsMgr;

namespace {

UcprovImpl impl;

/* Makes the statistics known from the start, without touching what they have counted. */
void
introduce_statistics()
{
    for (const std::string &name : statistic_names("")) {
        StatsMgr::instance().addValue(name, int64_t(0));
    }
    for (const char *name : {"ucprov-errors", "ucprov-reloads", "ucprov-reload-failures",
                             "ucprov-degraded", observed_statistic, outside_pilot_statistic}) {
        StatsMgr::instance().addValue(name, int64_t(0));
    }
}

/* Does what a callout is for. What it throws stays here. */
template <typename Work>
int
guarded(Work work)
{
    try {
        work();
    } catch (const std::exception &error) {
        impl.report_failure(error.what());
    } catch (...) {
        impl.report_failure("an exception of an unknown kind");
    }
    return 0;
}

/* Commands */

/* Runs a command, and sees to it that it is answered whatever happens. */
ConstElementPtr
answerCommand(CalloutHandle &handle, hook_state_command *command)
{
    std::string name = "ucprov";
    ConstElementPtr response;
    try {
        ConstElementPtr request;
        ConstElementPtr arguments;
        handle.getArgument("command", request);
        name = isc::config::parseCommand(arguments, request);
        response = impl.run(command, arguments);
    } catch (const std::exception &error) {
        LOG_ERROR(logger, UCPROV_COMMAND_FAILED).arg(name).arg(error.what());
        response = isc::config::createAnswer(isc::config::CONTROL_RESULT_ERROR,
                                             name + ": " + error.what());
    }
    handle.setArgument("response", response);
    return response;
}

bool
succeeded(const ConstElementPtr &response)
{
    ConstElementPtr result = response->get("result");
    return result && result->intValue() == isc::config::CONTROL_RESULT_SUCCESS;
}

int
status_get(CalloutHandle &handle)
{
    return guarded([&] { answerCommand(handle, hook_state_status_get); });
}

int
options_get(CalloutHandle &handle)
{
    return guarded([&] { answerCommand(handle, hook_state_options_get); });
}

int
pool_set(CalloutHandle &handle)
{
    return guarded([&] {
        ConstElementPtr response = answerCommand(handle, hook_state_pool_set);
        if (succeeded(response)) {
            LOG_INFO(logger, UCPROV_POOL_SET).arg(response->get("text")->stringValue());
        }
    });
}

void
reload_site(CalloutHandle &handle)
{
    ConstElementPtr response = answerCommand(handle, hook_state_reload);
    const ucprov_site &site = impl.site();
    if (succeeded(response)) {
        StatsMgr::instance().addValue("ucprov-reloads", int64_t(1));
        LOG_INFO(logger, UCPROV_RELOADED).arg(site.file).arg(site.digest).arg(site.vlan_count);
        impl.warn_of_differences();
    } else {
        StatsMgr::instance().addValue("ucprov-reload-failures", int64_t(1));
        ConstElementPtr refused = response->get("arguments");
        LOG_ERROR(logger, UCPROV_SITE_REFUSED).arg(refused ? refused->get("errors")->size() : 1);
    }
}

int
reload(CalloutHandle &handle)
{
    return guarded([&] { reload_site(handle); });
}

/* A command that made Kea load the library anew: Kea is content, and the site file may be no good.
 * The result is Kea's, since its configuration is in force: with another one later versions would
 * log that it is not. The text says both. */
void
complete_reconfiguration(CalloutHandle &handle)
{
    ConstElementPtr response;
    handle.getArgument("response", response);
    std::string refusal = impl.take_refusal();
    if (!refusal.empty() && response && succeeded(response)) {
        handle.setArgument("response", isc::config::createAnswer(
                                           isc::config::CONTROL_RESULT_SUCCESS,
                                           "Kea's configuration is in force, but " + refusal));
    }
}

/* config-test of Kea 2.2 does not load libraries: what it says is completed here. */
void
complete_config_test(CalloutHandle &handle)
{
    ConstElementPtr arguments;
    ConstElementPtr response;
    handle.getArgument("arguments", arguments);
    handle.getArgument("response", response);
    ConstElementPtr dhcp4 = arguments ? arguments->get("Dhcp4") : ConstElementPtr();
    if (!dhcp4 || !response || !succeeded(response)) {
        return;
    }
    std::string errors;
    try {
        Parameters parameters;
        if (!find_parameters(dhcp4, parameters)) {
            return;
        }
        Diagnostics diagnostics(parameters.site_file);
        ucprov_site_free(ucprov_site_load(parameters.site_file.c_str(), diagnostics.get()));
        errors = diagnostics.error_lines();
    } catch (const isc::Exception &error) {
        errors = std::string("libdhcp_ucprov.so: ") + error.what();
    }
    if (!errors.empty()) {
        handle.setArgument("response",
                           isc::config::createAnswer(isc::config::CONTROL_RESULT_ERROR, errors));
    }
}

/* Kea has put the query into its client classes by now: they see it as it came. */
int
prompt_kea(CalloutHandle &handle)
{
    return guarded([&] {
        Pkt4Ptr query;
        handle.getArgument("query4", query);
        auto snapshot = impl.current();
        if (snapshot && query) {
            prompt(*snapshot, *query);
        }
    });
}

/* A callout costs about 3,000 instructions a query: only where Kea may have options that it has to
 * be prompted for. Kea knows at load time how it is configured no better than we do; but callouts
 * before those of all libraries can be registered at any time. */
void
attach_prompt()
{
    constexpr char hook_point[] = "subnet4_select";
    LibraryHandle &before_all = isc::hooks::HooksManager::preCalloutsLibraryHandle();
    before_all.deregisterCallout(hook_point, prompt_kea);
    if (impl.has_to_prompt()) {
        before_all.registerCallout(hook_point, prompt_kea);
    }
}

} // namespace

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED int
version()
{
    return KEA_HOOKS_VERSION;
}

EXPORTED int
multi_threading_compatible()
{
    return 1;
}

EXPORTED int
load(LibraryHandle &handle)
{
    try {
        const std::string daemon = isc::process::Daemon::getProcName();
        if (daemon != "kea-dhcp4") {
            isc_throw(isc::Unexpected, "it is for kea-dhcp4, not for " << daemon);
        }
        impl.load(handle.getParameters());
        introduce_statistics();
        handle.registerCommandCallout("ucprov-status-get", status_get);
        handle.registerCommandCallout("ucprov-options-get", options_get);
        handle.registerCommandCallout("ucprov-pool-set", pool_set);
        handle.registerCommandCallout("ucprov-reload", reload);
    } catch (const std::exception &error) {
        LOG_ERROR(logger, UCPROV_LOAD_FAILED).arg(error.what());
        return 1;
    } catch (...) {
        LOG_ERROR(logger, UCPROV_LOAD_FAILED).arg("an exception of an unknown kind");
        return 1;
    }
    return 0;
}

EXPORTED int
unload()
{
    return guarded([] {
        impl.unload();
        LOG_INFO(logger, UCPROV_UNLOADED);
    });
}

EXPORTED int
dhcp4_srv_configured(CalloutHandle &handle)
{
    return guarded([&] {
        ConstElementPtr dhcp4;
        isc::asiolink::IOServicePtr io_service;
        handle.getArgument("json_config", dhcp4);
        handle.getArgument("io_context", io_service);
        impl.configure(dhcp4, io_service);
        attach_prompt();
    });
}

EXPORTED int
command_processed(CalloutHandle &handle)
{
    return guarded([&] {
        std::string name;
        handle.getArgument("name", name);
        if (name == "config-test") {
            complete_config_test(handle);
        } else if (name == "config-set" || name == "config-reload" || name == "libreload") {
            complete_reconfiguration(handle);
            attach_prompt(); /* "libreload" is no configuration: the one from before holds */
        }
    });
}

EXPORTED int
pkt4_send(CalloutHandle &handle)
{
    return guarded([&] {
        if (handle.getStatus() != CalloutHandle::NEXT_STEP_CONTINUE) {
            return; /* another library dropped the response, or packed it itself */
        }
        Pkt4Ptr query;
        Pkt4Ptr response;
        handle.getArgument("query4", query);
        handle.getArgument("response4", response);
        auto snapshot = impl.current();
        if (snapshot && query && response) {
            provision(*snapshot, *query, *response);
        }
    });
}
