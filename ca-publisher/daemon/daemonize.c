/* SPDX-License-Identifier: MPL-2.0 */
/* Forks once, and lets the parent wait at a pipe until the child says that it serves. Under
 * systemd, and with -d, none of it is used. */
#include "daemon/daemonize.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAILED 2

static int null = -1; /* opened before the sandbox forbids it */

static void
wait_for_child(pid_t child, int descriptor)
{
    char octet;
    int status;
    if (read(descriptor, &octet, 1) == 1) {
        _exit(0);
    }
    if (waitpid(child, &status, 0) == child && WIFEXITED(status)) {
        _exit(WEXITSTATUS(status));
    }
    _exit(FAILED);
}

int
daemonize_enter(void)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    pid_t child = fork();
    if (child < 0) {
        return -1;
    }
    if (child > 0) {
        close(ends[1]);
        wait_for_child(child, ends[0]);
    }
    close(ends[0]);
    setsid();
    null = open("/dev/null", O_RDWR | O_CLOEXEC);
    return ends[1];
}

void
daemonize_ready(int descriptor)
{
    if (null >= 0) {
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        close(null);
    }
    if (write(descriptor, "", 1) != 1) {
        /* the parent is gone; nobody waits */
    }
    close(descriptor);
}
