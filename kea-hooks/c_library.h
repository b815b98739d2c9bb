/* libucprov and the hook's C parts, for the C++ shim. */
#ifndef C_LIBRARY_H
#define C_LIBRARY_H

extern "C" {
#include <ucprov/diagnostics.h>
#include <ucprov/option.h>
#include <ucprov/policy.h>
#include <ucprov/prefix.h>
#include <ucprov/prefix_table.h>
#include <ucprov/site.h>
}

#include "recent_phones.h"
#include "service.h"

#endif
