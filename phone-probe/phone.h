/* SPDX-License-Identifier: MPL-2.0 */
/* The phone: how it asks, which is settled before it begins, and what it has learned so far. Each
 * step reads what earlier ones found out, or what the command line says instead, and adds to it.
 */
#ifndef PROBE_PHONE_H
#define PROBE_PHONE_H

#include <jansson.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "certificate/chain.h"

#include "checks.h"
#include "dhcp/dhcp_exchange.h"
#include "firmware.h"
#include "steps/resolver.h"

#define PHONE_DOMAINS_MAX      16 /* of options 15 and 119 */
#define PHONE_TIME_SERVERS_MAX 8
#define PHONE_SCHEME_SIZE      16
#define PHONE_PATH_SIZE        256

/* Where things listen; a laboratory may have them elsewhere. Host byte order. */
struct phone_ports {
    in_port_t http;      /* the chain and the firmware, plain: 80 */
    in_port_t https;     /* the chain; 0: what the URL says */
    in_port_t update;    /* the update service: 443 */
    in_port_t registrar; /* 0: what the SRV record says, else 5061 */
    in_port_t ntp;       /* 123 */
};

/* The certificate provisioning service, of option 43 or --url. */
struct phone_service {
    char scheme[PHONE_SCHEME_SIZE];
    char host[LOOKUP_NAME_SIZE]; /* "": not known */
    in_port_t port;
    char path[PHONE_PATH_SIZE];
};

/* ucupdates-r2 under one domain. */
struct phone_update_name {
    char name[LOOKUP_NAME_SIZE];
    struct lookup lookup;
};

/* What the command line says of a phone, and what it says instead of DHCP. Const once it is read.
 */
struct phone_settings {
    int timeout; /* milliseconds, for each question and connection */
    struct phone_ports ports;
    const struct firmware *firmware; /* borrowed; NULL: not told */
    struct in_addr address;          /* 0.0.0.0: not told */
    size_t domain_count;
    const char *domains[PHONE_DOMAINS_MAX];
    size_t resolver_count;
    struct sockaddr_in resolvers[RESOLVER_SERVERS_MAX];
    size_t time_server_count;
    struct in_addr time_servers[PHONE_TIME_SERVERS_MAX];
    struct phone_service service;
    const char *sip_server; /* NULL: not told */
};

/* What a phone knows at some point of its boot: what it was told, and what the steps have learned.
 */
struct phone_knowledge {
    bool offered;           /* DHCP offered an address */
    struct in_addr address; /* 0.0.0.0: none */
    size_t domain_count;
    char domains[PHONE_DOMAINS_MAX][LOOKUP_NAME_SIZE]; /* option 15's first; each once */
    struct resolver resolver;
    size_t time_server_count;
    struct in_addr time_servers[PHONE_TIME_SERVERS_MAX];
    struct phone_service service;
    char sip_server[LOOKUP_NAME_SIZE]; /* "": not known */

    bool names_known;                                         /* ucupdates-r2 has been looked up */
    struct phone_update_name update_names[PHONE_DOMAINS_MAX]; /* one a domain */
    in_port_t sip_port;                                       /* of the SRV record; 0: none */

    bool time_known;
    double clock_offset; /* seconds that the phone's clock is ahead of ours */

    bool sees_sha2; /* a server's certificate, or a CA's, is signed with SHA-2 */
    bool chain_known;
    struct ucprov_chains chains;

    json_t *certificates; /* remarks for programs, by step; NULL: none */
};

struct phone {
    const struct phone_settings *settings; /* borrowed */
    struct ucprov_findings *checks;        /* borrowed: what the steps report */
    int64_t deadline;                      /* of ucprov_clock_ms(), for everything */
    struct phone_knowledge learned;
};

/* A phone at power-on, which knows what it was told. The settings have to outlive it; phone_clear()
 * frees what it learns. */
void phone_begin(struct phone *phone, const struct phone_settings *settings,
                 struct ucprov_findings *checks);

/* Milliseconds for one question: the timeout, or what is left of the total; never 0. */
int phone_query_timeout(const struct phone *phone);

/* True when the total time is up. */
bool phone_deadline_passed(const struct phone *phone);

/* What the phone thinks the time is. */
time_t phone_now(const struct phone *phone);

/* Adds a domain, unless it is there. False: it is no name, or there is no room. */
bool phone_add_domain(struct phone *phone, const char *domain);

/* Learns from the answers that a phone takes: the first. What the command line said stays. */
void phone_learn_discover(struct phone *phone, const struct dhcp_exchange *exchange);
void phone_learn_inform(struct phone *phone, const struct dhcp_exchange *exchange);

/* Looks ucupdates-r2 up in every domain, once. */
void phone_find_update_names(struct phone *phone);

/* Looks SRV _sipinternaltls._tcp up in each domain until one has it: `name` is the last that was
 * asked for. The registrar is learned from it unless option 120 has said; its port in either case.
 */
void phone_find_registrar(struct phone *phone, char name[LOOKUP_NAME_SIZE], struct lookup *lookup);

/* Looks a name up under each domain until one has it; likewise. */
bool phone_find_under_domains(struct phone *phone, const char *prefix, bool service,
                              char name[LOOKUP_NAME_SIZE], struct lookup *lookup);

/* The addresses that those names have, each once. Returns how many, at most LOOKUP_RESULTS_MAX. */
size_t phone_update_addresses(const struct phone *phone,
                              struct in_addr addresses[LOOKUP_RESULTS_MAX]);

/* "https://pool01.contoso.com:443/CertProv/...", printable; the caller's; NULL when out of memory.
 */
char *phone_service_text(const struct phone_service *service);

/* What the phone has learned, as JSON; a new reference; NULL when out of memory. */
json_t *phone_json(const struct phone *phone);

void phone_clear(struct phone *phone);

#endif
