/* SPDX-License-Identifier: MPL-2.0 */
/* The options, with two checks on top: is there a way to ask DHCP, and does each chosen step have
 * what an earlier one would have told it. */
#include "probe_arguments.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "client/http_client.h"

#include "commands.h"

#define SECONDS_MAX        60
#define TOTAL_SECONDS_MAX  3600
#define TRIES_MAX          8
#define VENDOR_CLASS_MAX   64 /* octets; real ones have a dozen */
#define DNS_PORT           53
#define INTERFACE_TEXT_MAX 4096 /* whether there is one of this name is looked at later */

static int
take_firmware(void *field, const char *value, struct ucprov_problem *problem)
{
    return firmware_parse(field, value)
               ? 0
               : ucprov_problem_set(problem, "not a version: four numbers, such as 4.0.7577.4372");
}

static int
take_steps(void *field, const char *value, struct ucprov_problem *problem)
{
    return steps_parse(field, value, problem);
}

static int
take_url(void *field, const char *value, struct ucprov_problem *problem)
{
    struct phone_service *service = field;
    struct http_url url;
    const char *fault = http_url_read(&url, value);
    if (fault != NULL) {
        return ucprov_problem_set(problem, "%s", fault);
    }
    int error = ucprov_name_check_host(url.host); /* phones are given a name, and look it up */
    if (error != UCPROV_OK) {
        return ucprov_problem_set(problem, "%s", ucprov_strerror(error));
    }
    if (strlen(url.target) >= PHONE_PATH_SIZE) {
        return ucprov_problem_set(problem, "does not fit in option 43");
    }
    snprintf(service->scheme, sizeof(service->scheme), "%s", url.scheme);
    memcpy(service->host, url.host, strlen(url.host) + 1);
    memcpy(service->path, url.target, strlen(url.target) + 1);
    service->port = url.port;
    return 0;
}

enum setting_index {
    SETTING_INTERFACE,
    SETTING_SERVER,
    SETTING_STEPS,
    SETTING_MAC,
    SETTING_ADDRESS,
    SETTING_FIRMWARE,
    SETTING_VENDOR_CLASS,
    SETTING_VOICE_VLAN,
    SETTING_DOMAIN,
    SETTING_RESOLVER,
    SETTING_NTP,
    SETTING_URL,
    SETTING_SIP_SERVER,
    SETTING_CHAIN,
    SETTING_CONFIG,
    SETTING_RELAY,
    SETTING_LINK,
    SETTING_REPLY_PORT,
    SETTING_TIMEOUT,
    SETTING_TRIES,
    SETTING_WAIT,
    SETTING_TOTAL,
    SETTING_HTTP_PORT,
    SETTING_HTTPS_PORT,
    SETTING_UPDATE_PORT,
    SETTING_REGISTRAR_PORT,
    SETTING_NTP_PORT,
    SETTING_JSON,
    SETTING_NAGIOS,
    SETTING_STRICT,
    SETTING_VERBOSE,
    SETTING_COUNT,
};

/* Ways to ask DHCP. */
enum mode { MODE_INTERFACE = 1, MODE_SERVER = 2 };

#define AT(member) UCPROV_FIELD(struct probe_arguments, member)

