/* SPDX-License-Identifier: MPL-2.0 */
/* Runs the steps in the phone's order until one cannot run or the time is up, and says aloud what
 * was therefore not looked at. What a step does is in steps/. */
#include "probe.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"

#include "dhcp/dhcp_link.h"
#include "dhcp/dhcp_relay.h"
#include "steps/phone_steps.h"
#include "steps/site_comparison.h"

static volatile sig_atomic_t was_interrupted;

/* The time is up for whatever is waited for. */
static void
interrupt(int number)
{
    (void)number;
    was_interrupted = 1;
    ucprov_clock_run_out();
}

/* A step, as it is taken; 0, or -1 after a message. */
struct step_action {
    enum step step;
    int (*take)(struct probe *probe);
};

static int
fail_transport(const struct probe *probe)
{
    complain("%s", probe->dhcp->transport->error);
    return -1;
}

/* DHCP's patience ends with everybody's. */
static struct dhcp_steps *
dhcp_of(struct probe *probe)
{
    probe->dhcp->options.timing.timeout = phone_query_timeout(probe->phone);
    return probe->dhcp;
}

static int
take_vlan(struct probe *probe)
{
    return dhcp_step_voice_vlan(dhcp_of(probe)) == 0 ? 0 : fail_transport(probe);
}

static int
take_dhcp(struct probe *probe)
{
    if (dhcp_step_discover(dhcp_of(probe)) != 0) {
        return fail_transport(probe);
    }
    phone_learn_discover(probe->phone, &probe->dhcp->discover);
    return 0;
}

static int
take_inform(struct probe *probe)
{
    if (dhcp_step_inform(dhcp_of(probe), &probe->phone->learned.address) != 0) {
        return fail_transport(probe);
    }
    phone_learn_inform(probe->phone, &probe->dhcp->inform);
    return 0;
}

static int
take_names(struct probe *probe)
{
    names_step(probe->phone);
    return 0;
}

static int
take_time(struct probe *probe)
{
    time_step(probe->phone);
    return 0;
}

static int
take_update_before(struct probe *probe)
{
    update_step_before(probe->phone);
    return 0;
}

static int
take_chain(struct probe *probe)
{
    chain_step(probe->phone);
    return 0;
}

static int
take_update_after(struct probe *probe)
{
    update_step_after(probe->phone);
    return 0;
}

static int
take_sign_in(struct probe *probe)
{
    registrar_step(probe->phone);
    return 0;
}

/* In the phone's order. */
static const struct step_action step_actions[] = {
    {STEP_VLAN, take_vlan},   {STEP_DHCP, take_dhcp},           {STEP_INFORM, take_inform},
    {STEP_NAMES, take_names}, {STEP_TIME, take_time},           {STEP_UPDATE, take_update_before},
    {STEP_CHAIN, take_chain}, {STEP_UPDATE, take_update_after}, {STEP_SIGN_IN, take_sign_in},
};

/* Somebody at a terminal sees what is waited for. */
static void
show_progress(const char *what)
{
    if (isatty(STDERR_FILENO) == 1) {
        fprintf(stderr, what != NULL ? "\r\033[K%s ..." : "\r\033[K%s", what != NULL ? what : "");
        fflush(stderr);
    }
}

static void
report_late(struct probe *probe)
{
    if (probe->course.interrupted || probe->course.voice_vlan != 0 ||
        check_find(&probe->checks, CHECK_TOTAL) != NULL) {
        return;
    }
    check_add(&probe->checks, CHECK_TOTAL, UCPROV_SKIP,
              text_format("the time was up (%d s)", probe->arguments->total / 1000),
              text_format("What was not looked at may be right or wrong. Find out above what is "
                          "slow, or allow more with --total."));
}

/* A step that was cut short has seen no end: whom it did not hear may have been about to answer,
 * and what it did not come to is not fine. What it has to say is kept, and decides nothing. */
static void
mark_unfinished(struct ucprov_findings *checks, size_t first)
{
    for (size_t i = first; i < checks->count; i++) {
        struct ucprov_finding *check = &checks->items[i];
        char *text =
            text_format("not finished; so far: %s", check->text != NULL ? check->text : "?");
        free(check->text);
        free(check->remedy);
        check->text = text;
        check->remedy = NULL;
        check->severity = UCPROV_SKIP;
    }
}

