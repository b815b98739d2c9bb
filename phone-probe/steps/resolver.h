/* SPDX-License-Identifier: MPL-2.0 */
/* A stub resolver as a phone has one: asks the servers of option 6, one after the other, for A and
 * SRV records.
 *
 * What comes in is untrusted: bounded in size, number and time.
 */
#ifndef PROBE_RESOLVER_H
#define PROBE_RESOLVER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "option/name.h"

#define RESOLVER_SERVERS_MAX                                                                       \
    8 /* of option 6; a phone is not known to try more than the first few */
#define LOOKUP_RESULTS_MAX  16 /* records of an answer; more than any pool has */
#define LOOKUP_NAME_SIZE    (UCPROV_NAME_TEXT_MAX + 1)
#define LOOKUP_PROBLEM_SIZE 192

struct resolver {
    size_t count;
    struct sockaddr_in servers[RESOLVER_SERVERS_MAX];
    bool silent[RESOLVER_SERVERS_MAX]; /* let a question pass in silence: not asked again */
    int timeout;                       /* milliseconds, for one question to one server */
    int64_t deadline;                  /* of ucprov_clock_ms(): nothing is asked after it */
};

enum lookup_outcome {
    LOOKUP_FOUND,
    LOOKUP_NO_DATA,     /* the name is there, records of this type are not */
    LOOKUP_NO_NAME,     /* NXDOMAIN */
    LOOKUP_FAILED,      /* SERVFAIL, REFUSED and the like, nonsense, or no answer: `problem` */
    LOOKUP_UNREACHABLE, /* this machine has no way to any of the servers; says nothing of them */
};

/* What an SRV record says (RFC 2782). */
struct lookup_service {
    char target[LOOKUP_NAME_SIZE];
    uint16_t priority;
    uint16_t weight;
    uint16_t port;
};

struct lookup {
    enum lookup_outcome outcome;
    size_t count; /* of addresses, or of services */
    struct in_addr addresses[LOOKUP_RESULTS_MAX];
    struct lookup_service services[LOOKUP_RESULTS_MAX]; /* by priority, then the heavier first */
    char problem[LOOKUP_PROBLEM_SIZE];                  /* a clause; printable; "" when found */
};

/* A records of a name, aliases followed. */
void resolver_addresses(struct resolver *resolver, const char *name, struct lookup *lookup);

/* The same from one server alone. */
void resolver_addresses_from(struct resolver *resolver, size_t server, const char *name,
                             struct lookup *lookup);

/* SRV records of a name. */
void resolver_services(struct resolver *resolver, const char *name, struct lookup *lookup);

/* The servers as text: "10.1.0.53, 10.1.0.54". The caller's; NULL when out of memory. */
char *resolver_text(const struct resolver *resolver);

#endif
