/* SPDX-License-Identifier: MPL-2.0 */
/* The time, from every source that a phone knows. Which of option 42 and the SRV record a phone
 * tries first is not known, so both are asked; time.windows.com is its last resort.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhcp/dhcp_transport.h"
#include "steps/phone_steps.h"
#include "steps/sntp.h"
#include "text.h"

#define SOURCES_MAX (2 * PHONE_TIME_SERVERS_MAX)
#define LAST_RESORT "time.windows.com"

/* Against the clock of this machine. A certificate that was made today is not valid yet on a phone
 * that lives yesterday; the later steps look at the real dates with the phone's clock. */
#define OFFSET_FAIL 86400.0
#define OFFSET_WARN 60.0

struct source {
    const char *origin; /* "option 42"; static */
    struct sockaddr_in address;
    struct sntp_result result;
};

struct sources {
    size_t count;
    struct source items[SOURCES_MAX];
};

static void
add_source(struct sources *sources, const char *origin, struct in_addr address, in_port_t port)
{
    for (size_t i = 0; i < sources->count; i++) {
        if (sources->items[i].address.sin_addr.s_addr == address.s_addr) {
            return;
        }
    }
    if (sources->count < SOURCES_MAX) {
        sources->items[sources->count++] = (struct source){
            .origin = origin,
            .address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = address},
            .result = {.outcome = SNTP_SILENT}}; /* until it is asked, which it may never be */
    }
}

/* The addresses of the SRV records' targets, in every domain. */
static void
add_srv_sources(struct phone *phone, struct sources *sources)
{
    char name[LOOKUP_NAME_SIZE];
    struct lookup srv, target;

    for (size_t i = 0; i < phone->learned.domain_count; i++) {
        if (snprintf(name, sizeof(name), "_ntp._udp.%s", phone->learned.domains[i]) >=
            (int)sizeof(name)) {
            continue;
        }
        resolver_services(&phone->learned.resolver, name, &srv);
        for (size_t j = 0; srv.outcome == LOOKUP_FOUND && j < srv.count; j++) {
            resolver_addresses(&phone->learned.resolver, srv.services[j].target, &target);
            for (size_t k = 0; target.outcome == LOOKUP_FOUND && k < target.count; k++) {
                add_source(sources, "SRV", target.addresses[k],
                           phone->settings->ports.ntp != SNTP_PORT ? phone->settings->ports.ntp
                                                                   : srv.services[j].port);
            }
        }
    }
}

static size_t
ask_sources(const struct phone *phone, struct sources *sources, size_t from)
{
    size_t told = 0;

    for (size_t i = from; i < sources->count && !phone_deadline_passed(phone); i++) {
        sntp_ask(&sources->items[i].result, &sources->items[i].address, phone_query_timeout(phone));
        told += sources->items[i].result.outcome == SNTP_TOLD;
    }
    return told;
}

static size_t
ask_last_resort(struct phone *phone, struct sources *sources)
{
    size_t from = sources->count;
    struct lookup lookup;

    if (phone->learned.resolver.count == 0) {
        return 0;
    }
    resolver_addresses(&phone->learned.resolver, LAST_RESORT, &lookup);
    if (lookup.outcome == LOOKUP_FOUND) {
        add_source(sources, LAST_RESORT, lookup.addresses[0], phone->settings->ports.ntp);
    }
    return ask_sources(phone, sources, from);
}

/* "1.8 days", "12 ms" */
static void
add_duration(struct text *text, double seconds)
{
    if (seconds >= 2 * 86400.0) {
        text_add(text, "%.1f days", seconds / 86400.0);
    } else if (seconds >= 2 * 3600.0) {
        text_add(text, "%.1f hours", seconds / 3600.0);
    } else if (seconds >= 2.0) {
        text_add(text, "%.0f s", seconds);
    } else {
        text_add(text,
                 seconds < 0.0001 ? "%.2f ms"
                 : seconds < 0.01 ? "%.1f ms"
                                  : "%.0f ms",
                 seconds * 1000);
    }
}

static void
add_source_name(struct text *text, const struct source *source)
{
    text_add(text, "%s", address_text(source->address.sin_addr));
    if (source->address.sin_port != htons(SNTP_PORT)) {
        text_add(text, " port %u", ntohs(source->address.sin_port));
    }
    if (strcmp(source->origin, "option 42") != 0) {
        text_add(text, " (%s)", source->origin);
    }
}

static const struct source *
first_told(const struct sources *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        if (sources->items[i].result.outcome == SNTP_TOLD) {
            return &sources->items[i];
        }
    }
    return NULL;
}

