/* SPDX-License-Identifier: MPL-2.0 */
/* What is known of a firmware version, and what that changes. Nothing here is guessed: a version
 * between two known ones has no remark that only one of them has.
 */
#ifndef PROBE_FIRMWARE_H
#define PROBE_FIRMWARE_H

#include <stdbool.h>

/* "4.0.7577.4372" */
struct firmware {
    unsigned parts[4];
};

enum firmware_support {
    FIRMWARE_NEVER_REGISTERS, /* 1.0.522 and below */
    FIRMWARE_UNKNOWN_OLD,     /* between the two: not known to register with Lync 2013 */
    FIRMWARE_UNSUPPORTED,     /* seen to register, but older than the first supported one */
    FIRMWARE_SUPPORTED,
};

/* False: it is no version: four numbers with dots between. */
bool firmware_parse(struct firmware *firmware, const char *text);

/* <0, 0, >0, as strcmp(3). */
int firmware_compare(const struct firmware *a, const struct firmware *b);

enum firmware_support firmware_support(const struct firmware *firmware);

/* The first that Microsoft supports with Lync 2013: 4.0.7577.4363 (CU7). Static. */
extern const struct firmware firmware_supported_minimum;

/* A sentence on that, with the remedy; "" when it is supported. Static. */
const char *firmware_support_text(enum firmware_support support);

/* How a version takes a WebServerFqdn (sub-option 3) that is not the pool's name. */
enum firmware_web_server {
    FIRMWARE_WEB_SERVER_POOL,    /* it must be the pool's FQDN: 4.0.7577.4372 */
    FIRMWARE_WEB_SERVER_ANY,     /* any name of the certificate: from .4420 on */
    FIRMWARE_WEB_SERVER_UNKNOWN, /* all others: nothing is published */
};

enum firmware_web_server firmware_web_server(const struct firmware *firmware);

/* True when it is known to take SHA-256 signatures: from .4444 on. Some before it do, too. */
bool firmware_takes_sha256(const struct firmware *firmware);

#endif