/* The steps behind DHCP go the way of this machine's routes. Where the interface has an address,
 * that is the phones' way; where not, what they find may not be what a phone finds. */
static void
note_way(struct probe *probe)
{
    if (probe->dhcp == NULL || probe->arguments->interface == NULL ||
        probe->dhcp->transport->own_address.s_addr != INADDR_ANY ||
        check_find(&probe->checks, CHECK_ROUTE) != NULL) {
        return;
    }
    check_add(&probe->checks, CHECK_ROUTE, UCPROV_SKIP,
              text_format("%s has no address of its own, so what follows goes the way of this "
                          "machine's other routes, not the phones'",
                          probe->arguments->interface),
              text_format("Give the interface an address of the phones' subnet, and a route: ip "
                          "addr add ADDRESS/LENGTH dev %s",
                          probe->arguments->interface));
}

/* Takes one step, in its time. 0, or -1 after a message. */
static int
take_step(struct probe *probe, const struct step_action *action)
{
    enum step step = action->step;
    size_t first = probe->checks.count;
    int64_t start = ucprov_clock_ms();

    show_progress(step_name(step));
    int status = action->take(probe);
    probe->course.taken |= STEPS_OF(step);
    probe->course.interrupted = was_interrupted != 0;
    if (probe->course.interrupted) {
        mark_unfinished(&probe->checks, first);
        return 0; /* whatever it is: the step was not let finish */
    }
    probe->seconds[step] += (double)(ucprov_clock_ms() - start) / 1000;
    if (status == 0 && phone_deadline_passed(probe->phone)) {
        mark_unfinished(&probe->checks, first);
        report_late(probe);
    }
    return status;
}

/* The commonest mistake: the phone is where DHCP knows nothing of phones. Is it sent elsewhere from
 * here? The question is asked unasked; a server that answers it everywhere, and sends a phone where
 * it is, sends it nowhere. 0, or -1 after a message. */
static int
look_for_voice_vlan(struct probe *probe)
{
    static const struct step_action vlan = {STEP_VLAN, take_vlan};
    const struct probe_arguments *arguments = probe->arguments;

    if (!dhcp_steps_know_no_phones(probe->dhcp)) {
        return 0;
    }
    if ((probe->course.taken & STEPS_OF(STEP_VLAN)) == 0 && take_step(probe, &vlan) != 0) {
        return -1;
    }
    uint16_t id = dhcp_steps_voice_vlan(probe->dhcp);
    if (arguments->interface == NULL) {
        probe->course.voice_vlan = id;
    } else if (dhcp_link_vlan(arguments->interface, probe->carrier) != id) {
        probe->course.voice_vlan = id;
        probe->course.carrier = probe->carrier;
    }
    return 0;
}

static bool
is_over(const struct probe *probe)
{
    return probe->course.interrupted || probe->course.voice_vlan != 0 ||
           phone_deadline_passed(probe->phone);
}

static int
take_steps(struct probe *probe)
{
    int status = 0;

    for (size_t i = 0; i < sizeof(step_actions) / sizeof(step_actions[0]) && status == 0; i++) {
        enum step step = step_actions[i].step;
        if ((probe->arguments->steps & STEPS_OF(step)) == 0) {
            continue;
        }
        if (is_over(probe)) {
            report_late(probe);
            break;
        }
        if ((STEPS_OF(step) & STEPS_BEHIND_DHCP) != 0) {
            note_way(probe);
        }
        status = take_step(probe, &step_actions[i]);
        if (status == 0 && step == STEP_INFORM && !is_over(probe)) {
            status = look_for_voice_vlan(probe);
        }
    }
    show_progress(NULL);
    return status;
}

/* The same, until somebody interrupts it. A second signal ends the program at once. */
static int
take_steps_until_signal(struct probe *probe)
{
    static const int signals[] = {SIGINT, SIGTERM};
    const struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    struct sigaction before[sizeof(signals) / sizeof(signals[0])];

    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        sigaction(signals[i], &action, &before[i]);
        if (before[i].sa_handler == SIG_IGN) {
            sigaction(signals[i], &before[i], NULL);
        }
    }
    int status = take_steps(probe);
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        sigaction(signals[i], &before[i], NULL);
    }
    return status;
}

