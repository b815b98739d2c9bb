/* SPDX-License-Identifier: MPL-2.0 */
/* Two tables: which failed check costs the phone what, and what has to have passed before anything
 * is promised. What was not looked at is promised to nobody. */
#include "verdict.h"

#include <string.h>

#include "steps.h"

/* What a phone is for. */
enum purpose { PURPOSE_UPDATE = 1, PURPOSE_SIGN_IN = 2, PURPOSE_BOTH = 3 };

/* What a failed check takes from the phone, by the beginning of its id; the first that fits. */
static const struct {
    const char *id;
    unsigned purposes;
} losses[] = {
    {"inform.", PURPOSE_SIGN_IN},
    {"names.update", PURPOSE_UPDATE},
    {"names.sign-in", PURPOSE_SIGN_IN},
    {"names.web", PURPOSE_SIGN_IN},
    {"names.registrar", PURPOSE_SIGN_IN},
    {"update.", PURPOSE_UPDATE},
    {"registrar.", PURPOSE_SIGN_IN},
    {"chain.https", PURPOSE_SIGN_IN},      /* where the PIN goes, once the chain is there */
    {"firmware.support", PURPOSE_SIGN_IN}, /* it never registers, but can be updated */
    {"site.", 0},
    {"", PURPOSE_BOTH}, /* DHCP, time, the chain and where it is, no time left */
};

/* What has to have been seen before anything is promised. */
static const struct {
    const char *id;
    unsigned purposes;
} proofs[] = {
    {"names.update", PURPOSE_UPDATE},       {"time.answer", PURPOSE_BOTH},
    {"update.certificate", PURPOSE_UPDATE}, {"update.service", PURPOSE_UPDATE},
    {"chain.http", PURPOSE_BOTH},           {"inform.vendor", PURPOSE_SIGN_IN},
    {"inform.sip", PURPOSE_SIGN_IN},        {"registrar.tls", PURPOSE_SIGN_IN},
};

static unsigned
lost(const struct report *report)
{
    unsigned purposes = 0;

    for (size_t i = 0; i < report->count; i++) {
        size_t j = 0;
        while (strncmp(report->checks[i].id, losses[j].id, strlen(losses[j].id)) != 0) {
            j++;
        }
        purposes |= report->checks[i].status == CHECK_FAIL ? losses[j].purposes : 0;
    }
    return purposes;
}

static unsigned
proven(const struct report *report)
{
    unsigned purposes = PURPOSE_BOTH;

    for (size_t i = 0; i < sizeof(proofs) / sizeof(proofs[0]); i++) {
        const struct check *check = report_find(report, proofs[i].id);
        if (check == NULL || check->status == CHECK_SKIP) {
            purposes &= ~proofs[i].purposes;
        }
    }
    return purposes;
}

static const char *
dhcp_text(enum check_status worst)
{
    return worst == CHECK_WARN ? "DHCP tells this phone what it needs, with the reservations above."
                               : "DHCP tells this phone what it needs.";
}

static const char *
promise_text(const struct report *report, bool reservations)
{
    switch (proven(report)) {
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
verdict_text(const struct report *report, unsigned taken)
{
    enum check_status worst = report_status(report);
    const struct check *offer = report_find(report, "dhcp.offer");

    if (worst == CHECK_FAIL) {
        if (offer != NULL && offer->status == CHECK_FAIL) {
            return "This phone gets no address, and will do nothing.";
        }
        switch (lost(report)) {
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
    if (worst == CHECK_SKIP) {
        return "Nothing could be looked at from here.";
    }
    bool asked_dhcp = (taken & STEPS_OF(STEP_DHCP)) != 0 && (taken & STEPS_OF(STEP_INFORM)) != 0;
    if (asked_dhcp && (taken & STEPS_BEHIND_DHCP) == 0) {
        return dhcp_text(worst);
    }
    return promise_text(report, worst == CHECK_WARN);
}
