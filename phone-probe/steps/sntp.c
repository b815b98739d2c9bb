/* SPDX-License-Identifier: MPL-2.0 */
/* One question with a random nonce in place of the time, so that late and forged answers are told
 * apart. It sets no clock. */
#include "steps/sntp.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/wire.h"

#include "dhcp/dhcp_transport.h"

enum { /* RFC 4330 4 */
       SNTP_VERSION = 4,
       MODE_CLIENT = 3,
       MODE_SERVER = 4,
       LEAP_UNSYNCHRONIZED = 3,
       STRATUM_MAX = 15,
       KISS_SIZE = 4,
       ROOT_SIZE = 8,      /* root delay and dispersion */
       TIMESTAMP_SIZE = 8, /* reference, originate, receive, transmit */
       TRIES = 2,
       ANSWER_MAX = 1024, /* with any authenticator; what is longer is cut, which does no harm */
};

/* RFC 4330 3: seconds with the first bit set count from 1900, those without from 2036. */
#define NTP_TO_UNIX_ERA_0 2208988800.0
#define NTP_TO_UNIX_ERA_1 (NTP_TO_UNIX_ERA_0 - 4294967296.0)
#define ERA_0_BIT         0x80000000U
#define FRACTION          4294967296.0

static void
write_u64(struct ucprov_writer *writer, uint64_t value)
{
    ucprov_write_u32(writer, (uint32_t)(value >> 32));
    ucprov_write_u32(writer, (uint32_t)value);
}

static uint64_t
read_u64(struct ucprov_reader *reader)
{
    uint64_t high = ucprov_read_u32(reader);

    return high << 32 | ucprov_read_u32(reader);
}

void
sntp_request_write(uint8_t message[SNTP_MESSAGE_SIZE], uint64_t nonce)
{
    struct ucprov_writer writer;

    memset(message, 0, SNTP_MESSAGE_SIZE);
    message[0] = SNTP_VERSION << 3 | MODE_CLIENT;
    ucprov_writer_init(&writer, message + SNTP_MESSAGE_SIZE - TIMESTAMP_SIZE, TIMESTAMP_SIZE);
    write_u64(&writer, nonce);
}

/* A code of four capital letters (or digits); unused octets at its end may be 0. */
static void
read_kiss(struct sntp_answer *answer, const uint8_t reference[KISS_SIZE])
{
    for (size_t i = 0; i < KISS_SIZE && reference[i] != 0; i++) {
        if (!isupper(reference[i]) && !isdigit(reference[i])) {
            answer->kiss[0] = '\0';
            return;
        }
        answer->kiss[i] = (char)reference[i];
    }
}

enum sntp_fault
sntp_answer_parse(struct sntp_answer *answer, const void *octets, size_t length, uint64_t nonce)
{
    struct ucprov_reader reader;

    *answer = (struct sntp_answer){0};
    if (length < SNTP_MESSAGE_SIZE) {
        return SNTP_FAULT_SHORT;
    }
    ucprov_reader_init(&reader, octets, SNTP_MESSAGE_SIZE);
    uint8_t first = ucprov_read_u8(&reader);
    answer->stratum = ucprov_read_u8(&reader);
    ucprov_read_u16(&reader); /* poll, precision */
    ucprov_read_octets(&reader, ROOT_SIZE);
    const uint8_t *reference = ucprov_read_octets(&reader, KISS_SIZE);
    read_u64(&reader); /* when its clock was set */
    uint64_t originate = read_u64(&reader);
    answer->receive = read_u64(&reader);
    answer->transmit = read_u64(&reader);

    if ((first & 7) != MODE_SERVER) {
        return SNTP_FAULT_MODE;
    }
    if (originate != nonce) {
        return SNTP_FAULT_ORIGINATE;
    }
    if (answer->stratum == 0) {
        read_kiss(answer, reference);
        return answer->kiss[0] != '\0' ? SNTP_FAULT_KISS : SNTP_FAULT_UNSYNCHRONIZED;
    }
    if (first >> 6 == LEAP_UNSYNCHRONIZED || answer->stratum > STRATUM_MAX) {
        return SNTP_FAULT_UNSYNCHRONIZED;
    }
    return answer->transmit == 0 ? SNTP_FAULT_TRANSMIT : SNTP_SOUND;
}

static double
unix_time(uint64_t ntp)
{
    uint32_t seconds = (uint32_t)(ntp >> 32);
    double epoch = (seconds & ERA_0_BIT) != 0 ? NTP_TO_UNIX_ERA_0 : NTP_TO_UNIX_ERA_1;

    return (double)seconds - epoch + (double)(uint32_t)ntp / FRACTION;
}

double
sntp_offset(const struct sntp_answer *answer, double sent, double received)
{
    return ((unix_time(answer->receive) - sent) + (unix_time(answer->transmit) - received)) / 2;
}

double
sntp_delay(const struct sntp_answer *answer, double sent, double received)
{
    double delay = (received - sent) - (unix_time(answer->transmit) - unix_time(answer->receive));

    return delay > 0 ? delay : 0; /* a server may claim what it likes */
}

