/* SPDX-License-Identifier: MPL-2.0 */
/* One row for each setting: adding one begins here; those of the lists in "dns" are in site_dns.c.
 * The functions that a row names are in site_value.c and site_list.c; rules across settings are in
 * site.c, site_ca.c and site_dns.c. */
#include "site/site_schema.h"

#include <stddef.h>

#define POOL(field) offsetof(struct ucprov_pool, field)
#define VLAN(field) offsetof(struct ucprov_vlan, field)
#define DNS(field)  offsetof(struct ucprov_dns, field)
#define CA(field)   offsetof(struct ucprov_ca, field)

_Static_assert(offsetof(struct ucprov_vlan, subnets) - offsetof(struct ucprov_vlan, subnet_count) ==
                   offsetof(struct subnets, items),
               "struct subnets overlays two fields of struct ucprov_vlan");

/* clang-format off: one setting a row reads better */
const struct setting_definition pool_settings[] = {
    {"sip_server", read_host, POOL(sip_server), true, "host name", NULL,
     "registrar: option 120, and the target of SRV records"},
    {"web_server", read_host, POOL(web_server), false, "host name", "sip_server",
     "certificate service: option 43 sub-option 3"},
    {"scheme", read_scheme, POOL(scheme), false, "\"https\" or \"http\"", "\"https\"",
     "option 43 sub-option 2"},
    {"port", read_port, POOL(port), false, "1 to 65535", "443", "option 43 sub-option 4"},
    {"cert_prov_path", read_url_path, POOL(cert_prov_path), false, "path with leading slash",
     "\"/CertProv/CertProvisioningService.svc\"", "option 43 sub-option 5"},
    {"addresses", read_addresses, POOL(addresses), false, "IPv4 addresses", NULL,
     "of its servers: A records of ucupdates-r2, sip, sip_server ..."},
    {0},
};

const struct setting_definition vlan_settings[] = {
    {"name", read_token, VLAN(name), true, "word", NULL, "how commands and messages call the vlan"},
    {"subnet", read_subnets, VLAN(subnet_count), true, "IPv4 subnet, or several", NULL,
     "where its clients are; the most specific one wins"},
    {"pool", read_pool, VLAN(pool), false, "name of a pool", NULL,
     "makes it a phone vlan: what its phones sign in to"},
    {"backup_pool", read_pool, VLAN(backup_pool), false, "name of a pool", NULL,
     "what ucprov-pool-set turns to when it is told \"backup\""},
    {"domain", read_domain, VLAN(domain), false, "domain name", NULL, "option 15"},
    {"search", read_domains, VLAN(search), false, "domain names", "domain", "option 119"},
    {"ntp", read_addresses, VLAN(ntp), false, "IPv4 addresses", NULL, "option 42"},
    {"voice_vlan_id", read_vlan_id, VLAN(voice_vlan_id), false, "1 to 4094", NULL,
     "answer to CPE-OCPHONE: option 43 sub-option 10"},
    {"voice_vlan_encoding", read_vlan_encoding, VLAN(voice_vlan_encoding), false,
     "\"uint16\", \"ascii\" or \"uint32\"", "\"uint16\"", "how sub-option 10 is written"},
    {"voice_vlan_in_ms_uc", read_boolean, VLAN(voice_vlan_in_ms_uc), false, "true or false",
     "false", "sub-option 10 in the MS-UC-Client set, too (AudioCodes)"},
    {"vendor_classes", read_vendor_classes, VLAN(vendor_classes), false, "strings", NULL,
     "option 60 values served as MS-UC-Client is, besides that one"},
    {"only_if_requested", read_boolean, VLAN(only_if_requested), false, "true or false", "false",
     "15, 42 and 119 only to clients whose option 55 asks for them"},
    {0},
};

const struct setting_definition dns_settings[] = {
    {"ttl", read_ttl, DNS(ttl), false, "seconds", "3600", "of every record"},
    {"sip_domains", read_domains, DNS(sip_domains), false, "domain names", NULL,
     "domains of users' SIP addresses"},
    {"ntp_host", read_host, DNS(ntp_host), false, "host name", NULL,
     "target of _ntp._udp SRV records"},
    {"ucupdates", read_boolean, DNS(ucupdates), false, "true or false", "true",
     "A records of ucupdates-r2 in every domain"},
    {"sign_in", read_boolean, DNS(sign_in), false, "true or false", "true",
     "in SIP domains: SRV _sipinternaltls._tcp; A sipinternal, sip, lyncdiscoverinternal"},
    {"ntp", read_boolean, DNS(ntp), false, "true or false", "true",
     "in SIP domains: SRV _ntp._udp, when ntp_host is set"},
    {"servers", read_boolean, DNS(servers), false, "true or false", "true",
     "A records of pools' sip_server and web_server"},
    {"domains", read_dns_domains, DNS(domains), false, "list of groups", NULL,
     "which pool a domain takes"},
    {"hosts", read_dns_hosts, DNS(hosts), false, "list of groups", NULL,
     "A records of other hosts: time servers, name servers"},
    {"nameservers", read_hosts, DNS(nameservers), false, "host names", "localhost",
     "NS records of complete zones"},
    {"hostmaster", read_host, DNS(hostmaster), false, "domain name", "hostmaster.DOMAIN",
     "mailbox in the SOA of complete zones, its @ written as a dot"},
    {0},
};

