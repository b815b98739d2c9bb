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
    struct phone_settings phone;
    int total; /* milliseconds */
    bool json;
    bool nagios;
    bool strict; /* warnings count as failures */
    bool verbose;
};

/* Says on stderr what is wrong, behind the program's name. */
#define complain(...) ucprov_complain(PROGRAM, __VA_ARGS__)

/* All of it, with the commands. */
extern const struct ucprov_command_line probe_command_line;

/* Reads the command line. Returns -1 to go on, or the status to exit with: after --help, --version,
 * or a complaint. */
int probe_arguments_read(struct probe_arguments *arguments, int argc, char **argv);

#endif
