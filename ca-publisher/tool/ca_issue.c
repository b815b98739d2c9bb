/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-ca issue and ucprov-ca csr: a certificate that a phone takes, or the request for one. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/command_line.h"
#include "base/wrap.h"
#include "certificate/certificate.h"
#include "option/name.h"
#include "site/site.h"

#include "tool/ca_command.h"
#include "tool/ca_make.h"
#include "tool/ca_names.h"
#include "tool/ca_print.h"
#include "tool/output_files.h"

#define DAYS_DEFAULT 730

struct issue_arguments {
    const char *file; /* the site's; NULL: the default one */
    const char *authority;
    const char *directory;
    int days;
    struct ca_hosts hosts;
};

enum setting_index {
    SETTING_CONFIG,
    SETTING_NAME,
    SETTING_OUTPUT,
    CSR_SETTINGS, /* a request needs no more than those */
    SETTING_CA = CSR_SETTINGS,
    SETTING_DAYS,
    ISSUE_SETTINGS,
};

#define AT(member) UCPROV_FIELD(struct issue_arguments, member)

static const struct ucprov_setting settings[ISSUE_SETTINGS] = {
    [SETTING_CONFIG] = {.name = "config",
                        .letter = 'c',
                        .kind = UCPROV_SETTING_FILE,
                        .field = AT(file),
                        .metavar = "FILE",
                        .help = "site file; default: " UCPROV_SITE_FILE},
    [SETTING_NAME] = {.name = "name",
                      .kind = UCPROV_SETTING_TEXT,
                      .field = UCPROV_FIELD_LIST(struct issue_arguments, hosts.items, hosts.count),
                      .metavar = "HOST",
                      .help = "one more name; may be given several times, and then there need be "
                              "no site file",
                      .check = ucprov_name_check},
    [SETTING_OUTPUT] = {.name = "output",
                        .letter = 'o',
                        .kind = UCPROV_SETTING_FOLDER,
                        .field = AT(directory),
                        .metavar = "DIR",
                        .help = "where to; made when it is missing",
                        .fallback = CA_DIRECTORY},
    [SETTING_CA] = {.name = "ca",
                    .kind = UCPROV_SETTING_FOLDER,
                    .field = AT(authority),
                    .metavar = "DIR",
                    .help = "where issuing.pem and issuing.key are",
                    .fallback = CA_DIRECTORY},
    [SETTING_DAYS] = {.name = "days",
                      .kind = UCPROV_SETTING_NUMBER,
                      .field = AT(days),
                      .metavar = "N",
                      .help = "that it is valid for",
                      .fallback = UCPROV_TEXT_OF(DAYS_DEFAULT),
                      .min = 1,
                      .max = CA_DAYS_MAX,
                      .unit = "days"},
};

#define INTRO_OF_NAMES                                                                             \
    "The names: each pool's web_server and sip_server, " UCPROV_UPDATE_NAME                        \
    ", and " UCPROV_UPDATE_NAME " in every "                                                       \
    "domain of phone vlans and of dns.sip_domains."

static const char outro[] =
    "Exit status: 0 fine, 1 a refusal (a file exists), 2 wrong usage or could not run.";

static const struct ucprov_command_line issue_line = {
    .program = PROGRAM,
    .usage = "issue [-c\tFILE] [--ca\tDIR] [-o\tDIR] [--days\tN] [--name\tHOST]...",
    .intro = "Makes a key and a certificate with the names of the site's servers, signed by the "
             "CA that \"ucprov-ca init\" made: server.key, server.pem.\n" INTRO_OF_NAMES,
    .outro = outro,
    .settings = settings,
    .setting_count = ISSUE_SETTINGS,
};

static const struct ucprov_command_line csr_line = {
    .program = PROGRAM,
    .usage = "csr [-c\tFILE] [-o\tDIR] [--name\tHOST]...",
    .intro = "Makes a key and a request (PKCS #10) for a certificate with the names of the site's "
             "servers, to be signed by another CA, as AD CS: server.key, server.csr."
             "\n" INTRO_OF_NAMES,
    .outro = outro,
    .settings = settings,
    .setting_count = CSR_SETTINGS,
};

/* The issuing CA */

/* Keys are read without asking: the program may have no terminal. */
static int
no_password(char *buffer, int size, int writing, void *context)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

