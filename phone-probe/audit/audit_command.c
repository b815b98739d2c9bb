/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-probe audit: the phones in an update server's logs. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/program.h"

#include "audit/audit.h"
#include "commands.h"
#include "probe_arguments.h"

#define COMMAND      PROGRAM " audit"
#define FILES_MAX    1024
#define VERSION_SIZE sizeof("65535.65535.65535.65535")

struct audit_arguments {
    struct firmware minimum;
    bool json;
    size_t count;
    const char *files[FILES_MAX];
};

static int
take_minimum(void *field, const char *value, struct ucprov_problem *problem)
{
    return firmware_parse(field, value)
               ? 0
               : ucprov_problem_set(problem, "not a version: four numbers, such as 4.0.7577.4363");
}

static const struct ucprov_setting settings[] = {
    {.name = "minimum",
     .kind = UCPROV_SETTING_SPECIAL,
     .field = UCPROV_FIELD(struct audit_arguments, minimum),
     .metavar = "VERSION",
     .help = "the oldest version that is new enough; default: 4.0.7577.4363",
     .take = take_minimum},
    {.name = "json",
     .letter = 'j',
     .field = UCPROV_FIELD(struct audit_arguments, json),
     .help = "print JSON"},
};

static const struct ucprov_setting operand = {
    .kind = UCPROV_SETTING_FILE,
    .field = UCPROV_FIELD_LIST(struct audit_arguments, files, count),
};

static const struct ucprov_command_line command_line = {
    .program = COMMAND,
    .usage = "[--json] [--minimum\tVERSION] FILE...",
    .intro = "Lists the phones in RequestHandlerAuditLog files: what they run, what they are "
             "offered, and who is below the version that Lync 2013 supports. Give the files in "
             "the order of their dates; \"-\" is standard input.",
    .outro = "Exit status: 0 all are new enough, 1 some are not, 2 wrong usage or could not run.",
    .settings = settings,
    .setting_count = sizeof(settings) / sizeof(settings[0]),
    .operand = &operand,
    .operand_missing = "name the files to read",
};

static bool
read_file(struct audit *audit, const char *path)
{
    struct ucprov_file file;
    int error = ucprov_file_read(&file, path, AUDIT_FILE_MAX, UCPROV_FILE_OR_INPUT);
    bool fine = error == 0 && audit_read(audit, file.octets, file.length);
    if (error != 0) {
        ucprov_complain(COMMAND, "%s: %s", path, ucprov_file_error(error));
    } else if (!fine) {
        ucprov_complain(COMMAND, "%s: out of memory", path);
    }
    ucprov_file_clear(&file);
    return fine;
}

static const char *
version_text(char text[VERSION_SIZE], const struct firmware *firmware, bool known)
{
    if (!known) {
        return "-";
    }
    snprintf(text, VERSION_SIZE, "%u.%u.%u.%u", firmware->parts[0] % 65536,
             firmware->parts[1] % 65536, firmware->parts[2] % 65536, firmware->parts[3] % 65536);
    return text;
}

static bool
is_below(const struct audit_entry *phone, const struct firmware *minimum)
{
    return phone->has_firmware && firmware_compare(&phone->firmware, minimum) < 0;
}

static size_t
count_below(const struct audit *audit, const struct firmware *minimum)
{
    size_t below = 0;

    for (size_t i = 0; i < audit->count; i++) {
        below += is_below(audit->phones[i], minimum);
    }
    return below;
}

/* A log may tell what a phone is offered, and not what it has. */
static const char *
mark_of(const struct audit_entry *phone, const struct firmware *minimum)
{
    if (!phone->has_firmware) {
        return "  ?";
    }
    return is_below(phone, minimum) ? "old" : " ok";
}