static const struct ucprov_setting settings[SETTING_COUNT] = {
    [SETTING_INTERFACE] =
        {
            .name = "interface",
            .letter = 'i',
            .kind = UCPROV_SETTING_TEXT,
            .field = AT(interface),
            .metavar = "NAME",
            .help = "be a phone on this Ethernet interface",
            .min = 1,
            .max = INTERFACE_TEXT_MAX,
        },
    [SETTING_SERVER] =
        {
            .name = "server",
            .letter = 's',
            .kind = UCPROV_SETTING_SOCKET,
            .field = AT(server.server),
            .metavar = "ADDR[:PORT]",
            .help = "be a phone's relay agent, and ask this DHCP server",
            .mark = ':',
            .port = DHCP_SERVER_PORT,
        },
    [SETTING_STEPS] =
        {
            .name = "steps",
            .kind = UCPROV_SETTING_SPECIAL,
            .field = AT(steps),
            .metavar = "STEP,...",
            .help = "what to do (with -i all but vlan; with --server dhcp and inform)",
            .choices = UCPROV_WORDS(step_words, STEP_COUNT + 1),
            .take = take_steps,
        },
    [SETTING_MAC] =
        {
            .name = "mac",
            .letter = 'm',
            .kind = UCPROV_SETTING_HARDWARE,
            .field = AT(hardware),
            .modes = MODE_INTERFACE | MODE_SERVER,
            .metavar = "MAC",
            .help = "its hardware address",
            .heading = "What the phone is:",
        },
    [SETTING_ADDRESS] =
        {
            .name = "address",
            .letter = 'a',
            .kind = UCPROV_SETTING_ADDRESS,
            .field = AT(dhcp.address),
            .metavar = "ADDR",
            .help = "its address, for the DHCPINFORM",
        },
    [SETTING_FIRMWARE] =
        {
            .name = "firmware",
            .kind = UCPROV_SETTING_SPECIAL,
            .field = AT(firmware),
            .metavar = "VERSION",
            .help = "its firmware: adds what is known of that",
            .take = take_firmware,
        },
    [SETTING_VENDOR_CLASS] =
        {
            .name = "vendor-class",
            .kind = UCPROV_SETTING_TEXT,
            .field = AT(dhcp.vendor_class),
            .modes = MODE_INTERFACE | MODE_SERVER,
            .metavar = "TEXT",
            .help = "option 60 of the ordinary DHCPDISCOVER; default: none",
            .min = 1,
            .max = VENDOR_CLASS_MAX,
        },
    [SETTING_VOICE_VLAN] =
        {
            .name = "voice-vlan-discovery",
            .field = AT(voice_vlan),
            .modes = MODE_INTERFACE | MODE_SERVER,
            .help = "begin with the request for the voice VLAN (CPE-OCPHONE)",
        },
    [SETTING_DOMAIN] =
        {
            .name = "domain",
            .kind = UCPROV_SETTING_TEXT,
            .field = UCPROV_FIELD_LIST(struct probe_arguments, phone.domains, phone.domain_count),
            .metavar = "NAME",
            .help = "its domain; again for more (options 15, 119)",
            .heading = "What it knows, instead of what DHCP says:",
            .check = ucprov_name_check,
        },
    [SETTING_RESOLVER] =
        {
            .name = "resolver",
            .kind = UCPROV_SETTING_SOCKET,
            .field =
                UCPROV_FIELD_LIST(struct probe_arguments, phone.resolvers, phone.resolver_count),
            .metavar = "ADDR[#PORT]",
            .help = "its resolver; again for more (option 6)",
            .mark = '#',
            .port = DNS_PORT,
        },
    [SETTING_NTP] =
        {
            .name = "ntp",
            .kind = UCPROV_SETTING_ADDRESS,
            .field = UCPROV_FIELD_LIST(struct probe_arguments, phone.time_servers,
                                       phone.time_server_count),
            .metavar = "ADDR",
            .help = "its time server; again for more (option 42)",
        },
    [SETTING_URL] =
        {
            .name = "url",
            .kind = UCPROV_SETTING_SPECIAL,
            .field = AT(phone.service),
            .metavar = "URL",
            .help = "the certificate provisioning service (option 43)",
            .take = take_url,
        },
    [SETTING_SIP_SERVER] =
        {
            .name = "sip-server",
            .kind = UCPROV_SETTING_TEXT,
            .field = AT(phone.sip_server),
            .metavar = "NAME",
            .help = "the registrar (option 120)",
            .check = ucprov_name_check_host,
        },
    [SETTING_CHAIN] =
        {
            .name = "chain",
            .kind = UCPROV_SETTING_FILE,
            .field = AT(chain_file),
            .metavar = "FILE",
            .help = "the chain that it trusts, instead of the one that it fetches",
        },
    [SETTING_CONFIG] =
        {
            .name = "config",
            .letter = 'c',
            .kind = UCPROV_SETTING_FILE,
            .field = AT(site_file),
            .metavar = "FILE",
            .help = "compare with what this site file promises",
            .heading = "",
        },
    [SETTING_RELAY] =
        {
            .name = "relay",
            .kind = UCPROV_SETTING_ADDRESS,
            .field = AT(server.relay),
            .modes = MODE_SERVER,
            .metavar = "ADDR",
            .help = "address of the relay agent, this machine's (giaddr)",
            .heading = "With --server:",
        },
    [SETTING_LINK] =
        {
            .name = "link",
            .kind = UCPROV_SETTING_ADDRESS,
            .field = AT(server.link),
            .modes = MODE_SERVER,
            .metavar = "ADDR",
            .help = "address in the phone's subnet (link selection, RFC 3527)",
        },
    [SETTING_REPLY_PORT] =
        {
            .name = "reply-port",
            .kind = UCPROV_SETTING_PORT,
            .field = AT(server.reply_port),
            .modes = MODE_SERVER,
            .metavar = "PORT",
            .help = "the server answers at this port",
        },
    [SETTING_TIMEOUT] =
        {
            .name = "timeout",
            .letter = 't',
            .kind = UCPROV_SETTING_SECONDS,
            .field = AT(dhcp.timing.timeout),
            .metavar = "SECONDS",
            .help = "per question or connection, when nobody answers",
            .heading = "How long:",
            .fallback = "4",
            .min = 0.1,
            .max = SECONDS_MAX,
        },
    [SETTING_TRIES] =
        {
            .name = "tries",
            .letter = 'n',
            .kind = UCPROV_SETTING_NUMBER,
            .field = AT(dhcp.timing.tries),
            .metavar = "NUMBER",
            .help = "DHCP messages sent in that time",
            .fallback = "3",
            .min = 1,
            .max = TRIES_MAX,
        },
    [SETTING_WAIT] =
        {
            .name = "wait",
            .letter = 'w',
            .kind = UCPROV_SETTING_SECONDS,
            .field = AT(dhcp.timing.wait),
            .metavar = "SECONDS",
            .help = "for more DHCP answers behind the first",
            .fallback = "1",
            .max = SECONDS_MAX,
        },
    [SETTING_TOTAL] =
        {
            .name = "total",
            .kind = UCPROV_SETTING_SECONDS,
            .field = AT(total),
            .metavar = "SECONDS",
            .help = "for everything",
            .fallback = "60",
            .min = 1,
            .max = TOTAL_SECONDS_MAX,
        },
    [SETTING_HTTP_PORT] =
        {
            .name = "http-port",
            .kind = UCPROV_SETTING_PORT,
            .field = AT(phone.ports.http),
            .metavar = "PORT",
            .help = "chain and update server, plain",
            .heading = "For laboratories, where servers listen elsewhere:",
            .fallback = "80",
        },
    [SETTING_HTTPS_PORT] =
        {
            .name = "https-port",
            .kind = UCPROV_SETTING_PORT,
            .field = AT(phone.ports.https),
            .metavar = "PORT",
            .help = "chain, TLS; default: what the URL says",
        },
    [SETTING_UPDATE_PORT] =
        {
            .name = "update-port",
            .kind = UCPROV_SETTING_PORT,
            .field = AT(phone.ports.update),
            .metavar = "PORT",
            .help = "update server, TLS",
            .fallback = "443",
        },
    [SETTING_REGISTRAR_PORT] =
        {
            .name = "registrar-port",
            .kind = UCPROV_SETTING_PORT,
            .field = AT(phone.ports.registrar),
            .metavar = "PORT",
            .help = "registrar; default: what the SRV record says, or 5061",
        },
    [SETTING_NTP_PORT] =
        {
            .name = "ntp-port",
            .kind = UCPROV_SETTING_PORT,
            .field = AT(phone.ports.ntp),
            .metavar = "PORT",
            .help = "time servers",
            .fallback = "123",
        },
    [SETTING_JSON] =
        {
            .name = "json",
            .letter = 'j',
            .field = AT(json),
            .help = "print JSON",
            .heading = "",
        },
    [SETTING_NAGIOS] =
        {
            .name = "nagios",
            .field = AT(nagios),
            .help = "one line and an exit status for Nagios and its like",
        },
    [SETTING_STRICT] = {.name = "strict",
                        .field = AT(strict),
                        .help = "warnings count as failures do: exit status 1"},
    [SETTING_VERBOSE] =
        {
            .name = "verbose",
            .letter = 'v',
            .field = AT(verbose),
            .help = "explain every option of every answer, and show all checks",
        },
};

