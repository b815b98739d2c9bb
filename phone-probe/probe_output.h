/* SPDX-License-Identifier: MPL-2.0 */
/* What a run found, for people, for programs, and for Nagios. */
#ifndef PROBE_OUTPUT_H
#define PROBE_OUTPUT_H

#include "probe.h"

/* Each prints on stdout. 0, or -1: out of memory, or stdout does not take it. */
int probe_print_text(const struct probe *probe);
int probe_print_json(const struct probe *probe);
int probe_print_nagios(const struct probe *probe);

/* The exit status of a run: as usual, and as Nagios wants it. */
int probe_exit_status(const struct probe *probe);
int probe_nagios_status(const struct probe *probe);

#define NAGIOS_UNKNOWN 3

#endif
