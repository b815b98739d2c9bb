/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-ca learn: makes a template of a genuine GetRootCertChains response. */
#include "tool/ca_learn.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/command_line.h"
#include "base/file.h"

#include "tool/ca_command.h"
#include "tool/ca_print.h"

struct learn_arguments {
    const char *source; /* URL or file */
    const char *output; /* NULL: standard output */
    const char *host;   /* NULL: the URL's */
};

#define HOST_MAX 255 /* of a URL; longer than any name */

static int
take_host(void *field, const char *value, struct ucprov_problem *problem)
{
    bool fine = *value != '\0' && strlen(value) <= HOST_MAX;
    for (const char *character = value; *character != '\0'; character++) {
        fine = fine && *character > ' ' && *character < 0x7f;
    }
    memcpy(field, &value, sizeof(value));
    return fine ? 0 : ucprov_problem_set(problem, "not a host's name");
}

#define AT(member) UCPROV_FIELD(struct learn_arguments, member)

static const struct ucprov_setting settings[] = {
    {.name = "output",
     .letter = 'o',
     .kind = UCPROV_SETTING_FILE,
     .field = AT(output),
     .metavar = "FILE",
     .help = "a new file; default: standard output"},
    {.name = "host",
     .kind = UCPROV_SETTING_SPECIAL,
     .field = AT(host),
     .metavar = "NAME",
     .help = "what the server is called, when the URL has its address",
     .take = take_host},
};

static const struct ucprov_setting operand = {
    .kind = UCPROV_SETTING_FILE, .field = AT(source), .unit = "URL or file"};

static const struct ucprov_command_line command_line = {
    .program = PROGRAM,
    .usage = "learn URL|FILE [-o\tFILE] [--host\tNAME]",
    .intro = "Makes a template of a genuine response with root chains, for response_template in "
             "the site file. URL is that of a Front End's certificate service, which is asked as "
             "a phone asks; FILE is its response, saved: the body, the message with its headers, "
             "or the TCP stream.",
    .outro = "Exit status: 0 fine, 1 nothing to learn from it, 2 wrong usage or could not run.",
    .settings = settings,
    .setting_count = sizeof(settings) / sizeof(settings[0]),
    .operand = &operand,
    .operand_missing = "learn: of which URL or file?",
};

/* What has been found out. */
struct learning {
    const struct learn_arguments *arguments;
    struct learn_response response;
    struct ucprov_chain_document document;
    struct ucprov_chains chains;
    struct learn_template made;
    FILE *talk; /* where it is told: not where the template goes */
};

static bool
is_url(const char *source)
{
    return strncasecmp(source, "http://", 7) == 0 || strncasecmp(source, "https://", 8) == 0;
}

static int
get_response(struct learning *learning)
{
    const struct learn_arguments *arguments = learning->arguments;
    struct ucprov_problem problem;
    int status = is_url(arguments->source)
                     ? learn_response_fetch(&learning->response, arguments->source, arguments->host,
                                            &problem)
                     : learn_response_read(&learning->response, arguments->source, &problem);
    return status == 0 ? UCPROV_EXIT_OK : ca_complain(&problem, UCPROV_EXIT_ERROR);
}

/* The response has no chain: says what it has instead. */
static int
refuse_response(const struct learning *learning, const char *what)
{
    const struct ucprov_chain_document *document = &learning->document;
    char status[32] = "";
    if (learning->response.status != 0) {
        snprintf(status, sizeof(status), " (HTTP %d)", learning->response.status);
    }
    bool explained = document->explanation[0] != '\0';
    ucprov_complain(PROGRAM, "%s: %s%s%s%s", learning->arguments->source, what, status,
                    explained ? ": " : "", document->explanation);
    return UCPROV_EXIT_FINDING;
}

static int
read_document(struct learning *learning)
{
    struct ucprov_problem problem;
    if (ucprov_chain_document_parse(&learning->document, learning->response.octets,
                                    learning->response.length, &problem) != 0) {
        return refuse_response(learning, problem.text);
    }
    if (learning->document.error_response) {
        return refuse_response(learning, "the response is an error");
    }
    if (learning->document.count == 0) {
        return refuse_response(learning, "the response holds no certificates");
    }
    return UCPROV_EXIT_OK;
}

/* A moment when all certificates are valid; -1: there is none. */
static time_t
common_time(const STACK_OF(X509) * certificates)
{
    int64_t from = 0, to = INT64_MAX;
    for (int i = 0; i < sk_X509_num(certificates); i++) {
        const X509 *certificate = sk_X509_value(certificates, i);
        int64_t start = ucprov_certificate_time(X509_get0_notBefore(certificate));
        int64_t end = ucprov_certificate_time(X509_get0_notAfter(certificate));
        from = start > from ? start : from;
        to = end < to ? end : to;
    }
    return from < to ? (time_t)from : -1;
}

/* A saved response may be old: what it looks like can be learned all the same. */
static int
build_chains(struct learning *learning)
{
    struct ucprov_problem problem, later;
    STACK_OF(X509) *certificates = learning->document.certificates;
    if (ucprov_chains_build(&learning->chains, certificates, time(NULL), &problem) == 0) {
        return UCPROV_EXIT_OK;
    }
    ucprov_chains_clear(&learning->chains);
    time_t then = common_time(certificates);
    if (then >= 0 && ucprov_chains_build(&learning->chains, certificates, then, &later) == 0) {
        ucprov_complain(PROGRAM, "%s: warning: %s", learning->arguments->source, problem.text);
        return UCPROV_EXIT_OK;
    }
    ucprov_complain(PROGRAM, "%s: %s", learning->arguments->source, problem.text);
    return UCPROV_EXIT_FINDING;
}

