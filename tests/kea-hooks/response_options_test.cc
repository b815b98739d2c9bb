/* SPDX-License-Identifier: MPL-2.0 */
/* The packet path with an allocator that fails: whichever allocation it is, the response is either
 * complete or as Kea made it. */
#include <cstdlib>
#include <new>
#include <string>

#include <boost/make_shared.hpp>
#include <dhcp/dhcp4.h>
#include <dhcp/option_int_array.h>
#include <dhcp/option_string.h>
#include <dhcp/pkt4.h>
#include <log/logger_support.h>

#include "response_options.h"

#include "sites.h"
#include "unit.h"

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace {

/* How many allocations go well before one fails; negative: all. */
long allocations_left = -1;

void *
allocate(std::size_t size)
{
    if (allocations_left == 0) {
        throw std::bad_alloc();
    }
    if (allocations_left > 0) {
        allocations_left--;
    }
    void *memory = std::malloc(size);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    return memory;
}

} // namespace

void *
operator new(std::size_t size)
{
    return allocate(size);
}

void
operator delete(void *memory) noexcept
{
    std::free(memory);
}

void
operator delete(void *memory, std::size_t) noexcept
{
    std::free(memory);
}

namespace {

const char site_text[] =
    "pools = { hq = { sip_server = \"pool01.contoso.com\"; }; };\n"
    "vlans = ( { name = \"v\"; subnet = \"10.20.0.0/16\"; pool = \"hq\"; domain = "
    "\"contoso.com\"; ntp = [ \"10.1.0.1\" ]; } );\n";

ucprov::Snapshot
make_snapshot()
{
    ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "site.conf");
    ucprov_site *site = parse_site(site_text);
    ucprov_policy *policy = ucprov_policy_new(site, nullptr, 0, &diagnostics);
    assert_non_null(policy);
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);
    return {std::make_shared<const ucprov::KeaPolicy>(policy),
            std::make_shared<const ucprov::KeaSubnets>(std::vector<ucprov::KeaSubnet>()), nullptr,
            nullptr};
}

Pkt4Ptr
make_query(uint8_t type)
{
    auto query = boost::make_shared<Pkt4>(type, 1);
    query->setCiaddr(IOAddress("10.20.0.9"));
    query->addOption(
        boost::make_shared<OptionString>(Option::V4, DHO_VENDOR_CLASS_IDENTIFIER, "MS-UC-Client"));
    return query;
}

OptionPtr
raw(uint16_t code, const std::string &text)
{
    return boost::make_shared<Option>(Option::V4, code, OptionBuffer(text.begin(), text.end()));
}

/* Kea's own 43, twice, and 15. */
Pkt4Ptr
make_response(uint8_t type)
{
    auto response = boost::make_shared<Pkt4>(type, 1);
    response->addOption(raw(43, "one"));
    response->options_.insert({43, raw(43, "two")});
    response->addOption(raw(15, "kea.example"));
    return response;
}

std::string
value(const Pkt4 &packet, unsigned code)
{
    std::string all;
    auto range = packet.options_.equal_range(code);
    for (auto option = range.first; option != range.second; ++option) {
        const OptionBuffer data = option->second->clone()->getData();
        all += std::string(data.begin(), data.end()) + ";";
    }
    return all;
}

const std::string cert_prov =
    std::string("\001\014MS-UC-Client\002\005https\003\022pool01.contoso.com"
                "\004\003443\005%/CertProv/CertProvisioningService.svc") +
    ";";

void
test_provision(void **)
{
    ucprov::Snapshot snapshot = make_snapshot();
    Pkt4Ptr response = make_response(DHCPACK);
    provision(snapshot, *make_query(DHCPINFORM), *response);
    assert_string_equal(value(*response, 43).c_str(), cert_prov.c_str());
    assert_string_equal(value(*response, 15).c_str(), "kea.example;");
    assert_true(value(*response, 42) == std::string("\012\001\000\001;", 5));
    assert_int_equal(response->options_.count(119), 1);
    assert_int_equal(response->options_.count(120), 1);
}

void
test_other_messages_are_left_alone(void **)
{
    ucprov::Snapshot snapshot = make_snapshot();
    for (uint8_t type : {DHCPNAK, DHCPLEASEACTIVE}) {
        Pkt4Ptr response = make_response(type);
        provision(snapshot, *make_query(DHCPREQUEST), *response);
        assert_string_equal(value(*response, 43).c_str(), "one;two;");
        assert_int_equal(response->options_.count(120), 0);
    }
}

void
test_every_failing_allocation(void **)
{
    ucprov::Snapshot snapshot = make_snapshot();
    Pkt4Ptr query = make_query(DHCPINFORM);
    long failures = 0;
    for (bool failed = true; failed; failures++) {
        Pkt4Ptr response = make_response(DHCPACK);
        size_t options = response->options_.size();
        allocations_left = failures;
        failed = false;
        try {
            provision(snapshot, *query, *response);
        } catch (const std::bad_alloc &) {
            failed = true;
        }
        allocations_left = -1;
        if (response->options_.size() == options) {
            assert_string_equal(value(*response, 43).c_str(), "one;two;");
        } else {
            assert_string_equal(value(*response, 43).c_str(), cert_prov.c_str());
            assert_int_equal(response->options_.count(120), 1);
            assert_int_equal(response->options_.count(119), 1);
            assert_int_equal(response->options_.count(42), 1);
        }
        assert_string_equal(value(*response, 15).c_str(), "kea.example;");
    }
    assert_true(failures > 4); /* an allocation for each option that is added, at the least */
}

} // namespace

int
main()
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_provision),
        cmocka_unit_test(test_other_messages_are_left_alone),
        cmocka_unit_test(test_every_failing_allocation),
    };
    isc::log::initLogger("provision_test");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
