/* SPDX-License-Identifier: MPL-2.0 */
/* Giving up what the daemon does not need: being root, then system calls, then files. */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <stdbool.h>

#include "base/problem.h"
#include "site/site.h"

/* As root: becomes the user, for good. As anybody else: gives up all capabilities. In either case
 * nothing that is executed gets more, and the memory with the key is in no core file. Returns 0,
 * or -1 with a problem. */
int privileges_drop(const char *user, struct ucprov_problem *problem);

/* What the sandbox could do on this kernel. */
struct sandbox {
    int landlock_abi; /* 0: the kernel has no Landlock */
    bool seccomp;
};

/* Landlock: from now on, files can only be read, and only below the folders that hold the site file
 * and what it names (a reload finds new versions there), for this thread and those it starts.
 * Returns 0, or -1 with a problem; a kernel without Landlock is no problem. */
int sandbox_files(struct sandbox *sandbox, const char *site_file, const struct ucprov_ca *ca,
                  struct ucprov_problem *problem);

/* seccomp: from now on, every thread can make only the system calls that serving takes; others fail
 * with EPERM. As above. */
int sandbox_system_calls(struct sandbox *sandbox, struct ucprov_problem *problem);

#endif
