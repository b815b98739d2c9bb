/* SPDX-License-Identifier: MPL-2.0 */
/* The daemon: starts the workers, and then waits for signals. */
#ifndef DAEMON_H
#define DAEMON_H

#include "daemon/capubd_arguments.h"

/* Serves until SIGTERM or SIGINT. Returns the status to exit with. */
int daemon_run(const struct capubd_arguments *arguments);

/* Loads everything as daemon_run() would, says what it found on standard output and error, and
 * returns the status to exit with. */
int daemon_check(const struct capubd_arguments *arguments);

#endif
