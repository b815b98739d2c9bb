/* SPDX-License-Identifier: MPL-2.0 */
/* Options 15 and 42: text, and addresses. */
#include "option/lint_rules.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/error.h"
#include "base/printable.h"

#define MULTICAST_FIRST                                                                            \
    0xe0000000U                  /* 224.0.0.0/4 and what is behind it: no unicast, RFC 1112 4      \
                                  */
#define LOOPBACK     0x7f000000U /* RFC 1122 3.2.1.3 */
#define THIS_NETWORK 0x00000000U
#define FIRST_OCTET  0xff000000U

/* "1.1.1.1" is the shortest address as text; four octets alone may be an address. */
#define ADDRESS_TEXT_LEAST 7

void
lint_domain_name(struct ucprov_findings *findings, const uint8_t *value, size_t length)
{
    char quote[QUOTE_SIZE];
    char domain[UCPROV_OPTION_WIRE_MAX + 1];
    if (length == 0) {
        lint_add(findings, RULE_DOMAIN_EMPTY, "option 15 is empty.");
        return;
    }
    const uint8_t *nul = memchr(value, '\0', length);
    if (nul != NULL) {
        lint_add(findings, RULE_DOMAIN_NUL, "option 15 has octet 0 at place %zu of its %zu.",
                 (size_t)(nul - value) + 1, length);
    }
    int error = ucprov_domain_name_decode(domain, value, length);
    if (error == UCPROV_OK) {
        return;
    }
    ucprov_escape(quote, sizeof(quote), domain, strlen(domain));
    if (error == UCPROV_ENAME_CHARACTER && domain[strcspn(domain, " ,;")] != '\0') {
        lint_add(findings, RULE_DOMAIN_LIST, "option 15 is \"%s\": several domains.", quote);
    } else {
        lint_add(findings, RULE_DOMAIN_NAME, "option 15 is \"%s\": %s.", quote,
                 ucprov_strerror(error));
    }
}

/* What people write where addresses belong: "10.1.0.1", or the name of a server. */
static bool
is_server_text(const uint8_t *value, size_t length)
{
    char text[UCPROV_OPTION_WIRE_MAX + 1];
    if (length < ADDRESS_TEXT_LEAST || !lint_is_text(value, length) ||
        length > UCPROV_OPTION_WIRE_MAX) {
        return false;
    }
    memcpy(text, value, length);
    text[length] = '\0';
    int error = ucprov_name_check_host(text);
    return error == UCPROV_OK || error == UCPROV_ENAME_ADDRESS;
}

static bool
is_server_address(struct in_addr address)
{
    uint32_t host = ntohl(address.s_addr);
    return host < MULTICAST_FIRST && (host & FIRST_OCTET) != LOOPBACK &&
           (host & FIRST_OCTET) != THIS_NETWORK;
}

void
lint_ntp_servers(struct ucprov_findings *findings, const uint8_t *value, size_t length)
{
    struct ucprov_ntp_servers servers;
    char text[INET_ADDRSTRLEN];
    char quote[QUOTE_SIZE];
    if (length == 0) {
        lint_add(findings, RULE_NTP_EMPTY, "option 42 is empty.");
        return;
    }
    if (is_server_text(value, length)) {
        lint_add(findings, RULE_NTP_ASCII, "option 42 is the text \"%s\".",
                 ucprov_escape(quote, sizeof(quote), value, length));
        return;
    }
    if (length % sizeof(struct in_addr) != 0) {
        lint_add(findings, RULE_NTP_LENGTH,
                 "option 42 has %zu octets, which is no multiple of four.", length);
    }
    ucprov_ntp_servers_decode(&servers, value, length);
    for (size_t i = 0; i < servers.count; i++) {
        if (!is_server_address(servers.addresses[i])) {
            inet_ntop(AF_INET, &servers.addresses[i], text, sizeof(text));
            lint_add(findings, RULE_NTP_ADDRESS, "option 42 names %s, where no server can be.",
                     text);
        }
    }
}