static const struct ucprov_mode modes[] = {
    {SETTING_INTERFACE, NULL}, {SETTING_SERVER, NULL}, {-1, NULL}};

static const struct ucprov_command commands[] = {
    {"explain", explain_command, "says what a status means that a phone shows while it updates"},
    {"audit", audit_command, "lists the phones in an update server's logs"},
};

const struct ucprov_command_line probe_command_line = {
    .program = PROGRAM,
    .usage = "[OPTION]... -i\tINTERFACE\n"
             "[OPTION]... --server\tADDRESS[:PORT]\n"
             "--steps\tSTEP[,STEP]... [OPTION]...\n"
             "explain STATUS...\n"
             "audit [--json] FILE...",
    .intro = "Boots as a Lync phone does, taking no lease, and says what the phone would see.",
    .outro = "Exit status: 0 no failure, 1 a failure (with --strict, or a warning), 2 wrong usage, "
             "could not run, or could not look at all of it.\n"
             "With --nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.",
    .settings = settings,
    .setting_count = SETTING_COUNT,
    .modes = modes,
    .mode_count = sizeof(modes) / sizeof(modes[0]),
    .commands = commands,
    .command_count = sizeof(commands) / sizeof(commands[0]),
};

static bool
is_given(const struct probe_arguments *arguments, enum setting_index setting)
{
    return ucprov_is_given(&arguments->given, setting);
}

