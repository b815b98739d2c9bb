/* ucprov-probe: behaves as a Lync phone, and says what a Lync phone would see. */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include <ucprov/option.h>

#include "dhcp_steps.h"
#include "link_transport.h"
#include "report.h"
#include "server_transport.h"

#define PROGRAM "ucprov-probe"

enum exit_status { /* as in the manual page */
                   EXIT_FINE = 0,
                   EXIT_FINDING = 1,
                   EXIT_USAGE = 2, /* or could not run */
};

static const char usage[] =
    "Usage: " PROGRAM " [OPTION]... -i INTERFACE\n"
    "       " PROGRAM " [OPTION]... --server ADDRESS[:PORT]\n"
    "Asks DHCP what a Lync phone asks, taking no lease, and says what the phone would see.\n"
    "\n"
    "  -i, --interface=NAME       be a phone on this Ethernet interface\n"
    "  -s, --server=ADDR[:PORT]   be a phone's relay agent, and ask this server\n"
    "\n"
    "What the phone is:\n"
    "  -m, --mac=MAC              its hardware address\n"
    "  -a, --address=ADDR         its address, for the DHCPINFORM\n"
    "      --vendor-class=TEXT    option 60 of the ordinary DHCPDISCOVER (none)\n"
    "      --voice-vlan-discovery begin with the request for the voice VLAN (CPE-OCPHONE)\n"
    "\n"
    "With --server:\n"
    "      --relay=ADDR           address of the relay agent, this machine's (giaddr)\n"
    "      --link=ADDR            address in the phone's subnet (link selection, RFC 3527)\n"
    "      --reply-port=PORT      the server answers at this port\n"
    "\n"
    "How long:\n"
    "  -t, --timeout=SECONDS      per question, when nobody answers (4)\n"
    "  -n, --tries=NUMBER         messages sent in that time (3)\n"
    "  -w, --wait=SECONDS         for more answers behind the first (1)\n"
    "\n"
    "  -j, --json                 print JSON\n"
    "  -v, --verbose              explain every option of every answer, and show all checks\n"
    "  -h, --help                 print this\n"
    "  -V, --version              print the version\n"
    "\n"
    "Exit status: 0 no failure, 1 a failure, 2 wrong usage or could not run.\n";

struct arguments {
    const char *interface; /* NULL: --server */
    const char *mac;       /* as it was written; NULL: not given */
    uint8_t hardware[DHCP_HARDWARE_LENGTH];
    struct server_transport_options server;
    struct dhcp_steps_options steps;
    bool json;
    bool verbose;
};

/* The outcome of reading the command line. */
enum parsed { PARSED_RUN, PARSED_DONE, PARSED_WRONG };

