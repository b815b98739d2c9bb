/* What all workers share. */
#ifndef SHARED_H
#define SHARED_H

#include "acceptor.h"
#include "address_table.h"
#include "visitors.h"

struct shared {
    struct address_table *addresses;
    struct visitors *visitors;
    struct accept_budget budget; /* for the connections of all workers */
};

#endif
