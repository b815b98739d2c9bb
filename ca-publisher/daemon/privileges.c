/* SPDX-License-Identifier: MPL-2.0 */
/* User, capabilities, Landlock, seccomp: what each takes away, and from when. A kernel without one
 * of the last two is lived with, and the log says so; any other failure ends the start. */
#include "daemon/privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int
become(const char *user, struct ucprov_problem *problem)
{
    const struct passwd *entry = getpwnam(user);
    if (entry == NULL) {
        return ucprov_problem_set(problem,
                                  "ca.user: there is no user \"%s\"; \"adduser --system --group "
                                  "--no-create-home %s\" makes it",
                                  user, user);
    }
    if (entry->pw_uid == getuid()) {
        return 0; /* root on purpose; in a container, groups may be out of reach */
    }
    if (initgroups(user, entry->pw_gid) != 0 ||
        setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) != 0 ||
        setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) != 0) {
        return ucprov_problem_set(problem, "cannot become \"%s\": %s", user, strerror(errno));
    }
    if (setuid(0) == 0) {
        return ucprov_problem_set(problem, "became \"%s\", and could become root again", user);
    }
    return 0;
}

static int
drop_capabilities(struct ucprov_problem *problem)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (syscall(SYS_capset, &header, none) != 0) {
        return ucprov_problem_set(problem, "cannot give up capabilities: %s", strerror(errno));
    }
    return 0;
}

int
privileges_drop(const char *user, struct ucprov_problem *problem)
{
    if (getuid() == 0 && become(user, problem) != 0) {
        return -1;
    }
    if (drop_capabilities(problem) != 0) {
        return -1;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return ucprov_problem_set(problem, "prctl: %s", strerror(errno));
    }
    return 0;
}

/* Landlock */

#define LANDLOCK_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

/* All that the first version of Landlock knows; the newer ones' are about files we cannot write. */
#define LANDLOCK_ALL                                                                               \
    (LANDLOCK_READ | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |                  \
     LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                              \
     LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |    \
     LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | \
     LANDLOCK_ACCESS_FS_MAKE_SYM)

/* Allows reading below the folder of a file. */
static int
allow_folder(int ruleset, const char *file, struct ucprov_problem *problem)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s", file);
    const char *folder = dirname(path);
    struct landlock_path_beneath_attr rule = {.allowed_access = LANDLOCK_READ};
    rule.parent_fd = open(folder, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0) {
        return ucprov_problem_set(problem, "%s: %s", folder, strerror(errno));
    }
    long result = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    int error = errno;
    close(rule.parent_fd);
    return result == 0 ? 0
                       : ucprov_problem_set(problem, "Landlock: %s: %s", folder, strerror(error));
}

/* The same where a symbolic link leads, too, as certbot's do. */
static int
allow_file(int ruleset, const char *file, struct ucprov_problem *problem)
{
    char target[PATH_MAX];
    if (realpath(file, target) != NULL && allow_folder(ruleset, target, problem) != 0) {
        return -1;
    }
    return allow_folder(ruleset, file, problem);
}

static int
allow_files(int ruleset, const char *site_file, const struct ucprov_ca *ca,
            struct ucprov_problem *problem)
{
    const char *const files[] = {site_file, ca->response_template, ca->certificate, ca->key};
    for (size_t i = 0; i < ca->chains.count; i++) {
        if (allow_file(ruleset, ca->chains.items[i], problem) != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        if (files[i] != NULL && allow_file(ruleset, files[i], problem) != 0) {
            return -1;
        }
    }
    return 0;
}

int
sandbox_files(struct sandbox *sandbox, const char *site_file, const struct ucprov_ca *ca,
              struct ucprov_problem *problem)
{
    const struct landlock_ruleset_attr attributes = {.handled_access_fs = LANDLOCK_ALL};
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    sandbox->landlock_abi = abi > 0 ? (int)abi : 0;
    if (abi <= 0) {
        return 0;
    }
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0);
    if (ruleset < 0) {
        return ucprov_problem_set(problem, "Landlock: %s", strerror(errno));
    }
    int result = allow_files(ruleset, site_file, ca, problem);
    if (result == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) {
        result = ucprov_problem_set(problem, "Landlock: %s", strerror(errno));
    }
    close(ruleset);
    return result;
}

/* seccomp */

/* What serving takes: sockets that are there already, files that are read, memory, time, threads'
 * locks. No new programs, no new sockets but those accepted, no writing to files. */
static const int allowed_calls[] = {
    /* connections and the log */
    SCMP_SYS(accept4),
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(shutdown),
    SCMP_SYS(close),
    SCMP_SYS(getpeername),
    SCMP_SYS(getsockname),
    SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt),
    SCMP_SYS(ioctl),
    SCMP_SYS(fcntl),
    SCMP_SYS(sendfile),
    /* event loops */
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(eventfd2),
    SCMP_SYS(timerfd_create),
    SCMP_SYS(timerfd_settime),
    SCMP_SYS(socketpair),
    /* files, at a reload; the mode of openat is looked at below */
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(stat),
    SCMP_SYS(statx),
    SCMP_SYS(lseek),
    SCMP_SYS(pread64),
    SCMP_SYS(getdents64),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(getcwd),
    /* memory */
    SCMP_SYS(brk),
    SCMP_SYS(mmap),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(mprotect),
    SCMP_SYS(madvise),
    /* threads, signals, time, identity */
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(tgkill),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getrandom),
    SCMP_SYS(uname),
    SCMP_SYS(sysinfo),
    SCMP_SYS(rseq),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(dup),
    SCMP_SYS(dup2),
    SCMP_SYS(dup3),
    SCMP_SYS(prlimit64),
    SCMP_SYS(getrusage),
};

static int
allow_calls(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < sizeof(allowed_calls) / sizeof(*allowed_calls); i++) {
        int error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_calls[i], 0);
        if (error != 0 && error != -EDOM) { /* this machine does not have it */
            return error;
        }
    }
    /* Files are opened for reading; sockets are the local one of sd_notify(3) and syslog(3). */
    const struct scmp_arg_cmp reading = {2, SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT, O_RDONLY};
    const struct scmp_arg_cmp local = {0, SCMP_CMP_EQ, AF_UNIX, 0};
    int error = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, &reading);
    if (error == 0) {
        error = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, &local);
    }
    return error != 0 ? error : seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(connect), 0);
}

int
sandbox_system_calls(struct sandbox *sandbox, struct ucprov_problem *problem)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == NULL) {
        return ucprov_problem_set(problem, "seccomp: out of memory");
    }
    int error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (error == 0) {
        error = allow_calls(filter);
    }
    if (error == 0) {
        error = seccomp_load(filter);
    }
    seccomp_release(filter);
    sandbox->seccomp = error == 0;
    return error == 0 || error == -EINVAL || error == -ENOSYS ||
                   error == -EOPNOTSUPP /* the kernel has none */
               ? 0
               : ucprov_problem_set(problem, "seccomp: %s", strerror(-error));
}
