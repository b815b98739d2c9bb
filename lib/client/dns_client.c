/* SPDX-License-Identifier: MPL-2.0 */
/* Where the server is, which transport a message takes, and the words for what came of it. How
 * messages travel is in dns_udp.c and dns_tcp.c. */
#include "client/dns_client.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/dns_tcp.h"
#include "client/dns_udp.h"

#define DEFAULT_PORT      53
#define DEFAULT_PORT_TEXT "53"

/* As long as a user waits for a dead server. Where one in a hundred datagrams is lost each way, one
 * question in six million is lost in all tries. */
#define DEFAULT_TRIES  4
#define DEFAULT_UDP_MS 5000
#define DEFAULT_TCP_MS 10000

static void
set_defaults(struct dns_client *client)
{
    *client = (struct dns_client){.tries = DEFAULT_TRIES,
                                  .udp_ms = DEFAULT_UDP_MS,
                                  .tcp_ms = DEFAULT_TCP_MS,
                                  .deadline = DNS_NO_DEADLINE};
}

static int
resolve_host(struct dns_client *client, const char *host, const char *port,
             struct ucprov_problem *problem)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found;
    int error = getaddrinfo(host, port, &hints, &found);
    if (error != 0) {
        return ucprov_problem_set(problem, "%s: %s", client->name, gai_strerror(error));
    }
    memcpy(&client->address, found->ai_addr, found->ai_addrlen);
    client->address_length = found->ai_addrlen;
    freeaddrinfo(found);
    return 0;
}

static bool
is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits <= 5 && text[digits] == '\0' && atoi(text) >= 1 &&
           atoi(text) <= UINT16_MAX;
}

int
dns_client_resolve(struct dns_client *client, const char *text, struct ucprov_problem *problem)
{
    char host[DNS_SERVER_NAME_SIZE];
    size_t length = strcspn(text, "#");
    const char *port = text[length] == '#' ? text + length + 1 : DEFAULT_PORT_TEXT;
    set_defaults(client);
    if (length == 0 || strlen(text) >= sizeof(client->name)) {
        return ucprov_problem_set(
            problem, "\"%.64s\" is no server: an address or a name, and #PORT, is expected", text);
    }
    if (!is_port(port)) {
        return ucprov_problem_set(problem, "%s: \"%s\" is no port: 1 to 65535", text, port);
    }
    memcpy(client->name, text, strlen(text) + 1);
    memcpy(host, text, length);
    host[length] = '\0';
    return resolve_host(client, host, port, problem);
}

char *
dns_server_text(char text[DNS_SERVER_TEXT_SIZE], const struct sockaddr_in *server)
{
    char address[INET_ADDRSTRLEN] = "";
    uint16_t port = ntohs(server->sin_port);
    inet_ntop(AF_INET, &server->sin_addr, address, sizeof(address));
    if (port == DEFAULT_PORT) {
        memcpy(text, address, sizeof(address));
    } else {
        snprintf(text, DNS_SERVER_TEXT_SIZE, "%s#%u", address, port);
    }
    return text;
}

void
dns_client_at(struct dns_client *client, const struct sockaddr_in *server)
{
    set_defaults(client);
    dns_server_text(client->name, server);
    memcpy(&client->address, server, sizeof(*server));
    client->address_length = sizeof(*server);
}

static bool
has_pending(const struct dns_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->exchanges[i].result == DNS_PENDING) {
            return true;
        }
    }
    return false;
}

void
dns_batch_run(const struct dns_client *client, struct dns_batch *batch)
{
    batch->strays = 0;
    batch->gone = false;
    for (size_t i = 0; i < batch->count; i++) {
        struct dns_exchange *exchange = &batch->exchanges[i];
        *exchange = (struct dns_exchange){.name = exchange->name,
                                          .type = exchange->type,
                                          .recursion = exchange->recursion,
                                          .update = exchange->update,
                                          .tcp = exchange->update != NULL};
    }
    if (batch->count > 0) {
        dns_udp_run(client, batch);
    }
    if (has_pending(batch)) {
        dns_tcp_run(client, batch);
    }
}

enum dns_result
dns_ask(const struct dns_client *client, struct dns_exchange *exchange)
{
    struct dns_batch batch = {.exchanges = exchange, .count = 1};
    dns_batch_run(client, &batch);
    return exchange->result;
}

void
dns_exchange_clear(struct dns_exchange *exchange)
{
    ldns_pkt_free(exchange->answer);
    exchange->answer = NULL;
}

void
dns_explain(const struct dns_client *client, const struct dns_exchange *exchange,
            struct ucprov_problem *problem)
{
    const char *protocol = exchange->tcp ? "TCP" : "UDP";
    switch (exchange->result) {
    case DNS_REFUSED:
        ucprov_problem_set(problem,
                           "%s: connection refused (%s): no DNS server listens there; look whether "
                           "it runs, and on which address and port",
                           client->name, protocol);
        break;
    case DNS_SILENT:
        ucprov_problem_set(problem,
                           "%s: no answer in time (%s): look whether the address is right, and "
                           "whether a firewall lets DNS through",
                           client->name, protocol);
        break;
    case DNS_OTHER:
        ucprov_problem_set(problem, "%s: answers something else than was asked", client->name);
        break;
    case DNS_MALFORMED:
        ucprov_problem_set(problem, "%s: its answer is malformed: %s", client->name,
                           ldns_get_errorstr_by_id((ldns_status)exchange->error));
        break;
    case DNS_NOT_AUTHENTIC:
        tsig_explain(client->key, client->name, exchange->tsig, problem);
        break;
    default:
        ucprov_problem_set(problem, "%s: %s (%s)", client->name, strerror(exchange->error),
                           protocol);
    }
}

const char *
dns_rcode_name(unsigned code)
{
    static const char *const names[] = {
        [LDNS_RCODE_NOERROR] = "NOERROR",   [LDNS_RCODE_FORMERR] = "FORMERR",
        [LDNS_RCODE_SERVFAIL] = "SERVFAIL", [LDNS_RCODE_NXDOMAIN] = "NXDOMAIN",
        [LDNS_RCODE_NOTIMPL] = "NOTIMP",    [LDNS_RCODE_REFUSED] = "REFUSED",
        [LDNS_RCODE_YXDOMAIN] = "YXDOMAIN", [LDNS_RCODE_YXRRSET] = "YXRRSET",
        [LDNS_RCODE_NXRRSET] = "NXRRSET",   [LDNS_RCODE_NOTAUTH] = "NOTAUTH",
        [LDNS_RCODE_NOTZONE] = "NOTZONE",
    };
    return code < sizeof(names) / sizeof(names[0]) ? names[code] : NULL;
}
