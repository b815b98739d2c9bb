/* SPDX-License-Identifier: MPL-2.0 */
/* What a phone learns from DHCP answers, and from names. */
#include "unit.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "client/dns_client.h"
#include "phone.h"
#include "steps.h"
#include "verdict.h"

/* An exchange with one answer that has these options. */
static struct dhcp_exchange *
answer_with(uint8_t code, const void *value, uint8_t length)
{
    struct dhcp_exchange *exchange = calloc(1, sizeof(*exchange));
    struct dhcp_message *message = &exchange->answers[0].message;
    exchange->count = 1;
    message->your.s_addr = inet_addr("10.20.1.17");
    memcpy(message->data, value, length);
    message->options[code].pieces = 1;
    message->options[code].length = length;
    return exchange;
}

static struct phone *
learn(uint8_t code, const void *value, uint8_t length)
{
    struct phone *phone = calloc(1, sizeof(*phone));
    struct dhcp_exchange *exchange = answer_with(code, value, length);
    phone_learn_discover(phone, exchange);
    phone_learn_inform(phone, exchange);
    free(exchange);
    return phone;
}

static void
domains(void **state)
{
    struct phone *phone = calloc(1, sizeof(*phone));
    char name[] = "a.contoso.com";
    (void)state;
    assert_true(phone_add_domain(phone, "contoso.com"));
    assert_true(phone_add_domain(phone, "CONTOSO.com"));
    assert_int_equal(phone->learned.domain_count, 1);
    assert_false(phone_add_domain(phone, "a..b"));
    assert_false(phone_add_domain(phone, ""));
    assert_true(phone_add_domain(phone, name_of_length(253)));
    assert_false(phone_add_domain(phone, name_of_length(254)));
    for (; phone->learned.domain_count < PHONE_DOMAINS_MAX; name[0]++) {
        assert_true(phone_add_domain(phone, name));
    }
    assert_false(phone_add_domain(phone, name));
    assert_int_equal(phone->learned.domain_count, PHONE_DOMAINS_MAX);
    free(phone);
}

static void
options(void **state)
{
    (void)state;
    struct phone *phone = learn(15, "contoso.com", 11);
    assert_int_equal(phone->learned.domain_count, 1);
    assert_string_equal(phone->learned.domains[0], "contoso.com");
    assert_true(phone->learned.offered);
    assert_int_equal(phone->learned.address.s_addr, inet_addr("10.20.1.17"));
    free(phone);
    phone = learn(119, "\4emea\7contoso\3com\0\7contoso\3com", 31);
    assert_int_equal(phone->learned.domain_count, 2);
    assert_string_equal(phone->learned.domains[1], "contoso.com");
    free(phone);
    phone = learn(6, "\x0a\1\0\x35\0\0\0\0\x0a\1\0\x36\x0a", 13);
    assert_int_equal(phone->learned.resolver.count,
                     2); /* neither 0.0.0.0 nor a quarter of an address */
    assert_int_equal(phone->learned.resolver.servers[1].sin_addr.s_addr, inet_addr("10.1.0.54"));
    assert_string_equal(
        dns_server_text((char[DNS_SERVER_TEXT_SIZE]){""}, &phone->learned.resolver.servers[1]),
        "10.1.0.54");
    free(phone);
    phone = learn(42, "\x0a\1\0\1", 4);
    assert_int_equal(phone->learned.time_server_count, 1);
    free(phone);
    phone = learn(120, "\0\6pool01\7contoso\3com", 21);
    assert_string_equal(phone->learned.sip_server, "pool01.contoso.com");
    free(phone);
}

static void
service(void **state)
{
    static const char value[] = "\1\xcMS-UC-Client\2\5https\3\x12pool01.contoso.com\4\4"
                                "4443\5\4/x/y";
    (void)state;
    struct phone *phone = learn(43, value, sizeof(value) - 1);
    char *text = phone_service_text(&phone->learned.service);
    assert_string_equal(text, "https://pool01.contoso.com:4443/x/y");
    free(text);
    free(phone);
    phone = learn(43, "\3\1x\5\4/x/y", 9); /* neither scheme nor port */
    assert_int_equal(phone->learned.service.port, 443);
    free(phone);
}

