/* ucprov-options: the DHCP options that a phone gets, and what octets mean (DHCPUtil's job). */
#include <arpa/inet.h>
#include <getopt.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ucprov/error.h>
#include <ucprov/explain.h>
#include <ucprov/lint.h>
#include <ucprov/nearest.h>
#include <ucprov/policy.h>
#include <ucprov/site.h>

#define PROGRAM     "ucprov-options"
#define OPTIONS_MAX UCPROV_GRANTS_MAX
#define PORT_MAX    65535
#define QUOTE_SIZE  80

/* Octets put together from several options (RFC 3396) may be more than one option holds. */
#define DECODE_MAX 4096

enum exit_status { EXIT_FINE = 0, EXIT_FINDING = 1, EXIT_TROUBLE = 2 };

enum format { FORMAT_TEXT, FORMAT_HEX, FORMAT_JSON };

/* Where the options come from; a command line says one of them. */
enum mode {
    MODE_NONE = 0,
    MODE_DECODE = 1, /* --decode: octets */
    MODE_VLAN = 2,   /* --vlan: a site file */
    MODE_SERVER = 4, /* --sip-server: the command line */
    MODE_ANY = MODE_DECODE | MODE_VLAN | MODE_SERVER,
};

struct arguments {
    unsigned given; /* a bit for each of the settings below */
    enum format format;
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

    uint8_t code; /* of the option to explain */
    size_t length;
    uint8_t octets[DECODE_MAX];
};

/* What a client gets, in ascending order. */
struct answer {
    size_t count;
    struct ucprov_option options[OPTIONS_MAX];
};

