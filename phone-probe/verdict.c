/* SPDX-License-Identifier: MPL-2.0 */
/* What the failures cost, and what was proven, put into a sentence. What was not looked at is
 * promised to nobody, and named. */
#include "verdict.h"

#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "steps.h"

static const char *
dhcp_text(enum ucprov_severity worst)
{
    return worst == UCPROV_WARN
               ? "DHCP tells this phone what it needs, with the reservations above."
               : "DHCP tells this phone what it needs.";
}

static const char *
promise_text(const struct ucprov_findings *checks, bool reservations)
{
    switch (checks_proven(checks)) {
    case PURPOSE_BOTH:
        return reservations ? "This phone will update itself and can sign in with a PIN, with the "
                              "reservations above."
                            : "This phone will update itself and can sign in with a PIN.";
    case PURPOSE_UPDATE:
        return "This phone will update itself. Whether it can sign in was not all looked at.";
    case PURPOSE_SIGN_IN:
        return "This phone can sign in with a PIN. Whether it updates itself was not all looked "
               "at.";
    default:
        return reservations ? "What was looked at will do, with the reservations above."
                            : "What was looked at is as a phone needs it.";
    }
}

/* Is there a check of this step that could not be made? */
static bool
is_skipped(const struct ucprov_findings *checks, enum step step)
{
    for (size_t i = 0; i < checks->count; i++) {
        if (checks->items[i].severity == UCPROV_SKIP && check_step(checks->items[i].code) == step) {
            return true;
        }
    }
    return false;
}

/* Was asked for, and not looked at, or not all of it? */
static bool
is_gap(const struct ucprov_findings *checks, const struct course *course, enum step step)
{
    bool asked = (course->asked & STEPS_OF(step)) != 0;
    bool taken = (course->taken & STEPS_OF(step)) != 0;
    return asked && (!taken || is_skipped(checks, step));
}

/* What was not looked at besides steps: the site file. */
static bool
misses_site(const struct ucprov_findings *checks)
{
    const struct ucprov_finding *site = check_find(checks, CHECK_SITE_OPTIONS);
    return site != NULL && site->severity == UCPROV_SKIP;
}

json_t *
verdict_gaps_json(const struct ucprov_findings *checks, const struct course *course)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < STEP_COUNT; i++) {
        if (is_gap(checks, course, i)) {
            json_array_append_new(list, json_string(step_name(i)));
        }
    }
    if (misses_site(checks)) {
        json_array_append_new(list, json_string("site file"));
    }
    return list;
}

static bool
has_gaps(const struct ucprov_findings *checks, const struct course *course)
{
    bool gaps = misses_site(checks) || check_find(checks, CHECK_ROUTE) != NULL;
    for (unsigned i = 0; i < STEP_COUNT; i++) {
        gaps = gaps || is_gap(checks, course, i);
    }
    return gaps || course->interrupted;
}

enum ucprov_severity
verdict_severity(const struct ucprov_findings *checks, const struct course *course)
{
    enum ucprov_severity worst = ucprov_findings_worst(checks);
    return worst < UCPROV_FAIL && has_gaps(checks, course) ? UCPROV_SKIP : worst;
}

static const char *
failure_text(const struct ucprov_findings *checks)
{
    const struct ucprov_finding *offer = check_find(checks, CHECK_DHCP_OFFER);

    if (offer != NULL && offer->severity == UCPROV_FAIL) {
        return "This phone gets no address, and will do nothing.";
    }
    switch (checks_lost(checks)) {
    case PURPOSE_UPDATE:
        return "This phone will not update itself before somebody has signed in.";
    case PURPOSE_SIGN_IN:
        return "This phone cannot sign in with a PIN.";
    case PURPOSE_BOTH:
        return "This phone will neither update itself nor sign in with a PIN.";
    default:
        return "What was seen is not what the site file promises.";
    }
}

/* "names, time and sign-in"; nothing when there is no gap but the way. */
static void
add_gaps(struct text *text, const struct ucprov_findings *checks, const struct course *course)
{
    json_t *gaps = verdict_gaps_json(checks, course);
    size_t i;
    json_t *gap;

    json_array_foreach(gaps, i, gap)
    {
        text_add(text, "%s%s", i == 0 ? " Not looked at: " : ", ", json_string_value(gap));
    }
    text_add(text, "%s", json_array_size(gaps) > 0 ? "." : "");
    json_decref(gaps);
}

/* What to do about the gaps. */
static void
add_way_out(struct text *text, const struct ucprov_findings *checks, const struct course *course)
{
    if (check_find(checks, CHECK_ROUTE) != NULL && course->interface != NULL) {
        text_add(text,
                 " %s has no address of its own, so this machine does not go the phones' way: \"ip "
                 "addr add ADDRESS/LENGTH dev %s\" gives it one of their subnet.",
                 course->interface, course->interface);
    } else if (check_find(checks, CHECK_TOTAL) != NULL) {
        text_add(text, " The time was up: allow more with --total.");
    }
}

static const char *
fine_text(const struct ucprov_findings *checks, const struct course *course)
{
    enum ucprov_severity worst = ucprov_findings_worst(checks);
    bool asked_dhcp =
        (course->taken & STEPS_OF(STEP_DHCP)) != 0 && (course->taken & STEPS_OF(STEP_INFORM)) != 0;

    return asked_dhcp && (course->taken & STEPS_BEHIND_DHCP) == 0
               ? dhcp_text(worst)
               : promise_text(checks, worst == UCPROV_WARN);
}

char *
verdict_command(const struct course *course)
{
    char name[sizeof("voice65535")] = "voice0";

    if (course->voice_vlan == 0 || course->carrier == NULL) {
        return NULL;
    }
    if (if_nametoindex(name) != 0) {
        snprintf(name, sizeof(name), "voice%u", course->voice_vlan);
    }
    return text_format("ip link add link %s name %s type vlan id %u && ip link set %s up && "
                       "ucprov-probe -i %s",
                       course->carrier, name, course->voice_vlan, name, name);
}

char *
verdict_text(const struct ucprov_findings *checks, const struct course *course)
{
    struct text text = {0};
    enum ucprov_severity severity = verdict_severity(checks, course);

    if (course->voice_vlan != 0) {
        return text_format("This is not the voice VLAN: a phone here is sent to VLAN %u.%s",
                           course->voice_vlan, course->interface != NULL ? " Look there:" : "");
    }
    text_add(&text, "%s", course->interrupted ? "Interrupted. " : "");
    text_add(&text, "%s",
             severity == UCPROV_FAIL   ? failure_text(checks)
             : severity == UCPROV_SKIP ? "Not known whether this phone would do."
                                       : fine_text(checks, course));
    bool cut = course->interrupted || check_find(checks, CHECK_TOTAL) != NULL;
    if (severity == UCPROV_SKIP || (cut && has_gaps(checks, course))) {
        add_gaps(&text, checks, course);
        add_way_out(&text, checks, course);
    }
    return text_take(&text);
}
