/* SPDX-License-Identifier: MPL-2.0 */
/* libucprov and the hook's C parts, for the C++ shim. */
#ifndef UCPROV_C_H
#define UCPROV_C_H

extern "C" {
#include "base/diagnostics.h"
#include "option/option.h"
#include "site/policy.h"
#include "site/prefix.h"
#include "site/prefix_table.h"
#include "site/site.h"
}

#include "hook_state.h"
#include "kea_own_options.h"
#include "recent_phones.h"

#endif