static void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void
complain(const char *format, ...)
{
    va_list arguments;
    fputs(PROGRAM ": ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

/* Complains about the value of a setting. Always false. */
static bool
refuse(const char *setting, const char *value, const char *problem)
{
    char quote[QUOTE_SIZE];
    complain("--%s: \"%s\": %s", setting, ucprov_escape(quote, sizeof(quote), value, strlen(value)),
             problem);
    return false;
}

static bool
parse_number(const char *text, unsigned long least, unsigned long most, uint16_t *number)
{
    char *end;
    if (text[0] < '0' || text[0] > '9') {
        return false;
    }
    unsigned long value = strtoul(text, &end, 10);
    if (*end != '\0' || value < least || value > most) {
        return false;
    }
    *number = (uint16_t)value;
    return true;
}

static bool
take_format(struct arguments *arguments, const char *value)
{
    static const char *const names[] = {
        [FORMAT_TEXT] = "text", [FORMAT_HEX] = "hex", [FORMAT_JSON] = "json"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(value, names[i]) == 0) {
            arguments->format = (enum format)i;
            return true;
        }
    }
    return refuse("format", value, "not a format; write text, hex or json");
}

static bool
take_json(struct arguments *arguments, const char *value)
{
    (void)value;
    arguments->format = FORMAT_JSON;
    return true;
}

static bool
take_client(struct arguments *arguments, const char *value)
{
    return ucprov_client_from_name(value, &arguments->client) ||
           refuse("client", value, "not a client; write ms-uc, cpe-ocphone or other");
}

static bool
take_config(struct arguments *arguments, const char *value)
{
    arguments->file = value;
    return true;
}

static bool
take_vlan(struct arguments *arguments, const char *value)
{
    arguments->vlan = value;
    return true;
}

static bool
take_host(const char **host, const char *setting, const char *value)
{
    int error = ucprov_name_check_host(value);
    *host = value;
    return error == UCPROV_OK || refuse(setting, value, ucprov_strerror(error));
}

static bool
take_sip_server(struct arguments *arguments, const char *value)
{
    return take_host(&arguments->sip_server, "sip-server", value);
}

static bool
take_web_server(struct arguments *arguments, const char *value)
{
    return take_host(&arguments->web_server, "web-server", value);
}

static bool
take_port(struct arguments *arguments, const char *value)
{
    return parse_number(value, 1, PORT_MAX, &arguments->port) ||
           refuse("port", value, "not a port; write a number from 1 to 65535");
}

static bool
take_domain(struct arguments *arguments, const char *value)
{
    int error = ucprov_name_from_text(NULL, value);
    if (error == UCPROV_OK && arguments->domain_count == UCPROV_DOMAIN_SEARCH_MAX) {
        error = UCPROV_ETOOLONG;
    }
    if (error != UCPROV_OK) {
        return refuse("domain", value, ucprov_strerror(error));
    }
    arguments->domains[arguments->domain_count++] = value;
    return true;
}

static bool
take_ntp(struct arguments *arguments, const char *value)
{
    struct in_addr address;
    if (inet_pton(AF_INET, value, &address) != 1) {
        return refuse("ntp", value, "not an IPv4 address; write one such as 10.1.0.1");
    }
    if (arguments->ntp_count == UCPROV_NTP_SERVERS_MAX) {
        return refuse("ntp", value, ucprov_strerror(UCPROV_ETOOLONG));
    }
    arguments->ntp[arguments->ntp_count++] = address;
    return true;
}

static bool
take_voice_vlan(struct arguments *arguments, const char *value)
{
    return parse_number(value, UCPROV_VLAN_ID_MIN, UCPROV_VLAN_ID_MAX, &arguments->voice_vlan_id) ||
           refuse("voice-vlan", value, "not a VLAN id; write a number from 1 to 4094");
}

static bool
take_decode(struct arguments *arguments, const char *value)
{
    int count = ucprov_hex_decode(arguments->octets, sizeof(arguments->octets), value);
    if (count < 0) {
        return refuse("decode", value,
                      "not hex; write two digits for each octet, 4096 octets at most");
    }
    arguments->length = (size_t)count;
    return true;
}

static bool
take_option(struct arguments *arguments, const char *value)
{
    uint16_t code;
    if (!parse_number(value, 1, UINT8_MAX, &code) || ucprov_option_name((uint8_t)code) == NULL) {
        return refuse("option", value, "not an option of the phones; write 15, 42, 43, 119 or 120");
    }
    arguments->code = (uint8_t)code;
    return true;
}

static bool
take_vendor(struct arguments *arguments, const char *value)
{
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
    SETTING_HELP,
    SETTING_VERSION,
};

static const struct setting {
    const char *name;
    int has_argument;
    unsigned modes; /* where it may stand */
    bool (*take)(struct arguments *arguments, const char *value);
} settings[SETTING_COUNT] = {
    [SETTING_CLIENT] = {"client", required_argument, MODE_VLAN | MODE_SERVER, take_client},
    [SETTING_CONFIG] = {"config", required_argument, MODE_VLAN, take_config},
    [SETTING_DECODE] = {"decode", required_argument, MODE_DECODE, take_decode},
    [SETTING_DOMAIN] = {"domain", required_argument, MODE_SERVER, take_domain},
    [SETTING_FORMAT] = {"format", required_argument, MODE_ANY, take_format},
    [SETTING_JSON] = {"json", no_argument, MODE_ANY, take_json},
    [SETTING_NTP] = {"ntp", required_argument, MODE_SERVER, take_ntp},
    [SETTING_OPTION] = {"option", required_argument, MODE_DECODE, take_option},
    [SETTING_PORT] = {"port", required_argument, MODE_SERVER, take_port},
    [SETTING_SIP_SERVER] = {"sip-server", required_argument, MODE_SERVER, take_sip_server},
    [SETTING_VENDOR] = {"vendor", required_argument, MODE_DECODE, take_vendor},
    [SETTING_VLAN] = {"vlan", required_argument, MODE_VLAN, take_vlan},
    [SETTING_VOICE_VLAN] = {"voice-vlan", required_argument, MODE_SERVER, take_voice_vlan},
    [SETTING_WEB_SERVER] = {"web-server", required_argument, MODE_SERVER, take_web_server},
};

static bool
is_given(const struct arguments *arguments, enum setting_index setting)
{
    return (arguments->given & 1U << setting) != 0;
}

static void
print_help(void)
{
    puts("Usage: ucprov-options --sip-server FQDN [--web-server FQDN] [--port N] [--domain D]...\n"
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
         "Exit status: 0 fine (there may be warnings), 1 a fault, 2 wrong usage or could not run.");
}

static void
make_long_options(struct option long_options[SETTING_COUNT + 3])
{
    for (int i = 0; i < SETTING_COUNT; i++) {
        long_options[i] = (struct option){settings[i].name, settings[i].has_argument, NULL, i};
    }
    long_options[SETTING_COUNT] = (struct option){"help", no_argument, NULL, SETTING_HELP};
    long_options[SETTING_COUNT + 1] =
        (struct option){"version", no_argument, NULL, SETTING_VERSION};
    long_options[SETTING_COUNT + 2] = (struct option){0};
}

static int
long_name_of(int letter)
{
    switch (letter) {
    case 'c':
        return SETTING_CONFIG;
    case 'j':
        return SETTING_JSON;
    case 'h':
        return SETTING_HELP;
    case 'V':
        return SETTING_VERSION;
    default:
        return letter;
    }
}

/* Returns -1 to go on, or the status to exit with. */
static int
parse_arguments(int argc, char **argv, struct arguments *arguments)
{
    struct option long_options[SETTING_COUNT + 3];
    make_long_options(long_options);
    int letter;
    while ((letter = getopt_long(argc, argv, "c:jhV", long_options, NULL)) != -1) {
        int setting = long_name_of(letter);
        if (setting == SETTING_HELP) {
            print_help();
            return EXIT_FINE;
        }
        if (setting == SETTING_VERSION) {
            puts(PROGRAM " " UCPROV_VERSION);
            return EXIT_FINE;
        }
        if (setting >= SETTING_COUNT) {
            fputs("Try \"" PROGRAM " --help\".\n", stderr);
            return EXIT_TROUBLE;
        }
        if (!settings[setting].take(arguments, optarg)) {
            return EXIT_TROUBLE;
        }
        arguments->given |= 1U << setting;
    }
    if (optind < argc) {
        complain("\"%s\": every argument needs its option; try --help", argv[optind]);
        return EXIT_TROUBLE;
    }
    return -1;
}

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

/* Keeps an option that has been encoded, or says why it could not be. */
static bool
keep(struct answer *answer, int error)
{
    const struct ucprov_option *option = &answer->options[answer->count];
    if (error != UCPROV_OK) {
        complain("option %u (%s): %s", option->code, ucprov_option_name(option->code),
                 ucprov_strerror(error));
        return false;
    }
    answer->count++;
    return true;
}

static bool
keep_vendor(struct answer *answer, const struct arguments *arguments)
{
    struct ucprov_option *option = &answer->options[answer->count];
    struct ucprov_cert_prov service = {
        .scheme = UCPROV_CERT_PROV_SCHEME,
        .port = arguments->port,
        .cert_prov_path = UCPROV_CERT_PROV_PATH,
    };
    if (arguments->client == UCPROV_CLIENT_MS_UC) {
        const char *server = arguments->web_server;
        snprintf(service.web_server, sizeof(service.web_server), "%s",
                 server == NULL ? arguments->sip_server : server);
        return keep(answer, ucprov_cert_prov_encode(option, &service));
    }
    if (arguments->client == UCPROV_CLIENT_CPE_OCPHONE && arguments->voice_vlan_id != 0) {
        return keep(answer,
                    ucprov_voice_vlan_encode(option, arguments->voice_vlan_id, UCPROV_VLAN_UINT16));
    }
    return true;
}

/* The hook's policy, for one vlan that has just what the command line says. */
static int
answer_from_arguments(struct answer *answer, const struct arguments *arguments)
{
    struct ucprov_option *options = answer->options;
    size_t domains = arguments->domain_count;
    if (arguments->voice_vlan_id != 0 && arguments->client != UCPROV_CLIENT_CPE_OCPHONE) {
        complain("--voice-vlan: is for --client cpe-ocphone alone, and not in this answer");
    }
    bool fine =
        (domains == 0 ||
         keep(answer, ucprov_domain_name_encode(&options[answer->count], arguments->domains[0]))) &&
        (arguments->ntp_count == 0 ||
         keep(answer, ucprov_ntp_servers_encode(&options[answer->count], arguments->ntp,
                                                arguments->ntp_count))) &&
        keep_vendor(answer, arguments) &&
        (domains == 0 || keep(answer, ucprov_domain_search_encode(&options[answer->count],
                                                                  arguments->domains, domains))) &&
        (arguments->client != UCPROV_CLIENT_MS_UC ||
         keep(answer, ucprov_sip_server_encode(&options[answer->count], arguments->sip_server)));
    return fine ? EXIT_FINE : EXIT_FINDING;
}

static const char *
vlan_candidate(const void *context, size_t index)
{
    const struct ucprov_site *site = context;
    return index < site->vlan_count ? site->vlans[index].name : NULL;
}

static void
complain_of_vlan(const struct ucprov_site *site, const char *name)
{
    char quote[QUOTE_SIZE];
    const char *nearest = ucprov_nearest(name, vlan_candidate, site);
    ucprov_escape(quote, sizeof(quote), name, strlen(name));
    if (nearest != NULL) {
        complain("--vlan: no vlan named \"%s\" in %s; did you mean \"%s\"?", quote, site->file,
                 nearest);
    } else {
        complain("--vlan: no vlan named \"%s\" in %s; it has %zu, the first is \"%s\"", quote,
                 site->file, site->vlan_count, site->vlan_count == 0 ? "" : site->vlans[0].name);
    }
}

/* In a vlan without a pool no phone lives, and only VLAN discovery is answered. */
static void
complain_of_nothing(const struct ucprov_policy_vlan *vlan, enum ucprov_client client)
{
    const char *other = client == UCPROV_CLIENT_CPE_OCPHONE ? "ms-uc" : "cpe-ocphone";
    complain("--vlan: \"%s\" has %s, and nothing for a client \"%s\"; try --client %s", vlan->name,
             vlan->pool == NULL ? "no pool" : "no voice_vlan_id", ucprov_client_name(client),
             other);
}

/* What the client gets that asks for all that is meant for it: a phone asks for 43 and 120 as
 * MS-UC-Client alone. */
static void
take_grants(struct answer *answer, const struct ucprov_policy_vlan *vlan, enum ucprov_client client)
{
    static const uint8_t parameters[] = {UCPROV_OPTION_DOMAIN_NAME, UCPROV_OPTION_NTP_SERVERS,
                                         UCPROV_OPTION_VENDOR, UCPROV_OPTION_DOMAIN_SEARCH,
                                         UCPROV_OPTION_SIP_SERVERS};
    struct ucprov_grant grants[UCPROV_GRANTS_MAX];
    size_t asked = sizeof(parameters) - (client == UCPROV_CLIENT_MS_UC ? 0 : 1);
    answer->count = ucprov_policy_grant(vlan, client, parameters, asked, grants);
    for (size_t i = 0; i < answer->count; i++) {
        struct ucprov_option *option = &answer->options[i];
        option->code = grants[i].option->code;
        option->length = grants[i].option->length;
        memcpy(option->data, grants[i].option->data, option->length);
    }
}

static int
answer_from_policy(struct answer *answer, const struct arguments *arguments,
                   const struct ucprov_site *site, struct ucprov_diagnostics *diagnostics)
{
    struct ucprov_policy *policy = ucprov_policy_new(site, NULL, 0, diagnostics);
    if (policy == NULL) {
        return EXIT_FINDING;
    }
    const struct ucprov_policy_vlan *vlan = ucprov_policy_find_vlan(policy, arguments->vlan);
    if (vlan == NULL) {
        complain_of_vlan(site, arguments->vlan);
    } else {
        take_grants(answer, vlan, arguments->client);
        if (answer->count == 0) {
            complain_of_nothing(vlan, arguments->client);
        }
    }
    ucprov_policy_free(policy);
    if (vlan == NULL) {
        return EXIT_TROUBLE;
    }
    return answer->count == 0 ? EXIT_FINDING : EXIT_FINE;
}

static int
answer_from_site(struct answer *answer, const struct arguments *arguments)
{
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, arguments->file);
    struct ucprov_site *site = ucprov_site_load(arguments->file, &diagnostics);
    int status = diagnostics.unreadable ? EXIT_TROUBLE : EXIT_FINDING;
    if (site != NULL) {
        status = answer_from_policy(answer, arguments, site, &diagnostics);
    }
    ucprov_diagnostics_print(&diagnostics, stderr);
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);
    return status;
}

