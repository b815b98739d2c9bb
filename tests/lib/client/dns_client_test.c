/* SPDX-License-Identifier: MPL-2.0 */
/* A client against sockets of this very process: one that refuses, one that is silent, one that
 * answers; with few descriptors, and with little time. */
#include "unit.h"

#include <arpa/inet.h>
#include <limits.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "client/dns_client.h"

#define QUESTIONS 250

struct server {
    int descriptor;
    struct sockaddr_in address;
    unsigned answer_every; /* which datagrams it answers: all (1), every other one (2); 0: none */
    unsigned received;
    pthread_t thread;
};

static void *
serve(void *context)
{
    struct server *server = context;
    uint8_t octets[512];
    struct sockaddr_in client;
    socklen_t size = sizeof(client);
    ssize_t length;
    while ((length = recvfrom(server->descriptor, octets, sizeof(octets), 0,
                              (struct sockaddr *)&client, &size)) > 1) {
        if (server->answer_every > 0 && server->received++ % server->answer_every == 0) {
            octets[2] = 0x84; /* QR, AA */
            sendto(server->descriptor, octets, (size_t)length, 0, (struct sockaddr *)&client, size);
        }
    }
    return NULL;
}

static void
server_start(struct server *server, unsigned answer_every)
{
    socklen_t size = sizeof(server->address);
    *server = (struct server){
        .descriptor = socket(AF_INET, SOCK_DGRAM, 0),
        .address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)},
        .answer_every = answer_every};
    assert_int_equal(bind(server->descriptor, (struct sockaddr *)&server->address, size), 0);
    assert_int_equal(getsockname(server->descriptor, (struct sockaddr *)&server->address, &size),
                     0);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void
server_stop(struct server *server)
{
    int waker = socket(AF_INET, SOCK_DGRAM, 0);
    sendto(waker, "", 1, 0, (struct sockaddr *)&server->address, sizeof(server->address));
    pthread_join(server->thread, NULL);
    close(waker);
    close(server->descriptor);
}

struct asked {
    struct dns_exchange exchanges[QUESTIONS];
    unsigned done[QUESTIONS];
    struct dns_batch batch;
};

static void
note_done(struct dns_exchange *exchange, void *context)
{
    struct asked *asked = context;
    asked->done[exchange - asked->exchanges]++;
    dns_exchange_clear(exchange);
}

/* Asks so many questions; each is told of once. Returns how long it took, in milliseconds. */
static int64_t
ask_many(struct asked *asked, const struct dns_client *client, size_t count)
{
    static const uint8_t wire[] = "\3sip\1a";
    ldns_rdf *name = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, sizeof(wire), wire);
    *asked = (struct asked){.batch = {.count = count, .done = note_done, .context = asked}};
    asked->batch.exchanges = asked->exchanges;
    for (size_t i = 0; i < count; i++) {
        asked->exchanges[i] = (struct dns_exchange){.name = name, .type = LDNS_RR_TYPE_A};
    }
    int64_t begun = ucprov_clock_ms();
    dns_batch_run(client, &asked->batch);
    int64_t took = ucprov_clock_ms() - begun;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(asked->done[i], 1);
        assert_int_not_equal(asked->exchanges[i].result, DNS_PENDING);
    }
    ldns_rdf_deep_free(name);
    return took;
}

static size_t
count_results(const struct asked *asked, enum dns_result result)
{
    size_t count = 0;
    for (size_t i = 0; i < asked->batch.count; i++) {
        count += asked->exchanges[i].result == result;
    }
    return count;
}

static void
test_no_question(void **state)
{
    struct dns_client client;
    struct asked asked;
    (void)state;
    dns_client_at(&client, &(struct sockaddr_in){.sin_family = AF_INET});
    ask_many(&asked, &client, 0);
    assert_false(asked.batch.gone);
}

static void
test_refused_is_not_silent(void **state)
{
    struct server server;
    struct dns_client client;
    struct asked asked;
    struct ucprov_problem problem;
    (void)state;
    server_start(&server, 1);
    server_stop(&server); /* nobody has its port now */
    dns_client_at(&client, &server.address);
    assert_in_range(ask_many(&asked, &client, QUESTIONS), 0, 1000);
    assert_int_equal(count_results(&asked, DNS_REFUSED), QUESTIONS);
    assert_true(asked.batch.gone && asked.exchanges[QUESTIONS - 1].abandoned);
    dns_explain(&client, &asked.exchanges[0], &problem);
    assert_non_null(
        strstr(problem.text, ": connection refused (UDP): no DNS server listens there"));
}

