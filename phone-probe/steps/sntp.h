/* SPDX-License-Identifier: MPL-2.0 */
/* SNTP as a client (RFC 4330, whose messages are those of RFC 5905): one question to one server.
 */
#ifndef PROBE_SNTP_H
#define PROBE_SNTP_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#define SNTP_PORT         123
#define SNTP_MESSAGE_SIZE 48 /* without the optional authenticator (RFC 4330 4) */
#define SNTP_PROBLEM_SIZE 128

/* Why an answer is no time. */
enum sntp_fault {
    SNTP_SOUND = 0,
    SNTP_FAULT_SHORT,          /* fewer than SNTP_MESSAGE_SIZE octets */
    SNTP_FAULT_MODE,           /* not a server's answer */
    SNTP_FAULT_ORIGINATE,      /* it does not repeat our transmit timestamp: not to our question */
    SNTP_FAULT_KISS,           /* kiss-o'-death: stratum 0, and a code that says why */
    SNTP_FAULT_UNSYNCHRONIZED, /* leap indicator 3, or stratum 0 or above 15 */
    SNTP_FAULT_TRANSMIT,       /* its transmit timestamp is 0 */
};

/* An answer, taken apart. Times are NTP's: seconds since 1900 in the upper half, fractions in the
 * lower. */
struct sntp_answer {
    uint8_t stratum;
    char kiss[5]; /* "RATE"; "" when it is none */
    uint64_t receive;
    uint64_t transmit;
};

/* Writes a question whose transmit timestamp is `nonce`. A server does nothing but repeat it, so it
 * need not be the time; what nobody can guess is better. */
void sntp_request_write(uint8_t message[SNTP_MESSAGE_SIZE], uint64_t nonce);

/* Takes an answer to that question apart. Untrusted: what is behind the 48 octets is ignored. */
enum sntp_fault sntp_answer_parse(struct sntp_answer *answer, const void *octets, size_t length,
                                  uint64_t nonce);

/* Seconds that the server's clock is ahead of ours, when the question left at `sent` and the answer
 * came at `received` (seconds since 1970, by our clock). NTP's era is chosen as RFC 4330 3 says. */
double sntp_offset(const struct sntp_answer *answer, double sent, double received);

/* Seconds that the packets were on their way, both together. */
double sntp_delay(const struct sntp_answer *answer, double sent, double received);

/* How a question went. */
enum sntp_outcome {
    SNTP_TOLD,
    SNTP_NO_TIME,     /* it answers, but that is no time */
    SNTP_SILENT,      /* nothing came, or was refused */
    SNTP_UNREACHABLE, /* this machine has no route there; says nothing of the server */
};

struct sntp_result {
    enum sntp_outcome outcome;
    enum sntp_fault fault; /* with SNTP_NO_TIME */
    double offset;         /* seconds; with SNTP_TOLD */
    double delay;
    uint8_t stratum;
    char problem[SNTP_PROBLEM_SIZE]; /* a clause; printable; "" when the time was told */
};

/* Asks a server, twice if need be, within `timeout` milliseconds. */
void sntp_ask(struct sntp_result *result, const struct sockaddr_in *server, int timeout);

#endif
