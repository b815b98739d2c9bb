/* SPDX-License-Identifier: MPL-2.0 */
/* The command line of ucprov-options. */
#ifndef OPTIONS_ARGUMENTS_H
#define OPTIONS_ARGUMENTS_H

#include "base/command_line.h"
#include "base/exit_status.h"
#include "option/option.h"

#define PROGRAM "ucprov-options"

/* Octets put together from several options (RFC 3396) may be more than one option holds. */
#define DECODE_MAX 4096

enum format { FORMAT_TEXT, FORMAT_HEX, FORMAT_JSON };

/* Where the options come from; a command line says one of them. */
enum mode {
    MODE_SERVER = 1, /* --sip-server: the command line */
    MODE_VLAN = 2,   /* --vlan: a site file */
    MODE_DECODE = 4, /* --decode: octets */
};

/* A value put together from hex digits. */
struct decode_octets {
    size_t length;
    uint8_t octets[DECODE_MAX];
};

struct arguments {
    struct ucprov_given given; /* with an enum mode */
    enum format format;
    bool strict; /* warnings count as faults */
    enum ucprov_client client;

    const char *file;
    const char *vlan;

    const char *sip_server;
    const char *web_server; /* NULL: sip_server */
    uint16_t port;
    size_t domain_count;
    const char *domains[UCPROV_DOMAIN_SEARCH_MAX];
    size_t ntp_count;
    struct in_addr ntp[UCPROV_NTP_SERVERS_MAX];
    uint16_t voice_vlan_id; /* 0: none */

    const char *vendor; /* option 60, which client comes from; NULL: not given */
    uint8_t code;       /* of the option to explain */
    int code_place;     /* of that in the table of those that can be explained */
    struct decode_octets decode;
};

/* Says on stderr what is wrong, behind the program's name. */
#define complain(...) ucprov_complain(PROGRAM, __VA_ARGS__)

/* Reads the command line into `arguments`, which are all zero before. Returns -1 to go on, or the
 * status to exit with: after --help, --version, or a complaint. */
int parse_arguments(int argc, char **argv, struct arguments *arguments);

#endif
