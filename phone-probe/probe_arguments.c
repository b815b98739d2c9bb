/* SPDX-License-Identifier: MPL-2.0 */
/* The options, with two checks on top: is there a way to ask DHCP, and does each chosen step have
 * what an earlier one would have told it. */
#include "probe_arguments.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#include "client/http_client.h"

#define TIMEOUT_DEFAULT   4000 /* milliseconds */
#define WAIT_DEFAULT      1000
#define TRIES_DEFAULT     3
#define TOTAL_DEFAULT     60000
#define SECONDS_MAX       60.0
#define TOTAL_SECONDS_MAX 3600.0
#define VENDOR_CLASS_MAX  64 /* octets; real ones have a dozen */
#define DNS_PORT          53
#define NTP_PORT          123

/* Complains about the value of a setting. Always false. */
static bool
refuse_value(const char *setting, const char *value, const char *problem)
{
    return ucprov_complain_of_value(PROGRAM, setting, value, problem);
}

static bool
parse_number(const char *text, unsigned long least, unsigned long most, unsigned long *number)
{
    char *end;

    if (text[0] < '0' || text[0] > '9') {
        return false;
    }
    errno = 0;
    *number = strtoul(text, &end, 10);
    return errno == 0 && *end == '\0' && *number >= least && *number <= most;
}

static bool
parse_port(const char *setting, const char *text, uint16_t *port)
{
    unsigned long number;

    if (!parse_number(text, 1, UINT16_MAX, &number)) {
        return refuse_value(setting, text, "is no port: 1 to 65535");
    }
    *port = (uint16_t)number;
    return true;
}

/* "0.5" seconds as milliseconds. */
static bool
parse_seconds(const char *setting, const char *text, double least, double most, int *milliseconds)
{
    char *end;
    double seconds = strtod(text, &end);

    if (end == text || *end != '\0' || !(seconds >= least && seconds <= most)) {
        return refuse_value(setting, text,
                            most == SECONDS_MAX ? "is out of range: seconds, 60 at the most"
                                                : "is out of range: 1 to 3600 seconds");
    }
    *milliseconds = (int)(seconds * 1000 + 0.5);
    return true;
}

static bool
parse_address(const char *setting, const char *text, struct in_addr *address)
{
    return (inet_pton(AF_INET, text, address) == 1 && address->s_addr != INADDR_ANY &&
            address->s_addr != INADDR_BROADCAST) ||
           refuse_value(setting, text, "is not an IPv4 address");
}

/* "10.1.0.53", and a port behind a mark; `port` is what it is without. */
static bool
parse_socket(const char *setting, const char *text, char mark, uint16_t port,
             struct sockaddr_in *server)
{
    char address[INET_ADDRSTRLEN];
    const char *marked = strchr(text, mark);
    size_t length = marked != NULL ? (size_t)(marked - text) : strlen(text);

    if (length >= sizeof(address)) {
        return refuse_value(setting, text, "is not an IPv4 address, or address and port");
    }
    memcpy(address, text, length);
    address[length] = '\0';
    if (marked != NULL && !parse_port(setting, marked + 1, &port)) {
        return false;
    }
    server->sin_family = AF_INET;
    server->sin_port = htons(port);
    return parse_address(setting, address, &server->sin_addr);
}

static bool
take_address(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    return parse_address("address", value, &arguments->dhcp.address);
}

static bool
take_chain(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    arguments->chain_file = value;
    return true;
}

static bool
take_config(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    arguments->site_file = value;
    return true;
}

static bool
take_domain(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    int error = ucprov_name_from_text(NULL, value);
    if (error != UCPROV_OK) {
        return refuse_value("domain", value, ucprov_strerror(error));
    }
    return phone_add_domain(arguments->phone, value) ||
           refuse_value("domain", value, "is one too many: 16 are enough");
}

static bool
take_firmware(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    arguments->phone->firmware = &arguments->firmware;
    return firmware_parse(&arguments->firmware, value) ||
           refuse_value("firmware", value, "is no version: four numbers, such as 4.0.7577.4372");
}

static bool
take_http_port(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    return parse_port("http-port", value, &arguments->phone->ports.http);
}

static bool
take_https_port(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    return parse_port("https-port", value, &arguments->phone->ports.https);
}

static bool
take_interface(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    arguments->interface = value;
    return true;
}

static bool
take_json(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    (void)value;
    arguments->json = true;
    return true;
}

static bool
take_link(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    return parse_address("link", value, &arguments->server.link);
}

static bool
take_mac(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    arguments->mac = value;
    arguments->server.hardware = arguments->hardware;
    return hardware_parse(arguments->hardware, value) ||
           refuse_value("mac", value, "is not the hardware address of one Ethernet interface");
}