static EVP_PKEY *
read_key(const char *file, struct ucprov_problem *problem)
{
    BIO *bio = BIO_new_file(file, "r");
    if (bio == NULL) {
        ucprov_problem_openssl(problem, "%s", file);
        return NULL;
    }
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
    if (key == NULL) {
        ucprov_problem_openssl(problem, "%s: no private key in PEM, or one with a password", file);
    }
    BIO_free(bio);
    return key;
}

static X509 *
read_certificate(const char *file, struct ucprov_problem *problem)
{
    STACK_OF(X509) *certificates = ucprov_certificates_read(file, UCPROV_FILE_OR_PIPE, problem);
    X509 *first = sk_X509_shift(certificates);
    ucprov_certificates_free(certificates);
    return first;
}

/* Is it what phones can be served with? */
static int
check_authority(const struct ca_identity *issuing, const char *file, time_t now,
                struct ucprov_problem *problem)
{
    char date[UCPROV_DATE_SIZE];
    const ASN1_TIME *last = X509_get0_notAfter(issuing->certificate);
    if (X509_check_ca(issuing->certificate) != 1) {
        return ucprov_problem_set(problem, "%s: not the certificate of a CA", file);
    }
    if (X509_check_private_key(issuing->certificate, issuing->key) != 1) {
        ERR_clear_error();
        return ucprov_problem_set(problem, "%s: %s beside it is not its key", file, CA_ISSUING_KEY);
    }
    if (EVP_PKEY_get_base_id(issuing->key) != EVP_PKEY_RSA) {
        return ucprov_problem_set(problem,
                                  "%s: its key is %s; phones know signatures by RSA alone "
                                  "(inferred). Make a CA with \"ucprov-ca init\"",
                                  file, EVP_PKEY_get0_type_name(issuing->key));
    }
    if (ucprov_certificate_time(last) <= (int64_t)now) {
        return ucprov_problem_set(problem,
                                  "%s: expired on %s; make another CA with \"ucprov-ca init\" in "
                                  "another folder",
                                  file, ucprov_certificate_date(date, last));
    }
    return 0;
}

static int
load_authority(struct ca_identity *issuing, const char *directory, time_t now,
               struct ucprov_problem *problem)
{
    char certificate[CA_PATH_SIZE];
    char key[CA_PATH_SIZE];
    ca_path(certificate, directory, CA_ISSUING_FILE);
    ca_path(key, directory, CA_ISSUING_KEY);
    issuing->certificate = read_certificate(certificate, problem);
    if (issuing->certificate == NULL) {
        return -1;
    }
    issuing->key = read_key(key, problem);
    return issuing->key == NULL ? -1 : check_authority(issuing, certificate, now, problem);
}

/* What both print */

static void
print_names(const struct ca_names *names)
{
    size_t length;
    char *text = NULL;
    FILE *out = open_memstream(&text, &length);
    for (size_t i = 0; out != NULL && i < names->count; i++) {
        fprintf(out, "%s%s", i == 0 ? "" : ", ", names->items[i]);
    }
    if (out != NULL && fclose(out) == 0) {
        ucprov_wrap(stdout, "    for ", text);
    }
    free(text);
}

static void
print_issued(const struct issue_arguments *arguments, const struct ca_identity *server,
             const struct ca_identity *issuing, const struct ca_names *names)
{
    char date[UCPROV_DATE_SIZE];
    char path[CA_PATH_SIZE];
    const ASN1_TIME *last = X509_get0_notAfter(server->certificate);
    bool shortened = ASN1_TIME_compare(last, X509_get0_notAfter(issuing->certificate)) == 0;
    ca_print_file(
        arguments->directory, CA_SERVER_FILE, "the certificate, until %s%s, and the issuing CA's",
        ucprov_certificate_date(date, last), shortened ? " (the last day of the issuing CA)" : "");
    print_names(names);
    ca_print_file(arguments->directory, CA_SERVER_KEY,
                  "its key; let the server's user read it, and nobody else");
    printf("\nFor ucprov-capubd, in the site file:\n    ca = { ...\n           certificate = "
           "\"%s\";\n",
           ca_path(path, arguments->directory, CA_SERVER_FILE));
    printf("           key = \"%s\"; };\n", ca_path(path, arguments->directory, CA_SERVER_KEY));
}

static void
print_requested(const struct issue_arguments *arguments, const struct ca_names *names)
{
    ca_print_file(arguments->directory, CA_REQUEST_FILE, "the request, for your CA");
    print_names(names);
    ca_print_file(arguments->directory, CA_SERVER_KEY, "its key, which stays here");
    puts("\nWhen it is signed: ucprov-ca check FILE");
}

