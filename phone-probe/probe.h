/* SPDX-License-Identifier: MPL-2.0 */
/* A run of the probe: the steps that were asked for, one after the other, in bounded time. */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include <net/if.h>

#include "checks.h"
#include "phone.h"
#include "probe_arguments.h"
#include "steps/dhcp_steps.h"
#include "verdict.h"

struct probe {
    const struct probe_arguments *arguments; /* borrowed */
    struct phone *phone;                     /* its own */
    struct ucprov_findings checks;
    struct dhcp_steps *dhcp; /* NULL: DHCP is not asked */
    double seconds[STEP_COUNT];
    struct course course; /* how far it came */
    char carrier[IF_NAMESIZE];
};

/* Opens what is needed, and takes the steps. Returns 0, or -1 after a message: the system does not
 * let us, or a file cannot be used. The caller closes it in either case. */
int probe_run(struct probe *probe, const struct probe_arguments *arguments);
void probe_close(struct probe *probe);

#endif
