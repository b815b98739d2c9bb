/* SPDX-License-Identifier: MPL-2.0 */
/* Sites for unit tests of what is made of them. */
#ifndef SITES_H
#define SITES_H

#include "site/site.h"

#include "unit.h"

/* What a site file of this text says; the caller's to free. Fails the test when it is wrong. */
static inline struct ucprov_site *
parse_site(const char *text)
{
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "site.conf");
    struct ucprov_site *site = ucprov_site_parse("site.conf", text, strlen(text), &diagnostics);
    ucprov_diagnostics_print(&diagnostics, stdout);
    ucprov_diagnostics_clear(&diagnostics);
    assert_non_null(site);
    return site;
}

#endif
