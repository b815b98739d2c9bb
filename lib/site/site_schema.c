/* SPDX-License-Identifier: MPL-2.0 */
/* One row for each setting: adding one begins, and mostly ends, here. How a kind of value is read
 * is in site_value.c; rules across settings are in site_vlans.c and site_ca.c. */
#include "site/site_schema.h"

#include <stddef.h>

#include "site/site.h"

/* Where a row's value goes: offset and size. */
#define FIELD(structure, field) offsetof(structure, field), sizeof(((structure *)NULL)->field)
#define POOL(field)             FIELD(struct ucprov_pool, field)
#define VLAN(field)             FIELD(struct ucprov_vlan, field)
#define KEA_OPTION(field)       FIELD(struct ucprov_kea_options, field)
#define DNS(field)              FIELD(struct ucprov_dns, field)
#define DNS_DOMAIN(field)       FIELD(struct ucprov_dns_domain, field)
#define DNS_HOST(field)         FIELD(struct ucprov_dns_host, field)
#define CA(field)               FIELD(struct ucprov_ca, field)

#define NUMBER(value) .fallback = {.is = DEFAULT_NUMBER, .number = (value)}
#define TEXT(value)   .fallback = {.is = DEFAULT_TEXT, .text = (value)}
#define SAME_AS(name) .fallback = {.is = DEFAULT_SETTING, .text = (name)}
#define WORDS(value)  .fallback = {.is = DEFAULT_WORDS, .text = (value)}

/* More than a pool or a vlan can sensibly have. */
#define ADDRESSES .is_list = true, .count_max = 256

#define TTL_MAX          INT32_MAX /* 31 bits: RFC 2181 section 8 */
#define CONNECTIONS_MAX  1000000
#define REQUEST_SIZE_MIN 256
#define REQUEST_SIZE_MAX (16U << 20)
#define SECONDS_MAX      3600

static const char *
scheme_at(size_t index)
{
    static const char *const schemes[] = {UCPROV_CERT_PROV_SCHEME, "http", NULL};
    return schemes[index];
}

static const char *
vlan_encoding_at(size_t index)
{
    return ucprov_vlan_encoding_name((enum ucprov_vlan_encoding)index);
}

const char *
ucprov_precedence_name(size_t index)
{
    static const char *const names[] = {"keep", "replace", NULL};
    return names[index];
}

static const struct setting_choices schemes = {"scheme of this service", scheme_at};
static const struct setting_choices vlan_encodings = {"encoding", vlan_encoding_at};
static const struct setting_choices precedences = {"rule", ucprov_precedence_name};

const struct setting_definition pool_settings[] = {
    {"sip_server", SETTING_HOST, POOL(sip_server), .required = true,
     .help = "registrar: option 120, and the target of SRV records"},
    {"web_server", SETTING_HOST, POOL(web_server), SAME_AS("sip_server"),
     .help = "host of the certificate provisioning service: option 43 sub-option 3"},
    {"scheme", SETTING_CHOICE, POOL(scheme), .choices = &schemes, TEXT(UCPROV_CERT_PROV_SCHEME),
     .help = "scheme of that service's URL: option 43 sub-option 2"},
    {"port", SETTING_NUMBER, POOL(port), .min = 1, .max = UINT16_MAX, NUMBER(UCPROV_CERT_PROV_PORT),
     .help = "port of that service's URL: option 43 sub-option 4"},
    {"cert_prov_path", SETTING_PATH, POOL(cert_prov_path), TEXT(UCPROV_CERT_PROV_PATH),
     .help = "path of that service's URL: option 43 sub-option 5"},
    {"addresses", SETTING_ADDRESS, POOL(addresses), ADDRESSES,
     .help = "addresses of its servers: A records of " UCPROV_UPDATE_NAME
             ", of the names that phones sign "
             "in by, and "
             "of sip_server and web_server"},
    {0},
};