/* What would end up in a request, or on a terminal. */
static void
hostile_options(void **state)
{
    static const struct {
        uint8_t code;
        const char *value;
        uint8_t length;
    } evil[] = {
        {15, "a\r\nb", 4},        {15, "\x1b[2J", 4},           {15, "", 0},
        {119, "\4a\r\nb", 6},     {119, "\xc0\0", 2},           {120, "\0\4a\r\nb", 7},
        {120, "\1\x0a\0\0\1", 5}, {43, "\3\4a\r\nb\5\2/x", 10}, {43, "\3\1x\5\5/x\r\nb", 10},
        {43, "\3\1x\5\2xy", 7},   {43, "\3\1x\5\4/a b", 9},     {43, "\3\x40x", 3},
        {42, "\x0a\1\0", 3},      {6, "\x0a\1\0", 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
        struct phone *phone = learn(evil[i].code, evil[i].value, evil[i].length);
        assert_int_equal(phone->learned.domain_count, 0);
        assert_int_equal(phone->learned.resolver.count, 0);
        assert_int_equal(phone->learned.time_server_count, 0);
        assert_string_equal(phone->learned.service.host, "");
        assert_string_equal(phone->learned.sip_server, "");
        free(phone);
    }
}

static void
what_was_told_stays(void **state)
{
    struct phone *phone = calloc(1, sizeof(*phone));
    struct dhcp_exchange *exchange = answer_with(15, "contoso.com", 11);
    (void)state;
    const struct phone_settings settings = {
        .address = {inet_addr("10.20.0.9")},
        .domain_count = 1,
        .domains = {"fabrikam.com"},
        .sip_server = "pool01.fabrikam.com",
    };
    phone_begin(phone, &settings, NULL);
    assert_string_equal(phone->learned.sip_server, "pool01.fabrikam.com");
    phone_learn_discover(phone, exchange);
    assert_int_equal(phone->learned.domain_count, 1);
    assert_string_equal(phone->learned.domains[0], "fabrikam.com");
    assert_int_equal(phone->learned.address.s_addr, inet_addr("10.20.0.9"));
    free(exchange);
    free(phone);
}

static void
update_addresses(void **state)
{
    struct phone *phone = calloc(1, sizeof(*phone));
    struct in_addr addresses[LOOKUP_RESULTS_MAX];
    (void)state;
    phone->learned.domain_count = 3;
    for (size_t i = 0; i < 3; i++) {
        struct lookup *lookup = &phone->learned.update_names[i].lookup;
        lookup->outcome = i == 1 ? LOOKUP_NO_NAME : LOOKUP_FOUND;
        lookup->count = LOOKUP_RESULTS_MAX;
        for (size_t j = 0; j < LOOKUP_RESULTS_MAX; j++) {
            lookup->addresses[j].s_addr = (in_addr_t)(1 + i * 8 + j);
        }
    }
    assert_int_equal(phone_update_addresses(phone, addresses), LOOKUP_RESULTS_MAX);
    assert_int_equal(addresses[0].s_addr, 1);
    phone->learned.update_names[0].lookup.count = 2;
    phone->learned.update_names[2].lookup.count = 2;
    phone->learned.update_names[2].lookup.addresses[0].s_addr = 2;
    assert_int_equal(phone_update_addresses(phone, addresses), 3);
    assert_int_equal(addresses[2].s_addr, 18);
    free(phone);
}

static void
step_lists(void **state)
{
    unsigned steps;
    struct ucprov_problem problem;
    (void)state;
    assert_int_equal(steps_parse(&steps, "names,time", &problem), 0);
    assert_int_equal(steps, STEPS_OF(STEP_NAMES) | STEPS_OF(STEP_TIME));
    assert_int_equal(steps_parse(&steps, "all", &problem), 0);
    assert_int_equal(steps, STEPS_ALL);
    assert_int_equal(steps_parse(&steps, "sign-in,sign-in", &problem), 0);
    assert_int_equal(steps, STEPS_OF(STEP_SIGN_IN));
    for (unsigned i = 0; i < STEP_COUNT; i++) {
        assert_int_equal(steps_parse(&steps, step_name(i), &problem), 0);
        assert_int_equal(steps, STEPS_OF(i));
    }
    assert_int_equal(steps_parse(&steps, "names,tim,x", &problem), -1);
    assert_string_equal(problem.text, "\"tim\" is not a step; did you mean \"time\"?");
    assert_int_equal(steps_parse(&steps, "vlan,reboot", &problem), -1);
    assert_string_equal(problem.text,
                        "\"reboot\" is not a step; write vlan, dhcp, inform, names, time, update, "
                        "chain, sign-in or all, with commas between");
    assert_int_equal(steps_parse(&steps, "", &problem), -1);
    assert_int_equal(steps_parse(&steps, "names,", &problem), -1);
    assert_int_equal(steps_parse(&steps, ",names", &problem), -1);
}

/* One failed check, and what becomes of the phone. */
static void
verdicts(void **state)
{
    static const struct {
        enum check check;
        const char *begins;
    } known[] = {
        {CHECK_DHCP_OFFER, "This phone gets no address"},
        {CHECK_INFORM_ANSWER, "This phone cannot sign in"},
        {CHECK_NAMES_UPDATE, "This phone will not update"},
        {CHECK_NAMES_SIGN_IN, "This phone cannot sign in"},
        {CHECK_TIME_ANSWER, "This phone will neither"},
        {CHECK_UPDATE_CERTIFICATE, "This phone will not update"},
        {CHECK_CHAIN_HTTP, "This phone will neither"},
        {CHECK_REGISTRAR_TLS, "This phone cannot sign in"},
        {CHECK_SITE_OPTIONS, "What was seen"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        struct ucprov_findings checks = {0};
        check_add(&checks, known[i].check, UCPROV_FAIL, text_format("x"), NULL);
        const struct course all = {.asked = STEPS_ALL, .taken = STEPS_ALL};
        char *text = verdict_text(&checks, &all);
        assert_memory_equal(text, known[i].begins, strlen(known[i].begins));
        assert_int_equal(verdict_severity(&checks, &all), UCPROV_FAIL);
        free(text);
        ucprov_findings_clear(&checks);
    }
}

/* Nothing is promised that was not seen. */
static void
promises(void **state)
{
    static const enum check proofs[] = {
        CHECK_NAMES_UPDATE, CHECK_TIME_ANSWER,   CHECK_UPDATE_CERTIFICATE, CHECK_UPDATE_SERVICE,
        CHECK_CHAIN_HTTP,   CHECK_INFORM_VENDOR, CHECK_INFORM_SIP,         CHECK_REGISTRAR_TLS};
    const size_t count = sizeof(proofs) / sizeof(proofs[0]);
    (void)state;
    for (size_t missing = 0; missing <= count; missing++) {
        struct ucprov_findings checks = {0};
        for (size_t i = 0; i < count; i++) {
            check_add(&checks, proofs[i], i == missing ? UCPROV_SKIP : UCPROV_PASS,
                      text_format("x"), NULL);
        }
        const struct course all = {.asked = STEPS_ALL, .taken = STEPS_ALL};
        char *text = verdict_text(&checks, &all);
        bool both = strcmp(text, "This phone will update itself and can sign in with a PIN.") == 0;
        assert_true(both == (missing == count));
        assert_int_equal(verdict_severity(&checks, &all),
                         missing == count ? UCPROV_PASS : UCPROV_SKIP);
        free(text);
        ucprov_findings_clear(&checks);
    }
}

/* A step that was asked for and not taken, or cut short, is no pass, whatever else was seen. */
static void
gaps(void **state)
{
    (void)state;
    for (unsigned missing = 0; missing < STEP_COUNT; missing++) {
        struct ucprov_findings checks = {0};
        const struct course course = {.asked = STEPS_ALL, .taken = STEPS_ALL & ~STEPS_OF(missing)};
        for (unsigned i = 0; i < CHECK_COUNT; i++) {
            if (check_step(i) != missing && check_step(i) != STEP_COUNT) {
                check_add(&checks, i, i == CHECK_TIME_OTHERS ? UCPROV_WARN : UCPROV_PASS,
                          text_format("x"), NULL);
            }
        }
        assert_int_equal(verdict_severity(&checks, &course), UCPROV_SKIP);
        char *text = verdict_text(&checks, &course);
        assert_non_null(strstr(text, step_name(missing)));
        assert_null(strstr(text, "This phone can"));
        free(text);
        json_t *list = verdict_gaps_json(&checks, &course);
        assert_int_equal(json_array_size(list), 1);
        assert_string_equal(json_string_value(json_array_get(list, 0)), step_name(missing));
        json_decref(list);
        ucprov_findings_clear(&checks);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(domains),
        cmocka_unit_test(options),
        cmocka_unit_test(service),
        cmocka_unit_test(hostile_options),
        cmocka_unit_test(what_was_told_stays),
        cmocka_unit_test(update_addresses),
        cmocka_unit_test(step_lists),
        cmocka_unit_test(verdicts),
        cmocka_unit_test(promises),
        cmocka_unit_test(gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
