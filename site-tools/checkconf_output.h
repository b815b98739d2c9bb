/* SPDX-License-Identifier: MPL-2.0 */
/* What ucprov-checkconf says of site files: to people, to programs, to GitHub. */
#ifndef CHECKCONF_OUTPUT_H
#define CHECKCONF_OUTPUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/diagnostics.h"
#include "site/site.h"

/* One file, and what was found in it. */
struct checked_file {
    const char *path; /* as the user named it */
    const struct ucprov_diagnostics *diagnostics;
    const struct ucprov_site *site; /* NULL: it has errors */
    bool fine;                      /* no errors; nor warnings, where these count */
};

/* Diagnostics on `errors`, and that a file is fine on `out`. */
void checkconf_print_text(FILE *out, FILE *errors, const struct checked_file *file);

/* Workflow commands of GitHub Actions, which show diagnostics beside the lines of a change:
 * "::error file=site.conf,line=12,title=value.pool%3A vlans[0].pool::no pool named ...". Nothing
 * for a file that is fine: its name must not begin a line, where it could be a command. */
void checkconf_print_github(FILE *out, const struct checked_file *file);

/* {"file", "valid", "error_count", "errors": a list of ucprov_diagnostic_json(), "warning_count",
 * "warnings": likewise}, and of a valid file "vlans", "pools", "digest". A new reference; NULL when
 * out of memory. */
json_t *checkconf_json(const struct checked_file *file);

#endif