static const struct setting_definition kea_option_settings[] = {
    {"domain", SETTING_ENUM, KEA_OPTION(domain), .choices = &precedences, NUMBER(UCPROV_KEEP_KEA),
     .help = "whose option 15"},
    {"ntp", SETTING_ENUM, KEA_OPTION(ntp), .choices = &precedences, NUMBER(UCPROV_KEEP_KEA),
     .help = "whose option 42"},
    {"search", SETTING_ENUM, KEA_OPTION(search), .choices = &precedences, NUMBER(UCPROV_KEEP_KEA),
     .help = "whose option 119"},
    {0},
};

static const struct setting_group kea_options = {
    .path = "vlans[N].kea_options",
    .help = "whose value of an option goes out where Kea's configuration has one, too",
    .settings = kea_option_settings,
};

const struct setting_definition vlan_settings[] = {
    {"name", SETTING_WORD, VLAN(name), .required = true,
     .help = "how commands and messages call the vlan"},
    {"subnet", SETTING_SUBNET, VLAN(subnets), .required = true, .is_list = true, .count_min = 1,
     .help = "where its clients are; the most specific one wins"},
    {"pool", SETTING_POOL, VLAN(pool), .help = "makes it a phone vlan: what its phones sign in to"},
    {"backup_pool", SETTING_POOL, VLAN(backup_pool),
     .help = "what the command ucprov-pool-set turns to when it is told \"backup\""},
    {"domain", SETTING_DOMAIN, VLAN(domain), .help = "option 15"},
    {"search", SETTING_DOMAIN, VLAN(search), .is_list = true, SAME_AS("domain"),
     .help = "option 119"},
    {"ntp", SETTING_ADDRESS, VLAN(ntp), ADDRESSES,
     .help = "option 42; [ ] says that none is meant, and silences the warning"},
    {"voice_vlan_id", SETTING_NUMBER, VLAN(voice_vlan_id), .min = UCPROV_VLAN_ID_MIN,
     .max = UCPROV_VLAN_ID_MAX,
     .help = "answers VLAN discovery: option 43 sub-option 10 for clients whose option 60 is "
             "CPE-OCPHONE"},
    {"voice_vlan_encoding", SETTING_ENUM, VLAN(voice_vlan_encoding), .choices = &vlan_encodings,
     NUMBER(UCPROV_VLAN_UINT16), .help = "how that sub-option is written"},
    {"voice_vlan_in_ms_uc", SETTING_BOOLEAN, VLAN(voice_vlan_in_ms_uc), NUMBER(false),
     .help = "sub-option 10 in the MS-UC-Client set, too, as AudioCodes 400HD phones list it"},
    {"vendor_classes", SETTING_STRING, VLAN(vendor_classes), .is_list = true,
     .help = "values of option 60 that are served as MS-UC-Client is, besides that one; compared "
             "octet by octet"},
    {"only_if_requested", SETTING_BOOLEAN, VLAN(only_if_requested), NUMBER(false),
     .help = "options 15, 42 and 119 only to clients whose option 55 asks for them"},
    {"kea_options", SETTING_GROUP, VLAN(kea_options), .choices = &precedences,
     .group = &kea_options, TEXT("keep"),
     .help = "whose options 15, 42 and 119 go out where Kea's configuration has them, too: keep "
             "Kea's, or replace them by the site's; one word for all three, or a group with one "
             "for each"},
    {"pilot", SETTING_HARDWARE, VLAN(pilot), .is_list = true, .count_min = 1, .count_max = 4096,
     WORDS("everybody"),
     .help = "only clients with these hardware addresses get anything, as 00:04:f2:95:31:a2 or "
             "00:04:f2:*; to try it with a few phones before a whole floor"},
    {"observe", SETTING_BOOLEAN, VLAN(observe), NUMBER(false),
     .help = "no response is changed; what would be is in Kea's log, at debug level, and counted"},
    {0},
};

