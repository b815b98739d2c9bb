/* SPDX-License-Identifier: MPL-2.0 */
/* Three ways to call one program (--sip-server, --vlan, --decode), told apart by the options given,
 * each of which says where it belongs. */
#include "options_arguments.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/command_line.h"
#include "base/error.h"
#include "base/hex.h"
#include "option/lint.h"
#include "site/site.h"

#define PORT_MAX 65535

/* Complains about the value of a setting. Always false. */
static bool
refuse_value(const char *setting, const char *value, const char *problem)
{
    return ucprov_complain_of_value(PROGRAM, setting, value, problem);
}

static bool
parse_number(const char *text, unsigned long min, unsigned long max, uint16_t *number)
{
    char *end;
    if (text[0] < '0' || text[0] > '9') {
        return false;
    }
    unsigned long value = strtoul(text, &end, 10);
    if (*end != '\0' || value < min || value > max) {
        return false;
    }
    *number = (uint16_t)value;
    return true;
}

static bool
take_format(void *context, const char *value)
{
    struct arguments *arguments = context;
    static const char *const names[] = {
        [FORMAT_TEXT] = "text", [FORMAT_HEX] = "hex", [FORMAT_JSON] = "json"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(value, names[i]) == 0) {
            arguments->format = (enum format)i;
            return true;
        }
    }
    return refuse_value("format", value, "not a format; write text, hex or json");
}

static bool
take_json(void *context, const char *value)
{
    struct arguments *arguments = context;
    (void)value;
    arguments->format = FORMAT_JSON;
    return true;
}

static bool
take_client(void *context, const char *value)
{
    struct arguments *arguments = context;
    return ucprov_client_from_name(value, &arguments->client) ||
           refuse_value("client", value, "not a client; write ms-uc, cpe-ocphone or other");
}

static bool
take_config(void *context, const char *value)
{
    struct arguments *arguments = context;
    arguments->file = value;
    return true;
}

static bool
take_vlan(void *context, const char *value)
{
    struct arguments *arguments = context;
    arguments->vlan = value;
    return true;
}

static bool
take_host(const char **host, const char *setting, const char *value)
{
    int error = ucprov_name_check_host(value);
    *host = value;
    return error == UCPROV_OK || refuse_value(setting, value, ucprov_strerror(error));
}

static bool
take_sip_server(void *context, const char *value)
{
    struct arguments *arguments = context;
    return take_host(&arguments->sip_server, "sip-server", value);
}

static bool
take_web_server(void *context, const char *value)
{
    struct arguments *arguments = context;
    return take_host(&arguments->web_server, "web-server", value);
}

static bool
take_port(void *context, const char *value)
{
    struct arguments *arguments = context;
    return parse_number(value, 1, PORT_MAX, &arguments->port) ||
           refuse_value("port", value, "not a port; write a number from 1 to 65535");
}

static bool
take_domain(void *context, const char *value)
{
    struct arguments *arguments = context;
    int error = ucprov_name_from_text(NULL, value);
    if (error == UCPROV_OK && arguments->domain_count == UCPROV_DOMAIN_SEARCH_MAX) {
        error = UCPROV_ETOOLONG;
    }
    if (error != UCPROV_OK) {
        return refuse_value("domain", value, ucprov_strerror(error));
    }
    arguments->domains[arguments->domain_count++] = value;
    return true;
}

static bool
take_ntp(void *context, const char *value)
{
    struct arguments *arguments = context;
    struct in_addr address;
    if (inet_pton(AF_INET, value, &address) != 1) {
        return refuse_value("ntp", value, "not an IPv4 address; write one such as 10.1.0.1");
    }
    if (arguments->ntp_count == UCPROV_NTP_SERVERS_MAX) {
        return refuse_value("ntp", value, ucprov_strerror(UCPROV_ETOOLONG));
    }
    arguments->ntp[arguments->ntp_count++] = address;
    return true;
}

static bool
take_voice_vlan(void *context, const char *value)
{
    struct arguments *arguments = context;
    return parse_number(value, UCPROV_VLAN_ID_MIN, UCPROV_VLAN_ID_MAX, &arguments->voice_vlan_id) ||
           refuse_value("voice-vlan", value, "not a VLAN id; write a number from 1 to 4094");
}

static bool
take_decode(void *context, const char *value)
{
    struct arguments *arguments = context;
    int count = ucprov_hex_decode(arguments->octets, sizeof(arguments->octets), value);
    if (count < 0) {
        return refuse_value("decode", value,
                            "not hex; write two digits for each octet, 4096 octets at most");
    }
    arguments->length = (size_t)count;
    return true;
}

static bool
take_option(void *context, const char *value)
{
    struct arguments *arguments = context;
    uint16_t code;
    if (!parse_number(value, 1, UINT8_MAX, &code) || ucprov_option_name((uint8_t)code) == NULL) {
        return refuse_value("option", value,
                            "not an option of the phones; write 15, 42, 43, 119 or 120");
    }
    arguments->code = (uint8_t)code;
    return true;
}

static bool
take_vendor(void *context, const char *value)
{
    struct arguments *arguments = context;
    arguments->client = ucprov_client_from_class(value, strlen(value));
    return true;
}

enum setting_index {
    SETTING_CLIENT,
    SETTING_CONFIG,
    SETTING_DECODE,
    SETTING_DOMAIN,
    SETTING_FORMAT,
    SETTING_JSON,
    SETTING_NTP,
    SETTING_OPTION,
    SETTING_PORT,
    SETTING_SIP_SERVER,
    SETTING_VENDOR,
    SETTING_VLAN,
    SETTING_VOICE_VLAN,
    SETTING_WEB_SERVER,
    SETTING_COUNT,
};

