/* SPDX-License-Identifier: MPL-2.0 */
/* What a phone makes of the answers to its DHCPINFORM. */
#include "steps/dhcp_checks.h"

#include <stdlib.h>

#include "steps/option_check.h"

static const struct option_rule inform_rules[] = {
    {
        .code = UCPROV_OPTION_VENDOR,
        .check = CHECK_INFORM_VENDOR,
        .absent = UCPROV_FAIL,
        .absent_summary = "not sent",
        .absent_detail = "The phone does not learn where the certificate provisioning service is, "
                         "so it does not offer PIN sign-in. Send option 43 to clients whose option "
                         "60 is MS-UC-Client, exactly so.",
    },
    {
        .code = UCPROV_OPTION_SIP_SERVERS,
        .check = CHECK_INFORM_SIP,
        .absent = UCPROV_FAIL,
        .absent_summary = "not sent",
        .absent_detail =
            "The phone does not learn its registrar, so it does not offer PIN sign-in. "
            "Send option 120 to clients whose option 55 asks for it.",
    },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A server answered DISCOVER but none answered INFORM: the trap that hides PIN sign-in. */
static void
report_inform_unanswered(const struct dhcp_steps *steps, struct in_addr address)
{
    char *servers = dhcp_servers_text(&steps->discover);

    if (steps->discover.count > 0) {
        check_add(
            steps->checks, CHECK_INFORM_ANSWER, UCPROV_FAIL,
            text_format("%s answered DISCOVER but not INFORM", servers != NULL ? servers : "some"),
            text_format("This phone will never offer PIN sign-in: it asks for options 43 and 120 "
                        "with a DHCPINFORM, and no server answered one. In Kea, a subnet must hold "
                        "the phone's own address (ciaddr %s) and admit its class, ISC dhcpd must "
                        "be authoritative for it, and the answer needs a way straight to that "
                        "address, past the relay agent; see \"INFORM\" in ucprov-probe(1).",
                        address_text(address)));
    } else {
        check_add(
            steps->checks, CHECK_INFORM_ANSWER, UCPROV_FAIL,
            text_format("nobody answered INFORM from %s", address_text(address)),
            text_format("%s either no DHCP server hears this phone, or its answers do not get "
                        "back.",
                        steps->discovered ? "Nobody answered DISCOVER either, so begin "
                                            "there:"
                                          : "This phone will never offer PIN sign-in:"));
    }
    free(servers);
}

static void
check_inform_answer(const struct dhcp_steps *steps, struct in_addr address)
{
    const struct dhcp_exchange *exchange = &steps->inform;
    char *servers;

    if (exchange->count == 0) {
        report_inform_unanswered(steps, address);
        return;
    }
    servers = dhcp_servers_text(exchange);
    check_add(steps->checks, CHECK_INFORM_ANSWER, UCPROV_PASS,
              text_format("%s answered %s", servers != NULL ? servers : "some server",
                          address_text(address)),
              NULL);
    free(servers);
}

/* Who offers an address but keeps silent here: fine as long as another server speaks. */
static void
check_silent_servers(const struct dhcp_steps *steps)
{
    const struct dhcp_answer *silent = NULL;

    for (size_t i = 0; i < steps->discover.count && silent == NULL; i++) {
        struct in_addr server = steps->discover.answers[i].message.server;
        if (dhcp_exchange_find(&steps->inform, server) == NULL) {
            silent = &steps->discover.answers[i];
        }
    }
    if (steps->inform.count == 0 || !steps->discovered) {
        return; /* inform.answer says so; or there is nothing to compare with */
    }
    if (silent == NULL) {
        check_add(steps->checks, CHECK_INFORM_SILENT, UCPROV_PASS,
                  text_format("every server that offers an address answers INFORM"), NULL);
    } else {
        check_add(steps->checks, CHECK_INFORM_SILENT, UCPROV_WARN,
                  text_format("%s answered DISCOVER but not INFORM",
                              address_text(silent->message.server)),
                  text_format("A phone depends on the other server for options 43 and 120."));
    }
}

/* Nothing could be asked: without an address of its own a phone sends no DHCPINFORM. */
static void
skip_inform(const struct dhcp_steps *steps)
{
    check_add(steps->checks, CHECK_INFORM_ANSWER, UCPROV_SKIP,
              text_format("not asked: there is no address to ask from (see --address)"), NULL);
}

void
dhcp_check_inform(const struct dhcp_steps *steps, struct in_addr address)
{
    static const uint8_t codes[] = {UCPROV_OPTION_VENDOR, UCPROV_OPTION_SIP_SERVERS};

    if (address.s_addr == INADDR_ANY) {
        skip_inform(steps);
    } else {
        check_inform_answer(steps, address);
    }
    for (size_t i = 0; i < COUNT(inform_rules); i++) {
        option_check_add(steps->checks, &steps->inform, UCPROV_CLIENT_MS_UC, &inform_rules[i]);
    }
    dhcp_check_servers(steps->checks, &steps->inform, CHECK_INFORM_SERVERS, codes, sizeof(codes));
    check_silent_servers(steps);
    dhcp_check_broken(steps->checks, &steps->inform, CHECK_INFORM_MALFORMED);
}
