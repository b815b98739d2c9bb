/* SPDX-License-Identifier: MPL-2.0 */
/* Where the phone signs in: does it answer TLS, with a certificate of the chain? What SIP says then
 * is the registrar's business.
 */
#include <stdlib.h>

#include "dhcp/dhcp_transport.h"
#include "steps/phone_steps.h"
#include "steps/server_certificate.h"
#include "text.h"

#define LABEL          "sign-in"
#define REGISTRAR_PORT 5061 /* RFC 3261 18: SIP over TLS */

static in_port_t
port_of(const struct phone *phone)
{
    if (phone->ports.registrar != 0) {
        return phone->ports.registrar;
    }
    return phone->sip_port != 0 ? phone->sip_port : REGISTRAR_PORT;
}

static void
look_at_registrar(struct phone *phone, const struct sockaddr_in *server, struct finding *finding)
{
    const char *names[] = {phone->sip_server};
    struct tls_result view;

    tls_probe(&view, server, &tls_profile_phone, phone_query_timeout(phone));
    if (view.outcome == TLS_FINE) {
        finding_of_certificate(finding, phone, "registrar", server_text(server), &view, names, 1);
    } else {
        finding_of_handshake(finding, server_text(server), &view);
    }
    tls_view_clear(&view);
}

static void
check_registrar(struct phone *phone, const struct lookup *lookup)
{
    static const char id[] = "registrar.tls";
    struct finding finding = {0};
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port_of(phone))};

    if (!dhcp_transport_has_route(lookup->addresses[0])) {
        report_add(
            phone->report, id, LABEL, CHECK_SKIP,
            report_text("this machine has no route to %s", address_text(lookup->addresses[0])),
            NULL);
        return;
    }
    for (size_t i = 0; i < lookup->count && !phone_deadline_passed(phone); i++) {
        server.sin_addr = lookup->addresses[i];
        look_at_registrar(phone, &server, &finding);
    }
    if (finding.status != CHECK_SKIP) {
        report_add(phone->report, id, LABEL, finding.status, finding.summary, finding.detail);
    } else {
        report_add(phone->report, id, LABEL, CHECK_PASS,
                   report_text("%s:%u%s", phone->sip_server, ntohs(server.sin_port),
                               phone->chain_known
                                   ? ""
                                   : "; whether the phone trusts its CA is not known "
                                     "without the chain"),
                   NULL);
    }
}

void
registrar_step(struct phone *phone)
{
    static const char id[] = "registrar.tls";
    char name[LOOKUP_NAME_SIZE];
    struct lookup lookup;

    if (phone->sip_port == 0 && phone->domain_count > 0) {
        phone_find_registrar(phone, name, &lookup);
    }
    if (phone->sip_server[0] == '\0') {
        report_add(phone->report, id, LABEL, CHECK_SKIP,
                   report_text("the registrar is not known (option 120, SRV)"), NULL);
        return;
    }
    resolver_addresses(&phone->resolver, phone->sip_server, &lookup);
    if (lookup.outcome == LOOKUP_FOUND) {
        check_registrar(phone, &lookup);
        return;
    }
    bool unreachable = lookup.outcome == LOOKUP_UNREACHABLE || phone->resolver.count == 0;
    report_add(phone->report, id, LABEL, unreachable ? CHECK_SKIP : CHECK_FAIL,
               report_text("%s: %s", phone->sip_server, lookup.problem),
               report_text("The phone cannot find its registrar. Add an A record, or correct "
                           "option 120."));
}
