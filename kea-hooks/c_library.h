/* libucprov and the hook's C parts, for the C++ shim. */
#ifndef C_LIBRARY_H
#define C_LIBRARY_H

extern "C" {
#include "base/diagnostics.h"
#include "option/option.h"
#include "site/policy.h"
#include "site/prefix.h"
#include "site/prefix_table.h"
#include "site/site.h"
}

#include "recent_phones.h"
#include "service.h"

#endif