#define SETTINGS_OF_ONE_VLAN_ONLY 2 /* name and subnet, which come first */

const struct setting_definition *const default_settings = vlan_settings + SETTINGS_OF_ONE_VLAN_ONLY;

static const struct setting_definition dns_domain_settings[] = {
    {"name", SETTING_DOMAIN, DNS_DOMAIN(name), .required = true,
     .help = "a domain of a vlan, or a SIP domain"},
    {"pool", SETTING_POOL, DNS_DOMAIN(pool), .required = true,
     .help = "what the domain's records point to"},
    {0},
};

static const struct setting_definition dns_host_settings[] = {
    {"name", SETTING_HOST, DNS_HOST(name), .required = true,
     .help = "a name in one of the domains"},
    {"addresses", SETTING_ADDRESS, DNS_HOST(addresses), ADDRESSES, .required = true,
     .help = "its A records"},
    {0},
};

static const struct setting_group dns_domains = {
    .path = "dns.domains[N]",
    .help = "which pool a domain takes",
    .settings = dns_domain_settings,
    .size = sizeof(struct ucprov_dns_domain),
};

static const struct setting_group dns_hosts = {
    .path = "dns.hosts[N]",
    .help = "a host that is no pool's",
    .settings = dns_host_settings,
    .size = sizeof(struct ucprov_dns_host),
};

const struct setting_definition dns_settings[] = {
    {"ttl", SETTING_NUMBER, DNS(ttl), .max = TTL_MAX, .unit = "seconds", NUMBER(3600),
     .help = "how long caches keep a record"},
    {"sip_domains", SETTING_DOMAIN, DNS(sip_domains), .is_list = true,
     .help = "the domains of users' SIP addresses"},
    {"ntp_host", SETTING_HOST, DNS(ntp_host), .help = "target of _ntp._udp SRV records"},
    {"ucupdates", SETTING_BOOLEAN, DNS(ucupdates), NUMBER(true),
     .help =
         "A records of " UCPROV_UPDATE_NAME ", in every domain that options 15 and 119 hand out to "
         "phones, and in every SIP domain"},
    {"sign_in", SETTING_BOOLEAN, DNS(sign_in), NUMBER(true),
     .help = "in every SIP domain: the SRV record _sipinternaltls._tcp, and A records of "
             "sipinternal, sip and lyncdiscoverinternal"},
    {"ntp", SETTING_BOOLEAN, DNS(ntp), NUMBER(true),
     .help = "in every SIP domain: the SRV record _ntp._udp, when there is an ntp_host"},
    {"servers", SETTING_BOOLEAN, DNS(servers), NUMBER(true),
     .help = "A records of every pool's sip_server and web_server, as far as they lie in one of "
             "those domains and the pool has addresses"},
    {"domains", SETTING_GROUP, DNS(domains), .is_list = true, .group = &dns_domains,
     .help = "which pool a domain takes"},
    {"hosts", SETTING_GROUP, DNS(hosts), .is_list = true, .group = &dns_hosts,
     .help = "A records of further hosts in those domains: the time server, name servers"},
    {"nameservers", SETTING_HOST, DNS(nameservers), .is_list = true, WORDS("localhost"),
     .help = "NS records of complete zones (ucprov-zone --format zone); the first is the SOA's, "
             "too"},
    {"hostmaster", SETTING_HOST, DNS(hostmaster), WORDS("hostmaster.DOMAIN"),
     .help = "mailbox in the SOA of complete zones, with a dot for its @"},
    {0},
};

