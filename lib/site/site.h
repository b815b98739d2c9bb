/* SPDX-License-Identifier: MPL-2.0 */
/* The site: what the site file says, checked, with every default filled in.
 *
 * A site is immutable. It lives in one arena and is freed as a whole; every pointer in it points
 * into it. All names have been checked (option/name.h), all references resolved, and the options of
 * phones encoded, so that they are known to fit.
 */
#ifndef UCPROV_SITE_H
#define UCPROV_SITE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/diagnostics.h"
#include "option/option.h"
#include "site/prefix.h"

#define UCPROV_SITE_FILE "/etc/kea/ucprov.conf"

/* A site of 10,000 vlans has about 3 MB; this bounds what a wrong path can make us read. */
#define UCPROV_SITE_FILE_MAX (64U << 20)

/* A list of strings, in the site's arena. */
struct ucprov_strings {
    size_t count;
    const char *const *items;
    const unsigned *lines; /* where each stands in the file; NULL: not in a list there */
};

struct ucprov_addresses {
    size_t count;
    const struct in_addr *items;
};

struct ucprov_subnets {
    size_t count;
    const struct ucprov_prefix *items;
};

/* Whose value goes out where Kea's configuration and the site both have one. */
enum ucprov_precedence {
    UCPROV_KEEP_KEA,    /* Kea's: ours goes out only where it has none */
    UCPROV_REPLACE_KEA, /* ours */
};

/* "keep", "replace": as in the site file, by enum ucprov_precedence; NULL after the last. */
const char *ucprov_precedence_name(size_t index);

/* The same for each option that Kea's configuration often has, too. */
struct ucprov_kea_options {
    enum ucprov_precedence domain; /* 15 */
    enum ucprov_precedence ntp;    /* 42 */
    enum ucprov_precedence search; /* 119 */
};

#define UCPROV_HARDWARE_SIZE 6 /* of an Ethernet address (RFC 1700, hardware type 1) */

/* A hardware address, or the first octets of many. */
struct ucprov_hardware_pattern {
    uint8_t octets[UCPROV_HARDWARE_SIZE];
    uint8_t length; /* how many of them there are; fewer than all: any may follow */
};

#define UCPROV_HARDWARE_TEXT_SIZE 18 /* "00:04:f2:95:31:a2", and a NUL */

/* As in the site file: "00:04:f2:*". Returns `text`. */
char *ucprov_hardware_to_text(const struct ucprov_hardware_pattern *pattern,
                              char text[UCPROV_HARDWARE_TEXT_SIZE]);

struct ucprov_hardware_patterns {
    size_t count;
    const struct ucprov_hardware_pattern *items;
};

/* The value of an option, as it goes on the wire. */
struct ucprov_octets {
    const uint8_t *data; /* NULL: there is no such option */
    uint8_t length;
};

/* A pool of registrars: Lync's term, nothing to do with Kea's address pools. */
struct ucprov_pool {
    const char *name;
    const char *sip_server;                  /* option 120, SRV target */
    const char *web_server;                  /* option 43 sub-option 3; default: sip_server */
    const char *scheme;                      /* "https" or "http" */
    uint16_t port;                           /* of the certificate provisioning service */
    const char *cert_prov_path;              /* with its leading slash */
    struct ucprov_addresses addresses;       /* A records of ucupdates-r2 */
    struct ucprov_octets ms_uc_option;       /* 43 for MS-UC-Client; see ucprov_ms_uc_option() */
    struct ucprov_octets sip_servers_option; /* 120 */
    unsigned line;
};

/* What lives in one or several subnets. With a pool it is a phone vlan; without, it only answers
 * VLAN discovery. */
struct ucprov_vlan {
    const char *name;
    struct ucprov_subnets subnets;
    const struct ucprov_pool *pool;        /* NULL: no phone lives here */
    const struct ucprov_pool *backup_pool; /* NULL: none */
    const char *domain;                    /* option 15; NULL: none of ours */
    struct ucprov_strings search;          /* option 119; default: just the domain */
    struct ucprov_addresses ntp;           /* option 42 */
    uint16_t voice_vlan_id;                /* 0: none */
    enum ucprov_vlan_encoding voice_vlan_encoding;
    bool voice_vlan_in_ms_uc;               /* sub-option 10 in the MS-UC-Client set, too */
    struct ucprov_strings vendor_classes;   /* served as MS-UC-Client is, besides that one */
    bool only_if_requested;                 /* 15, 42, 119 only where option 55 asks */
    struct ucprov_kea_options kea_options;  /* whose 15, 42, 119 */
    struct ucprov_hardware_patterns pilot;  /* who alone gets anything; count 0: everybody */
    bool observe;                           /* nobody gets anything; what they would is told */
    struct ucprov_octets domain_option;     /* 15 */
    struct ucprov_octets ntp_option;        /* 42 */
    struct ucprov_octets search_option;     /* 119 */
    struct ucprov_octets voice_vlan_option; /* 43 for CPE-OCPHONE */
    unsigned line;
};

