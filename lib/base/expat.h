/* SPDX-License-Identifier: MPL-2.0 */
/* expat by the names that it has since 2.9, where the older ones are deprecated. */
#ifndef UCPROV_EXPAT_H
#define UCPROV_EXPAT_H

#include <expat.h>
#include <stdint.h>
#include <string.h>

#define UCPROV_EXPAT_VERSION (XML_MAJOR_VERSION * 100 + XML_MINOR_VERSION)

#if UCPROV_EXPAT_VERSION < 209
#define XML_GetCurrentLineNumber64 XML_GetCurrentLineNumber
#define XML_GetCurrentByteIndex64  XML_GetCurrentByteIndex
#define XML_GetCurrentByteCount64  XML_GetCurrentByteCount
#endif

/* Salts the parser's hash tables, against names that were chosen to collide. To be called before
 * parsing. Before 2.8, expat takes only as many of the octets as a long has. */
static inline void
ucprov_expat_set_salt(XML_Parser parser, const uint8_t octets[16])
{
#if UCPROV_EXPAT_VERSION < 208
    unsigned long salt;
    memcpy(&salt, octets, sizeof(salt));
    XML_SetHashSalt(parser, salt);
#else
    XML_SetHashSalt16Bytes(parser, octets);
#endif
}

#endif