static void
compare_with_site(struct probe *probe, const struct site_comparison *site)
{
    if (probe->course.interrupted) {
        check_add(&probe->checks, CHECK_SITE_OPTIONS, UCPROV_SKIP,
                  text_format("not compared: the run was interrupted"), NULL);
    } else {
        site_comparison_step(site, probe->phone, probe->dhcp);
    }
}

/* Opens the way to the DHCP servers. 0, or -1 after a message. */
static int
open_dhcp(struct probe *probe)
{
    char error[DHCP_TRANSPORT_ERROR_SIZE];
    const struct probe_arguments *arguments = probe->arguments;
    const struct dhcp_relay_options *server = &arguments->server;
    struct dhcp_transport *transport =
        arguments->interface != NULL ? dhcp_link_new(arguments->interface, server->hardware, error)
                                     : dhcp_relay_new(server, error);

    if (transport == NULL) {
        complain(
            "%s: %s",
            arguments->interface != NULL ? arguments->interface : address_text(server->server.sin_addr),
            error);
        return -1;
    }
    probe->dhcp = calloc(1, sizeof(*probe->dhcp)); /* too large for some stacks */
    if (probe->dhcp == NULL) {
        transport->free(transport);
        complain("out of memory");
        return -1;
    }
    probe->dhcp->options = arguments->dhcp;
    probe->dhcp->transport = transport;
    probe->dhcp->checks = &probe->checks;
    return 0;
}

/* The chain that was given instead of one to be fetched. 0, or -1 after a message. */
static int
read_chain(struct probe *probe)
{
    struct ucprov_problem problem;
    struct phone *phone = probe->phone;
    STACK_OF(X509) *certificates =
        ucprov_certificates_read(probe->arguments->chain_file, UCPROV_FILE_OR_PIPE, &problem);

    if (certificates != NULL && ucprov_chains_build(&phone->learned.chains, certificates,
                                                    phone_now(phone), &problem) == 0) {
        phone->learned.chain_known = true;
    } else {
        complain("%s: %s", probe->arguments->chain_file, problem.text);
    }
    ucprov_certificates_free(certificates);
    return phone->learned.chain_known ? 0 : -1;
}

int
probe_run(struct probe *probe, const struct probe_arguments *arguments)
{
    struct site_comparison *site = NULL;

    *probe =
        (struct probe){.arguments = arguments,
                       .phone = calloc(1, sizeof(*probe->phone)),
                       .course = {.asked = arguments->steps, .interface = arguments->interface}};
    if (probe->phone == NULL) { /* which is too large for some stacks */
        complain("out of memory");
        return -1;
    }
    phone_begin(probe->phone, &arguments->phone, &probe->checks);
    if (arguments->site_file != NULL) {
        site = site_comparison_new(arguments->site_file);
        if (site == NULL) {
            return -1;
        }
    }
    int status = arguments->chain_file != NULL ? read_chain(probe) : 0;
    if (status == 0 && (arguments->steps & STEPS_DHCP) != 0) {
        status = open_dhcp(probe);
    }
    probe->phone->deadline = ucprov_clock_ms() + arguments->total;
    probe->phone->learned.resolver.deadline = probe->phone->deadline;
    if (status == 0) {
        status = take_steps_until_signal(probe);
    }
    if (status == 0) {
        firmware_step(probe->phone);
    }
    if (status == 0 && site != NULL) {
        compare_with_site(probe, site);
    }
    site_comparison_free(site);
    return status;
}

void
probe_close(struct probe *probe)
{
    if (probe->dhcp != NULL) {
        probe->dhcp->transport->free(probe->dhcp->transport);
        free(probe->dhcp);
    }
    if (probe->phone != NULL) {
        phone_clear(probe->phone);
        free(probe->phone);
    }
    ucprov_findings_clear(&probe->checks);
    probe->dhcp = NULL;
    probe->phone = NULL;
}
