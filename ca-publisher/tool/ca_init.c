/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-ca init: a root CA and an issuing CA, for a laboratory or a site without a PKI. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/command_line.h"
#include "base/printable.h"
#include "certificate/certificate.h"

#include "tool/ca_command.h"
#include "tool/ca_make.h"
#include "tool/ca_print.h"
#include "tool/output_files.h"

#define NAME_DEFAULT "ucprov"
#define NAME_MAX_OCTETS                                                                            \
    (CA_COMMON_NAME_MAX - sizeof(ISSUING_SUFFIX) + 1) /* so that both common names fit */
#define ROOT_SUFFIX    " root CA"
#define ISSUING_SUFFIX " issuing CA"
#define DAYS_DEFAULT   3650

struct init_arguments {
    const char *directory;
    const char *name;
    int days; /* of the root; the issuing CA has half of them */
};

static int
take_name(void *field, const char *value, struct ucprov_problem *problem)
{
    char printable[2 * CA_COMMON_NAME_MAX];
    ucprov_printable(printable, sizeof(printable), value, strlen(value));
    memcpy(field, &value, sizeof(value));
    if (*value == '\0' || strlen(value) > NAME_MAX_OCTETS || strcmp(printable, value) != 0) {
        return ucprov_problem_set(problem, "write 1 to %zu printable characters (octets of UTF-8)",
                                  NAME_MAX_OCTETS);
    }
    return 0;
}

#define AT(member) UCPROV_FIELD(struct init_arguments, member)

static const struct ucprov_setting settings[] = {
    {.name = "output",
     .letter = 'o',
     .kind = UCPROV_SETTING_FOLDER,
     .field = AT(directory),
     .metavar = "DIR",
     .help = "where to; made when it is missing",
     .fallback = CA_DIRECTORY},
    {.name = "name",
     .kind = UCPROV_SETTING_SPECIAL,
     .field = AT(name),
     .metavar = "TEXT",
     .help = "of the CAs: \"TEXT root CA\"",
     .fallback = NAME_DEFAULT,
     .take = take_name},
    {.name = "days",
     .kind = UCPROV_SETTING_NUMBER,
     .field = AT(days),
     .metavar = "N",
     .help = "that the root is valid for, the issuing CA half of it",
     .fallback = UCPROV_TEXT_OF(DAYS_DEFAULT),
     .min = 1,
     .max = CA_DAYS_MAX,
     .unit = "days"},
};

static const struct ucprov_command_line command_line = {
    .program = PROGRAM,
    .usage = "init [-o\tDIR] [--name\tTEXT] [--days\tN]",
    .intro = "Makes a root CA and an issuing CA below it: root.pem, root.key, issuing.pem, "
             "issuing.key, and chain.pem, which is what phones are given.",
    .outro = "Exit status: 0 fine, 1 a refusal (a file exists), 2 wrong usage or could not run.",
    .settings = settings,
    .setting_count = sizeof(settings) / sizeof(settings[0]),
};

/* Both CAs, in memory. */
struct authorities {
    struct ca_identity root;
    struct ca_identity issuing;
};

static int
make_authorities(struct authorities *made, const struct init_arguments *arguments,
                 struct ucprov_problem *problem)
{
    char name[CA_COMMON_NAME_MAX + 1];
    time_t now = time(NULL);
    int half = arguments->days > 1 ? arguments->days / 2 : 1;
    snprintf(name, sizeof(name), "%s" ROOT_SUFFIX, arguments->name);
    if (ca_make_root(&made->root, name, arguments->days, now, problem) != 0) {
        return -1;
    }
    snprintf(name, sizeof(name), "%s" ISSUING_SUFFIX, arguments->name);
    return ca_make_issuing(&made->issuing, &made->root, name, half, now, problem);
}

