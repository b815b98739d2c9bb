/* SPDX-License-Identifier: MPL-2.0 */
/* Options of contoso.com's phones, as octets written by hand. */
#ifndef OPTION_SAMPLES_H
#define OPTION_SAMPLES_H

/* clang-format off */

/* Option 43, the MS-UC-Client set, sub-option by sub-option. */
#define IDENTIFIER "\x01\x0c" "MS-UC-Client"
#define SCHEME     "\x02\x05" "https"
#define SERVER     "\x03\x0f" "sip.contoso.com"
#define PORT       "\x04\x03" "443"
#define PATH_TEXT  "/CertProv/CertProvisioningService.svc"
#define PATH       "\x05\x25" PATH_TEXT
#define MS_UC_SET  IDENTIFIER SCHEME SERVER PORT PATH

/* sip.contoso.com on the wire (RFC 1035 3.1). */
#define SIP_NAME "\x03" "sip" "\x07" "contoso" "\x03" "com" "\x00"

#endif
