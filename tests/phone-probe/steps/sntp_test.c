/* SPDX-License-Identifier: MPL-2.0 */
/* SNTP messages, octet by octet (RFC 4330 4). */
#include "unit.h"

#include <math.h>

#include "steps/sntp.h"

#define NONCE UINT64_C(0x0123456789abcdef)

/* 2026-11-22 00:00:00 UTC is 1795305600 since 1970, 4004294400 since 1900 (0xeeacaf00). */
#define WHEN      1795305600.0
#define WHEN_TEXT "\xee\xac\xaf\x00"

/* A sound answer: a stratum 2 server that got the question half a second after that moment, and
 * answered another quarter later. */
static const char sound[] = "\x24\x02\x06\xec" /* no warning, version 4, server; stratum 2 */
                            "\0\0\0\0\0\0\0\0" /* root delay, dispersion */
                            "\x0a\0\0\x01"     /* its source */
    WHEN_TEXT "\0\0\0\0"                       /* when it was set */
                            "\x01\x23\x45\x67\x89\xab\xcd\xef" /* our nonce */
    WHEN_TEXT "\x80\0\0\0"                                     /* received */
    WHEN_TEXT "\xc0\0\0\0";                                    /* sent */

/* The sound answer with one octet changed. */
static enum sntp_fault
fault_with(size_t offset, uint8_t value, struct sntp_answer *answer)
{
    uint8_t octets[sizeof(sound) - 1];
    memcpy(octets, sound, sizeof(octets));
    octets[offset] = value;
    return sntp_answer_parse(answer, octets, sizeof(octets), NONCE);
}

static void
request(void **state)
{
    uint8_t message[SNTP_MESSAGE_SIZE];
    (void)state;
    sntp_request_write(message, NONCE);
    assert_int_equal(message[0], 0x23); /* version 4, client */
    for (size_t i = 1; i < 40; i++) {
        assert_int_equal(message[i], 0);
    }
    assert_octets_equal(message + 40, sizeof(message) - 40, "\x01\x23\x45\x67\x89\xab\xcd\xef");
}

static void
answer(void **state)
{
    struct sntp_answer answer;
    (void)state;
    assert_int_equal(sizeof(sound) - 1, SNTP_MESSAGE_SIZE);
    assert_int_equal(sntp_answer_parse(&answer, sound, sizeof(sound) - 1, NONCE), SNTP_SOUND);
    assert_int_equal(answer.stratum, 2);
    assert_true(answer.receive == UINT64_C(0xeeacaf0080000000));
    assert_true(answer.transmit == UINT64_C(0xeeacaf00c0000000));
}

static void
offset_and_delay(void **state)
{
    struct sntp_answer answer;
    (void)state;
    sntp_answer_parse(&answer, sound, sizeof(sound) - 1, NONCE);
    /* Ours left at .0 and came back at .75: half a second on the way, a quarter at the server. */
    assert_true(fabs(sntp_offset(&answer, WHEN, WHEN + 0.75) - 0.25) < 1e-5);
    assert_true(fabs(sntp_delay(&answer, WHEN, WHEN + 0.75) - 0.5) < 1e-5);
    assert_true(fabs(sntp_offset(&answer, WHEN + 100, WHEN + 100.75) + 99.75) < 1e-5);
    /* A server that claims to have taken longer than we waited. */
    assert_true(sntp_delay(&answer, WHEN, WHEN + 0.1) == 0);
}

/* RFC 4330 3: after 2036-02-07 06:28:16 the count begins anew. */
static void
second_era(void **state)
{
    struct sntp_answer answer = {.receive = UINT64_C(0x100) << 32,
                                 .transmit = UINT64_C(0x100) << 32};
    const double begin = 2085978496.0; /* 2036-02-07 06:28:16 UTC */
    (void)state;
    assert_true(fabs(sntp_offset(&answer, begin, begin) - 256) < 1e-5);
    answer.receive = answer.transmit = UINT64_C(0x80000000) << 32; /* the first of era 0 we take */
    assert_true(fabs(sntp_offset(&answer, -61505152.0, -61505152.0)) < 1e-5);
    answer.receive = answer.transmit = UINT64_C(0x7fffffff) << 32; /* and the last of era 1 */
    assert_true(fabs(sntp_offset(&answer, 4233462143.0, 4233462143.0)) < 1e-5);
}

