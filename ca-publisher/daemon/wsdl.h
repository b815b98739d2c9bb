/* SPDX-License-Identifier: MPL-2.0 */
/* The service's WSDL 1.1, for toolkits. */
#ifndef WSDL_H
#define WSDL_H

#include <stddef.h>

#define WSDL_CONTENT_TYPE "text/xml; charset=utf-8"
#define WSDL_SIZE         12288 /* with the longest location, escaped */
#define WSDL_LOCATION_MAX 1100  /* characters of the URL */

/* Writes the WSDL, with the service at `location`, an absolute URL that is escaped here. Returns
 * its length; 0 when the location is too long, or has characters that no URL has. Describes
 * GetRootCertChains as our own template answers it, document/literal; of GetAndPublishCert only
 * what is public. */
size_t wsdl_write(char wsdl[WSDL_SIZE], const char *location);

#endif
