/* SPDX-License-Identifier: MPL-2.0 */
/* What a phone makes of the answers to its DHCPDISCOVER, the voice VLAN's and the ordinary one. */
#include "steps/dhcp_checks.h"

#include <stdlib.h>

#include "steps/option_check.h"

static const struct option_rule voice_vlan_rule = {
    .code = UCPROV_OPTION_VENDOR,
    .check = CHECK_VLAN_VOICE,
    .absent = UCPROV_WARN,
    .absent_summary = "option 43 not sent; the phone stays in this VLAN",
    .absent_detail =
        "A server answered the CPE-OCPHONE request without option 43 (sub-option 10, the VLAN id). "
        "That is as it should be where LLDP names the voice VLAN, or there is none.",
};

static const struct option_rule discover_rules[] = {
    {
        .code = UCPROV_OPTION_DOMAIN_NAME,
        .alternative = UCPROV_OPTION_DOMAIN_SEARCH,
        .check = CHECK_DHCP_DOMAIN,
        .absent = UCPROV_FAIL,
        .absent_summary = "not sent",
        .absent_detail = "The phone looks for " UCPROV_UPDATE_NAME " under the domains of options "
                         "15 and 119. Send option 15 (domain name) to the phones' subnet.",
    },
    {
        .code = UCPROV_OPTION_DOMAIN_SEARCH,
        .check = CHECK_DHCP_SEARCH,
        .absent = UCPROV_PASS,
        .absent_summary = "not sent; option 15 alone counts",
    },
    {
        .code = UCPROV_OPTION_NTP_SERVERS,
        .check = CHECK_DHCP_NTP,
        .absent = UCPROV_WARN,
        .absent_summary = "not sent",
        .absent_detail = "Without time no TLS works, and the phone is left to find SRV "
                         "_ntp._udp.<SIP domain> or time.windows.com in DNS. Send option 42 (time "
                         "servers).",
    },
    {
        .code = DHCP_OPTION_NAME_SERVERS,
        .check = CHECK_DHCP_RESOLVERS,
        .absent = UCPROV_WARN,
        .absent_summary = "not sent",
        .absent_detail = "The phone can resolve no name, and finds its update server and its "
                         "registrar by name only. Send option 6 (domain name servers).",
    },
    {
        .code = DHCP_OPTION_ROUTERS,
        .check = CHECK_DHCP_ROUTERS,
        .absent = UCPROV_WARN,
        .absent_summary = "not sent",
        .absent_detail = "The phone reaches nothing outside its own subnet. Send option 3 "
                         "(routers), unless everything it needs is inside.",
    },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* "10.20.1.17 offered by 10.20.0.1; 10.20.9.9 offered by 10.20.0.2" */
static char *
offers_text(const struct dhcp_exchange *exchange)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (stream == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < exchange->count; i++) {
        const struct dhcp_message *message = &exchange->answers[i].message;
        fprintf(stream, "%s%s offered by %s", i == 0 ? "" : "; ", address_text(message->your),
                address_text(message->server));
    }
    fclose(stream);
    return text;
}

static char *
no_offer_detail(const struct dhcp_transport *transport)
{
    bool linked = transport->link.s_addr != INADDR_ANY;

    if (transport->relay.s_addr == INADDR_ANY) {
        return text_format("This phone gets no address: nobody in this VLAN, neither a DHCP server "
                           "nor a relay agent, answers its DHCPDISCOVER%s. Check that the server "
                           "has a subnet with free addresses for this VLAN, and that the router of "
                           "the VLAN relays to it (ip helper-address).",
                           transport->damaged > 0 ? " (what came was damaged: its length or "
                                                    "checksum is wrong)"
                                                  : "");
    }
    return text_format("The server does not offer an address to a phone behind relay agent %s%s%s. "
                       "It needs a subnet with free addresses that holds this address%s, and a "
                       "route back to the relay agent.",
                       address_text(transport->relay), linked ? ", link " : "",
                       linked ? address_text(transport->link) : "",
                       linked ? "" : " (or name another with --link)");
}

static void
check_offer(const struct dhcp_steps *steps)
{
    const struct dhcp_exchange *exchange = &steps->discover;

    if (exchange->count > 0) {
        check_add(steps->checks, CHECK_DHCP_OFFER, UCPROV_PASS, offers_text(exchange), NULL);
    } else {
        check_add(steps->checks, CHECK_DHCP_OFFER, UCPROV_FAIL,
                  text_format("no offer: nobody answered DISCOVER%s",
                              exchange->broken > 0 ? " in a way that a phone can use" : ""),
                  no_offer_detail(steps->transport));
    }
}

/* Option 43 belongs to a vendor class, and the ordinary DHCPDISCOVER names none. */
static void
check_unasked_vendor(const struct dhcp_steps *steps)
{
    static const enum check id = CHECK_DHCP_VENDOR;
    const struct dhcp_exchange *exchange = &steps->discover;
    struct ucprov_findings findings = {0};
    struct ucprov_option_view option;

    for (size_t i = 0; i < exchange->count && steps->options.vendor_class == NULL; i++) {
        if (!dhcp_message_option(&exchange->answers[i].message, UCPROV_OPTION_VENDOR, &option)) {
            continue;
        }
        ucprov_lint_answer(&findings, UCPROV_CLIENT_OTHER, &option, 1);
        if (findings.count == 0) {
            continue;
        }
        /* Not a failure, whatever lint says: it is others that it hurts, not this phone. */
        check_add(steps->checks, id, UCPROV_WARN,
                  text_format("%s sends the phones' option 43 to a client without option 60",
                              address_text(exchange->answers[i].message.server)),
                  option_check_findings_text(&findings));
        ucprov_findings_clear(&findings);
        return;
    }
    check_add(steps->checks, id, exchange->count > 0 ? UCPROV_PASS : UCPROV_SKIP,
              text_format(exchange->count > 0 ? "the phones' option 43 does not go to others"
                                              : "no answer to look at"),
              NULL)
        ->quiet = true;
}

void
dhcp_check_voice_vlan(const struct dhcp_steps *steps)
{
    if (steps->voice_vlan.count > 0) {
        option_check_add(steps->checks, &steps->voice_vlan, UCPROV_CLIENT_CPE_OCPHONE,
                         &voice_vlan_rule);
        return;
    }
    check_add(steps->checks, voice_vlan_rule.check, UCPROV_WARN,
              text_format("no answer to CPE-OCPHONE; the phone stays in this VLAN"),
              text_format("Boot goes on without a voice VLAN. If there should be one: its id is "
                          "sub-option 10 of option 43, for clients whose option 60 is %s.",
                          UCPROV_CLASS_OCPHONE));
}

void
dhcp_check_discover(const struct dhcp_steps *steps, enum ucprov_client client)
{
    static const uint8_t codes[] = {UCPROV_OPTION_DOMAIN_NAME, UCPROV_OPTION_DOMAIN_SEARCH,
                                    UCPROV_OPTION_NTP_SERVERS};

    check_offer(steps);
    for (size_t i = 0; i < COUNT(discover_rules); i++) {
        option_check_add(steps->checks, &steps->discover, client, &discover_rules[i]);
    }
    check_unasked_vendor(steps);
    dhcp_check_servers(steps->checks, &steps->discover, CHECK_DHCP_SERVERS, codes, sizeof(codes));
    dhcp_check_broken(steps->checks, &steps->discover, CHECK_DHCP_MALFORMED);
}
