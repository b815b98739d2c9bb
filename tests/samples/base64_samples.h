/* SPDX-License-Identifier: MPL-2.0 */
/* The base64 of a sample (certificate_samples.h), as openssl wrote it, in lines of another length.
 */
#ifndef BASE64_SAMPLES_H
#define BASE64_SAMPLES_H

#include <stdlib.h>
#include <string.h>

/* `columns` 0: all in one line. The caller frees it. */
static inline char *
sample_base64(const char *pem, size_t columns, const char *line_break)
{
    const char *body = strchr(pem, '\n');
    const char *end = strstr(body, "-----END");
    char *text = malloc((size_t)(end - body) * (1 + strlen(line_break)) + 1);
    size_t count = 0;
    char *at = text;
    for (const char *c = body; c < end; c++) {
        if (*c == '\n') {
            continue;
        }
        if (columns > 0 && count > 0 && count % columns == 0) {
            at = stpcpy(at, line_break);
        }
        *at++ = *c;
        count++;
    }
    *at = '\0';
    return text;
}

#endif
