/* SPDX-License-Identifier: MPL-2.0 */
/* What was seen, against what a site file promises: the options of the vlan whose subnet holds the
 * phone's address, and the addresses of ucupdates-r2 of its pool.
 */
#ifndef PROBE_SITE_COMPARISON_H
#define PROBE_SITE_COMPARISON_H

#include "phone.h"
#include "steps/dhcp_steps.h"

struct site_comparison;

/* Reads a site file; NULL after its errors are printed. */
struct site_comparison *site_comparison_new(const char *file);
void site_comparison_free(struct site_comparison *comparison); /* may be NULL */

/* site.*: adds the checks. `dhcp` may be NULL: DHCP was not asked. */
void site_comparison_step(const struct site_comparison *comparison, struct phone *phone,
                          const struct dhcp_steps *dhcp);

#endif
