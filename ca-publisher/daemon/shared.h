/* What all workers share. */
#ifndef SHARED_H
#define SHARED_H

#include "daemon/acceptor.h"
#include "daemon/address_table.h"
#include "daemon/visitors.h"

struct shared {
    struct address_table *addresses;
    struct visitors *visitors;
    struct accept_budget budget; /* for the connections of all workers */
};

#endif