/* Which steps to take, unless told: behind a relay agent, this machine may stand elsewhere than the
 * phones, and what it reaches says nothing of what they do. */
static void
choose_steps(struct probe_arguments *arguments)
{
    if (arguments->steps == 0) {
        arguments->steps = STEPS_OF(STEP_DHCP) | STEPS_OF(STEP_INFORM);
        arguments->steps |= arguments->interface != NULL ? STEPS_BEHIND_DHCP : 0;
    }
    if (arguments->voice_vlan) {
        arguments->steps |= STEPS_OF(STEP_VLAN);
    }
}

static bool
complain_of_usage(const char *what)
{
    complain("%s; try --help", what);
    return false;
}

/* Is there a way to ask DHCP where that is to be done? */
static bool
check_way(const struct probe_arguments *arguments)
{
    bool has_way = (arguments->given.mode & (MODE_INTERFACE | MODE_SERVER)) != 0;
    return has_way || (arguments->steps & STEPS_DHCP) == 0 ||
           complain_of_usage(
               "name either an interface (-i) or a server (--server), or --steps behind DHCP");
}

/* Steps behind DHCP need what it would have said. */
static bool
check_inputs(const struct probe_arguments *arguments)
{
    static const struct {
        enum step step;
        enum step source; /* the step that finds it out */
        enum setting_index setting;
        const char *says;
    } needs[] = {
        {STEP_NAMES, STEP_DHCP, SETTING_RESOLVER, "--steps names needs dhcp, or --resolver"},
        {STEP_NAMES, STEP_DHCP, SETTING_DOMAIN, "--steps names needs dhcp, or --domain"},
        {STEP_UPDATE, STEP_DHCP, SETTING_RESOLVER, "--steps update needs dhcp, or --resolver"},
        {STEP_UPDATE, STEP_DHCP, SETTING_DOMAIN, "--steps update needs dhcp, or --domain"},
        {STEP_CHAIN, STEP_DHCP, SETTING_RESOLVER, "--steps chain needs dhcp, or --resolver"},
        {STEP_CHAIN, STEP_INFORM, SETTING_URL, "--steps chain needs inform, or --url"},
        {STEP_SIGN_IN, STEP_DHCP, SETTING_RESOLVER, "--steps sign-in needs dhcp, or --resolver"},
    };

    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
        if ((arguments->steps & STEPS_OF(needs[i].step)) != 0 &&
            (arguments->steps & STEPS_OF(needs[i].source)) == 0 &&
            !is_given(arguments, needs[i].setting)) {
            return complain_of_usage(needs[i].says);
        }
    }
    bool names_registrar = (arguments->steps & STEPS_OF(STEP_INFORM)) != 0 ||
                           is_given(arguments, SETTING_SIP_SERVER) ||
                           is_given(arguments, SETTING_DOMAIN);
    if ((arguments->steps & STEPS_OF(STEP_SIGN_IN)) != 0 && !names_registrar) {
        return complain_of_usage("--steps sign-in needs inform, --sip-server or --domain");
    }
    bool names_time = (arguments->steps & STEPS_OF(STEP_DHCP)) != 0 ||
                      is_given(arguments, SETTING_NTP) || is_given(arguments, SETTING_RESOLVER);
    if ((arguments->steps & STEPS_OF(STEP_TIME)) != 0 && !names_time) {
        return complain_of_usage("--steps time needs dhcp, --ntp or --resolver");
    }
    return true;
}

static bool
check_output(const struct probe_arguments *arguments)
{
    if (arguments->json && arguments->nagios) {
        return complain_of_usage("--json and --nagios: give one or the other");
    }
    if (arguments->strict && arguments->nagios) {
        return complain_of_usage("--strict and --nagios, which tells warnings from failures: give "
                                 "one or the other");
    }
    return true;
}

int
probe_arguments_read(struct probe_arguments *arguments, int argc, char **argv)
{
    *arguments = (struct probe_arguments){0};
    int status =
        ucprov_command_line_read(&probe_command_line, argc, argv, arguments, &arguments->given);
    if (status >= 0) {
        return status;
    }
    arguments->server.address = arguments->dhcp.address;
    arguments->server.hardware = is_given(arguments, SETTING_MAC) ? arguments->hardware : NULL;
    arguments->phone.address = arguments->dhcp.address;
    arguments->phone.timeout = arguments->dhcp.timing.timeout;
    arguments->phone.firmware = is_given(arguments, SETTING_FIRMWARE) ? &arguments->firmware : NULL;
    choose_steps(arguments);
    bool fine = check_way(arguments) && check_inputs(arguments) && check_output(arguments);
    return fine ? -1 : UCPROV_EXIT_ERROR;
}
