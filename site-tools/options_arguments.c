/* SPDX-License-Identifier: MPL-2.0 */
/* Three ways to call one program (--sip-server, --vlan, --decode), told apart by the options given,
 * each of which says where it belongs. */
#include "options_arguments.h"

#include <string.h>

#include "base/command_line.h"
#include "base/octet_text.h"
#include "option/lint.h"
#include "site/site.h"

static const char *const formats[] = {
    [FORMAT_TEXT] = "text", [FORMAT_HEX] = "hex", [FORMAT_JSON] = "json"};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

/* The options that can be explained. */
static const struct {
    const char *name;
    uint8_t code;
} codes[] = {
    {"15", UCPROV_OPTION_DOMAIN_NAME},  {"42", UCPROV_OPTION_NTP_SERVERS},
    {"43", UCPROV_OPTION_VENDOR},       {"119", UCPROV_OPTION_DOMAIN_SEARCH},
    {"120", UCPROV_OPTION_SIP_SERVERS},
};

#define CODES (sizeof(codes) / sizeof(codes[0]))

static int
take_octets(void *field, const char *value, struct ucprov_problem *problem)
{
    struct decode_octets *decode = field;
    int count = ucprov_octets_read(decode->octets, sizeof(decode->octets), value, problem);
    decode->length = count < 0 ? 0 : (size_t)count;
    return count < 0 ? -1 : 0;
}

enum setting_index {
    SETTING_SIP_SERVER,
    SETTING_WEB_SERVER,
    SETTING_PORT,
    SETTING_DOMAIN,
    SETTING_NTP,
    SETTING_VOICE_VLAN,
    SETTING_VLAN,
    SETTING_CONFIG,
    SETTING_CLIENT,
    SETTING_DECODE,
    SETTING_OPTION,
    SETTING_VENDOR,
    SETTING_STRICT,
    SETTING_FORMAT,
    SETTING_JSON,
    SETTING_COUNT,
};

#define AT(member) UCPROV_FIELD(struct arguments, member)

static const struct ucprov_setting settings[SETTING_COUNT] = {
    [SETTING_SIP_SERVER] = {.name = "sip-server",
                            .kind = UCPROV_SETTING_TEXT,
                            .field = AT(sip_server),
                            .metavar = "FQDN",
                            .help = "registrar: option 120",
                            .check = ucprov_name_check_host},
    [SETTING_WEB_SERVER] = {.name = "web-server",
                            .kind = UCPROV_SETTING_TEXT,
                            .field = AT(web_server),
                            .modes = MODE_SERVER,
                            .metavar = "FQDN",
                            .help = "certificate service: option 43; default: the SIP server",
                            .check = ucprov_name_check_host},
    [SETTING_PORT] = {.name = "port",
                      .kind = UCPROV_SETTING_PORT,
                      .field = AT(port),
                      .modes = MODE_SERVER,
                      .metavar = "N",
                      .help = "of the certificate service",
                      .fallback = UCPROV_TEXT_OF(UCPROV_CERT_PROV_PORT)},
    [SETTING_DOMAIN] = {.name = "domain",
                        .kind = UCPROV_SETTING_TEXT,
                        .field = UCPROV_FIELD_LIST(struct arguments, domains, domain_count),
                        .modes = MODE_SERVER,
                        .metavar = "D",
                        .help = "the first is option 15, all of them are option 119",
                        .check = ucprov_name_check},
    [SETTING_NTP] = {.name = "ntp",
                     .kind = UCPROV_SETTING_ADDRESS,
                     .field = UCPROV_FIELD_LIST(struct arguments, ntp, ntp_count),
                     .modes = MODE_SERVER,
                     .metavar = "ADDRESS",
                     .help = "time server: option 42"},
    [SETTING_VOICE_VLAN] = {.name = "voice-vlan",
                            .kind = UCPROV_SETTING_NUMBER,
                            .field = AT(voice_vlan_id),
                            .modes = MODE_SERVER,
                            .metavar = "N",
                            .help = "VLAN id: option 43 for --client cpe-ocphone",
                            .min = UCPROV_VLAN_ID_MIN,
                            .max = UCPROV_VLAN_ID_MAX},
    [SETTING_VLAN] = {.name = "vlan",
                      .kind = UCPROV_SETTING_TEXT,
                      .field = AT(vlan),
                      .metavar = "NAME",
                      .help = "the options of a vlan of the site file",
                      .heading = ""},
    [SETTING_CONFIG] = {.name = "config",
                        .letter = 'c',
                        .kind = UCPROV_SETTING_FILE,
                        .field = AT(file),
                        .modes = MODE_VLAN,
                        .metavar = "FILE",
                        .help = "site file",
                        .fallback = UCPROV_SITE_FILE},
    [SETTING_CLIENT] = {.name = "client",
                        .kind = UCPROV_SETTING_CHOICE,
                        .field = AT(client),
                        .modes = MODE_VLAN | MODE_SERVER,
                        .metavar = "CLIENT",
                        .help = "who gets them",
                        .heading = "",
                        .fallback = "ms-uc",
                        .unit = "a client",
                        .choices = UCPROV_WORDS(ucprov_client_names, UCPROV_CLIENT_COUNT)},
    [SETTING_DECODE] = {.name = "decode",
                        .kind = UCPROV_SETTING_SPECIAL,
                        .field = AT(decode),
                        .metavar = "HEX",
                        .help = "octets to explain, and to find fault with",
                        .heading = "",
                        .take = take_octets},
    [SETTING_OPTION] = {.name = "option",
                        .kind = UCPROV_SETTING_CHOICE,
                        .field = AT(code_place),
                        .modes = MODE_DECODE,
                        .metavar = "N",
                        .help = "whose octets",
                        .unit = "an option of the phones",
                        .choices = UCPROV_WORDS_IN(codes, CODES, name)},
    [SETTING_VENDOR] = {.name = "vendor",
                        .kind = UCPROV_SETTING_TEXT,
                        .field = AT(vendor),
                        .modes = MODE_DECODE,
                        .metavar = "CLASS",
                        .help = "option 60 of the client that they go to"},
    [SETTING_STRICT] = {.name = "strict",
                        .field = AT(strict),
                        .help = "warnings count as faults do: exit status 1",
                        .heading = ""},
    [SETTING_FORMAT] = {.name = "format",
                        .kind = UCPROV_SETTING_CHOICE,
                        .field = AT(format),
                        .metavar = "FORMAT",
                        .fallback = "text",
                        .unit = "a format",
                        .choices = UCPROV_WORDS(formats, FORMATS)},
    [SETTING_JSON] = {.name = "json",
                      .letter = 'j',
                      .kind = UCPROV_SETTING_FLAG,
                      .field = AT(format),
                      .help = "the same as --format json",
                      .value = FORMAT_JSON},
};

