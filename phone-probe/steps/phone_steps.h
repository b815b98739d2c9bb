/* SPDX-License-Identifier: MPL-2.0 */
/* The steps behind DHCP. Each reads what the phone has learned, and adds its checks.
 */
#ifndef PROBE_PHONE_STEPS_H
#define PROBE_PHONE_STEPS_H

#include "phone.h"

/* names.*: ucupdates-r2, sign-in, time, and the servers that DHCP named. */
void names_step(struct phone *phone);

/* time.*: SNTP to every source that a phone knows. */
void time_step(struct phone *phone);

/* update.before: the update server, as long as its root is not known. */
void update_step_before(struct phone *phone);

/* chain.*: the root chain, fetched as an anonymous phone does. */
void chain_step(struct phone *phone);

/* update.*: the update server again, trusting that chain alone. */
void update_step_after(struct phone *phone);

/* registrar.*: where the phone signs in. */
void registrar_step(struct phone *phone);

/* firmware.*: what is known of the phone's firmware. */
void firmware_step(struct phone *phone);

#endif
