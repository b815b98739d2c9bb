/* SPDX-License-Identifier: MPL-2.0 */
/* The DHCP options that UC phones read: codes, limits, encoders and decoders.
 *
 * An encoder writes the value of one option (without code and length) and returns 0, or an error
 * and leaves nothing half-written that could be sent: `option->length` is 0 then. A decoder takes
 * the value as it came from the network, never reads outside it, and copies what it finds.
 */
#ifndef UCPROV_OPTION_H
#define UCPROV_OPTION_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "option/name.h"

/* Kea 2.2 splits options above 253 octets, and nobody knows whether the phones put split options
 * (RFC 3396) together again: none of ours is longer. */
#define UCPROV_OPTION_MAX 253

/* Longest value one option can have on the wire (RFC 2132 2). */
#define UCPROV_OPTION_WIRE_MAX 255

enum ucprov_option_code {
    UCPROV_OPTION_DOMAIN_NAME = 15,    /* RFC 2132 3.17 */
    UCPROV_OPTION_NTP_SERVERS = 42,    /* RFC 2132 8.3 */
    UCPROV_OPTION_VENDOR = 43,         /* RFC 2132 8.4, vendor specific information */
    UCPROV_OPTION_PARAMETER_LIST = 55, /* RFC 2132 9.8 */
    UCPROV_OPTION_VENDOR_CLASS = 60,   /* RFC 2132 9.13, vendor class identifier */
    UCPROV_OPTION_AGENT = 82,          /* RFC 3046, relay agent information */
    UCPROV_OPTION_DOMAIN_SEARCH = 119, /* RFC 3397 */
    UCPROV_OPTION_SIP_SERVERS = 120,   /* RFC 3361 */
};

/* Sub-options of option 43. 1 to 5 belong to MS-UC-Client, 10 to CPE-OCPHONE. */
enum ucprov_sub_option_code {
    UCPROV_SUB_UC_IDENTIFIER = 1,
    UCPROV_SUB_URL_SCHEME = 2,
    UCPROV_SUB_WEB_SERVER_FQDN = 3,
    UCPROV_SUB_WEB_SERVER_PORT = 4,
    UCPROV_SUB_CERT_PROV_REL_PATH = 5,
    UCPROV_SUB_VOICE_VLAN = 10,
};

/* RFC 2132 2 and 8.4: one octet each, without a length, in every vendor's option 43. */
#define UCPROV_SUB_PAD 0
#define UCPROV_SUB_END 255

/* Vendor class identifiers (option 60), as the phones send them. */
#define UCPROV_CLASS_MS_UC "MS-UC-Client" /* compared octet by octet */
#define UCPROV_CLASS_OCPHONE                                                                       \
    "CPE-OCPHONE" /* compared without case: two spellings are published                            \
                   */

/* Whose option 43 it is: what its sub-options mean depends on option 60. */
enum ucprov_client {
    UCPROV_CLIENT_OTHER,
    UCPROV_CLIENT_MS_UC,
    UCPROV_CLIENT_CPE_OCPHONE,
    UCPROV_CLIENT_COUNT,
};

/* The client that sends this option 60. `vendor_class` need not be terminated. */
enum ucprov_client ucprov_client_from_class(const void *vendor_class, size_t length);

/* "other", "ms-uc", "cpe-ocphone": names for options and JSON, by enum ucprov_client. */
extern const char *const ucprov_client_names[UCPROV_CLIENT_COUNT];

/* One of them; static. */
const char *ucprov_client_name(enum ucprov_client client);

/* How the voice VLAN id is written in sub-option 10. */
enum ucprov_vlan_encoding {
    UCPROV_VLAN_UINT16, /* two octets, network order: the default */
    UCPROV_VLAN_ASCII,  /* decimal digits, what AudioCodes documents */
    UCPROV_VLAN_UINT32, /* four octets, network order */
};

/* "uint16", "ascii", "uint32": as in the site file. */
const char *ucprov_vlan_encoding_name(enum ucprov_vlan_encoding encoding);
bool ucprov_vlan_encoding_from_name(const char *name, enum ucprov_vlan_encoding *encoding);

#define UCPROV_VLAN_ID_MIN 1
#define UCPROV_VLAN_ID_MAX 4094 /* IEEE 802.1Q: 0 and 4095 are reserved */

/* Where the certificate service is on every Lync and Skype for Business server. */
#define UCPROV_CERT_PROV_SCHEME "https"
#define UCPROV_CERT_PROV_PORT   443
#define UCPROV_CERT_PROV_PATH   "/CertProv/CertProvisioningService.svc"

