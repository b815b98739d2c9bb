/* SPDX-License-Identifier: MPL-2.0 */
/* The words for each refusal of a server, with advice; and which status they lead to. */
#include "problem.h"

#include <stdarg.h>
#include <stdio.h>

int
problem_set(struct ucprov_problem *problem, enum ucprov_exit_status status, const char *format, ...)
{
    char text[UCPROV_PROBLEM_SIZE + 1]; /* longer, so that what is cut gets its dots */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    ucprov_problem_set(problem, "%s", text);
    return (int)status;
}

int
problem_memory(struct ucprov_problem *problem)
{
    return problem_set(problem, UCPROV_EXIT_ERROR, "out of memory");
}

int
problem_of_exchange(struct ucprov_problem *problem, const struct dns_client *client,
                    const struct dns_exchange *exchange)
{
    dns_explain(client, exchange, problem);
    return exchange->result == DNS_MALFORMED || exchange->result == DNS_NOT_AUTHENTIC
               ? UCPROV_EXIT_FINDING
               : UCPROV_EXIT_ERROR;
}

/* What to do about a response code. */
static const struct {
    unsigned code;
    const char *advice;
} refusals[] = {
    {LDNS_RCODE_FORMERR, "it does not understand the message; look in its log"},
    {LDNS_RCODE_SERVFAIL,
     "look in its log; often the zone did not load, cannot be written, or has expired"},
    {LDNS_RCODE_NXDOMAIN, "the zone has changed meanwhile; run this again"},
    {LDNS_RCODE_NOTIMPL, "it does not know this kind of message; ask another server"},
    {LDNS_RCODE_YXDOMAIN, "the zone has changed meanwhile; run this again"},
    {LDNS_RCODE_YXRRSET, "the zone has changed meanwhile; run this again"},
    {LDNS_RCODE_NXRRSET, "the zone has changed meanwhile; run this again"},
    {LDNS_RCODE_NOTAUTH,
     "it is not the zone's primary server; give the one that is, or look at its view for us"},
    {LDNS_RCODE_NOTZONE,
     "it has that name in another zone; look whether a part has been delegated"},
};

static const char *
advice_against_refused(const struct dns_client *client)
{
    return client->key != NULL ? "it has no such zone, or its allow-query, allow-update or "
                                 "update-policy does not name the key"
                               : "it has no such zone, or demands a key (--tsig FILE), or does not "
                                 "allow this machine";
}

int
problem_of_code(struct ucprov_problem *problem, const struct dns_client *client, unsigned code,
                const char *what)
{
    const char *advice = code == LDNS_RCODE_REFUSED ? advice_against_refused(client) : NULL;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        advice = refusals[i].code == code ? refusals[i].advice : advice;
    }
    return advice != NULL ? problem_set(problem, UCPROV_EXIT_FINDING, "%s refuses %s (%s): %s",
                                        client->name, what, dns_rcode_name(code), advice)
                          : problem_set(problem, UCPROV_EXIT_FINDING,
                                        "%s refuses %s with response code %u: look in its log",
                                        client->name, what, code);
}

void
warn_of_strays(size_t strays)
{
    if (strays > 0) {
        complain(
            "warning: %zu message%s came that answered nothing, and %s passed over: the server "
            "is faulty, or somebody forges answers",
            strays, strays == 1 ? "" : "s", strays == 1 ? "was" : "were");
    }
}
