/* SPDX-License-Identifier: MPL-2.0 */
/* What the commands of ucprov-ca share: messages, folders, numbers. */
#ifndef CA_COMMON_H
#define CA_COMMON_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/problem.h"

#include "tool/output_files.h"

#define CA_DIRECTORY "/etc/ucprov" /* where the site file's examples look, too */

#define CA_ROOT_FILE    "root.pem"
#define CA_ROOT_KEY     "root.key"
#define CA_ISSUING_FILE "issuing.pem"
#define CA_ISSUING_KEY  "issuing.key"
#define CA_CHAIN_FILE   "chain.pem"
#define CA_SERVER_FILE  "server.pem"
#define CA_SERVER_KEY   "server.key"
#define CA_REQUEST_FILE "server.csr"
#define CA_PATH_SIZE    4200 /* PATH_MAX, and a file's name */
#define CA_COLUMNS      80

/* Complains about a problem. Always the status given. */
int ca_complain(const struct ucprov_problem *problem, int status);

/* Takes a number of days; false after a complaint. */
bool ca_days_take(int *days, const char *value);

/* Takes a folder's name; false after a complaint. */
bool ca_directory_take(const char **directory, const char *value);

/* The path of a file in a folder, as it is written into another file: absolute where the folder
 * exists. Returns `path`. */
char *ca_path(char path[CA_PATH_SIZE], const char *directory, const char *name);

/* Says on stdout that a file was written, and what it is. */
void ca_print_file(const char *directory, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Prints text behind a label, wrapped at 80 columns, later lines under the first. Columns are
 * counted in characters; `label` is ASCII. */
void ca_print_wrapped(FILE *out, const char *label, const char *text);

/* Adds a certificate, or a key, to the files of a command. Returns 0, or -1 with a problem. */
int ca_add_certificates(struct output_files *files, const char *name, X509 *first, X509 *second,
                        struct ucprov_problem *problem);
int ca_add_key(struct output_files *files, const char *name, EVP_PKEY *key,
               struct ucprov_problem *problem);

#endif