/* The value of one option. */
struct ucprov_option {
    uint8_t code;
    uint8_t length;
    uint8_t data[UCPROV_OPTION_WIRE_MAX];
};

/* Where the certificate provisioning service is: option 43 for MS-UC-Client. */
struct ucprov_ms_uc_options {
    char scheme[UCPROV_OPTION_WIRE_MAX + 1];         /* sub-option 2 */
    char web_server[UCPROV_OPTION_WIRE_MAX + 1];     /* sub-option 3 */
    uint16_t port;                                   /* sub-option 4, as text there; 0: left out */
    char cert_prov_path[UCPROV_OPTION_WIRE_MAX + 1]; /* sub-option 5, with its leading slash */
    uint16_t voice_vlan_id;                          /* sub-option 10; 0: none */
    enum ucprov_vlan_encoding voice_vlan_encoding;
};

/* The class identifier (option 60) itself is not encoded by us; phones send it. */
int ucprov_domain_name_encode(struct ucprov_option *option, const char *domain);
int ucprov_ntp_servers_encode(struct ucprov_option *option, const struct in_addr *addresses,
                              size_t count);
int ucprov_cert_prov_encode(struct ucprov_option *option,
                            const struct ucprov_ms_uc_options *service);
int ucprov_voice_vlan_encode(struct ucprov_option *option, uint16_t id,
                             enum ucprov_vlan_encoding encoding);
int ucprov_sip_server_encode(struct ucprov_option *option, const char *fqdn);

/* Uncompressed where that fits UCPROV_OPTION_MAX, else compressed (RFC 1035 4.1.4, as RFC 3397 2
 * allows); UCPROV_ETOOLONG where even that does not fit. */
int ucprov_domain_search_encode(struct ucprov_option *option, const char *const *domains,
                                size_t count);

/* Lists that a decoder gives back. */
#define UCPROV_NTP_SERVERS_MAX   (UCPROV_OPTION_WIRE_MAX / 4)
#define UCPROV_DOMAIN_SEARCH_MAX UCPROV_OPTION_WIRE_MAX /* one octet a name, at the least */

struct ucprov_ntp_servers {
    size_t count;
    struct in_addr addresses[UCPROV_NTP_SERVERS_MAX];
};

struct ucprov_domain_search {
    size_t count;
    struct ucprov_name names[UCPROV_DOMAIN_SEARCH_MAX];
};

/* Decoders: 0, or why the octets are not a sound value of the option. They accept what the field is
 * known to send and a phone is known to understand; ucprov_lint_option() is the one that finds
 * fault. On an error what was read before it is in the result. */
int ucprov_domain_name_decode(char domain[UCPROV_OPTION_WIRE_MAX + 1], const uint8_t *value,
                              size_t length); /* text is copied up to the first NUL */
int ucprov_ntp_servers_decode(struct ucprov_ntp_servers *servers, const uint8_t *value,
                              size_t length);

/* A whole option 43, whoever it is for: sub-options in any order, those that are not ours ignored,
 * up to an END octet. NULs at the end of strings and a port as an integer are understood. */
int ucprov_cert_prov_decode(struct ucprov_ms_uc_options *service, const uint8_t *value,
                            size_t length);

/* The value of sub-option 10 alone, in any of the three encodings. */
int ucprov_voice_vlan_decode(uint16_t *id, enum ucprov_vlan_encoding *encoding,
                             const uint8_t *value, size_t length);
int ucprov_sip_server_decode(struct ucprov_name *name, const uint8_t *value, size_t length);
int ucprov_domain_search_decode(struct ucprov_domain_search *search, const uint8_t *value,
                                size_t length);

/* One sub-option of an option 43, as it stands there. */
struct ucprov_sub_option {
    uint8_t code;
    uint8_t claimed; /* the length it says it has */
    uint8_t length;  /* the octets that are there: fewer than claimed when it is cut off */
    const uint8_t *value;
};

/* Takes the next sub-option (code, length, value) from the reader. False at the end. UCPROV_SUB_PAD
 * and UCPROV_SUB_END are one octet each, and given back like sub-options of length 0; what follows
 * an END is for the caller to ignore. One that is cut off, or has no length octet, is given back
 * with what there is of it, as the last; reader->error is set then. */
bool ucprov_sub_option_next(struct ucprov_reader *reader, struct ucprov_sub_option *sub);

/* Name of a sub-option for people ("WebServerFqdn"), NULL when it has none. */
const char *ucprov_sub_option_name(uint8_t code);

/* Name of an option for people ("domain name"), NULL when it is none of ours. */
const char *ucprov_option_name(uint8_t code);

#endif
