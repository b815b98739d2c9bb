/* SPDX-License-Identifier: MPL-2.0 */
/* What is an answer to a question, and what is not: octet by octet, and one octet less. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "client/dns_request.h"

#define ID 0x1234

/* "sip.a A", as an answer has it behind its header: RFC 1035 section 4.1.2. */
#define QUESTION "\3sip\1a\0\0\1\0\1"
#define HEADER(flags, qd, an)                                                                      \
    "\x12\x34" flags "\0" qd "\0" an "\0\0"                                                        \
    "\0\0"
#define ANSWERED "\x84\0"
#define RECORD   "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x0a\1\1\x0a" /* 10.1.1.10, TTL 60 */

struct fixture {
    struct dns_client client;
    struct dns_exchange exchange;
    struct dns_request request;
    ldns_rdf *name;
};

static void
fixture_make(struct fixture *fixture)
{
    static const uint8_t wire[] = "\3sip\1a";
    *fixture =
        (struct fixture){.name = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, sizeof(wire), wire)};
    fixture->exchange = (struct dns_exchange){.name = fixture->name, .type = LDNS_RR_TYPE_A};
    assert_true(dns_request_make(&fixture->request, &fixture->client, &fixture->exchange, ID));
}

static void
fixture_clear(struct fixture *fixture)
{
    dns_request_clear(&fixture->request);
    dns_exchange_clear(&fixture->exchange);
    ldns_rdf_deep_free(fixture->name);
}

/* How octets of exactly this length are taken, and with which fault. */
static enum dns_fit
take_octets(const char *literal, size_t length, bool tcp, enum dns_result *fault)
{
    struct fixture fixture;
    uint8_t *octets = malloc(length + 1);
    memcpy(octets, literal, length);
    fixture_make(&fixture);
    fixture.exchange.tcp = tcp;
    enum dns_fit fit = dns_request_take(&fixture.request, &fixture.client, octets, length);
    assert_int_equal(fit == DNS_FIT_TAKEN, fixture.exchange.result == DNS_ANSWERED);
    assert_int_equal(fit == DNS_FIT_TAKEN, fixture.exchange.answer != NULL);
    *fault = fixture.request.fault;
    fixture_clear(&fixture);
    free(octets);
    return fit;
}

static void
check_fit(const char *octets, size_t length, enum dns_fit fit, enum dns_result fault)
{
    enum dns_result found;
    assert_int_equal(take_octets(octets, length, false, &found), fit);
    assert_int_equal(found, fault);
}

#define assert_fit(literal, fit, fault) check_fit(literal, sizeof(literal) - 1, fit, fault)

static void
test_question_in_wire_form(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_make(&fixture);
    assert_octets_equal(fixture.request.octets, fixture.request.length + DNS_PREFIX_LENGTH,
                        "\0\x17" HEADER("\0\0", "\1", "\0") QUESTION);
    fixture_clear(&fixture);
}

static void
test_answers(void **state)
{
    (void)state;
    assert_fit(HEADER(ANSWERED, "\1", "\1") QUESTION RECORD, DNS_FIT_TAKEN, DNS_PENDING);
    assert_fit(HEADER(ANSWERED, "\1", "\0") QUESTION, DNS_FIT_TAKEN, DNS_PENDING);
    assert_fit(HEADER("\x84\3", "\1", "\0") QUESTION, DNS_FIT_TAKEN, DNS_PENDING);
    /* Whatever the case (RFC 4343). */
    assert_fit(HEADER(ANSWERED, "\1", "\0") "\3sIP\1A\0\0\1\0\1", DNS_FIT_TAKEN, DNS_PENDING);
    /* Errors may leave the question out. */
    assert_fit(HEADER("\x80\5", "\0", "\0"), DNS_FIT_TAKEN, DNS_PENDING);
}

static void
test_not_for_us(void **state)
{
    (void)state;
    assert_fit("", DNS_FIT_NOT, DNS_PENDING);
    assert_fit("\x12\x34\x80\5\0\0\0\0\0\0\0", DNS_FIT_NOT, DNS_PENDING); /* 11 octets */
    assert_fit("\x12\x35\x80\5\0\0\0\0\0\0\0\0", DNS_FIT_NOT, DNS_PENDING);
    assert_fit(HEADER("\4\0", "\1", "\0") QUESTION, DNS_FIT_NOT, DNS_PENDING); /* a query */
}

