/* SPDX-License-Identifier: MPL-2.0 */
/* X.509 certificates (RFC 5280): read from files, and shown to people. */
#ifndef UCPROV_CERTIFICATE_H
#define UCPROV_CERTIFICATE_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/file.h"
#include "base/problem.h"

#define UCPROV_CERTIFICATES_MAX     64 /* in a file; more is no chain */
#define UCPROV_CERTIFICATE_FILE_MAX (1U << 20)

/* Reads every certificate of a file: PEM (one or more), DER, or PKCS#7 (either). In the order of
 * the file. The caller's, to be freed by ucprov_certificates_free(); NULL: the problem names the
 * file. */
STACK_OF(X509) * ucprov_certificates_read(const char *path, enum ucprov_file_kind kind,
                                          struct ucprov_problem *problem);

/* The same from octets; NULL when they hold no certificate, or one that is malformed. */
STACK_OF(X509) * ucprov_certificates_parse(const uint8_t *octets, size_t length);
void ucprov_certificates_free(STACK_OF(X509) * certificates); /* may be NULL */

/* Is the certificate among them? Are all of these? Both may be NULL: none. */
bool ucprov_certificates_hold(const STACK_OF(X509) * certificates, const X509 *wanted);
bool ucprov_certificates_hold_all(const STACK_OF(X509) * certificates,
                                  const STACK_OF(X509) * wanted);

/* Degenerate PKCS#7 SignedData that holds the certificates and nothing else (RFC 2315 9.1), DER.
 * The caller's; NULL when out of memory. */
uint8_t *ucprov_certificates_pkcs7(const STACK_OF(X509) * certificates, size_t *length);

/* How people call it: its common name, else its organization, else the whole subject. Printable
 * UTF-8, control characters escaped. The caller's; NULL when out of memory. */
char *ucprov_certificate_name(const X509 *certificate);

/* The whole subject or issuer (RFC 2253, UTF-8, printable): "CN=Contoso Root CA,O=Contoso". The
 * caller's; NULL when out of memory. */
char *ucprov_certificate_subject(const X509 *certificate);
char *ucprov_certificate_issuer(const X509 *certificate);

/* The fingerprint as upper-case hex with colons; the caller's; NULL when out of memory. */
char *ucprov_certificate_fingerprint(const X509 *certificate, const EVP_MD *digest);

#define UCPROV_DATE_SIZE 11

/* The day as "2031-04-02", UTC; "?" when it is malformed. Returns `text`. */
char *ucprov_certificate_date(char text[UCPROV_DATE_SIZE], const ASN1_TIME *time);

/* A moment as seconds since 1970; -1 when it is malformed. */
int64_t ucprov_certificate_time(const ASN1_TIME *time);

#endif