/* Which pool a domain takes, where vlans do not say. */
struct ucprov_dns_domain {
    const char *name;
    unsigned line;
    const struct ucprov_pool *pool;
};

struct ucprov_dns_domains {
    size_t count;
    const struct ucprov_dns_domain *items; /* in the order of their names, without case */
};

/* Addresses of a host that is no pool's: a time server, a name server. */
struct ucprov_dns_host {
    const char *name;
    unsigned line;
    struct ucprov_addresses addresses;
};

struct ucprov_dns_hosts {
    size_t count;
    const struct ucprov_dns_host *items; /* as above */
};

struct ucprov_dns {
    uint32_t ttl; /* seconds */
    struct ucprov_strings sip_domains;
    const char *ntp_host; /* NULL: none */
    bool ucupdates;       /* which kinds of records are made */
    bool sign_in;
    bool ntp;
    bool servers;
    struct ucprov_dns_domains domains;
    struct ucprov_dns_hosts hosts;
    struct ucprov_strings nameservers; /* of complete zones; empty: none of ours */
    const char *hostmaster;            /* their RNAME (RFC 1035 3.3.13); NULL: hostmaster.DOMAIN */
};

/* An address and a port to listen on. */
struct ucprov_listener {
    struct in_addr address;
    uint16_t port;
};

struct ucprov_listeners {
    size_t count;
    const struct ucprov_listener *items;
};

#define UCPROV_CA_WORKERS_MAX 64

/* What the publisher lets strangers have. */
struct ucprov_ca_limits {
    uint32_t max_connections;             /* all of them */
    uint32_t max_connections_per_address; /* 0: no limit */
    uint32_t max_requests_per_second;     /* of one address; 0: no limit */
    uint32_t max_header_size;             /* octets of a request's line and headers */
    uint32_t max_body_size;               /* octets of its body */
    uint32_t handshake_timeout;           /* seconds for all of a TLS handshake */
    uint32_t request_timeout;             /* seconds for all of a request, and of its answer */
};

/* The publisher of the root chain. */
struct ucprov_ca {
    struct ucprov_strings chains;  /* PEM files; count 0: the site has no publisher */
    const char *response_template; /* file; NULL: the built-in one */
    struct ucprov_listeners http;
    struct ucprov_listeners https;
    struct ucprov_listeners legacy_https; /* with TLS 1.0; none unless legacy_tls */
    struct ucprov_listeners admin;        /* metrics */
    const char *certificate;              /* PEM file of the HTTPS listeners; NULL: none */
    const char *key;
    bool legacy_tls;
    const char *user; /* that it runs as when it was started as root */
    uint32_t workers; /* threads; 0: one a CPU */
    bool log_requests;
    struct ucprov_ca_limits limits;
};

#define UCPROV_DIGEST_TEXT_SIZE 65 /* SHA-256 in hex, and a NUL */

struct ucprov_site {
    const char *file;
    char digest[UCPROV_DIGEST_TEXT_SIZE]; /* SHA-256 of the file, as sha256sum prints it */
    time_t modified;                      /* the file's; 0 when it was text */
    size_t pool_count;
    const struct ucprov_pool *pools; /* in the order of the file */
    size_t vlan_count;
    const struct ucprov_vlan *vlans; /* in the order of the file */
    struct ucprov_dns dns;
    struct ucprov_ca ca;
    struct ucprov_arena *arena;
};

/* Reads, checks and builds. NULL when there is any error: all of them are in `diagnostics` then.
 * Warnings may be there in either case. The caller owns the site. */
struct ucprov_site *ucprov_site_load(const char *file, struct ucprov_diagnostics *diagnostics);

/* The same from text; `file` only names it. `length` octets; no terminator is needed. */
struct ucprov_site *ucprov_site_parse(const char *file, const char *text, size_t length,
                                      struct ucprov_diagnostics *diagnostics);
void ucprov_site_free(struct ucprov_site *site);

/* A site with nothing in it, for who has none to serve: no vlan, no pool, an empty digest. NULL:
 * out of memory. */
struct ucprov_site *ucprov_site_new_empty(const char *file);

/* Borrowed, or NULL. */
const struct ucprov_pool *ucprov_site_find_pool(const struct ucprov_site *site, const char *name);
const struct ucprov_vlan *ucprov_site_find_vlan(const struct ucprov_site *site, const char *name);

/* SHA-256 of some octets as lower-case hex. */
void ucprov_digest(char digest[UCPROV_DIGEST_TEXT_SIZE], const void *octets, size_t length);

/* The option 43 that phones of a pool get in a vlan: the pool's, and sub-option 10 behind it where
 * the vlan wants that. 0, or UCPROV_ETOOLONG, which cannot happen with the vlan's own two pools. */
int ucprov_ms_uc_option(struct ucprov_option *option, const struct ucprov_vlan *vlan,
                        const struct ucprov_pool *pool);

#endif
