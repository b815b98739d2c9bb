/* SPDX-License-Identifier: MPL-2.0 */
/* Modern TLS and, on a listener of its own, TLS 1.0 for old phones: the weak setting never leaks
 * into the other context. Keys that everybody can read are refused. */
#include "daemon/tls_server.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

/* TLS 1.0 of OpenSSL 3 needs security level 0, for the SHA-1 and MD5 in it. Forward secrecy comes
 * first, for clients that know it. */
#define LEGACY_CIPHERS                                                                             \
    "ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA:DHE-RSA-AES128-SHA:DHE-RSA-AES256-SHA:"             \
    "AES128-SHA:AES256-SHA:@SECLEVEL=0"

#define KEY_FILE_MAX 65536

static int
check_mode(const char *file, mode_t mode, struct ucprov_problem *problem)
{
    if ((mode & (S_IRWXO | S_IWGRP)) != 0) {
        return ucprov_problem_set(problem,
                                  "%s: has mode %04o: others can read or change the key; "
                                  "\"chmod 0640\" it, or 0600",
                                  file, (unsigned)mode & 07777U);
    }
    return 0;
}

/* No prompt: a daemon has nobody to ask. */
static int
no_password(char *password, int size, int writing, void *context)
{
    (void)password;
    (void)size;
    (void)writing;
    *(bool *)context = true;
    return -1;
}

static EVP_PKEY *
parse_key(const char *file, BIO *input, struct ucprov_problem *problem)
{
    bool encrypted = false;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(input, NULL, no_password, &encrypted);
    if (key == NULL && encrypted) {
        ERR_clear_error();
        ucprov_problem_set(problem,
                           "%s: the key is encrypted, and a daemon has nobody to ask for its "
                           "password; \"openssl pkey -in OLD -out NEW\" takes it off",
                           file);
    } else if (key == NULL) {
        ucprov_problem_openssl(problem, "%s: no private key in PEM form", file);
    }
    return key;
}

EVP_PKEY *
tls_server_key_read(const char *path, struct ucprov_problem *problem)
{
    EVP_PKEY *key = NULL;
    struct ucprov_file file;
    int error = ucprov_file_read(&file, path, KEY_FILE_MAX, UCPROV_FILE_REGULAR);
    if (error != 0) {
        ucprov_problem_set(problem, "%s: %s%s", path, ucprov_file_error(error),
                           error == EACCES ? "; the user that the daemon runs as has to read it: "
                                             "give the file that group, and mode 0640"
                                           : "");
        return NULL;
    }
    if (check_mode(path, file.status.st_mode, problem) == 0) {
        BIO *input = BIO_new_mem_buf(file.octets, (int)file.length);
        if (input != NULL) {
            key = parse_key(path, input, problem);
        } else {
            ucprov_problem_set(problem, "%s: out of memory", path);
        }
        BIO_free(input);
    }
    ucprov_file_clear(&file);
    return key;
}

static int
set_versions(SSL_CTX *context, bool legacy)
{
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); /* idle connections stay small */
    if (legacy) {
        return SSL_CTX_set_min_proto_version(context, TLS1_VERSION) == 1 &&
               SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION) == 1 &&
               SSL_CTX_set_cipher_list(context, LEGACY_CIPHERS) == 1;
    }
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1;
}

/* All but the first; references of the context's own. */
static STACK_OF(X509) * rest_of(STACK_OF(X509) * certificates)
{
    STACK_OF(X509) *rest = sk_X509_dup(certificates);
    if (rest != NULL) {
        sk_X509_shift(rest);
    }
    return rest;
}

static int
set_certificate(SSL_CTX *context, STACK_OF(X509) * certificates, EVP_PKEY *key)
{
    STACK_OF(X509) *others = rest_of(certificates);
    int result = others != NULL ? SSL_CTX_use_cert_and_key(context, sk_X509_value(certificates, 0),
                                                           key, others, 1)
                                : 0;
    sk_X509_free(others);
    return result;
}

SSL_CTX *
tls_server_context_new(STACK_OF(X509) * certificates, EVP_PKEY *key, bool legacy,
                       struct ucprov_problem *problem)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL || !set_versions(context, legacy) ||
        set_certificate(context, certificates, key) != 1) {
        ucprov_problem_openssl(problem, "cannot set TLS%s up", legacy ? " 1.0" : "");
        SSL_CTX_free(context);
        return NULL;
    }
    static const unsigned char session_context[] = "ucprov-capubd";
    SSL_CTX_set_session_id_context(context, session_context, sizeof(session_context) - 1);
    SSL_CTX_set_dh_auto(context, 1);
    return context;
}