static bool
take_nagios(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    (void)value;
    arguments->nagios = true;
    return true;
}

static bool
take_ntp(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    struct phone *phone = arguments->phone;
    if (phone->time_server_count == PHONE_TIME_SERVERS_MAX) {
        return refuse_value("ntp", value, "is one too many: 8 are enough");
    }
    return parse_address("ntp", value, &phone->time_servers[phone->time_server_count++]);
}

static bool
take_ntp_port(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    return parse_port("ntp-port", value, &arguments->phone->ports.ntp);
}

static bool
take_registrar_port(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    return parse_port("registrar-port", value, &arguments->phone->ports.registrar);
}

static bool
take_relay(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    return parse_address("relay", value, &arguments->server.relay);
}

static bool
take_reply_port(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    return parse_port("reply-port", value, &arguments->server.reply_port);
}

static bool
take_resolver(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    struct resolver *resolver = &arguments->phone->resolver;
    if (resolver->count == RESOLVER_SERVERS_MAX) {
        return refuse_value("resolver", value, "is one too many: 8 are enough");
    }
    return parse_socket("resolver", value, '#', DNS_PORT, &resolver->servers[resolver->count++]);
}

static bool
take_server(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    return parse_socket("server", value, ':', DHCP_SERVER_PORT, &arguments->server.server);
}

static bool
take_sip_server(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    struct phone *phone = arguments->phone;
    int error = ucprov_name_check_host(value);
    if (error != UCPROV_OK) {
        return refuse_value("sip-server", value, ucprov_strerror(error));
    }
    snprintf(phone->sip_server, sizeof(phone->sip_server), "%s", value);
    return true;
}

static bool
take_steps(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    const char *unknown;
    return steps_parse(&arguments->steps, value, &unknown) ||
           refuse_value(
               "steps", unknown,
               "is no list of steps: vlan, dhcp, inform, names, time, update, chain, sign-in, "
               "or all, with commas between");
}

static bool
take_timeout(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    return parse_seconds("timeout", value, 0.1, SECONDS_MAX, &arguments->dhcp.timing.timeout);
}

static bool
take_total(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    return parse_seconds("total", value, 1, TOTAL_SECONDS_MAX, &arguments->total);
}

static bool
take_tries(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    unsigned long number;
    if (!parse_number(value, 1, 8, &number)) {
        return refuse_value("tries", value, "is out of range: 1 to 8");
    }
    arguments->dhcp.timing.tries = (unsigned)number;
    return true;
}

static bool
take_update_port(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    return parse_port("update-port", value, &arguments->phone->ports.update);
}

static bool
take_url(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    struct phone_service *service = &arguments->phone->service;
    struct http_url url;
    struct ucprov_problem problem;
    if (http_url_parse(&url, value, &problem) != 0) {
        return refuse_value("url", value, problem.text);
    }
    int error = ucprov_name_check_host(url.host); /* phones are given a name, and look it up */
    if (error != UCPROV_OK) {
        return refuse_value("url", value, ucprov_strerror(error));
    }
    if (strlen(url.target) >= PHONE_PATH_SIZE) {
        return refuse_value("url", value, "does not fit in option 43");
    }
    snprintf(service->scheme, sizeof(service->scheme), "%s", url.scheme);
    memcpy(service->host, url.host, strlen(url.host) + 1);
    memcpy(service->path, url.target, strlen(url.target) + 1);
    service->port = url.port;
    return true;
}

static bool
take_vendor_class(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    size_t length = strlen(value);
    arguments->dhcp.vendor_class = value;
    return (length > 0 && length <= VENDOR_CLASS_MAX) ||
           refuse_value("vendor-class", value, "is empty, or longer than 64 octets");
}

static bool
take_verbose(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    (void)value;
    arguments->verbose = true;
    return true;
}

/* Which is noticed by its bit in `given`. */
static bool
take_voice_vlan(void *context, const char *value)
{
    (void)context;
    (void)value;
    return true;
}

static bool
take_wait(void *context, const char *value)
{
    struct probe_arguments *arguments = context;
    return parse_seconds("wait", value, 0, SECONDS_MAX, &arguments->dhcp.timing.wait);
}

static bool
take_operand(void *context, const char *value)
{
    (void)context;
    (void)value;
    complain("it takes options only, or begins with a command: explain, audit; try --help");
    return false;
}