static void
test_other_questions(void **state)
{
    (void)state;
    assert_fit(HEADER(ANSWERED, "\0", "\0"), DNS_FIT_UNUSABLE, DNS_OTHER);
    assert_fit(HEADER(ANSWERED, "\2", "\0") QUESTION QUESTION, DNS_FIT_UNUSABLE, DNS_OTHER);
    assert_fit(HEADER(ANSWERED, "\1", "\0") "\3sip\1b\0\0\1\0\1", DNS_FIT_UNUSABLE, DNS_OTHER);
    assert_fit(HEADER(ANSWERED, "\1", "\0") "\3sip\1a\0\0\2\0\1", DNS_FIT_UNUSABLE, DNS_OTHER);
    assert_fit(HEADER(ANSWERED, "\1", "\0") "\3sip\1a\0\0\1\0\3", DNS_FIT_UNUSABLE, DNS_OTHER);
    assert_fit(HEADER(ANSWERED, "\1", "\0") "\3sip\xc0\x0c\0\1\0\1", DNS_FIT_UNUSABLE, DNS_OTHER);
    assert_fit(HEADER(ANSWERED, "\1", "\0") "\3sip\1a\0\0\1\0", DNS_FIT_UNUSABLE, DNS_OTHER);
    assert_fit(HEADER(ANSWERED, "\1", "\0"), DNS_FIT_UNUSABLE, DNS_OTHER);
}

static void
test_malformed(void **state)
{
    static const char whole[] = HEADER(ANSWERED, "\1", "\1") QUESTION RECORD;
    (void)state;
    assert_fit(HEADER(ANSWERED, "\1", "\2") QUESTION RECORD, DNS_FIT_UNUSABLE, DNS_MALFORMED);
    for (size_t less = 1; less < sizeof(RECORD) - 1; less++) {
        check_fit(whole, sizeof(whole) - 1 - less, DNS_FIT_UNUSABLE, DNS_MALFORMED);
    }
}

static void
test_cut(void **state)
{
    static const char cut[] = HEADER("\x86\0", "\1", "\0") QUESTION;
    enum dns_result fault;
    (void)state;
    assert_fit(HEADER("\x86\0", "\1", "\0") QUESTION, DNS_FIT_CUT, DNS_PENDING);
    /* With another question it is not ours that was cut. */
    assert_fit(HEADER("\x86\0", "\1", "\0") "\3sip\1b\0\0\1\0\1", DNS_FIT_UNUSABLE, DNS_OTHER);
    /* By TCP there is nothing to go on to. */
    assert_int_equal(take_octets(cut, sizeof(cut) - 1, true, &fault), DNS_FIT_TAKEN);
}

static void
test_the_fault_of_a_request_is_its_result(void **state)
{
    struct fixture fixture;
    struct dns_batch batch = {.exchanges = &fixture.exchange, .count = 1};
    (void)state;
    fixture_make(&fixture);
    fixture.request.fault = DNS_OTHER;
    dns_batch_fail(&batch, &fixture.request, ETIMEDOUT, false);
    assert_int_equal(fixture.exchange.result, DNS_OTHER);
    assert_false(fixture.exchange.abandoned || batch.gone);
    fixture_clear(&fixture);
}

static void
test_all_share_the_result_of_a_server_that_is_gone(void **state)
{
    struct dns_exchange exchanges[3] = {{.result = DNS_ANSWERED}};
    struct dns_request request = {.exchange = &exchanges[2]};
    struct dns_batch batch = {.exchanges = exchanges, .count = 3};
    (void)state;
    dns_batch_fail(&batch, &request, ECONNREFUSED, true);
    assert_int_equal(exchanges[0].result, DNS_ANSWERED);
    assert_int_equal(exchanges[1].result, DNS_REFUSED);
    assert_int_equal(exchanges[2].result, DNS_REFUSED);
    assert_true(exchanges[1].abandoned && exchanges[2].abandoned && batch.gone);
    assert_false(exchanges[0].abandoned);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_question_in_wire_form),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_not_for_us),
        cmocka_unit_test(test_other_questions),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_the_fault_of_a_request_is_its_result),
        cmocka_unit_test(test_all_share_the_result_of_a_server_that_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
