/* SPDX-License-Identifier: MPL-2.0 */
/* What the commands of ucprov-ca print, and how the files are called that they write. */
#ifndef CA_PRINT_H
#define CA_PRINT_H

#include <stddef.h>

#include "base/problem.h"

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

/* Complains about a problem. Always the status given. */
int ca_complain(const struct ucprov_problem *problem, int status);

/* The path of a file in a folder, as it is written into another file: absolute where the folder
 * exists. Returns `path`. */
char *ca_path(char path[CA_PATH_SIZE], const char *directory, const char *name);

/* Says on stdout that a file was written, and what it is. */
void ca_print_file(const char *directory, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
