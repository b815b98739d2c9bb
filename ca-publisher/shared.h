/* What all workers share. */
#ifndef SHARED_H
#define SHARED_H

#include <stdatomic.h>
#include <stdint.h>

#include "address_table.h"
#include "visitors.h"

struct shared {
    struct address_table *addresses;
    struct visitors *visitors;
    _Atomic uint32_t connections; /* open, of all workers */
};

#endif
