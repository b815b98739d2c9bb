/* SPDX-License-Identifier: MPL-2.0 */
/* The callouts, called as Kea does: whatever is wrong with a call, Kea goes on, it is counted each
 * time, and logged once. */
#include <cstdlib>
#include <fstream>
#include <string>
#include <unistd.h>

#include <boost/make_shared.hpp>
#include <hooks/callout_handle.h>
#include <hooks/callout_manager.h>
#include <hooks/hooks.h>
#include <log/logger_manager.h>
#include <log/logger_specification.h>
#include <log/logger_support.h>
#include <log/output_option.h>
#include <stats/stats_mgr.h>

#include "unit.h"

extern "C" {
int version();
int multi_threading_compatible();
int pkt4_send(isc::hooks::CalloutHandle &handle);
int command_processed(isc::hooks::CalloutHandle &handle);
int dhcp4_srv_configured(isc::hooks::CalloutHandle &handle);
}

using isc::hooks::CalloutHandle;
using isc::hooks::CalloutManager;
using isc::stats::StatsMgr;

namespace {

char log_file[] = "/tmp/ucprov-log-XXXXXX";

int64_t
errors()
{
    auto observation = StatsMgr::instance().getObservation("ucprov-errors");
    return observation ? observation->getInteger().first : 0;
}

size_t
times_logged(const std::string &id)
{
    std::ifstream log(log_file);
    std::string line;
    size_t count = 0;
    while (std::getline(log, line)) {
        count += line.find(id) != std::string::npos;
    }
    return count;
}

CalloutHandle
make_handle()
{
    return CalloutHandle(boost::make_shared<CalloutManager>(1));
}

void
test_version(void **)
{
    assert_int_equal(version(), KEA_HOOKS_VERSION);
    assert_int_equal(multi_threading_compatible(), 1);
}

/* A handle without the arguments that the callout is promised: getArgument() throws. */
void
test_exceptions_stay_inside(void **)
{
    int64_t before = errors();
    for (int i = 0; i < 3; i++) {
        CalloutHandle handle = make_handle();
        assert_int_equal(pkt4_send(handle), 0);
        assert_int_equal(command_processed(handle), 0);
        assert_int_equal(dhcp4_srv_configured(handle), 0);
    }
    assert_int_equal(errors() - before, 9);
    assert_int_equal(times_logged("UCPROV_CALLOUT_FAILED"), 1);
}

/* Another library has dropped the response, or packed it itself. */
void
test_other_libraries_decisions_stand(void **)
{
    int64_t before = errors();
    for (auto status : {CalloutHandle::NEXT_STEP_DROP, CalloutHandle::NEXT_STEP_SKIP}) {
        CalloutHandle handle = make_handle();
        handle.setStatus(status);
        assert_int_equal(pkt4_send(handle), 0);
    }
    assert_int_equal(errors(), before);
}

void
log_to_file()
{
    isc::log::initLogger("hook_test");
    isc::log::OutputOption output;
    output.destination = isc::log::OutputOption::DEST_FILE;
    output.filename = log_file;
    output.flush = true;
    isc::log::LoggerSpecification specification("hook_test", isc::log::INFO);
    specification.addOutputOption(output);
    isc::log::LoggerManager manager;
    manager.process(specification);
}

} // namespace

int
main()
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_version),
        cmocka_unit_test(test_exceptions_stay_inside),
        cmocka_unit_test(test_other_libraries_decisions_stand),
    };
    setenv("KEA_LOCKFILE_DIR", "none", 0);
    close(mkstemp(log_file));
    log_to_file();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    std::remove(log_file);
    return failed;
}
