/* SPDX-License-Identifier: MPL-2.0 */
/* Makes keys, certificates (RFC 5280) and requests (RFC 2986) that Lync Phone Edition takes. */
#ifndef CA_MAKE_H
#define CA_MAKE_H

#include <openssl/x509.h>
#include <time.h>

#include "base/problem.h"

#include "tool/ca_names.h"

#define CA_DAYS_MAX 36500 /* that anything may be valid for */

/* A certificate, and the key to what it says. */
struct ca_identity {
    X509 *certificate;
    EVP_PKEY *key;
};

void ca_identity_clear(struct ca_identity *identity);

/* An RSA key of 2048 bits: what is safe for phones. NULL with a problem. */
EVP_PKEY *ca_key_new(struct ucprov_problem *problem);

/* A self-signed root, and an issuing CA below it that may sign no further CA. Each returns 0, or -1
 * with a problem. */
int ca_make_root(struct ca_identity *root, const char *name, int days, time_t now,
                 struct ucprov_problem *problem);
int ca_make_issuing(struct ca_identity *issuing, const struct ca_identity *root, const char *name,
                    int days, time_t now, struct ucprov_problem *problem);

/* A TLS server's, signed by `issuing`; ends with that at the latest. */
int ca_make_server(struct ca_identity *server, const struct ca_identity *issuing,
                   const struct ca_names *names, int days, time_t now,
                   struct ucprov_problem *problem);

/* A request for the same. The caller's; NULL with a problem. */
X509_REQ *ca_make_request(EVP_PKEY *key, const struct ca_names *names,
                          struct ucprov_problem *problem);

#endif
