/* SPDX-License-Identifier: MPL-2.0 */
/* Where the phone signs in: does it answer TLS, with a certificate of the chain? What SIP says then
 * is the registrar's business.
 */
#include <stdlib.h>

#include "dhcp/dhcp_transport.h"
#include "steps/phone_steps.h"
#include "steps/server_certificate.h"
#include "text.h"

#define REGISTRAR_PORT 5061 /* RFC 3261 18: SIP over TLS */

static in_port_t
port_of(const struct phone *phone)
{
    if (phone->settings->ports.registrar != 0) {
        return phone->settings->ports.registrar;
    }
    return phone->learned.sip_port != 0 ? phone->learned.sip_port : REGISTRAR_PORT;
}

static void
look_at_registrar(struct phone *phone, const struct sockaddr_in *server,
                  struct server_judgment *judgment)
{
    const char *names[] = {phone->learned.sip_server};
    struct tls_result view;

    tls_probe(&view, server, &tls_profile_phone, phone_query_timeout(phone));
    if (view.outcome == TLS_FINE) {
        judgment_of_certificate(judgment, phone, "registrar", server_text(server), &view, names, 1);
    } else {
        judgment_of_handshake(judgment, server_text(server), &view);
    }
    tls_view_clear(&view);
}

static void
check_registrar(struct phone *phone, const struct lookup *lookup)
{
    static const enum check id = CHECK_REGISTRAR_TLS;
    struct server_judgment judgment = {0};
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port_of(phone))};

    if (!dhcp_transport_has_route(lookup->addresses[0])) {
        check_add(
            phone->checks, id, UCPROV_SKIP,
            text_format("this machine has no route to %s", address_text(lookup->addresses[0])),
            NULL);
        return;
    }
    for (size_t i = 0; i < lookup->count && !phone_deadline_passed(phone); i++) {
        server.sin_addr = lookup->addresses[i];
        look_at_registrar(phone, &server, &judgment);
    }
    if (judgment.severity != UCPROV_SKIP) {
        check_add(phone->checks, id, judgment.severity, judgment.text, judgment.remedy);
    } else {
        check_good(phone, id,
                   text_format("%s:%u", phone->learned.sip_server, ntohs(server.sin_port)));
    }
}

void
registrar_step(struct phone *phone)
{
    static const enum check id = CHECK_REGISTRAR_TLS;
    char name[LOOKUP_NAME_SIZE];
    struct lookup lookup;

    if (phone->learned.sip_port == 0 && phone->learned.domain_count > 0) {
        phone_find_registrar(phone, name, &lookup);
    }
    if (phone->learned.sip_server[0] == '\0') {
        check_add(phone->checks, id, UCPROV_SKIP,
                  text_format("the registrar is not known (option 120, SRV)"), NULL);
        return;
    }
    resolver_addresses(&phone->learned.resolver, phone->learned.sip_server, &lookup);
    if (lookup.outcome == LOOKUP_FOUND) {
        check_registrar(phone, &lookup);
        return;
    }
    bool unreachable = lookup.outcome == LOOKUP_UNREACHABLE || phone->learned.resolver.count == 0;
    check_add(phone->checks, id, unreachable ? UCPROV_SKIP : UCPROV_FAIL,
              text_format("%s: %s", phone->learned.sip_server, lookup.problem),
              text_format("The phone cannot find its registrar. Add an A record, or correct "
                          "option 120."));
}