/* The commands */

static int
write_issued(const struct issue_arguments *arguments, const struct ca_names *names,
             const struct ca_identity *issuing, time_t now, struct ucprov_problem *problem)
{
    struct ca_identity server = {NULL, NULL};
    struct output_files files = {.directory = arguments->directory};
    int status = ca_make_server(&server, issuing, names, arguments->days, now, problem);
    if (status == 0) {
        status = output_files_add_key(&files, CA_SERVER_KEY, server.key, problem);
    }
    if (status == 0) {
        status = output_files_add_certificates(&files, CA_SERVER_FILE, server.certificate,
                                               issuing->certificate, problem);
    }
    if (status == 0) {
        status = output_files_write(&files, problem);
    }
    if (status == 0) {
        print_issued(arguments, &server, issuing, names);
    }
    output_files_clear(&files);
    ca_identity_clear(&server);
    return status;
}

static int
issue(const struct issue_arguments *arguments, const struct ca_names *names,
      struct ucprov_problem *problem)
{
    time_t now = time(NULL);
    struct ca_identity issuing = {NULL, NULL};
    int status = load_authority(&issuing, arguments->authority, now, problem);
    if (status == 0) {
        status = write_issued(arguments, names, &issuing, now, problem);
    }
    ca_identity_clear(&issuing);
    return status;
}

static int
add_request(struct output_files *files, EVP_PKEY *key, const struct ca_names *names,
            struct ucprov_problem *problem)
{
    X509_REQ *request = ca_make_request(key, names, problem);
    if (request == NULL) {
        return -1;
    }
    BIO *content = output_files_add(files, CA_REQUEST_FILE, MODE_PUBLIC);
    int status = 0;
    if (content == NULL || PEM_write_bio_X509_REQ(content, request) != 1) {
        status = ucprov_problem_openssl(problem, "%s: out of memory", CA_REQUEST_FILE);
    }
    X509_REQ_free(request);
    return status;
}

static int
request(const struct issue_arguments *arguments, const struct ca_names *names,
        struct ucprov_problem *problem)
{
    struct output_files files = {.directory = arguments->directory};
    EVP_PKEY *key = ca_key_new(problem);
    int status = key == NULL ? -1 : output_files_add_key(&files, CA_SERVER_KEY, key, problem);
    if (status == 0) {
        status = add_request(&files, key, names, problem);
    }
    if (status == 0) {
        status = output_files_write(&files, problem);
    }
    if (status == 0) {
        print_requested(arguments, names);
    }
    output_files_clear(&files);
    EVP_PKEY_free(key);
    return status;
}

typedef int action(const struct issue_arguments *arguments, const struct ca_names *names,
                   struct ucprov_problem *problem);

static int
run_issue(const struct issue_arguments *arguments, const char *const *targets, action *act)
{
    struct ucprov_problem problem = {""};
    struct ucprov_site *site;
    struct ca_names names = {0};
    int status = ca_site_load(&site, arguments->file, arguments->hosts.count > 0);
    if (status != UCPROV_EXIT_OK) {
        return status;
    }
    status = ca_names_collect(&names, site, &arguments->hosts, &problem) != 0
                 ? UCPROV_EXIT_FINDING
                 : output_files_check(arguments->directory, targets, 2, &problem);
    if (status != UCPROV_EXIT_OK) {
        ca_complain(&problem, status);
    } else if (act(arguments, &names, &problem) != 0) {
        status = ca_complain(&problem, UCPROV_EXIT_ERROR);
    }
    ca_names_clear(&names);
    ucprov_site_free(site);
    return status;
}

static int
read_and_run(const struct ucprov_command_line *line, int argc, char **argv,
             const char *const *targets, action *act)
{
    struct issue_arguments arguments = {0};
    int status = ucprov_command_line_read(line, argc, argv, &arguments, NULL);
    return status >= 0 ? status : run_issue(&arguments, targets, act);
}

int
ca_issue(int argc, char **argv)
{
    static const char *const targets[2] = {CA_SERVER_FILE, CA_SERVER_KEY};
    return read_and_run(&issue_line, argc, argv, targets, issue);
}

int
ca_csr(int argc, char **argv)
{
    static const char *const targets[2] = {CA_REQUEST_FILE, CA_SERVER_KEY};
    return read_and_run(&csr_line, argc, argv, targets, request);
}