const struct setting_definition ca_settings[] = {
    {"chain", SETTING_FILE, CA(chains), .required = true, .is_list = true, .count_min = 1,
     .help = "PEM: root and issuing CAs that phones are given"},
    {"http", SETTING_LISTENER, CA(http), .is_list = true,
     .help = "where the chain is served without TLS; phones ask on port 80"},
    {"https", SETTING_LISTENER, CA(https), .is_list = true,
     .help = "where it is served with TLS 1.2 and up"},
    {"certificate", SETTING_FILE, CA(certificate),
     .help = "PEM: what the TLS listeners show, first the server's, then its issuing CAs"},
    {"key", SETTING_FILE, CA(key),
     .help = "PEM: key of that certificate; must not be readable by others"},
    {"legacy_tls", SETTING_BOOLEAN, CA(legacy_tls), NUMBER(false),
     .help = "TLS 1.0, for phones that speak nothing else"},
    {"legacy_https", SETTING_LISTENER, CA(legacy_https), .is_list = true,
     .help = "where it is served with TLS 1.0 and up, when legacy_tls is true"},
    {"response_template", SETTING_FILE, CA(response_template), WORDS("a built-in one"),
     .help = "template of the SOAP response: what \"ucprov-ca learn\" wrote"},
    {"admin", SETTING_LISTENER, CA(admin), .is_list = true, TEXT("127.0.0.1:9643"),
     .help = "where metrics are shown; [ ] shows them nowhere"},
    {"user", SETTING_WORD, CA(user), TEXT("ucprov"),
     .help = "user that the daemon becomes when it was started as root"},
    {"workers", SETTING_NUMBER, CA(workers), .min = 1, .max = UCPROV_CA_WORKERS_MAX,
     WORDS("one per CPU"), .help = "threads that serve"},
    {"log_requests", SETTING_BOOLEAN, CA(log_requests), NUMBER(true),
     .help = "a log line for each request"},
    {"max_connections", SETTING_NUMBER, CA(limits.max_connections), .min = 1,
     .max = CONNECTIONS_MAX, NUMBER(10000),
     .help = "connections at a time, as far as descriptors allow"},
    {"max_connections_per_address", SETTING_NUMBER, CA(limits.max_connections_per_address),
     .max = CONNECTIONS_MAX, NUMBER(100),
     .help = "connections at a time of one address; 0: no limit"},
    {"max_requests_per_second", SETTING_NUMBER, CA(limits.max_requests_per_second),
     .max = CONNECTIONS_MAX, NUMBER(100),
     .help = "requests of one address, on average, and twice as many at once; 0: no limit"},
    {"max_header_size", SETTING_NUMBER, CA(limits.max_header_size), .min = REQUEST_SIZE_MIN,
     .max = REQUEST_SIZE_MAX, .unit = "octets", NUMBER(8192),
     .help = "the first line and headers of a request"},
    {"max_body_size", SETTING_NUMBER, CA(limits.max_body_size), .min = REQUEST_SIZE_MIN,
     .max = REQUEST_SIZE_MAX, .unit = "octets", NUMBER(65536), .help = "the body of a request"},
    {"handshake_timeout", SETTING_NUMBER, CA(limits.handshake_timeout), .min = 1,
     .max = SECONDS_MAX, .unit = "seconds", NUMBER(10), .help = "time for a whole TLS handshake"},
    {"request_timeout", SETTING_NUMBER, CA(limits.request_timeout), .min = 1, .max = SECONDS_MAX,
     .unit = "seconds", NUMBER(30),
     .help = "time for a whole request and its answer; idle time before it counts"},
    {0},
};

const struct setting_group setting_groups[] = {
    {"pools", "pools.NAME", "a pool of registrars, which phones sign in to",
     .settings = pool_settings},
    {"vlans", "vlans[N]", "what lives in some subnets", .settings = vlan_settings},
    {"defaults", "defaults",
     "what vlans have that do not say otherwise: any of their settings but name and subnet",
     .settings = vlan_settings + SETTINGS_OF_ONE_VLAN_ONLY, .again = true},
    {"dns", "dns", "what ucprov-zone makes records of", .settings = dns_settings},
    {"ca", "ca", "what ucprov-capubd serves, and where", .settings = ca_settings},
    {0},
};
