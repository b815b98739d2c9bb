/* SPDX-License-Identifier: MPL-2.0 */
/* The one place that opens files to read or replace them. O_NONBLOCK, so that a FIFO where a file
 * should be holds nobody up; sizes are bounded while reading, since files grow meanwhile. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE ((size_t)64 << 10) /* of what has no size: pipes */
#define SUFFIX    ".new"

/* Reading */

/* Makes room for `wanted` octets and a NUL. realloc(3) would leave copies of a key behind. */
static int
reserve(struct ucprov_file *file, size_t *capacity, size_t wanted)
{
    if (wanted < *capacity) {
        return 0;
    }
    char *larger = malloc(wanted + 1);
    if (larger == NULL) {
        return ENOMEM;
    }
    if (file->octets != NULL) {
        memcpy(larger, file->octets, file->length);
        explicit_bzero(file->octets, file->length);
        free(file->octets);
    }
    file->octets = larger;
    *capacity = wanted + 1;
    return 0;
}

/* -1 with errno; 0 at the end. A pipe is waited for. */
static ssize_t
read_some(int descriptor, char *octets, size_t size)
{
    for (;;) {
        struct pollfd poller = {.fd = descriptor, .events = POLLIN};
        if (poll(&poller, 1, -1) < 0 && errno != EINTR) {
            return -1;
        }
        ssize_t count = read(descriptor, octets, size);
        if (count >= 0 || (errno != EINTR && errno != EAGAIN)) {
            return count;
        }
    }
}

static int
read_all(struct ucprov_file *file, int descriptor, size_t max)
{
    /* One octet more than a regular file has shows that it does not grow. */
    size_t hint = S_ISREG(file->status.st_mode) ? (size_t)file->status.st_size + 1 : READ_SIZE;
    size_t capacity = 0;
    for (;;) {
        size_t step = file->length == 0 ? hint : file->length;
        size_t left = max + 1 - file->length;
        step = step < left ? step : left;
        int error = reserve(file, &capacity, file->length + step);
        if (error != 0) {
            return error;
        }
        ssize_t count =
            read_some(descriptor, file->octets + file->length, capacity - 1 - file->length);
        if (count < 0) {
            return errno;
        }
        file->length += (size_t)count;
        file->octets[file->length] = '\0';
        if (file->length > max) {
            return EFBIG;
        }
        if (count == 0) {
            return 0;
        }
    }
}

static int
check_kind(struct ucprov_file *file, int descriptor, size_t max, enum ucprov_file_kind kind)
{
    if (fstat(descriptor, &file->status) != 0) {
        return errno;
    }
    if (S_ISDIR(file->status.st_mode)) {
        return EISDIR;
    }
    if (S_ISREG(file->status.st_mode)) {
        return (unsigned long long)file->status.st_size > max ? EFBIG : 0;
    }
    return kind == UCPROV_FILE_REGULAR ? ENOTSUP : 0;
}

int
ucprov_file_read(struct ucprov_file *file, const char *path, size_t max, enum ucprov_file_kind kind)
{
    *file = (struct ucprov_file){.octets = NULL};
    bool input = kind == UCPROV_FILE_OR_INPUT && strcmp(path, "-") == 0;
    int descriptor =
        input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0) {
        return errno;
    }
    int error = check_kind(file, descriptor, max, kind);
    if (error == 0) {
        error = read_all(file, descriptor, max);
    }
    if (!input) {
        close(descriptor);
    }
    if (error != 0) {
        ucprov_file_clear(file);
    }
    return error;
}

void
ucprov_file_clear(struct ucprov_file *file)
{
    if (file->octets != NULL) {
        explicit_bzero(file->octets, file->length);
        free(file->octets);
    }
    file->octets = NULL;
    file->length = 0;
}

const char *
ucprov_file_error(int error)
{
    switch (error) {
    case EFBIG:
        return "larger than such a file may be";
    case ENOTSUP:
        return "not a regular file";
    default:
        return strerror(error);
    }
}

/* Writing */