/* Before keys are made, which takes a while. The status to exit with. */
static int
check_targets(const char *directory, struct ucprov_problem *problem)
{
    static const char *const names[] = {CA_ROOT_FILE, CA_ROOT_KEY, CA_ISSUING_FILE, CA_ISSUING_KEY,
                                        CA_CHAIN_FILE};
    return output_files_check(directory, names, sizeof(names) / sizeof(names[0]), problem);
}

static int
fill(struct output_files *files, const struct authorities *made, struct ucprov_problem *problem)
{
    X509 *root = made->root.certificate;
    X509 *issuing = made->issuing.certificate;
    int status = output_files_add_key(files, CA_ROOT_KEY, made->root.key, problem);
    status = status != 0 ? status
                         : output_files_add_certificates(files, CA_ROOT_FILE, root, NULL, problem);
    status = status != 0 ? status
                         : output_files_add_key(files, CA_ISSUING_KEY, made->issuing.key, problem);
    status = status != 0
                 ? status
                 : output_files_add_certificates(files, CA_ISSUING_FILE, issuing, NULL, problem);
    return status != 0
               ? status
               : output_files_add_certificates(files, CA_CHAIN_FILE, issuing, root, problem);
}

static void
print_authority(const char *directory, const char *file, const X509 *certificate)
{
    char date[UCPROV_DATE_SIZE];
    char *name = ucprov_certificate_name(certificate);
    ca_print_file(directory, file, "%s, until %s", name == NULL ? "?" : name,
                  ucprov_certificate_date(date, X509_get0_notAfter(certificate)));
    free(name);
}

static void
print_result(const char *directory, const struct authorities *made)
{
    char path[CA_PATH_SIZE];
    char shown[CA_PATH_SIZE];
    print_authority(directory, CA_ROOT_FILE, made->root.certificate);
    ca_print_file(directory, CA_ROOT_KEY,
                  "its key: whoever has it can pose as any server to your phones. It is needed for "
                  "another issuing CA only: keep it off line");
    print_authority(directory, CA_ISSUING_FILE, made->issuing.certificate);
    ca_print_file(directory, CA_ISSUING_KEY, "its key: \"ucprov-ca issue\" needs it");
    ca_print_file(directory, CA_CHAIN_FILE, "both: what phones are given");
    printf("\nIn the site file:\n    ca = { chain = \"%s\"; http = [ \"0.0.0.0:80\" ]; };\n",
           ca_path(path, directory, CA_CHAIN_FILE));
    if (strcmp(directory, ".") == 0) {
        puts("Then make the server's certificate: ucprov-ca issue");
    } else {
        ca_path(path, directory, "");
        size_t length = strlen(path);
        length -= length > 1 && path[length - 1] == '/' ? 1 : 0;
        ucprov_printable(shown, sizeof(shown), path, length);
        printf("Then make the server's certificate:\n    ucprov-ca issue --ca \"%s\" -o \"%s\"\n",
               shown, shown);
    }
}

static int
run_init(const struct init_arguments *arguments)
{
    struct ucprov_problem problem;
    struct authorities made = {{NULL, NULL}, {NULL, NULL}};
    struct output_files files = {.directory = arguments->directory};
    int status = check_targets(arguments->directory, &problem);
    if (status != UCPROV_EXIT_OK) {
        return ca_complain(&problem, status);
    }
    if (make_authorities(&made, arguments, &problem) != 0 || fill(&files, &made, &problem) != 0 ||
        output_files_write(&files, &problem) != 0) {
        status = ca_complain(&problem, UCPROV_EXIT_ERROR);
    } else {
        print_result(arguments->directory, &made);
    }
    output_files_clear(&files);
    ca_identity_clear(&made.root);
    ca_identity_clear(&made.issuing);
    return status;
}

int
ca_init(int argc, char **argv)
{
    struct init_arguments arguments = {0};
    int status = ucprov_command_line_read(&command_line, argc, argv, &arguments, NULL);
    return status >= 0 ? status : run_init(&arguments);
}
