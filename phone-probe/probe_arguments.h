/* SPDX-License-Identifier: MPL-2.0 */
/* The command line of ucprov-probe, but for that of its commands. */
#ifndef PROBE_ARGUMENTS_H
#define PROBE_ARGUMENTS_H

#include "base/command_line.h"
#include "base/exit_status.h"

#include "dhcp/dhcp_relay.h"
#include "phone.h"
#include "steps.h"
#include "steps/dhcp_steps.h"

#define PROGRAM "ucprov-probe"

/* What DHCP would have told a phone, had it been asked. */
struct probe_knowledge {
    size_t domain_count;
    const char *domains[PHONE_DOMAINS_MAX];
    size_t resolver_count;
    struct sockaddr_in resolvers[RESOLVER_SERVERS_MAX];
    size_t ntp_count;
    struct in_addr ntp[PHONE_TIME_SERVERS_MAX];
    struct phone_service service;
    const char *sip_server; /* NULL: not told */
};

struct probe_arguments {
    struct ucprov_given given;
    const char *interface; /* NULL: none */
    uint8_t hardware[DHCP_HARDWARE_LENGTH];
    struct dhcp_relay_options server;
    struct dhcp_steps_options dhcp;
    unsigned steps;         /* what to do */
    bool voice_vlan;        /* and the step vlan, too */
    const char *chain_file; /* to trust; NULL: the one that the chain step fetches */
    const char *site_file;  /* to compare with; NULL: none */
    struct firmware firmware;
    struct probe_knowledge knows;
    struct phone_ports ports;
    int total; /* milliseconds */
    bool json;
    bool nagios;
    bool strict; /* warnings count as failures */
    bool verbose;
    struct phone *phone; /* borrowed: gets what the command line says instead of DHCP */
};

/* Says on stderr what is wrong, behind the program's name. */
#define complain(...) ucprov_complain(PROGRAM, __VA_ARGS__)

/* All of it, with the commands. */
extern const struct ucprov_command_line probe_command_line;

/* Reads the command line. Returns -1 to go on, or the status to exit with: after --help, --version,
 * or a complaint. */
int probe_arguments_read(struct probe_arguments *arguments, struct phone *phone, int argc,
                         char **argv);

#endif