static enum parsed
wrong(const char *option, const char *value, const char *why)
{
    fprintf(stderr, PROGRAM ": %s: \"%s\" %s\n", option, value, why);
    return PARSED_WRONG;
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

static enum parsed
parse_port(const char *option, const char *text, uint16_t *port)
{
    unsigned long number;

    if (!parse_number(text, 1, UINT16_MAX, &number)) {
        return wrong(option, text, "is no port: 1 to 65535");
    }
    *port = (uint16_t)number;
    return PARSED_RUN;
}

/* "0.5" seconds as milliseconds. */
static enum parsed
parse_seconds(const char *option, const char *text, double least, int *milliseconds)
{
    const double most = 60;
    char *end;
    double seconds = strtod(text, &end);

    if (end == text || *end != '\0' || !(seconds >= least && seconds <= most)) {
        return wrong(option, text, "is out of range: seconds, 60 at the most");
    }
    *milliseconds = (int)(seconds * 1000 + 0.5);
    return PARSED_RUN;
}

static enum parsed
parse_address(const char *option, const char *text, struct in_addr *address)
{
    if (inet_pton(AF_INET, text, address) == 1 && address->s_addr != INADDR_ANY &&
        address->s_addr != INADDR_BROADCAST) {
        return PARSED_RUN;
    }
    return wrong(option, text, "is not an IPv4 address");
}

static enum parsed
parse_server(const char *text, struct sockaddr_in *server)
{
    char address[INET_ADDRSTRLEN];
    const char *colon = strchr(text, ':');
    size_t length = colon != NULL ? (size_t)(colon - text) : strlen(text);
    uint16_t port = DHCP_SERVER_PORT;

    if (length >= sizeof(address)) {
        return wrong("--server", text, "is not an IPv4 address, or address and port");
    }
    memcpy(address, text, length);
    address[length] = '\0';
    if (colon != NULL && parse_port("--server", colon + 1, &port) != PARSED_RUN) {
        return PARSED_WRONG;
    }
    server->sin_family = AF_INET;
    server->sin_port = htons(port);
    return parse_address("--server", address, &server->sin_addr);
}

static enum parsed
parse_mac(const char *text, struct arguments *arguments)
{
    arguments->mac = text;
    arguments->server.hardware = arguments->hardware;
    return hardware_parse(arguments->hardware, text)
               ? PARSED_RUN
               : wrong("--mac", text, "is not the hardware address of one Ethernet interface");
}

static enum parsed
parse_tries(const char *text, unsigned *tries)
{
    unsigned long number;

    if (!parse_number(text, 1, 8, &number)) {
        return wrong("--tries", text, "is out of range: 1 to 8");
    }
    *tries = (unsigned)number;
    return PARSED_RUN;
}

static enum parsed
parse_vendor_class(const char *text, const char **class)
{
    size_t length = strlen(text);

    if (length == 0 || length > 64) {
        return wrong("--vendor-class", text, "is empty, or longer than 64 octets");
    }
    *class = text;
    return PARSED_RUN;
}

enum { /* options without a letter */
       OPTION_RELAY = 256,
       OPTION_LINK,
       OPTION_REPLY_PORT,
       OPTION_VENDOR_CLASS,
       OPTION_VOICE_VLAN,
};

static const struct option long_options[] = {
    {"interface", required_argument, NULL, 'i'},
    {"server", required_argument, NULL, 's'},
    {"mac", required_argument, NULL, 'm'},
    {"address", required_argument, NULL, 'a'},
    {"vendor-class", required_argument, NULL, OPTION_VENDOR_CLASS},
    {"voice-vlan-discovery", no_argument, NULL, OPTION_VOICE_VLAN},
    {"relay", required_argument, NULL, OPTION_RELAY},
    {"link", required_argument, NULL, OPTION_LINK},
    {"reply-port", required_argument, NULL, OPTION_REPLY_PORT},
    {"timeout", required_argument, NULL, 't'},
    {"tries", required_argument, NULL, 'n'},
    {"wait", required_argument, NULL, 'w'},
    {"json", no_argument, NULL, 'j'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static enum parsed
parse_option(struct arguments *arguments, int option)
{
    switch (option) {
    case 'i':
        arguments->interface = optarg;
        return PARSED_RUN;
    case 's':
        return parse_server(optarg, &arguments->server.server);
    case 'm':
        return parse_mac(optarg, arguments);
    case 'a':
        return parse_address("--address", optarg, &arguments->steps.address);
    case OPTION_VENDOR_CLASS:
        return parse_vendor_class(optarg, &arguments->steps.vendor_class);
    case OPTION_VOICE_VLAN:
        arguments->steps.voice_vlan_discovery = true;
        return PARSED_RUN;
    case OPTION_RELAY:
        return parse_address("--relay", optarg, &arguments->server.relay);
    case OPTION_LINK:
        return parse_address("--link", optarg, &arguments->server.link);
    case OPTION_REPLY_PORT:
        return parse_port("--reply-port", optarg, &arguments->server.reply_port);
    case 't':
        return parse_seconds("--timeout", optarg, 0.1, &arguments->steps.timing.timeout);
    case 'n':
        return parse_tries(optarg, &arguments->steps.timing.tries);
    case 'w':
        return parse_seconds("--wait", optarg, 0, &arguments->steps.timing.wait);
    case 'j':
        arguments->json = true;
        return PARSED_RUN;
    case 'v':
        arguments->verbose = true;
        return PARSED_RUN;
    case 'h':
        fputs(usage, stdout);
        return PARSED_DONE;
    case 'V':
        puts(PROGRAM " " UCPROV_VERSION);
        return PARSED_DONE;
    default:
        fputs("Try \"" PROGRAM " --help\".\n", stderr);
        return PARSED_WRONG;
    }
}

static enum parsed
complain(const char *what)
{
    fprintf(stderr, PROGRAM ": %s\nTry \"" PROGRAM " --help\".\n", what);
    return PARSED_WRONG;
}

/* What single options cannot know of each other. */
static enum parsed
check_arguments(const struct arguments *arguments, bool has_operands)
{
    const struct server_transport_options *server = &arguments->server;
    bool has_server = server->server.sin_family != 0;

    if (has_operands) {
        return complain("it takes options only");
    }
    if (has_server == (arguments->interface != NULL)) {
        return complain("name either an interface (-i) or a server (--server)");
    }
    if (!has_server && (server->relay.s_addr != INADDR_ANY || server->link.s_addr != INADDR_ANY ||
                        server->reply_port != 0)) {
        return complain("--relay, --link and --reply-port go with --server");
    }
    return PARSED_RUN;
}

static enum parsed
parse_arguments(struct arguments *arguments, int argc, char **argv)
{
    int option;

    arguments->steps.timing = (struct dhcp_timing){.timeout = 4000, .wait = 1000, .tries = 3};
    while ((option = getopt_long(argc, argv, "i:s:m:a:t:n:w:jvhV", long_options, NULL)) != -1) {
        enum parsed parsed = parse_option(arguments, option);
        if (parsed != PARSED_RUN) {
            return parsed;
        }
    }
    arguments->server.address = arguments->steps.address;
    return check_arguments(arguments, optind < argc);
}

/* Opens the way to the servers; NULL after a message. */
static struct transport *
open_transport(const struct arguments *arguments)
{
    char error[TRANSPORT_ERROR_SIZE];
    const struct server_transport_options *server = &arguments->server;
    struct transport *transport =
        arguments->interface != NULL
            ? link_transport_new(arguments->interface,
                                 arguments->mac != NULL ? arguments->hardware : NULL, error)
            : server_transport_new(server, error);

    if (transport == NULL) {
        fprintf(
            stderr, PROGRAM ": %s: %s\n",
            arguments->interface != NULL ? arguments->interface : address_text(server->server.sin_addr),
            error);
    }
    return transport;
}

static void
print_title(const struct arguments *arguments, const struct transport *transport)
{
    char hardware[HARDWARE_TEXT_SIZE];

    hardware_text(hardware, transport->hardware);
    if (arguments->interface != NULL) {
        printf("As a Lync phone on %s (%s)\n", arguments->interface, hardware);
        return;
    }
    printf("As a Lync phone (%s) behind relay agent %s,\nasking %s port %u\n", hardware,
           address_text(transport->relay), address_text(arguments->server.server.sin_addr),
           ntohs(arguments->server.server.sin_port));
}

static void
print_report(const struct arguments *arguments, const struct dhcp_steps *steps)
{
    print_title(arguments, steps->transport);
    report_print(steps->report, stdout, arguments->verbose);
    if (report_status(steps->report) < CHECK_FAIL) {
        puts(report_status(steps->report) == CHECK_WARN
                 ? "DHCP tells this phone what it needs, with the reservations above."
                 : "DHCP tells this phone what it needs.");
    }
    if (arguments->verbose) {
        dhcp_steps_print_answers(steps, stdout);
    }
}

static json_t *
target_json(const struct arguments *arguments, const struct transport *transport)
{
    char hardware[HARDWARE_TEXT_SIZE];

    hardware_text(hardware, transport->hardware);
    if (arguments->interface != NULL) {
        return json_pack("{s:s, s:s}", "interface", arguments->interface, "mac", hardware);
    }
    return json_pack(
        "{s:s, s:i, s:s, s:s*, s:s}", "server", address_text(arguments->server.server.sin_addr),
        "port", ntohs(arguments->server.server.sin_port), "relay", address_text(transport->relay),
        "link", transport->link.s_addr != INADDR_ANY ? address_text(transport->link) : NULL, "mac",
        hardware);
}

/* 0, or -1 when out of memory or stdout is closed. */
static int
print_json(const struct arguments *arguments, const struct dhcp_steps *steps)
{
    json_t *document =
        json_pack("{s:s, s:s, s:o, s:s, s:o, s:o}", "program", PROGRAM, "version", UCPROV_VERSION,
                  "target", target_json(arguments, steps->transport), "status",
                  check_status_name(report_status(steps->report)), "checks",
                  report_json(steps->report), "answers", dhcp_steps_answers_json(steps));
    int result = document != NULL ? json_dumpf(document, stdout, JSON_INDENT(2)) : -1;

    json_decref(document);
    putchar('\n');
    return result;
}

static enum exit_status
run(const struct arguments *arguments, struct dhcp_steps *steps)
{
    if (dhcp_steps_run(steps) != 0) {
        fprintf(stderr, PROGRAM ": %s\n", steps->transport->error);
        return EXIT_USAGE;
    }
    if (!arguments->json) {
        print_report(arguments, steps);
    } else if (print_json(arguments, steps) != 0) {
        fputs(PROGRAM ": cannot print JSON\n", stderr);
        return EXIT_USAGE;
    }
    if (fflush(stdout) != 0) {
        fprintf(stderr, PROGRAM ": cannot print: %s\n", strerror(errno));
        return EXIT_USAGE;
    }
    return report_status(steps->report) == CHECK_FAIL ? EXIT_FINDING : EXIT_FINE;
}

int
main(int argc, char **argv)
{
    struct arguments arguments = {0};
    struct report report = {0};
    enum exit_status status = EXIT_USAGE;

    enum parsed parsed = parse_arguments(&arguments, argc, argv);
    if (parsed != PARSED_RUN) {
        return parsed == PARSED_DONE ? EXIT_FINE : EXIT_USAGE;
    }
    struct transport *transport = open_transport(&arguments);
    if (transport == NULL) {
        return EXIT_USAGE;
    }
    struct dhcp_steps *steps = calloc(1, sizeof(*steps)); /* too large for some stacks */
    if (steps != NULL) {
        steps->options = arguments.steps;
        steps->transport = transport;
        steps->report = &report;
        status = run(&arguments, steps);
    } else {
        fputs(PROGRAM ": out of memory\n", stderr);
    }
    free(steps);
    report_clear(&report);
    transport->free(transport);
    return (int)status;
}
