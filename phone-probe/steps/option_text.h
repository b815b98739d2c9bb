/* SPDX-License-Identifier: MPL-2.0 */
/* The value of an option on one line, for the table. */
#ifndef PROBE_OPTION_TEXT_H
#define PROBE_OPTION_TEXT_H

#include <stdio.h>

#include "option/lint.h"
#include "option/option.h"

/* Prints what the octets mean, or the octets in hex where they mean nothing sound: "contoso.com,
 * emea.contoso.com". Printable ASCII whatever came in. */
void option_text_print(FILE *out, const struct ucprov_option_view *option);

/* Appends the findings of an option: those of libucprov, or, of a list of addresses that only the
 * probe looks at (options 3 and 6), its own. */
void option_text_lint(struct ucprov_findings *findings, enum ucprov_client client,
                      const struct ucprov_option_view *option);

#endif
