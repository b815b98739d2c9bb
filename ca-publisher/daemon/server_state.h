/* SPDX-License-Identifier: MPL-2.0 */
/* What all workers share. */
#ifndef SERVER_STATE_H
#define SERVER_STATE_H

#include "daemon/acceptor.h"
#include "daemon/client_limits.h"
#include "daemon/recent_clients.h"

struct server_state {
    struct client_limits *addresses;
    struct recent_clients *clients;
    struct accept_budget budget; /* for the connections of all workers */
};

#endif