enum setting_index {
    SETTING_ADDRESS,
    SETTING_CHAIN,
    SETTING_CONFIG,
    SETTING_DOMAIN,
    SETTING_FIRMWARE,
    SETTING_HTTP_PORT,
    SETTING_HTTPS_PORT,
    SETTING_INTERFACE,
    SETTING_JSON,
    SETTING_LINK,
    SETTING_MAC,
    SETTING_NAGIOS,
    SETTING_NTP,
    SETTING_NTP_PORT,
    SETTING_REGISTRAR_PORT,
    SETTING_RELAY,
    SETTING_REPLY_PORT,
    SETTING_RESOLVER,
    SETTING_SERVER,
    SETTING_SIP_SERVER,
    SETTING_STEPS,
    SETTING_TIMEOUT,
    SETTING_TOTAL,
    SETTING_TRIES,
    SETTING_UPDATE_PORT,
    SETTING_URL,
    SETTING_VENDOR_CLASS,
    SETTING_VERBOSE,
    SETTING_VOICE_VLAN,
    SETTING_WAIT,
    SETTING_COUNT,
};

/* What a setting goes with: a way to ask DHCP. */
enum mode { MODE_SERVER = 1, MODE_DHCP = 2, MODE_ANY = 4 };

static const struct ucprov_setting settings[SETTING_COUNT] = {
    [SETTING_ADDRESS] = {"address", 'a', true, MODE_ANY, take_address},
    [SETTING_CHAIN] = {"chain", 0, true, MODE_ANY, take_chain},
    [SETTING_CONFIG] = {"config", 'c', true, MODE_ANY, take_config},
    [SETTING_DOMAIN] = {"domain", 0, true, MODE_ANY, take_domain},
    [SETTING_FIRMWARE] = {"firmware", 0, true, MODE_ANY, take_firmware},
    [SETTING_HTTP_PORT] = {"http-port", 0, true, MODE_ANY, take_http_port},
    [SETTING_HTTPS_PORT] = {"https-port", 0, true, MODE_ANY, take_https_port},
    [SETTING_INTERFACE] = {"interface", 'i', true, MODE_ANY, take_interface},
    [SETTING_JSON] = {"json", 'j', false, MODE_ANY, take_json},
    [SETTING_LINK] = {"link", 0, true, MODE_SERVER, take_link},
    [SETTING_MAC] = {"mac", 'm', true, MODE_DHCP, take_mac},
    [SETTING_NAGIOS] = {"nagios", 0, false, MODE_ANY, take_nagios},
    [SETTING_NTP] = {"ntp", 0, true, MODE_ANY, take_ntp},
    [SETTING_NTP_PORT] = {"ntp-port", 0, true, MODE_ANY, take_ntp_port},
    [SETTING_REGISTRAR_PORT] = {"registrar-port", 0, true, MODE_ANY, take_registrar_port},
    [SETTING_RELAY] = {"relay", 0, true, MODE_SERVER, take_relay},
    [SETTING_REPLY_PORT] = {"reply-port", 0, true, MODE_SERVER, take_reply_port},
    [SETTING_RESOLVER] = {"resolver", 0, true, MODE_ANY, take_resolver},
    [SETTING_SERVER] = {"server", 's', true, MODE_SERVER, take_server},
    [SETTING_SIP_SERVER] = {"sip-server", 0, true, MODE_ANY, take_sip_server},
    [SETTING_STEPS] = {"steps", 0, true, MODE_ANY, take_steps},
    [SETTING_TIMEOUT] = {"timeout", 't', true, MODE_ANY, take_timeout},
    [SETTING_TOTAL] = {"total", 0, true, MODE_ANY, take_total},
    [SETTING_TRIES] = {"tries", 'n', true, MODE_ANY, take_tries},
    [SETTING_UPDATE_PORT] = {"update-port", 0, true, MODE_ANY, take_update_port},
    [SETTING_URL] = {"url", 0, true, MODE_ANY, take_url},
    [SETTING_VENDOR_CLASS] = {"vendor-class", 0, true, MODE_DHCP, take_vendor_class},
    [SETTING_VERBOSE] = {"verbose", 'v', false, MODE_ANY, take_verbose},
    [SETTING_VOICE_VLAN] = {"voice-vlan-discovery", 0, false, MODE_DHCP, take_voice_vlan},
    [SETTING_WAIT] = {"wait", 'w', true, MODE_ANY, take_wait},
};

