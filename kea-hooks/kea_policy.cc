/* SPDX-License-Identifier: MPL-2.0 */
/* Wraps each encoded option of a policy in one Kea option object that all responses share. Made
 * when a site is loaded, so that a packet costs no more than a pointer. */
#include "kea_policy.h"

#include <string>

#include <boost/make_shared.hpp>

namespace ucprov {

using isc::dhcp::Option;
using isc::dhcp::OptionBuffer;

namespace {

/* An option that is packed as it was encoded, in one write. Its octets are its own, outside the
 * base's data, as those of Kea's typed options are: so Kea does not copy them to see whether they
 * have to be split. It is never changed: who wants to change one gets a copy from
 * Pkt4::getOption(), and a copy is an ordinary option. */
class EncodedOption : public Option {
public:
    explicit EncodedOption(const ucprov_encoded &encoded) : Option(Option::V4, encoded.code)
    {
        wire_.reserve(OPTION4_HDR_LEN + encoded.length);
        wire_.push_back(encoded.code);
        wire_.push_back(encoded.length);
        wire_.insert(wire_.end(), encoded.data, encoded.data + encoded.length);
    }

    void pack(isc::util::OutputBuffer &buffer, bool) const override
    {
        buffer.writeData(wire_.data(), wire_.size());
    }

    uint16_t len() const override { return uint16_t(wire_.size()); }

    std::string toText(int indent) const override { return clone()->toText(indent); }

    isc::dhcp::OptionPtr clone() const override
    {
        /* Option::clone() makes one copy more, out of the compiler's sight: gcc 16 guesses that an
         * option made here is freed as an EncodedOption, and warns of the wire_ that it lacks. */
        return Option(getUniverse(), getType(), wire_.begin() + OPTION4_HDR_LEN, wire_.end())
            .clone();
    }

private:
    std::vector<uint8_t> wire_; /* code, length, value */
};

} // namespace

KeaPolicy::KeaPolicy(ucprov_policy *policy) : policy_(policy)
{
    try {
        size_t count = ucprov_policy_encoded_count(policy);
        options_.reserve(count);
        for (size_t i = 0; i < count; i++) {
            const ucprov_encoded *encoded = ucprov_policy_encoded_at(policy, i);
            options_.push_back(boost::make_shared<EncodedOption>(*encoded));
        }
        phone_tags_.reserve(ucprov_policy_vlan_count(policy));
        for (size_t i = 0; i < ucprov_policy_vlan_count(policy); i++) {
            phone_tags_.push_back(recent_phones_tag(ucprov_policy_vlan_at(policy, i)->name));
        }
    } catch (...) {
        ucprov_policy_free(policy);
        throw;
    }
}

KeaPolicy::~KeaPolicy()
{
    ucprov_policy_free(policy_);
}

} // namespace ucprov