static void
test_silence(void **state)
{
    struct server server;
    struct dns_client client;
    struct asked asked;
    (void)state;
    server_start(&server, 0);
    dns_client_at(&client, &server.address);
    client.udp_ms = 300;
    assert_in_range(ask_many(&asked, &client, QUESTIONS), 290, 2000);
    assert_int_equal(count_results(&asked, DNS_SILENT), QUESTIONS);
    assert_true(asked.exchanges[0].sent);
    assert_false(asked.exchanges[QUESTIONS - 1].sent); /* nobody waits for each hundred */
    server_stop(&server);
}

/* Every other datagram is answered, whosever it is. */
static void
test_losses(void **state)
{
    struct server server;
    struct dns_client client;
    struct asked asked;
    (void)state;
    server_start(&server, 2);
    dns_client_at(&client, &server.address);
    client.tries = 12;
    client.udp_ms = 40950; /* the first waits 10 ms */
    ask_many(&asked, &client, QUESTIONS);
    assert_int_equal(count_results(&asked, DNS_ANSWERED), QUESTIONS);
    server_stop(&server);
    assert_true(server.received > QUESTIONS);
}

static void
test_deadline(void **state)
{
    struct server server;
    struct dns_client client;
    struct asked asked;
    (void)state;
    server_start(&server, 0);
    dns_client_at(&client, &server.address);
    client.deadline = ucprov_clock_ms() + 200;
    assert_in_range(ask_many(&asked, &client, QUESTIONS), 150, 2000);
    assert_int_equal(count_results(&asked, DNS_SILENT), QUESTIONS);
    ask_many(&asked, &client, 3); /* it has passed: nothing is sent */
    assert_int_equal(count_results(&asked, DNS_SILENT), 3);
    assert_false(asked.exchanges[0].sent || asked.exchanges[2].sent);
    server_stop(&server);
}

static void
test_few_descriptors(void **state)
{
    struct server server;
    struct dns_client client;
    struct asked asked;
    struct rlimit before, few;
    (void)state;
    server_start(&server, 1);
    dns_client_at(&client, &server.address);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){(rlim_t)server.descriptor + 5, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    ask_many(&asked, &client, QUESTIONS);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(count_results(&asked, DNS_ANSWERED), QUESTIONS);
    server_stop(&server);
}

static void
test_servers_as_text(void **state)
{
    static const char *const wrong[] = {
        "", "#53", "192.0.2.53#", "192.0.2.53#0", "192.0.2.53#65536", "192.0.2.53#5x"};
    struct dns_client client;
    struct ucprov_problem problem;
    struct sockaddr_in address;
    char text[DNS_SERVER_TEXT_SIZE];
    (void)state;
    assert_int_equal(dns_client_resolve(&client, "192.0.2.53", &problem), 0);
    memcpy(&address, &client.address, sizeof(address));
    assert_int_equal(ntohs(address.sin_port), 53);
    assert_string_equal(dns_server_text(text, &address), "192.0.2.53");
    assert_int_equal(dns_client_resolve(&client, "255.255.255.255#65535", &problem), 0);
    memcpy(&address, &client.address, sizeof(address));
    assert_string_equal(dns_server_text(text, &address), "255.255.255.255#65535");
    assert_string_equal(client.name, "255.255.255.255#65535");
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(dns_client_resolve(&client, wrong[i], &problem), -1);
    }
}

static void
test_names_of_codes(void **state)
{
    (void)state;
    assert_string_equal(dns_rcode_name(0), "NOERROR");
    assert_string_equal(dns_rcode_name(10), "NOTZONE");
    assert_null(dns_rcode_name(11));
    assert_null(dns_rcode_name(UINT_MAX));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_question),     cmocka_unit_test(test_refused_is_not_silent),
        cmocka_unit_test(test_silence),         cmocka_unit_test(test_losses),
        cmocka_unit_test(test_deadline),        cmocka_unit_test(test_few_descriptors),
        cmocka_unit_test(test_servers_as_text), cmocka_unit_test(test_names_of_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
