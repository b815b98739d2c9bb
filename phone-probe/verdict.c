/* SPDX-License-Identifier: MPL-2.0 */
/* What the failures cost, and what was proven, put into a sentence. What was not looked at is
 * promised to nobody. */
#include "verdict.h"

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

const char *
verdict_text(const struct ucprov_findings *checks, unsigned taken)
{
    enum ucprov_severity worst = ucprov_findings_worst(checks);
    const struct ucprov_finding *offer = check_find(checks, CHECK_DHCP_OFFER);

    if (worst == UCPROV_FAIL) {
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
    if (worst == UCPROV_SKIP) {
        return "Nothing could be looked at from here.";
    }
    bool asked_dhcp = (taken & STEPS_OF(STEP_DHCP)) != 0 && (taken & STEPS_OF(STEP_INFORM)) != 0;
    if (asked_dhcp && (taken & STEPS_BEHIND_DHCP) == 0) {
        return dhcp_text(worst);
    }
    return promise_text(checks, worst == UCPROV_WARN);
}