static const struct ucprov_setting settings[SETTING_COUNT] = {
    [SETTING_CLIENT] = {"client", 0, true, MODE_VLAN | MODE_SERVER, take_client},
    [SETTING_CONFIG] = {"config", 'c', true, MODE_VLAN, take_config},
    [SETTING_DECODE] = {"decode", 0, true, MODE_DECODE, take_decode},
    [SETTING_DOMAIN] = {"domain", 0, true, MODE_SERVER, take_domain},
    [SETTING_FORMAT] = {"format", 0, true, MODE_ANY, take_format},
    [SETTING_JSON] = {"json", 'j', false, MODE_ANY, take_json},
    [SETTING_NTP] = {"ntp", 0, true, MODE_SERVER, take_ntp},
    [SETTING_OPTION] = {"option", 0, true, MODE_DECODE, take_option},
    [SETTING_PORT] = {"port", 0, true, MODE_SERVER, take_port},
    [SETTING_SIP_SERVER] = {"sip-server", 0, true, MODE_SERVER, take_sip_server},
    [SETTING_VENDOR] = {"vendor", 0, true, MODE_DECODE, take_vendor},
    [SETTING_VLAN] = {"vlan", 0, true, MODE_VLAN, take_vlan},
    [SETTING_VOICE_VLAN] = {"voice-vlan", 0, true, MODE_SERVER, take_voice_vlan},
    [SETTING_WEB_SERVER] = {"web-server", 0, true, MODE_SERVER, take_web_server},
};

static bool
is_given(const struct arguments *arguments, enum setting_index setting)
{
    return (arguments->given & 1U << setting) != 0;
}

static const char help[] =
    "Usage: ucprov-options --sip-server FQDN [--web-server FQDN] [--port N] [--domain D]...\n"
    "                      [--ntp ADDRESS]... [--voice-vlan N]\n"
    "       ucprov-options [-c FILE] --vlan NAME\n"
    "       ucprov-options --decode HEX --option N [--vendor CLASS]\n"
    "\n"
    "Prints the DHCP options that Microsoft UC phones need, or explains octets.\n"
    "\n"
    "      --sip-server FQDN  registrar: option 120\n"
    "      --web-server FQDN  certificate service: option 43; default: the SIP server\n"
    "      --port N           of the certificate service; default: 443\n"
    "      --domain D         the first is option 15, all of them are option 119\n"
    "      --ntp ADDRESS      time server: option 42\n"
    "      --voice-vlan N     option 43 for --client cpe-ocphone\n"
    "\n"
    "      --vlan NAME        the options of a vlan of the site file\n"
    "  -c, --config FILE      site file; default: " UCPROV_SITE_FILE "\n"
    "\n"
    "      --client CLIENT    who gets them: ms-uc (default), cpe-ocphone or other\n"
    "\n"
    "      --decode HEX       octets to explain, and to find fault with\n"
    "      --option N         whose octets: 15, 42, 43, 119 or 120\n"
    "      --vendor CLASS     option 60 of the client that they go to\n"
    "\n"
    "      --format FORMAT    text (default), hex or json\n"
    "  -j, --json             the same as --format json\n"
    "  -h, --help\n"
    "  -V, --version\n"
    "\n"
    "Exit status: 0 fine (there may be warnings), 1 a fault, 2 wrong usage or could not run.";

static const struct ucprov_command_line command_line = {PROGRAM, help, settings, SETTING_COUNT,
                                                        NULL};

static enum mode
find_mode(const struct arguments *arguments)
{
    if (is_given(arguments, SETTING_DECODE)) {
        return MODE_DECODE;
    }
    if (is_given(arguments, SETTING_VLAN)) {
        return MODE_VLAN;
    }
    return is_given(arguments, SETTING_SIP_SERVER) ? MODE_SERVER : MODE_NONE;
}

static const char *
mode_setting(unsigned modes)
{
    if ((modes & MODE_SERVER) != 0) {
        return "--sip-server";
    }
    return (modes & MODE_VLAN) != 0 ? "--vlan" : "--decode";
}

/* Each setting has to belong to what is asked for. MODE_NONE after a complaint. */
static enum mode
check_mode(const struct arguments *arguments)
{
    enum mode mode = find_mode(arguments);
    if (mode == MODE_NONE) {
        complain("give --sip-server, or --vlan, or --decode with --option; try --help");
        return MODE_NONE;
    }
    for (int i = 0; i < SETTING_COUNT; i++) {
        if (is_given(arguments, (enum setting_index)i) && (settings[i].modes & mode) == 0) {
            const char *wanted = mode_setting(settings[i].modes);
            if (strcmp(wanted + 2, settings[i].name) == 0) {
                complain("%s and %s: give one or the other", wanted, mode_setting(mode));
            } else {
                complain("--%s: goes with %s, not with %s", settings[i].name, wanted,
                         mode_setting(mode));
            }
            return MODE_NONE;
        }
    }
    if (mode == MODE_DECODE && arguments->code == 0) {
        complain("--decode: say whose octets they are, such as --option 43");
        return MODE_NONE;
    }
    if (is_given(arguments, SETTING_VENDOR) && arguments->code != UCPROV_OPTION_VENDOR) {
        complain("--vendor: goes with --option 43, the only one that depends on it");
        return MODE_NONE;
    }
    return mode;
}

int
parse_arguments(int argc, char **argv, struct arguments *arguments)
{
    int status = ucprov_command_line_read(&command_line, argc, argv, arguments, &arguments->given);
    if (status >= 0) {
        return status;
    }
    arguments->mode = check_mode(arguments);
    arguments->has_vendor = is_given(arguments, SETTING_VENDOR);
    return arguments->mode == MODE_NONE ? UCPROV_EXIT_ERROR : -1;
}