/* The time that the first source tells: it is what the phone will live by. */
static void
check_offset(struct phone *phone, const struct source *source)
{
    struct text text = {0};
    double apart = fabs(source->result.offset);
    enum ucprov_severity status = apart >= OFFSET_FAIL   ? UCPROV_FAIL
                                  : apart >= OFFSET_WARN ? UCPROV_WARN
                                                         : UCPROV_PASS;

    phone->learned.time_known = true;
    phone->learned.clock_offset = source->result.offset;
    add_source_name(&text, source);
    text_add(&text, ", ");
    add_duration(&text, source->result.delay);
    text_add(&text, " away, clocks ");
    add_duration(&text, apart);
    text_add(&text, " apart");
    check_add(phone->checks, CHECK_TIME_ANSWER, status, text_take(&text),
              status == UCPROV_PASS
                  ? NULL
                  : text_format("The phone takes this time, and judges certificates by it: %s. "
                                "Either this server or the clock of this machine is wrong; "
                                "correct whichever it is.",
                                status == UCPROV_FAIL
                                    ? "a day off, and those that are new or old are not valid"
                                    : "more than a minute off"));
}

static char *
failures_text(const struct sources *sources)
{
    struct text text = {0};

    for (size_t i = 0; i < sources->count; i++) {
        if (sources->items[i].result.outcome == SNTP_TOLD) {
            continue;
        }
        text_separate(&text, "; ");
        add_source_name(&text, &sources->items[i]);
        text_add(&text, ": %s",
                 sources->items[i].result.problem[0] != '\0' ? sources->items[i].result.problem
                                                             : "not asked, the time was up");
    }
    return text_take(&text);
}

static void
report_no_time(struct phone *phone, const struct sources *sources)
{
    bool unreachable = sources->count > 0;

    for (size_t i = 0; i < sources->count; i++) {
        unreachable = unreachable && sources->items[i].result.outcome == SNTP_UNREACHABLE;
    }
    if (sources->count == 0) {
        check_add(phone->checks, CHECK_TIME_ANSWER, UCPROV_FAIL,
                  text_format("no time source: neither option 42, nor SRV _ntp._udp, nor an "
                              "address of " LAST_RESORT),
                  text_format("Without time no TLS works, so nothing else does either. Send option "
                              "42 (time servers)."));
    } else if (unreachable) {
        check_add(phone->checks, CHECK_TIME_ANSWER, UCPROV_SKIP,
                  text_format("this machine has no route to %s",
                              address_text(sources->items[0].address.sin_addr)),
                  text_format("A phone may have one: run this where the phones are."));
    } else {
        check_add(phone->checks, CHECK_TIME_ANSWER, UCPROV_FAIL, failures_text(sources),
                  text_format("Without time no TLS works, so nothing else does either. Let one of "
                              "these servers answer the phones (UDP port 123), or name others in "
                              "option 42."));
    }
}

/* Sources that fail beside one that works; and those that tell another time. */
static void
check_others(struct phone *phone, const struct sources *sources, const struct source *chosen,
             size_t told)
{
    double most = 0;

    for (size_t i = 0; i < sources->count; i++) {
        const struct sntp_result *result = &sources->items[i].result;
        double apart = fabs(result->offset - chosen->result.offset);
        most = result->outcome == SNTP_TOLD && apart > most ? apart : most;
    }
    if (told < sources->count) {
        check_add(phone->checks, CHECK_TIME_OTHERS, UCPROV_WARN, failures_text(sources),
                  text_format("Which of its time sources a phone asks first is not known, and each "
                              "that fails costs it time at every boot. Correct or remove it."));
    } else if (most >= OFFSET_WARN) {
        struct text text = {0};
        text_add(&text, "they disagree by ");
        add_duration(&text, most);
        check_add(phone->checks, CHECK_TIME_OTHERS, UCPROV_WARN, text_take(&text),
                  text_format("Which of its time sources a phone believes is not known: find the "
                              "one that is wrong."));
    } else {
        check_add(phone->checks, CHECK_TIME_OTHERS, UCPROV_PASS,
                  text_format("%zu of %zu agree", told, sources->count), NULL);
    }
}

void
time_step(struct phone *phone)
{
    struct sources *sources = calloc(1, sizeof(*sources));

    if (sources == NULL) {
        check_add(phone->checks, CHECK_TIME_ANSWER, UCPROV_FAIL, NULL, NULL);
        return;
    }
    for (size_t i = 0; i < phone->learned.time_server_count; i++) {
        add_source(sources, "option 42", phone->learned.time_servers[i],
                   phone->settings->ports.ntp);
    }
    add_srv_sources(phone, sources);
    size_t told = ask_sources(phone, sources, 0);
    if (told == 0) {
        told = ask_last_resort(phone, sources);
    }
    const struct source *chosen = first_told(sources);
    if (chosen != NULL) {
        check_offset(phone, chosen);
        check_others(phone, sources, chosen, told);
    } else {
        report_no_time(phone, sources);
    }
    free(sources);
}