static const char help[] =
    "Usage: ucprov-probe [OPTION]... -i INTERFACE\n"
    "       ucprov-probe [OPTION]... --server ADDRESS[:PORT]\n"
    "       ucprov-probe --steps STEP[,STEP]... [OPTION]...\n"
    "       ucprov-probe explain STATUS...\n"
    "       ucprov-probe audit [--json] FILE...\n"
    "Boots as a Lync phone does, taking no lease, and says what the phone would see.\n"
    "\n"
    "  -i, --interface=NAME       be a phone on this Ethernet interface\n"
    "  -s, --server=ADDR[:PORT]   be a phone's relay agent, and ask this DHCP server\n"
    "      --steps=STEP,...       vlan, dhcp, inform, names, time, update, chain, sign-in, all\n"
    "                             (with -i all but vlan; with --server dhcp and inform)\n"
    "\n"
    "What the phone is:\n"
    "  -m, --mac=MAC              its hardware address\n"
    "  -a, --address=ADDR         its address, for the DHCPINFORM\n"
    "      --firmware=VERSION     its firmware: adds what is known of that\n"
    "      --vendor-class=TEXT    option 60 of the ordinary DHCPDISCOVER (none)\n"
    "      --voice-vlan-discovery begin with the request for the voice VLAN (CPE-OCPHONE)\n"
    "\n"
    "What it knows, instead of what DHCP says:\n"
    "      --domain=NAME          its domain; again for more (options 15, 119)\n"
    "      --resolver=ADDR[#PORT] its resolver; again for more (option 6)\n"
    "      --ntp=ADDR             its time server; again for more (option 42)\n"
    "      --url=URL              the certificate provisioning service (option 43)\n"
    "      --sip-server=NAME      the registrar (option 120)\n"
    "      --chain=FILE           the chain that it trusts, instead of the one that it fetches\n"
    "\n"
    "  -c, --config=FILE          compare with what this site file promises\n"
    "\n"
    "With --server:\n"
    "      --relay=ADDR           address of the relay agent, this machine's (giaddr)\n"
    "      --link=ADDR            address in the phone's subnet (link selection, RFC 3527)\n"
    "      --reply-port=PORT      the server answers at this port\n"
    "\n"
    "How long:\n"
    "  -t, --timeout=SECONDS      per question or connection, when nobody answers (4)\n"
    "  -n, --tries=NUMBER         DHCP messages sent in that time (3)\n"
    "  -w, --wait=SECONDS         for more DHCP answers behind the first (1)\n"
    "      --total=SECONDS        for everything (60)\n"
    "\n"
    "For laboratories, where servers listen elsewhere:\n"
    "      --http-port=PORT       chain and update server, plain (80)\n"
    "      --https-port=PORT      chain, TLS (what the URL says)\n"
    "      --update-port=PORT     update server, TLS (443)\n"
    "      --registrar-port=PORT  registrar (what the SRV record says, or 5061)\n"
    "      --ntp-port=PORT        time servers (123)\n"
    "\n"
    "  -j, --json                 print JSON\n"
    "      --nagios               one line and an exit status for Nagios and its like\n"
    "  -v, --verbose              explain every option of every answer, and show all checks\n"
    "  -h, --help                 print this\n"
    "  -V, --version              print the version\n"
    "\n"
    "Exit status: 0 no failure, 1 a failure, 2 wrong usage or could not run.\n"
    "With --nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.";

static const struct ucprov_command_line command_line = {PROGRAM, help, settings, SETTING_COUNT,
                                                        take_operand};

static bool
is_given(const struct probe_arguments *arguments, enum setting_index setting)
{
    return (arguments->given & 1U << setting) != 0;
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
    if (is_given(arguments, SETTING_VOICE_VLAN)) {
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
    bool asks_dhcp = (arguments->steps & STEPS_DHCP) != 0;
    bool has_server = is_given(arguments, SETTING_SERVER);
    bool has_interface = arguments->interface != NULL;

    if ((asks_dhcp && has_server == has_interface) || (has_server && has_interface)) {
        return complain_of_usage(
            "name either an interface (-i) or a server (--server), or --steps behind DHCP");
    }
    for (int i = 0; i < SETTING_COUNT && !has_server; i++) {
        if (is_given(arguments, (enum setting_index)i) && settings[i].modes == MODE_SERVER) {
            return complain_of_usage("--relay, --link and --reply-port go with --server");
        }
    }
    return true;
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
    return true;
}

int
probe_arguments_read(struct probe_arguments *arguments, struct phone *phone, int argc, char **argv)
{
    *arguments = (struct probe_arguments){
        .dhcp.timing = {.timeout = TIMEOUT_DEFAULT, .wait = WAIT_DEFAULT, .tries = TRIES_DEFAULT},
        .total = TOTAL_DEFAULT,
        .phone = phone,
    };
    phone->ports = (struct phone_ports){.http = 80, .update = 443, .ntp = NTP_PORT};
    int status = ucprov_command_line_read(&command_line, argc, argv, arguments, &arguments->given);
    if (status >= 0) {
        return status;
    }
    arguments->server.address = arguments->dhcp.address;
    phone->address = arguments->dhcp.address;
    phone->timeout = arguments->dhcp.timing.timeout;
    choose_steps(arguments);
    return check_way(arguments) && check_inputs(arguments) && check_output(arguments)
               ? -1
               : UCPROV_EXIT_ERROR;
}