static void
print_table(const struct audit *audit, const struct audit_arguments *arguments)
{
    static const char row[] = "%-4s %-17.17s %-9.9s %-14.14s %-14.14s %.17s\n";
    char now[VERSION_SIZE], offered[VERSION_SIZE], least[VERSION_SIZE];
    size_t below = count_below(audit, &arguments->minimum);

    printf(row, "", "phone", "model", "firmware", "offered", "last seen");
    for (size_t i = 0; i < audit->count; i++) {
        const struct audit_entry *phone = audit->phones[i];
        printf(row, mark_of(phone, &arguments->minimum),
               phone->mac[0] != '\0' ? phone->mac : phone->serial,
               phone->model[0] != '\0' ? phone->model : "-",
               version_text(now, &phone->firmware, phone->has_firmware),
               version_text(offered, &phone->offered, phone->has_offered), phone->time);
    }
    printf("%zu phone%s, %zu below %s\n", audit->count, audit->count == 1 ? "" : "s", below,
           version_text(least, &arguments->minimum, true));
}

static json_t *
phone_json_of(const struct audit_entry *phone, const struct firmware *minimum)
{
    char now[VERSION_SIZE], offered[VERSION_SIZE];

    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:s?, s:b}", "mac",
                     phone->mac, "serial", phone->serial, "type", phone->type, "vendor",
                     phone->vendor, "model", phone->model, "revision", phone->revision, "address",
                     phone->address, "user", phone->user, "last_seen", phone->time, "firmware",
                     phone->has_firmware ? version_text(now, &phone->firmware, true) : NULL,
                     "offered",
                     phone->has_offered ? version_text(offered, &phone->offered, true) : NULL,
                     "below_minimum", is_below(phone, minimum));
}

static bool
print_json(const struct audit *audit, const struct audit_arguments *arguments)
{
    char least[VERSION_SIZE];
    json_t *phones = json_array();

    for (size_t i = 0; i < audit->count; i++) {
        json_array_append_new(phones, phone_json_of(audit->phones[i], &arguments->minimum));
    }
    json_t *document =
        json_pack("{s:s, s:s, s:s, s:I, s:I, s:o}", "program", PROGRAM, "version", UCPROV_VERSION,
                  "minimum", version_text(least, &arguments->minimum, true), "below_minimum",
                  (json_int_t)count_below(audit, &arguments->minimum), "unreadable_lines",
                  (json_int_t)audit->unreadable, "phones", phones);
    return ucprov_json_print(PROGRAM, document);
}

static int
print_audit(const struct audit *audit, const struct audit_arguments *arguments)
{
    if (audit->unreadable > 0) {
        ucprov_complain(COMMAND, "%zu line%s could not be read", audit->unreadable,
                        audit->unreadable == 1 ? "" : "s");
    }
    if (audit->surplus > 0) {
        ucprov_complain(COMMAND, "more than %d phones: the others are left out", AUDIT_PHONES_MAX);
    }
    if (audit->count == 0) {
        ucprov_complain(COMMAND, "no phone in there: are these RequestHandlerAuditLog files?");
        return UCPROV_EXIT_ERROR;
    }
    if (!arguments->json) {
        print_table(audit, arguments);
    } else if (!print_json(audit, arguments)) {
        ucprov_complain(COMMAND, "cannot print JSON");
        return UCPROV_EXIT_ERROR;
    }
    return count_below(audit, &arguments->minimum) > 0 ? UCPROV_EXIT_FINDING : UCPROV_EXIT_OK;
}

int
audit_command(int argc, char **argv)
{
    struct audit_arguments arguments = {.minimum = firmware_supported_minimum};
    struct audit audit = {0};
    bool fine = true;

    int status = ucprov_command_line_read(&command_line, argc, argv, &arguments, NULL);
    if (status >= 0) {
        return status;
    }
    for (size_t i = 0; i < arguments.count && fine; i++) {
        fine = read_file(&audit, arguments.files[i]);
    }
    status = fine ? print_audit(&audit, &arguments) : UCPROV_EXIT_ERROR;
    audit_clear(&audit);
    return status;
}
