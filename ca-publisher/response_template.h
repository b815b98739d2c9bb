/* SPDX-License-Identifier: MPL-2.0 */
/* The GetRootCertChains response: a template, and the chains in it.
 *
 * Nothing public says what is inside the response, so it is a template: ours, or one learned from a
 * genuine response. A template is the octets of a response with placeholders:
 *
 *   {{pkcs7}}                   base64 of a PKCS#7 with the certificates of all chains; in a
 *                               chains section: of that chain
 *   {{pkcs7 64}}                the same in lines of 64 characters, with a line feed between
 *   {{pkcs7 64 crlf}}           with that between them: any of cr, lf, tab, sp and character
 *                               references, which stay as they are ("&#xD;lf")
 *   {{#chains}} ... {{/chains}} repeated for each chain
 *   {{#certificates}} ... {{/certificates}}
 *                               repeated for each certificate; in a chains section: of that chain
 *   {{certificate}}             base64 of that certificate, DER; line lengths as above
 *   {{braces}}                  two opening braces, where the response itself has them
 */
#ifndef RESPONSE_TEMPLATE_H
#define RESPONSE_TEMPLATE_H

#include <stddef.h>

#include "base/problem.h"
#include "certificate/chain.h"

#define RESPONSE_TEMPLATE_MAX (1U << 20)
#define RESPONSE_MAX          (4U << 20) /* what a phone may be sent; far more than any needs */

/* Ours, a reconstruction. Static, terminated. */
extern const char response_template_builtin[];

/* Renders a template. The result is the caller's; NULL with a problem that names the line: an
 * unknown placeholder, a section that is not closed, no placeholder at all, or a result that is
 * not well-formed XML or out of which the chains' certificates cannot be read back
 * (ucprov/chain_document.h). */
char *response_render(const char *template, size_t length, const struct ucprov_chains *chains,
                      size_t *result_length, struct ucprov_problem *problem);

/* Reads a template file whole. The caller's; NULL with a problem. */
char *response_template_read(const char *file, size_t *length, struct ucprov_problem *problem);

#endif
