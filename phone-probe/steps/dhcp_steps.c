/* SPDX-License-Identifier: MPL-2.0 */
/* Asks the three DHCP questions of a boot, with the options that a phone asks for, and hands the
 * answers to the checks in dhcp_checks.h. */
#include "steps/dhcp_steps.h"

#include <string.h>

#include "steps/dhcp_checks.h"

/* What a Polycom CX is said to ask for (inferred from a fingerprint). */
static const uint8_t ordinary_parameters[] = {1, 3, 6, 15, 42, 43, 44, 46, 47, 119};

/* What the phone asks for in its DHCPINFORM, which is published. */
static const uint8_t inform_parameters[] = {UCPROV_OPTION_SIP_SERVERS, UCPROV_OPTION_VENDOR};

static struct dhcp_request
request_of(const struct dhcp_steps *steps, uint8_t type)
{
    const struct dhcp_transport *transport = steps->transport;

    return (struct dhcp_request){.type = type,
                                 .broadcast = type == DHCP_DISCOVER,
                                 .relay = transport->relay,
                                 .link = transport->link,
                                 .hardware = transport->hardware,
                                 .parameters = ordinary_parameters,
                                 .parameters_length = sizeof(ordinary_parameters)};
}

int
dhcp_step_voice_vlan(struct dhcp_steps *steps)
{
    struct dhcp_request request = request_of(steps, DHCP_DISCOVER);

    request.vendor_class = UCPROV_CLASS_OCPHONE;
    if (dhcp_exchange_run(&steps->voice_vlan, steps->transport, &request, &steps->options.timing) !=
        0) {
        return -1;
    }
    dhcp_check_voice_vlan(steps);
    return 0;
}

int
dhcp_step_discover(struct dhcp_steps *steps)
{
    struct dhcp_request request = request_of(steps, DHCP_DISCOVER);
    const char *class = steps->options.vendor_class;
    enum ucprov_client client =
        class != NULL ? ucprov_client_from_class(class, strlen(class)) : UCPROV_CLIENT_OTHER;

    request.vendor_class = class;
    steps->discovered = true;
    if (dhcp_exchange_run(&steps->discover, steps->transport, &request, &steps->options.timing) !=
        0) {
        return -1;
    }
    dhcp_check_discover(steps, client);
    return 0;
}

/* The address that the DHCPINFORM comes from; 0.0.0.0: there is none. */
static struct in_addr
choose_address(const struct dhcp_steps *steps, const char **origin)
{
    *origin = "as told by --address";
    if (steps->options.address.s_addr != INADDR_ANY) {
        return steps->options.address;
    }
    *origin = steps->transport->relay.s_addr != INADDR_ANY ? "the relay agent's own"
                                                           : "the interface's own";
    if (steps->transport->own_address.s_addr != INADDR_ANY || steps->discover.count == 0) {
        return steps->transport->own_address;
    }
    *origin = "just offered, and not taken";
    return steps->discover.answers[0].message.your;
}

/* Makes the address ours for a moment, as far as needed. 0, or -1. */
static int
check_address(struct dhcp_steps *steps, struct in_addr address, const char *origin)
{
    static const enum check id = CHECK_INFORM_ADDRESS;
    char holder[HARDWARE_TEXT_SIZE];

    switch (steps->transport->claim(steps->transport, address)) {
    case CLAIM_FAILED:
        return -1;
    case CLAIM_GRANTED:
        check_add(steps->checks, id, UCPROV_PASS,
                  text_format("%s, %s", address_text(address), origin), NULL);
        return 0;
    case CLAIM_OTHER_HAS_IT:
        check_add(steps->checks, id, UCPROV_WARN,
                  text_format("%s is in use by %s", address_text(address),
                              hardware_text(holder, steps->transport->holder)),
                  text_format("A phone declines such an address (RFC 2131 2.2). An answer to the "
                              "DHCPINFORM may go to that machine instead of this one."));
        return 0;
    }
    return 0;
}

int
dhcp_step_inform(struct dhcp_steps *steps, struct in_addr *address)
{
    struct dhcp_transport *transport = steps->transport;
    struct dhcp_request request = request_of(steps, DHCP_INFORM);
    const char *origin;

    request.vendor_class = UCPROV_CLASS_MS_UC;
    request.parameters = inform_parameters;
    request.parameters_length = sizeof(inform_parameters);
    request.client = choose_address(steps, &origin);
    if (request.client.s_addr != INADDR_ANY &&
        (check_address(steps, request.client, origin) != 0 ||
         dhcp_exchange_run(&steps->inform, transport, &request, &steps->options.timing) != 0)) {
        return -1;
    }
    if (steps->inform.count == 0 && transport->misses_client_port) {
        return dhcp_transport_fail(
            transport, "the answer to DHCPINFORM goes to port 68, which we may not hear: "
                       "run as root, or setcap cap_net_raw+ep ucprov-probe, or name the "
                       "port where this server answers with --reply-port");
    }
    *address = request.client;
    dhcp_check_inform(steps, request.client);
    return 0;
}

static bool
is_sent(const struct dhcp_exchange *exchange, uint8_t code)
{
    struct ucprov_option_view option;

    for (size_t i = 0; i < exchange->count; i++) {
        if (dhcp_message_option(&exchange->answers[i].message, code, &option)) {
            return true;
        }
    }
    return false;
}

bool
dhcp_steps_know_no_phones(const struct dhcp_steps *steps)
{
    return steps->discover.count > 0 && !is_sent(&steps->discover, UCPROV_OPTION_DOMAIN_NAME) &&
           !is_sent(&steps->inform, UCPROV_OPTION_VENDOR) &&
           !is_sent(&steps->inform, UCPROV_OPTION_SIP_SERVERS);
}

uint16_t
dhcp_steps_voice_vlan(const struct dhcp_steps *steps)
{
    struct ucprov_option_view option;
    struct ucprov_ms_uc_options parts;

    for (size_t i = 0; i < steps->voice_vlan.count; i++) {
        if (dhcp_message_option(&steps->voice_vlan.answers[i].message, UCPROV_OPTION_VENDOR,
                                &option) &&
            ucprov_cert_prov_decode(&parts, option.value, option.length) == 0 &&
            parts.voice_vlan_id != 0) {
            return parts.voice_vlan_id;
        }
    }
    return 0;
}
