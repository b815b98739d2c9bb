/* SPDX-License-Identifier: MPL-2.0 */
/* New files, all of them or none: nothing that exists is ever overwritten or followed.
 *
 * Keys are 0600 from the moment they exist, whatever the umask; what is in memory of them is wiped.
 */
#ifndef OUTPUT_FILES_H
#define OUTPUT_FILES_H

#include <openssl/bio.h>
#include <openssl/x509.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/problem.h"

#define OUTPUT_FILES_MAX 8

#define MODE_SECRET 0600
#define MODE_PUBLIC 0644

struct output_file {
    const char *name; /* in the directory; static */
    mode_t mode;
    BIO *content; /* in memory */
};

/* What a command is about to write. Zero-initialized but for the directory. */
struct output_files {
    const char *directory; /* made (0755) when it is missing, but not its parents */
    size_t count;
    struct output_file items[OUTPUT_FILES_MAX];
};

/* Adds a file, with no content yet: for the caller to write it to. NULL: out of memory. */
BIO *output_files_add(struct output_files *files, const char *name, mode_t mode);

/* Fails when one of the files exists already: to be asked before the work begins, and the files
 * are added. Returns UCPROV_EXIT_OK; UCPROV_EXIT_FINDING with a problem that names the file; or
 * UCPROV_EXIT_ERROR with a problem when the folder is none that could be used. */
int output_files_check(const char *directory, const char *const *names, size_t count,
                       struct ucprov_problem *problem);

/* Writes all of them, to the disk. When one fails, takes away what it has made. Returns 0, or -1
 * with a problem that names the file. */
int output_files_write(const struct output_files *files, struct ucprov_problem *problem);

/* Wipes and frees the content. */
void output_files_clear(struct output_files *files);

/* Adds a certificate, or a key, to the files of a command. Returns 0, or -1 with a problem. */
int output_files_add_certificates(struct output_files *files, const char *name, X509 *first,
                                  X509 *second, struct ucprov_problem *problem);
int output_files_add_key(struct output_files *files, const char *name, EVP_PKEY *key,
                         struct ucprov_problem *problem);

#endif
