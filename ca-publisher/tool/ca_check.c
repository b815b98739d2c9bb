/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-ca check: what Lync Phone Edition makes of a certificate, or of a server. */
#include <arpa/inet.h>
#include <netdb.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/command_line.h"
#include "base/printable.h"
#include "base/program.h"
#include "certificate/chain.h"
#include "option/name.h"

#include "tool/ca_command.h"
#include "tool/ca_names.h"
#include "tool/ca_print.h"
#include "tool/ca_report.h"
#include "tool/ca_server.h"

#define PORT_DEFAULT    "443"
#define TIMEOUT_DEFAULT 5 /* seconds for one handshake */
#define TIMEOUT_MAX     600
#define HOST_SIZE       256
#define ADDRESS_SIZE    32 /* "255.255.255.255:65535" */
#define CHAIN_FILES     16

struct check_arguments {
    const char *file;   /* the site's; NULL: the default one */
    const char *chain;  /* NULL: what the site file says */
    const char *target; /* a file, or a host */
    bool json;
    bool strict; /* warnings count as failures */
    int timeout; /* seconds for one handshake */
    struct ca_hosts hosts;
};

#define AT(member) UCPROV_FIELD(struct check_arguments, member)

static const struct ucprov_setting settings[] = {
    {.name = "config",
     .letter = 'c',
     .kind = UCPROV_SETTING_FILE,
     .field = AT(file),
     .metavar = "FILE",
     .help =
         "site file, for the names and the chain; default: " UCPROV_SITE_FILE ", if there is one"},
    {.name = "chain",
     .kind = UCPROV_SETTING_FILE,
     .field = AT(chain),
     .metavar = "FILE",
     .help = "what phones are given, instead of the site file's"},
    {.name = "name",
     .kind = UCPROV_SETTING_TEXT,
     .field = UCPROV_FIELD_LIST(struct check_arguments, hosts.items, hosts.count),
     .metavar = "HOST",
     .help = "a name that it has to be good for, instead of the site file's; may be given several "
             "times; " UCPROV_UPDATE_NAME " is always one",
     .check = ucprov_name_check},
    {.name = "timeout",
     .kind = UCPROV_SETTING_NUMBER,
     .field = AT(timeout),
     .metavar = "N",
     .help = "seconds for each TLS handshake",
     .fallback = UCPROV_TEXT_OF(TIMEOUT_DEFAULT),
     .min = 1,
     .max = TIMEOUT_MAX,
     .unit = "seconds"},
    {.name = "strict", .field = AT(strict), .help = "warnings count as failures do: exit status 1"},
    {.name = "json", .letter = 'j', .field = AT(json), .help = "the same for programs"},
};

static const struct ucprov_setting operand = {
    .kind = UCPROV_SETTING_TEXT, .field = AT(target), .unit = "file or host"};

static const struct ucprov_command_line command_line = {
    .program = PROGRAM,
    .usage = "check FILE|HOST[:PORT] [-c\tFILE] [--chain\tFILE] [--name\tHOST]... "
             "[--timeout\tN] [--strict] [--json]",
    .intro = "Says what Lync Phone Edition makes of a certificate (PEM, DER, PKCS #7) or of a TLS "
             "server (port 443 unless another is given). What is a file here is no host.",
    .outro = "Exit status: 0 fine, though there may be warnings, unless --strict; 1 phones cannot "
             "use it; 2 wrong "
             "usage or could not run.",
    .settings = settings,
    .setting_count = sizeof(settings) / sizeof(settings[0]),
    .operand = &operand,
    .operand_missing = "check what? A file, or HOST[:PORT]",
};

/* All that is found out. */
struct check {
    const struct check_arguments *arguments;
    struct ucprov_site *site; /* NULL: none */
    struct ca_names names;
    struct ucprov_chains chains;
    bool has_chains;
    struct ca_server server;
    char address[ADDRESS_SIZE]; /* "": a file */
    STACK_OF(X509) * from_file; /* NULL: a server */
    STACK_OF(X509) * presented; /* borrowed; NULL: none came */
    struct ucprov_findings findings;
};

/* The chain */

/* The files with the chains that phones are given. Returns how many. */
static size_t
chain_files(const struct check *check, const char *files[CHAIN_FILES])
{
    if (check->arguments->chain != NULL) {
        files[0] = check->arguments->chain;
        return 1;
    }
    size_t count = check->site == NULL ? 0 : check->site->ca.chains.count;
    count = count < CHAIN_FILES ? count : CHAIN_FILES;
    for (size_t i = 0; i < count; i++) {
        files[i] = check->site->ca.chains.items[i];
    }
    return count;
}

