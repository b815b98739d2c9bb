/* SPDX-License-Identifier: MPL-2.0 */
/* The site file as it was accepted last, kept beside the state file: it serves when Kea starts and
 * the site file is no good. */
#ifndef SITE_COPY_H
#define SITE_COPY_H

#include "base/diagnostics.h"
#include "base/problem.h"
#include "site/site.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Copies the site file, if it still is what `site` was made of, to STATE_FILE.site: mode 0600, with
 * its own name and digest in front. Returns 0, or -1 with a problem. */
int site_copy_save(const char *state_file, const struct ucprov_site *site,
                   struct ucprov_problem *problem);

/* The site of the copy, named as `site_file`, whose copy it has to be: NULL with a problem when
 * there is none, when it is another file's, when it was touched, or does not belong to us. */
struct ucprov_site *site_copy_load(const char *state_file, const char *site_file,
                                   struct ucprov_problem *problem);

#ifdef __cplusplus
}
#endif

#endif