static int
make_template(struct learning *learning)
{
    struct ucprov_problem problem;
    if (learn_template_make(&learning->made, &learning->response, &learning->document,
                            &learning->chains, &problem) != 0) {
        ucprov_complain(PROGRAM, "%s: %s", learning->arguments->source, problem.text);
        return UCPROV_EXIT_FINDING;
    }
    return UCPROV_EXIT_OK;
}

static int
write_file(const struct learning *learning)
{
    const char *file = learning->arguments->output;
    int error = ucprov_file_create(file, learning->made.octets, learning->made.length, 0644);
    if (error == EEXIST) {
        ucprov_complain(PROGRAM, "%s: %s, and is left as it is", file, strerror(error));
        return UCPROV_EXIT_FINDING;
    }
    if (error != 0) {
        ucprov_complain(PROGRAM, "%s: cannot be written: %s", file, strerror(error));
        return UCPROV_EXIT_ERROR;
    }
    return UCPROV_EXIT_OK;
}

static int
write_template(const struct learning *learning)
{
    if (learning->arguments->output != NULL) {
        return write_file(learning);
    }
    fwrite(learning->made.octets, 1, learning->made.length, stdout);
    return UCPROV_EXIT_OK;
}

/* Telling */

static void
tell_certificate(FILE *talk, const X509 *certificate, bool is_root)
{
    char from[UCPROV_DATE_SIZE], to[UCPROV_DATE_SIZE];
    char *subject = ucprov_certificate_subject(certificate);
    fprintf(talk, "  %s %s, %s to %s\n", is_root ? "root   " : "issuing",
            subject == NULL ? "?" : subject,
            ucprov_certificate_date(from, X509_get0_notBefore(certificate)),
            ucprov_certificate_date(to, X509_get0_notAfter(certificate)));
    free(subject);
    if (is_root) {
        char *fingerprint = ucprov_certificate_fingerprint(certificate, EVP_sha256());
        fprintf(talk, "          SHA-256 %s\n", fingerprint == NULL ? "?" : fingerprint);
        free(fingerprint);
    }
}

static void
tell_chains(const struct learning *learning)
{
    for (size_t i = 0; i < learning->chains.count; i++) {
        const struct ucprov_chain *chain = &learning->chains.items[i];
        for (int j = sk_X509_num(chain->certificates) - 1; j >= 0; j--) {
            const X509 *certificate = sk_X509_value(chain->certificates, j);
            tell_certificate(learning->talk, certificate, certificate == ucprov_chain_root(chain));
        }
    }
}

static void
tell_findings(const struct learning *learning)
{
    const struct ucprov_chain_document *document = &learning->document;
    bool is_pkcs7 = document->blobs[0].kind == UCPROV_BLOB_PKCS7;
    fprintf(learning->talk, "%zu %s%s in <%s>, with these certificates:\n", document->count,
            is_pkcs7 ? "PKCS#7" : "certificate", is_pkcs7 || document->count == 1 ? "" : "s",
            document->element);
    tell_chains(learning);
    if (is_url(learning->arguments->source)) {
        fputs("Nothing vouches for that server yet: compare the fingerprints.\n", learning->talk);
    }
    fprintf(learning->talk, "The template gives back the response %s.\n",
            learning->made.exact       ? "octet for octet"
            : learning->made.reordered ? "with the certificates in another order, and all else "
                                         "octet for octet"
                                       : "with the same certificates in an encoding of our own, "
                                         "and all else octet for octet");
}

/* What to put into the site file, which may be read in another folder. */
static void
tell_setting(const struct learning *learning)
{
    const char *output = learning->arguments->output;
    char *path = output == NULL ? NULL : realpath(output, NULL);
    fprintf(learning->talk, "In the site file: ca = { ...; response_template = \"%s\"; };\n",
            path != NULL     ? path
            : output != NULL ? output
                             : "FILE");
    free(path);
}

static int
learn(struct learning *learning)
{
    int status = get_response(learning);
    status = status == UCPROV_EXIT_OK ? read_document(learning) : status;
    status = status == UCPROV_EXIT_OK ? build_chains(learning) : status;
    status = status == UCPROV_EXIT_OK ? make_template(learning) : status;
    status = status == UCPROV_EXIT_OK ? write_template(learning) : status;
    if (status == UCPROV_EXIT_OK) {
        tell_findings(learning);
        tell_setting(learning);
    }
    return status;
}

int
ca_learn(int argc, char **argv)
{
    struct learn_arguments arguments = {0};
    int status = ucprov_command_line_read(&command_line, argc, argv, &arguments, NULL);
    if (status >= 0) {
        return status;
    }
    struct learning learning = {.arguments = &arguments,
                                .talk = arguments.output == NULL ? stderr : stdout};
    status = learn(&learning);
    free(learning.response.octets);
    free(learning.made.octets);
    ucprov_chain_document_clear(&learning.document);
    ucprov_chains_clear(&learning.chains);
    return status;
}
