/* SPDX-License-Identifier: MPL-2.0 */
/* Going into the background (daemon(7), SysV): the command returns when the daemon serves, with its
 * exit status when it could not. */
#ifndef DAEMONIZE_H
#define DAEMONIZE_H

/* Forks. Returns in the child, with a descriptor for daemonize_ready(), or -1 with errno. The
 * parent waits, and exits. */
int daemonize_enter(void);

/* The parent may go: the child serves, and talks to the log from now on. */
void daemonize_ready(int descriptor);

#endif