static const struct ucprov_mode modes[] = {
    {SETTING_SIP_SERVER, NULL}, {SETTING_VLAN, NULL}, {SETTING_DECODE, NULL}};

static const struct ucprov_command_line command_line = {
    .program = PROGRAM,
    .usage = "--sip-server\tFQDN [--web-server\tFQDN] [--port\tN] [--domain\tD]... "
             "[--ntp\tADDRESS]... [--voice-vlan\tN]\n"
             "[-c\tFILE] --vlan\tNAME\n"
             "--decode\tHEX --option\tN [--vendor\tCLASS]",
    .intro = "Prints the DHCP options that Microsoft UC phones need, or explains octets.",
    .outro = "Exit status: 0 fine (there may be warnings, unless --strict), 1 a fault, 2 wrong "
             "usage or could not "
             "run.",
    .settings = settings,
    .setting_count = SETTING_COUNT,
    .modes = modes,
    .mode_count = sizeof(modes) / sizeof(modes[0]),
    .mode_missing = "give --sip-server, or --vlan, or --decode with --option",
};

/* What --decode needs besides octets. False after a complaint. */
static bool
take_decode(struct arguments *arguments)
{
    if (!ucprov_is_given(&arguments->given, SETTING_OPTION)) {
        complain("--decode: say whose octets they are, such as --option 43");
        return false;
    }
    arguments->code = codes[arguments->code_place].code;
    if (arguments->vendor == NULL) {
        return true;
    }
    arguments->client = ucprov_client_from_class(arguments->vendor, strlen(arguments->vendor));
    if (arguments->code != UCPROV_OPTION_VENDOR) {
        complain("--vendor: goes with --option 43, the only one that depends on it");
        return false;
    }
    return true;
}

int
parse_arguments(int argc, char **argv, struct arguments *arguments)
{
    int status = ucprov_command_line_read(&command_line, argc, argv, arguments, &arguments->given);
    if (status >= 0 || arguments->given.mode != MODE_DECODE) {
        return status;
    }
    return take_decode(arguments) ? -1 : UCPROV_EXIT_ERROR;
}