static void
length(void **state)
{
    struct sntp_answer answer;
    char longer[sizeof(sound) + 20] = {0};
    (void)state;
    memcpy(longer, sound, sizeof(sound) - 1);
    assert_int_equal(sntp_answer_parse(&answer, longer, 47, NONCE), SNTP_FAULT_SHORT);
    assert_int_equal(sntp_answer_parse(&answer, longer, 0, NONCE), SNTP_FAULT_SHORT);
    assert_int_equal(sntp_answer_parse(&answer, longer, 49, NONCE), SNTP_SOUND);
    assert_int_equal(sntp_answer_parse(&answer, longer, sizeof(longer), NONCE), SNTP_SOUND);
}

static void
faults(void **state)
{
    struct sntp_answer answer;
    (void)state;
    assert_int_equal(fault_with(0, 0x23, &answer), SNTP_FAULT_MODE); /* a client's */
    assert_int_equal(fault_with(0, 0x25, &answer), SNTP_FAULT_MODE); /* a broadcast */
    assert_int_equal(fault_with(31, 0xee, &answer), SNTP_FAULT_ORIGINATE);
    assert_int_equal(fault_with(24, 0, &answer), SNTP_FAULT_ORIGINATE);
    assert_int_equal(fault_with(0, 0xe4, &answer), SNTP_FAULT_UNSYNCHRONIZED); /* LI 3 */
    assert_int_equal(fault_with(0, 0xa4, &answer), SNTP_SOUND); /* LI 2: a leap second */
    assert_int_equal(fault_with(0, 0x1c, &answer), SNTP_SOUND); /* version 3 */
    assert_int_equal(fault_with(1, 15, &answer), SNTP_SOUND);
    assert_int_equal(fault_with(1, 16, &answer), SNTP_FAULT_UNSYNCHRONIZED);
    assert_int_equal(fault_with(1, 1, &answer), SNTP_SOUND);
    assert_int_equal(fault_with(1, 0, &answer), SNTP_FAULT_UNSYNCHRONIZED); /* no code: 10.0.0.1 */
    assert_string_equal(answer.kiss, "");
}

static void
no_transmit_time(void **state)
{
    struct sntp_answer answer;
    uint8_t octets[sizeof(sound) - 1];
    (void)state;
    memcpy(octets, sound, sizeof(octets));
    memset(octets + 40, 0, 8);
    assert_int_equal(sntp_answer_parse(&answer, octets, sizeof(octets), NONCE),
                     SNTP_FAULT_TRANSMIT);
}

static void
kiss(void **state)
{
    struct sntp_answer answer;
    uint8_t octets[sizeof(sound) - 1];
    (void)state;
    memcpy(octets, sound, sizeof(octets));
    octets[1] = 0;
    memcpy(octets + 12, "RATE", 4);
    assert_int_equal(sntp_answer_parse(&answer, octets, sizeof(octets), NONCE), SNTP_FAULT_KISS);
    assert_string_equal(answer.kiss, "RATE");
    memcpy(octets + 12, "X1\0\0", 4);
    assert_int_equal(sntp_answer_parse(&answer, octets, sizeof(octets), NONCE), SNTP_FAULT_KISS);
    assert_string_equal(answer.kiss, "X1");
    memcpy(octets + 12, "\x1b[2J", 4); /* would write to a terminal */
    assert_int_equal(sntp_answer_parse(&answer, octets, sizeof(octets), NONCE),
                     SNTP_FAULT_UNSYNCHRONIZED);
    /* A kiss for somebody else's question is none for us (RFC 5905 7.4). */
    assert_int_equal(sntp_answer_parse(&answer, octets, sizeof(octets), NONCE + 1),
                     SNTP_FAULT_ORIGINATE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request),          cmocka_unit_test(answer),
        cmocka_unit_test(offset_and_delay), cmocka_unit_test(second_era),
        cmocka_unit_test(length),           cmocka_unit_test(faults),
        cmocka_unit_test(no_transmit_time), cmocka_unit_test(kiss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
