/* SPDX-License-Identifier: MPL-2.0 */
/* The sockets that the daemon listens on: its own, or systemd's. */
#ifndef LISTENER_H
#define LISTENER_H

#include <stddef.h>

#include "base/problem.h"
#include "site/site.h"

enum listener_kind {
    LISTENER_HTTP,
    LISTENER_HTTPS,
    LISTENER_LEGACY_HTTPS, /* TLS 1.0 */
    LISTENER_ADMIN,
    LISTENER_KINDS
};

/* "http", "https", "legacy_https", "admin": as in the site file. Static. */
const char *listener_kind_name(enum listener_kind kind);

/* What the site file says of a kind. */
const struct ucprov_listeners *listener_settings(const struct ucprov_ca *ca,
                                                 enum listener_kind kind);

struct listening_socket {
    enum listener_kind kind;
    int descriptor;
};

#define LISTENING_SOCKETS_MAX 1024

struct listening_sockets {
    size_t count;
    struct listening_socket items[LISTENING_SOCKETS_MAX];
};

/* Opens a socket for each listener of the site: for each of `workers` one of their own
 * (SO_REUSEPORT), and one for the admin listeners. Where systemd has passed sockets
 * (sd_listen_fds(3)), one that has a listener's address and port is used in its place, by all
 * workers; one that is no listener's is an error. `sets[0]` to `sets[workers - 1]` are the
 * workers'; `admin` is the main thread's. Returns 0, or -1 with a problem; all are closed by
 * listeners_close() in either case. */
int listeners_open(struct listening_sockets *sets, unsigned workers,
                   struct listening_sockets *admin, const struct ucprov_ca *ca,
                   struct ucprov_problem *problem);
void listeners_close(struct listening_sockets *set);

#endif