static double
wall_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
explain_answer(struct sntp_result *result, const struct sntp_answer *answer, size_t length)
{
    char *problem = result->problem;

    switch (result->fault) {
    case SNTP_FAULT_SHORT:
        snprintf(problem, SNTP_PROBLEM_SIZE, "its answer has %zu octets; %d are the least", length,
                 SNTP_MESSAGE_SIZE);
        break;
    case SNTP_FAULT_MODE:
        snprintf(problem, SNTP_PROBLEM_SIZE, "what it sends is no server's answer");
        break;
    case SNTP_FAULT_ORIGINATE:
        snprintf(problem, SNTP_PROBLEM_SIZE,
                 "its answer belongs to another question (wrong originate timestamp)");
        break;
    case SNTP_FAULT_KISS:
        snprintf(problem, SNTP_PROBLEM_SIZE, "it refuses to tell the time (kiss-o'-death %s)",
                 answer->kiss);
        break;
    case SNTP_FAULT_UNSYNCHRONIZED:
        snprintf(problem, SNTP_PROBLEM_SIZE,
                 "it says that its own clock is not synchronized (stratum %u)", answer->stratum);
        break;
    case SNTP_FAULT_TRANSMIT:
        snprintf(problem, SNTP_PROBLEM_SIZE, "its answer has no time in it");
        break;
    case SNTP_SOUND:
        break;
    }
}

/* The questions that were sent: an answer may be a late one to the first of them. */
struct attempts {
    size_t count;
    struct {
        uint64_t nonce;
        double sent;
    } items[TRIES];
};

static void
consider(struct sntp_result *result, const uint8_t *octets, size_t length,
         const struct attempts *attempts)
{
    struct sntp_answer answer = {0};
    double received = wall_clock();
    double sent = 0;

    result->fault = SNTP_FAULT_ORIGINATE;
    for (size_t i = 0; i < attempts->count && result->fault == SNTP_FAULT_ORIGINATE; i++) {
        sent = attempts->items[i].sent;
        result->fault = sntp_answer_parse(&answer, octets, length, attempts->items[i].nonce);
    }
    result->stratum = answer.stratum;
    result->outcome = SNTP_NO_TIME;
    explain_answer(result, &answer, length);
    if (result->fault == SNTP_SOUND) {
        result->outcome = SNTP_TOLD;
        result->offset = sntp_offset(&answer, sent, received);
        result->delay = sntp_delay(&answer, sent, received);
        result->problem[0] = '\0';
    }
}

/* An answer that is not to our question, or none at all, may be forged: the real one is still to
 * come. */
static bool
is_settled(const struct sntp_result *result)
{
    return result->outcome == SNTP_TOLD ||
           (result->outcome == SNTP_NO_TIME &&
            (result->fault == SNTP_FAULT_KISS || result->fault == SNTP_FAULT_UNSYNCHRONIZED ||
             result->fault == SNTP_FAULT_TRANSMIT));
}

static void
fail_exchange(struct sntp_result *result)
{
    if (errno == ENETUNREACH) {
        result->outcome = SNTP_UNREACHABLE;
        snprintf(result->problem, SNTP_PROBLEM_SIZE, "this machine has no route to it");
    } else if (result->outcome != SNTP_NO_TIME) {
        result->outcome = SNTP_SILENT;
        snprintf(result->problem, SNTP_PROBLEM_SIZE, "%s",
                 errno == ECONNREFUSED ? "no time server listens there" : strerror(errno));
    }
}

/* Waits for the answer to what was just sent. False: there is no point in trying again. */
static bool
await(struct sntp_result *result, int descriptor, const struct attempts *attempts, int64_t deadline)
{
    uint8_t octets[ANSWER_MAX];
    struct pollfd poller = {.fd = descriptor, .events = POLLIN};

    do {
        int ready = poll(&poller, 1, ucprov_clock_ms_until(deadline));
        if (ready <= 0) {
            continue;
        }
        ssize_t length = recv(descriptor, octets, sizeof(octets), 0);
        if (length < 0 && errno != EAGAIN && errno != EINTR) {
            fail_exchange(result);
            return false;
        }
        if (length >= 0) {
            consider(result, octets, (size_t)length, attempts);
        }
    } while (!is_settled(result) && ucprov_clock_ms() < deadline);
    return !is_settled(result);
}

static void
converse(struct sntp_result *result, int descriptor, int timeout)
{
    uint8_t message[SNTP_MESSAGE_SIZE];
    struct attempts attempts = {0};
    int64_t start = ucprov_clock_ms();
    bool again = true;

    for (int i = 0; i < TRIES && again; i++) {
        uint64_t nonce;
        if (getrandom(&nonce, sizeof(nonce), 0) != sizeof(nonce)) {
            fail_exchange(result);
            return;
        }
        sntp_request_write(message, nonce);
        attempts.items[i].nonce = nonce;
        attempts.items[i].sent = wall_clock();
        attempts.count++;
        if (send(descriptor, message, sizeof(message), 0) < 0) {
            fail_exchange(result);
            return;
        }
        again = await(result, descriptor, &attempts, start + (int64_t)timeout * (i + 1) / TRIES);
    }
}

void
sntp_ask(struct sntp_result *result, const struct sockaddr_in *server, int timeout)
{
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    *result = (struct sntp_result){.outcome = SNTP_SILENT, .problem = "it does not answer"};
    if (descriptor < 0 ||
        connect(descriptor, (const struct sockaddr *)server, sizeof(*server)) != 0) {
        fail_exchange(result);
    } else {
        converse(result, descriptor, timeout);
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
}
