/* SPDX-License-Identifier: MPL-2.0 */
/* The extended list carries the client's own with it, so that nothing else has to be kept between
 * the callouts of a packet. */
#include "parameter_list.h"

#include <typeinfo>
#include <utility>

#include <boost/make_shared.hpp>
#include <dhcp/dhcp4.h>
#include <dhcp/option_int_array.h>

namespace ucprov {

using namespace isc::dhcp;

namespace {

class ExtendedParameterList : public OptionUint8Array {
public:
    explicit ExtendedParameterList(OptionPtr own)
        : OptionUint8Array(Option::V4, DHO_DHCP_PARAMETER_REQUEST_LIST), own_(std::move(own))
    {
    }

    /* The client's; null: it sent none. */
    const OptionPtr &own() const { return own_; }

    /* Kea copies an option that a library asks it for. */
    OptionPtr clone() const override { return boost::make_shared<ExtendedParameterList>(*this); }

private:
    OptionPtr own_;
};

/* Null: the client sent none. */
const Option *
find_list(const Pkt4 &query)
{
    auto found = query.options_.find(DHO_DHCP_PARAMETER_REQUEST_LIST);
    return found == query.options_.end() ? nullptr : found->second.get();
}

/* One of ours; null: it is the client's. */
const ExtendedParameterList *
extended_of(const Option *list)
{
    return list != nullptr && typeid(*list) == typeid(ExtendedParameterList)
               ? static_cast<const ExtendedParameterList *>(list)
               : nullptr;
}

/* Kea makes an array of it whenever it can read it. */
const std::vector<uint8_t> &
codes_of(const Option *list)
{
    static const std::vector<uint8_t> none;
    if (list == nullptr) {
        return none;
    }
    auto codes = dynamic_cast<const OptionUint8Array *>(list);
    return codes != nullptr ? codes->getValues() : list->getData();
}

} // namespace

std::vector<uint8_t>
parameter_list_of(const Pkt4 &query)
{
    const Option *list = find_list(query);
    const ExtendedParameterList *extended = extended_of(list);
    return codes_of(extended != nullptr ? extended->own().get() : list);
}

void
extend_parameter_list(Pkt4 &query, const uint8_t *codes, size_t count)
{
    auto found = query.options_.find(DHO_DHCP_PARAMETER_REQUEST_LIST);
    OptionPtr own = found == query.options_.end() ? OptionPtr() : found->second;
    const std::vector<uint8_t> &asked = codes_of(own.get());
    std::vector<uint8_t> values;
    values.reserve(asked.size() + count);
    values.insert(values.end(), asked.begin(), asked.end());
    values.insert(values.end(), codes, codes + count);
    auto extended = boost::make_shared<ExtendedParameterList>(own);
    extended->setValues(values);
    if (own) {
        found->second = extended;
    } else {
        query.options_.emplace(DHO_DHCP_PARAMETER_REQUEST_LIST, extended);
    }
}

void
restore_parameter_list(Pkt4 &query)
{
    auto found = query.options_.find(DHO_DHCP_PARAMETER_REQUEST_LIST);
    if (found == query.options_.end()) {
        return;
    }
    const ExtendedParameterList *extended = extended_of(found->second.get());
    if (extended == nullptr) {
        return;
    }
    OptionPtr own = extended->own();
    if (own) {
        found->second = own;
    } else {
        query.options_.erase(found);
    }
}

} // namespace ucprov