const struct setting_definition ca_settings[] = {
    {"chain", read_file_names, CA(chains), true, "file, or several", NULL,
     "PEM: root and issuing CAs that phones are given"},
    {"http", read_listeners, CA(http), false, "ADDRESS:PORT, or several", NULL,
     "where the chain is served without TLS"},
    {"https", read_listeners, CA(https), false, "ADDRESS:PORT, or several", NULL,
     "where it is served with TLS 1.2 and up"},
    {"certificate", read_file_name, CA(certificate), false, "file", NULL,
     "PEM: of the HTTPS listeners, with its issuing CAs behind it"},
    {"key", read_file_name, CA(key), false, "file", NULL, "PEM: of that certificate"},
    {"legacy_tls", read_boolean, CA(legacy_tls), false, "true or false", "false",
     "TLS 1.0, for phones that speak nothing else"},
    {"legacy_https", read_listeners, CA(legacy_https), false, "ADDRESS:PORT, or several", NULL,
     "where it is served with TLS 1.0 and up, when legacy_tls is true"},
    {"response_template", read_file_name, CA(response_template), false, "file", "a built-in one",
     "of the SOAP response: what \"ucprov-ca learn\" wrote"},
    {"admin", read_listeners, CA(admin), false, "ADDRESS:PORT, or several", "\"127.0.0.1:9643\"",
     "where metrics are shown; [ ]: nowhere"},
    {"user", read_token, CA(user), false, "user", "\"ucprov\"",
     "that it becomes when it was started as root"},
    {"workers", read_workers, CA(workers), false, "1 to 64", "one a CPU", "threads that serve"},
    {"log_requests", read_boolean, CA(log_requests), false, "true or false", "true",
     "a line for each request"},
    {"max_connections", read_connections, CA(limits.max_connections), false, "1 to 1000000",
     "10000", "at a time; the longest idle one gives way to a new one"},
    {"max_connections_per_address", read_limit, CA(limits.max_connections_per_address), false,
     "number; 0: no limit", "100", "at a time, of one address"},
    {"max_requests_per_second", read_limit, CA(limits.max_requests_per_second), false,
     "number; 0: no limit", "100", "of one address, on average; twice as many at once"},
    {"max_header_size", read_size, CA(limits.max_header_size), false, "256 to 16777216 octets",
     "8192", "of a request's first line and headers"},
    {"max_body_size", read_size, CA(limits.max_body_size), false, "256 to 16777216 octets", "65536",
     "of a request's body"},
    {"handshake_timeout", read_seconds, CA(limits.handshake_timeout), false, "1 to 3600 seconds",
     "10", "for a whole TLS handshake"},
    {"request_timeout", read_seconds, CA(limits.request_timeout), false, "1 to 3600 seconds", "30",
     "for a whole request and its answer; idle time before it counts"},
    {0},
};
/* clang-format on */

#define SETTINGS_OF_ONE_VLAN_ONLY 2 /* name and subnet, which come first */

const struct setting_definition *const default_settings = vlan_settings + SETTINGS_OF_ONE_VLAN_ONLY;

const struct group_definition site_groups[] = {
    {"pools.NAME", pool_settings},
    {"vlans[N]", vlan_settings},
    {"defaults", vlan_settings + SETTINGS_OF_ONE_VLAN_ONLY},
    {"dns", dns_settings},
    {"dns.domains[N]", dns_domain_settings},
    {"dns.hosts[N]", dns_host_settings},
    {"ca", ca_settings},
    {NULL, NULL},
};

void
ucprov_site_print_settings(FILE *out)
{
    for (const struct group_definition *group = site_groups; group->path != NULL; group++) {
        for (const struct setting_definition *s = group->settings; s->name != NULL; s++) {
            fprintf(out, "%s.%s\n    %s; %s%s\n    %s\n", group->path, s->name, s->kind,
                    s->required ? "required" : "default: ",
                    s->required           ? ""
                    : s->fallback != NULL ? s->fallback
                                          : "none",
                    s->help);
        }
    }
}