static bool
has_fault(const struct ucprov_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->items[i].severity == UCPROV_FAIL) {
            return true;
        }
    }
    return false;
}

static void
print_hex(uint8_t code, const uint8_t *octets, size_t length)
{
    char text[2 * DECODE_MAX + 1];
    printf("%u %s\n", code, ucprov_hex_encode(text, octets, length));
}

/* Takes the object over. */
static void
print_json(json_t *object)
{
    json_dumpf(object, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(object);
}

static void
print_answer(const struct answer *answer, const struct arguments *arguments)
{
    json_t *list = json_array();
    for (size_t i = 0; i < answer->count; i++) {
        const struct ucprov_option *option = &answer->options[i];
        if (arguments->format == FORMAT_JSON) {
            json_array_append_new(list, ucprov_explain_json(option->code, arguments->client,
                                                            option->data, option->length));
        } else if (arguments->format == FORMAT_HEX) {
            print_hex(option->code, option->data, option->length);
        } else {
            ucprov_explain_text(stdout, option->code, arguments->client, option->data,
                                option->length);
        }
    }
    if (arguments->format == FORMAT_JSON) {
        print_json(json_pack("{s:s, s:O}", "client", ucprov_client_name(arguments->client),
                             "options", list));
    }
    json_decref(list);
}

/* What a phone would miss or dislike is said on stderr: it is not what was asked for. */
static int
lint_answer(const struct answer *answer, enum ucprov_client client)
{
    struct ucprov_findings findings = {.count = 0};
    struct ucprov_option_view views[OPTIONS_MAX];
    for (size_t i = 0; i < answer->count; i++) {
        const struct ucprov_option *option = &answer->options[i];
        views[i] = (struct ucprov_option_view){option->code, option->data, option->length};
    }
    ucprov_lint_answer(&findings, client, views, answer->count);
    ucprov_findings_text(stderr, &findings);
    return has_fault(&findings) ? EXIT_FINDING : EXIT_FINE;
}

static int
show_answer(enum mode mode, const struct arguments *arguments)
{
    struct answer answer = {.count = 0};
    int status = mode == MODE_VLAN ? answer_from_site(&answer, arguments)
                                   : answer_from_arguments(&answer, arguments);
    if (status != EXIT_FINE) {
        return status;
    }
    print_answer(&answer, arguments);
    return lint_answer(&answer, arguments->client);
}

/* With a vendor class that is none of the phones', the option is nothing of ours unless it says so;
 * without any, whose it is has to be guessed. */
static int
decode(const struct arguments *arguments)
{
    struct ucprov_findings findings = {.count = 0};
    const struct ucprov_option_view view = {arguments->code, arguments->octets, arguments->length};
    enum ucprov_client client =
        is_given(arguments, SETTING_VENDOR) ? arguments->client : UCPROV_CLIENT_OTHER;
    if (is_given(arguments, SETTING_VENDOR) && client == UCPROV_CLIENT_OTHER) {
        ucprov_lint_answer(&findings, client, &view, 1);
    } else {
        ucprov_lint_option(&findings, view.code, client, view.value, view.length);
    }
    if (arguments->format == FORMAT_JSON) {
        json_t *object = ucprov_explain_json(view.code, client, view.value, view.length);
        json_object_set_new(object, "findings", ucprov_findings_json(&findings));
        print_json(object);
    } else if (arguments->format == FORMAT_HEX) {
        print_hex(view.code, view.value, view.length);
        ucprov_findings_text(stderr, &findings);
    } else {
        ucprov_explain_text(stdout, view.code, client, view.value, view.length);
        ucprov_findings_text(stdout, &findings);
    }
    return has_fault(&findings) ? EXIT_FINDING : EXIT_FINE;
}

int
main(int argc, char **argv)
{
    static struct arguments arguments = {
        .client = UCPROV_CLIENT_MS_UC,
        .file = UCPROV_SITE_FILE,
        .port = UCPROV_CERT_PROV_PORT,
    };
    int status = parse_arguments(argc, argv, &arguments);
    if (status < 0) {
        enum mode mode = check_mode(&arguments);
        if (mode == MODE_NONE) {
            return EXIT_TROUBLE;
        }
        status = mode == MODE_DECODE ? decode(&arguments) : show_answer(mode, &arguments);
    }
    if (fflush(stdout) != 0) {
        perror(PROGRAM ": standard output");
        return EXIT_TROUBLE;
    }
    return status;
}