int
ucprov_file_write(int descriptor, const void *octets, size_t length)
{
    const char *at = octets;
    while (length > 0) {
        ssize_t count = write(descriptor, at, length);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return count == 0 ? ENOSPC : errno;
        }
        at += count;
        length -= (size_t)count;
    }
    return 0;
}

/* The descriptor is closed in either case. */
static int
finish(int descriptor, const void *octets, size_t length)
{
    int error = ucprov_file_write(descriptor, octets, length);
    if (error == 0 && fsync(descriptor) != 0 && errno != EINVAL) { /* not all file systems can */
        error = errno;
    }
    if (close(descriptor) != 0 && error == 0) {
        error = errno;
    }
    return error;
}

/* So that the name survives a crash, too. Best effort: the folder may not be ours to read. */
static void
sync_folder(const char *path)
{
    char copy[PATH_MAX];
    if ((size_t)snprintf(copy, sizeof(copy), "%s", path) >= sizeof(copy)) {
        return;
    }
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        fsync(folder);
        close(folder);
    }
}

int
ucprov_file_create(const char *path, const void *octets, size_t length, mode_t mode)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return errno;
    }
    int error = fchmod(descriptor, mode) != 0 ? errno : 0;
    int written = finish(descriptor, octets, length);
    error = error != 0 ? error : written;
    if (error != 0) {
        unlink(path);
        return error;
    }
    sync_folder(path);
    return 0;
}

/* The owner and the mode of the file that is replaced; who may not give files away keeps at least
 * its group, if he may. */
static int
take_over(int descriptor, const struct stat *old)
{
    if (fchown(descriptor, old->st_uid, old->st_gid) != 0 &&
        fchown(descriptor, (uid_t)-1, old->st_gid) != 0 && errno != EPERM) {
        return errno;
    }
    return fchmod(descriptor, old->st_mode & 07777) != 0 ? errno : 0;
}

static int
write_beside(const char *beside, const char *path, const void *octets, size_t length, mode_t mode)
{
    struct stat old;
    if (unlink(beside) != 0 && errno != ENOENT) {
        return errno;
    }
    int descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return errno;
    }
    int error = stat(path, &old) == 0           ? take_over(descriptor, &old)
                : fchmod(descriptor, mode) != 0 ? errno
                                                : 0;
    int written = finish(descriptor, octets, length);
    return error != 0 ? error : written;
}

/* Where a name leads; the name where that is nowhere yet. The caller's; NULL: out of memory. */
static char *
resolve_name(const char *path)
{
    char *name = realpath(path, NULL);
    return name != NULL ? name : strdup(path);
}

/* NAME.new; likewise. */
static char *
name_beside(const char *name)
{
    char *beside;
    return name == NULL || asprintf(&beside, "%s" SUFFIX, name) < 0 ? NULL : beside;
}

/* As write_beside() would find it. */
static int
try_beside(const char *beside, const char *name)
{
    struct stat status;
    if (stat(name, &status) == 0 && !S_ISREG(status.st_mode)) {
        return S_ISDIR(status.st_mode) ? EISDIR : ENOTSUP;
    }
    int error = write_beside(beside, name, "", 0, 0600);
    unlink(beside);
    return error;
}

int
ucprov_file_try_replace(const char *path)
{
    char *name = resolve_name(path);
    char *beside = name_beside(name);
    int error = beside == NULL ? ENOMEM : try_beside(beside, name);
    free(beside);
    free(name);
    return error;
}

static int
replace_by(const char *beside, const char *name, const void *octets, size_t length, mode_t mode)
{
    int error = write_beside(beside, name, octets, length, mode);
    if (error == 0 && rename(beside, name) != 0) {
        error = errno;
    }
    if (error == 0) {
        sync_folder(name);
    } else {
        unlink(beside);
    }
    return error;
}

int
ucprov_file_replace(const char *path, const void *octets, size_t length, mode_t mode)
{
    char *name = resolve_name(path);
    char *beside = name_beside(name);
    int error = beside == NULL ? ENOMEM : replace_by(beside, name, octets, length, mode);
    free(beside);
    free(name);
    return error;
}
