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
dhcp_check_broken(struct report *report, const struct dhcp_exchange *exchange, const char *id)
{
    static const char label[] = "    answers";
    unsigned odd = exchange->broken + exchange->surplus;

    if (odd == 0) {
        report_add(report, id, label, CHECK_PASS, report_text("every answer could be read"), NULL)
            ->quiet = true;
    } else if (exchange->broken == 0) {
        report_add(report, id, label, CHECK_WARN,
                   report_text("%u answers more than anybody can listen to", exchange->surplus),
                   report_text("More than %d different answers to one question: somebody floods "
                               "this network, or forges DHCP.",
                               DHCP_ANSWERS_MAX));
    } else {
        report_add(report, id, label, exchange->count == 0 ? CHECK_FAIL : CHECK_WARN,
                   report_text("%s", exchange->complaint),
                   report_text("%u such answer%s; a phone ignores %s, as this probe does.",
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
dhcp_check_servers(struct report *report, const struct dhcp_exchange *exchange, const char *id,
                   const uint8_t *codes, size_t count)
{
    static const char label[] = "    servers";
    char *servers;

    if (exchange->count == 0) {
        report_add(report, id, label, CHECK_SKIP, report_text("no answer to look at"), NULL)
            ->quiet = true;
        return;
    }
    servers = dhcp_servers_text(exchange);
    if (servers == NULL) {
        report_add(report, id, label, CHECK_FAIL, NULL, NULL);
    } else if (agree_on(exchange, codes, count)) {
        report_add(report, id, label, CHECK_PASS, report_text("%s", servers), NULL)->quiet =
            exchange->count == 1;
    } else {
        report_add(report, id, label, CHECK_WARN, report_text("%s disagree", servers),
                   report_text("A phone takes the first answer, so its settings are luck. Give all "
                               "servers of this subnet the same options, or find out whose the "
                               "other server is."));
    }
    free(servers);
}
