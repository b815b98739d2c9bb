/* SPDX-License-Identifier: MPL-2.0 */
/* What is looked at in the answers to any question. */
#include "steps/dhcp_checks.h"

#include <stdlib.h>

char *
dhcp_servers_text(const struct dhcp_exchange *exchange)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (stream == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < exchange->count; i++) {
        struct in_addr server = exchange->answers[i].message.server;
        if (dhcp_exchange_find(exchange, server) == &exchange->answers[i]) {
            fprintf(stream, "%s%s", i == 0 ? "" : ", ", address_text(server));
        }
    }
    fclose(stream);
    return text;
}

void
dhcp_check_broken(struct ucprov_findings *checks, const struct dhcp_exchange *exchange,
                  enum check check)
{
    unsigned odd = exchange->broken + exchange->surplus;

    if (odd == 0) {
        check_add(checks, check, UCPROV_PASS, text_format("every answer could be read"), NULL);
    } else if (exchange->broken == 0) {
        check_add(checks, check, UCPROV_WARN,
                  text_format("%u answers more than anybody can listen to", exchange->surplus),
                  text_format("More than %d different answers to one question: somebody floods "
                              "this network, or forges DHCP.",
                              DHCP_ANSWERS_MAX));
    } else {
        check_add(checks, check, exchange->count == 0 ? UCPROV_FAIL : UCPROV_WARN,
                  text_format("%s", exchange->complaint),
                  text_format("%u such answer%s; a phone ignores %s, as this probe does.",
                              exchange->broken, exchange->broken == 1 ? " came" : "s came",
                              exchange->broken == 1 ? "it" : "them"));
    }
}

/* True when all answers say the same about all of these options. */
static bool
agree_on(const struct dhcp_exchange *exchange, const uint8_t *codes, size_t count)
{
    for (size_t i = 1; i < exchange->count; i++) {
        for (size_t j = 0; j < count; j++) {
            if (!dhcp_answers_agree(&exchange->answers[0], &exchange->answers[i], codes[j])) {
                return false;
            }
        }
    }
    return true;
}

void
dhcp_check_servers(struct ucprov_findings *checks, const struct dhcp_exchange *exchange,
                   enum check check, const uint8_t *codes, size_t count)
{
    char *servers;

    if (exchange->count == 0) {
        check_add(checks, check, UCPROV_SKIP, text_format("no answer to look at"), NULL)->quiet =
            true;
        return;
    }
    servers = dhcp_servers_text(exchange);
    if (servers == NULL) {
        check_add(checks, check, UCPROV_FAIL, NULL, NULL);
    } else if (agree_on(exchange, codes, count)) {
        check_add(checks, check, UCPROV_PASS, text_format("%s", servers), NULL)->quiet =
            exchange->count == 1;
    } else {
        check_add(checks, check, UCPROV_WARN, text_format("%s disagree", servers),
                  text_format("A phone takes the first answer, so its settings are luck. Give all "
                              "servers of this subnet the same options, or find out whose the "
                              "other server is."));
    }
    free(servers);
}