/* Adds a file's certificates to `all`. */
static int
add_chain_file(STACK_OF(X509) * all, const char *file, struct ucprov_problem *problem)
{
    STACK_OF(X509) *certificates = ucprov_certificates_read(file, UCPROV_FILE_OR_PIPE, problem);
    if (certificates == NULL) {
        return -1;
    }
    int status = 0;
    for (X509 *first; status == 0 && (first = sk_X509_shift(certificates)) != NULL;) {
        if (sk_X509_push(all, first) <= 0) {
            X509_free(first);
            status = ucprov_problem_set(problem, "%s: out of memory", file);
        }
    }
    ucprov_certificates_free(certificates);
    return status;
}

/* A chain that is no good is a finding: phones are given it. */
static void
build_chains(struct check *check, STACK_OF(X509) * all, const char *file)
{
    struct ucprov_problem problem;
    check->has_chains = ucprov_chains_build(&check->chains, all, time(NULL), &problem) == 0;
    if (!check->has_chains) {
        char text[UCPROV_PROBLEM_SIZE + HOST_SIZE];
        char name[HOST_SIZE];
        snprintf(text, sizeof(text), "%s: %s",
                 ucprov_escape(name, sizeof(name), file, strlen(file)), problem.text);
        ucprov_phone_finding(&check->findings, "chain.file", UCPROV_FAIL, 0,
                             "Mend the chain first: without it, phones trust no server.", "%s",
                             text);
    }
}

static int
load_chains(struct check *check)
{
    const char *files[CHAIN_FILES];
    struct ucprov_problem problem;
    size_t count = chain_files(check, files);
    if (count == 0) {
        ucprov_phone_finding(&check->findings, "chain", UCPROV_NOTE, 0,
                             "Say it with --chain, or as ca.chain in the site file.",
                             "not known which root phones are given, so the chain was not judged");
        return UCPROV_EXIT_OK;
    }
    STACK_OF(X509) *all = sk_X509_new_null();
    int status = all == NULL ? ucprov_problem_set(&problem, "out of memory") : 0;
    for (size_t i = 0; status == 0 && i < count; i++) {
        status = add_chain_file(all, files[i], &problem);
    }
    if (status == 0) {
        build_chains(check, all, files[0]);
    }
    ucprov_certificates_free(all);
    return status == 0 ? UCPROV_EXIT_OK : ca_complain(&problem, UCPROV_EXIT_ERROR);
}

/* The target */

static int
refuse_target(const char *target, const char *reason)
{
    char quote[HOST_SIZE];
    ucprov_complain(PROGRAM, "\"%s\": %s",
                    ucprov_escape(quote, sizeof(quote), target, strlen(target)), reason);
    return UCPROV_EXIT_ERROR;
}

/* Takes "HOST[:PORT]" apart. */
static bool
split_host(const char *target, char host[HOST_SIZE], const char **port)
{
    const char *colon = strchr(target, ':');
    size_t length = colon == NULL ? strlen(target) : (size_t)(colon - target);
    if (length == 0 || length >= HOST_SIZE) {
        return false;
    }
    memcpy(host, target, length);
    host[length] = '\0';
    *port = colon == NULL ? PORT_DEFAULT : colon + 1;
    char *end;
    long number = strtol(*port, &end, 10);
    return **port >= '0' && **port <= '9' && *end == '\0' && number > 0 && number <= 65535;
}

static int
resolve(const char *target, char host[HOST_SIZE], struct sockaddr_in *address)
{
    const struct addrinfo wanted = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    const char *port;
    if (!split_host(target, host, &port)) {
        return refuse_target(target, "no such file, and no HOST[:PORT]");
    }
    int error = getaddrinfo(host, port, &wanted, &found);
    if (error != 0) {
        return refuse_target(target, gai_strerror(error));
    }
    memcpy(address, found->ai_addr, sizeof(*address));
    freeaddrinfo(found);
    return UCPROV_EXIT_OK;
}

