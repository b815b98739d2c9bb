/* SPDX-License-Identifier: MPL-2.0 */
/* Whole files: read within a bound, and replaced so that nobody ever sees half of one. */
#ifndef UCPROV_FILE_H
#define UCPROV_FILE_H

#include <stddef.h>
#include <sys/stat.h>

/* What a path may lead to. */
enum ucprov_file_kind {
    UCPROV_FILE_REGULAR,  /* for daemons and the hook: nothing that could make them wait */
    UCPROV_FILE_OR_PIPE,  /* for tools: FIFOs, sockets and terminals, too, which are waited for */
    UCPROV_FILE_OR_INPUT, /* the same, and "-" is standard input */
};

/* A file in memory. */
struct ucprov_file {
    char *octets; /* and a NUL behind them; NULL: nothing was read */
    size_t length;
    struct stat status; /* of what was read: not of a name that may lead elsewhere by now */
};

/* Reads a whole file of at most `max` octets. Returns 0, or an errno, of which ucprov_file_error()
 * makes a text: EFBIG for a larger one, EISDIR, ENOTSUP for what is of another kind. Clear it in
 * either case. */
int ucprov_file_read(struct ucprov_file *file, const char *path, size_t max,
                     enum ucprov_file_kind kind);

/* Frees it; the octets are wiped, since there may be a key among them. */
void ucprov_file_clear(struct ucprov_file *file);

/* "larger than it may be", "neither ...", or strerror(3). Static, or overwritten by the next call.
 */
const char *ucprov_file_error(int error);

/* Makes a new file, whole or not at all, which gets just this mode. Returns 0, or an errno: EEXIST
 * when there is something of that name, which stays. */
int ucprov_file_create(const char *path, const void *octets, size_t length, mode_t mode);

/* Puts new octets in a file's place, or makes it: those who open it see the old ones or the new
 * ones, also after a crash. A file that was there keeps its mode and, as far as we may, its owner;
 * a new one gets `mode`. The octets are written to PATH.new first, so that what a killed process
 * leaves is overwritten by the next one. Where PATH is a symbolic link, its target is replaced.
 * Returns 0, or an errno; then the old file is as it was. */
int ucprov_file_replace(const char *path, const void *octets, size_t length, mode_t mode);

/* Whether ucprov_file_replace() would find the folder open to it, by making and removing PATH.new.
 * Returns 0, or an errno. */
int ucprov_file_try_replace(const char *path);

/* Writes all octets to a descriptor. Returns 0, or an errno. */
int ucprov_file_write(int descriptor, const void *octets, size_t length);

#endif