static int
look_at_server(struct check *check)
{
    const char *target = check->arguments->target;
    char host[HOST_SIZE];
    char text[INET_ADDRSTRLEN];
    struct sockaddr_in address;
    int status = resolve(target, host, &address);
    if (status != UCPROV_EXIT_OK) {
        return status;
    }
    snprintf(check->address, sizeof(check->address), "%s:%u",
             inet_ntop(AF_INET, &address.sin_addr, text, sizeof(text)), ntohs(address.sin_port));
    struct in_addr number;
    /* RFC 6066 3: an address is no server name; one of those that it should be good for is. */
    const char *name = inet_pton(AF_INET, host, &number) == 1 ? check->names.common_name : host;
    ca_server_look(&check->server, &address, name, 1000 * check->arguments->timeout);
    if (check->server.phone.outcome == TLS_NOT_STARTED) {
        return refuse_target(target, check->server.phone.error);
    }
    ca_server_judge(&check->findings, &check->server);
    check->presented = ca_server_sent(&check->server);
    return UCPROV_EXIT_OK;
}

static int
read_file(struct check *check)
{
    struct ucprov_problem problem;
    check->from_file =
        ucprov_certificates_read(check->arguments->target, UCPROV_FILE_OR_PIPE, &problem);
    check->presented = check->from_file;
    return check->from_file == NULL ? ca_complain(&problem, UCPROV_EXIT_ERROR) : UCPROV_EXIT_OK;
}

/* A server's own certificate comes first; in a file the order is anybody's. */
static X509 *
own_certificate(const struct check *check)
{
    for (int i = 0; check->from_file != NULL && i < sk_X509_num(check->from_file); i++) {
        X509 *certificate = sk_X509_value(check->from_file, i);
        if (X509_check_ca(certificate) == 0) {
            return certificate;
        }
    }
    return check->presented == NULL ? NULL : sk_X509_value(check->presented, 0);
}

/* The judgment */

static int
print_check(const struct check *check, X509 *certificate)
{
    const struct ca_report report = {
        .target = check->arguments->target,
        .address = check->address[0] == '\0' ? NULL : check->address,
        .server = check->address[0] == '\0' ? NULL : &check->server,
        .names = &check->names,
        .certificate = certificate,
        .findings = &check->findings,
    };
    if (!check->arguments->json) {
        ca_report_text(stdout, &report);
        return UCPROV_EXIT_OK;
    }
    return ucprov_json_print(PROGRAM, ca_report_json(&report)) ? UCPROV_EXIT_OK : UCPROV_EXIT_ERROR;
}

static int
judge_target(struct check *check)
{
    X509 *certificate = own_certificate(check);
    if (certificate != NULL) {
        const struct ucprov_peer_certificate presented = {
            .certificate = certificate,
            .others = check->presented,
            .roots = check->has_chains ? &check->chains : NULL,
            .names = (const char *const *)check->names.items,
            .name_count = check->names.count,
            .now = time(NULL),
        };
        ucprov_judge_certificate(&check->findings, &presented);
    }
    int status = print_check(check, certificate);
    return status != UCPROV_EXIT_OK
               ? status
               : ucprov_findings_exit_status(&check->findings, check->arguments->strict);
}

static bool
is_file(const char *target)
{
    return strchr(target, '/') != NULL || access(target, F_OK) == 0;
}

static int
find_out(struct check *check)
{
    struct ucprov_problem problem = {""};
    const struct check_arguments *arguments = check->arguments;
    const struct ucprov_site *names_from = arguments->hosts.count > 0 ? NULL : check->site;
    if (ca_names_collect(&check->names, names_from, &arguments->hosts, &problem) != 0) {
        return ca_complain(&problem, UCPROV_EXIT_FINDING);
    }
    int status = is_file(arguments->target) ? read_file(check) : look_at_server(check);
    status = status == UCPROV_EXIT_OK ? load_chains(check) : status;
    return status == UCPROV_EXIT_OK ? judge_target(check) : status;
}

static int
run_check(const struct check_arguments *arguments)
{
    struct check check = {.arguments = arguments};
    int status = UCPROV_EXIT_OK;
    if (arguments->file != NULL || arguments->hosts.count == 0 || arguments->chain == NULL) {
        status = ca_site_load(&check.site, arguments->file, true);
    }
    if (status == UCPROV_EXIT_OK) {
        status = find_out(&check);
    }
    ca_names_clear(&check.names);
    ucprov_findings_clear(&check.findings);
    ucprov_chains_clear(&check.chains);
    ca_server_clear(&check.server);
    ucprov_certificates_free(check.from_file);
    ucprov_site_free(check.site);
    return status;
}

int
ca_check(int argc, char **argv)
{
    struct check_arguments arguments = {0};
    int status = ucprov_command_line_read(&command_line, argc, argv, &arguments, NULL);
    return status >= 0 ? status : run_check(&arguments);
}
