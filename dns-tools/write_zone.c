/* SPDX-License-Identifier: MPL-2.0 */
/* Writes files whole or not at all, and leaves alone those that would not change, so that a server
 * need not reload. What is written is the formats' business. */
#include "write_zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

#include "serial.h"

/* A zone of ours is never as long: this bounds what a wrong name can make us read. */
#define PREVIOUS_MAX   ((size_t)64 << 20)
#define ZONE_FILE_MODE 0644 /* of a new one: name servers read it, and it holds no secret */

#define STDOUT_BUFFER ((size_t)1 << 20)

struct text {
    char *octets; /* terminated; the caller's to free */
    size_t length;
};

static bool
render(struct text *text, const struct format *format, const struct emission *emission,
       const struct zone *zone)
{
    *text = (struct text){NULL, 0};
    FILE *out = open_memstream(&text->octets, &text->length);
    if (out == NULL) {
        return false;
    }
    format_write(out, format, emission, zone, 1);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(text->octets);
        text->octets = NULL;
        return false;
    }
    return true;
}

/* Makes the text of one domain; what stood in `file` before, when there is such a file, decides the
 * serial. */
static int
make_text(struct text *text, const struct format *format, struct emission *emission,
          const struct zone *zone, const struct ucprov_file *previous, const char *file)
{
    emission->serial = serial_first(emission->site->modified);
    if (format->one_zone && previous->octets != NULL) {
        uint32_t serial;
        if (!serial_read(previous->octets, &serial)) {
            complain("%s: has no SOA record as ucprov-zone writes it, so that its serial is not "
                     "known; move it away to begin anew",
                     file);
            return UCPROV_EXIT_FINDING;
        }
        emission->serial = serial;
        if (!render(text, format, emission, zone)) {
            complain("out of memory");
            return UCPROV_EXIT_ERROR;
        }
        if (serial_same_content(text->octets, previous->octets)) {
            return UCPROV_EXIT_OK;
        }
        free(text->octets);
        emission->serial = serial_next(serial, emission->site->modified);
    }
    if (!render(text, format, emission, zone)) {
        complain("out of memory");
        return UCPROV_EXIT_ERROR;
    }
    return UCPROV_EXIT_OK;
}

/* Files */

static int
write_zone_file(struct emission *emission, const struct zone *zone,
                const struct zone_arguments *arguments, const char *file)
{
    struct ucprov_file previous;
    int error = ucprov_file_read(&previous, file, PREVIOUS_MAX, UCPROV_FILE_REGULAR);
    if (error != 0 && error != ENOENT) {
        complain("%s: cannot be read: %s", file, ucprov_file_error(error));
        return UCPROV_EXIT_ERROR;
    }
    struct text text = {NULL, 0};
    int status = make_text(&text, arguments->format, emission, zone, &previous, file);
    bool same = status == UCPROV_EXIT_OK && previous.octets != NULL &&
                strcmp(previous.octets, text.octets) == 0 && previous.length == text.length;
    if (status == UCPROV_EXIT_OK && !same) { /* an unchanged file keeps its time */
        error = ucprov_file_replace(file, text.octets, text.length, ZONE_FILE_MODE);
        if (error != 0) {
            complain("%s: cannot be written: %s", file, strerror(error));
            status = UCPROV_EXIT_ERROR;
        }
    }
    ucprov_file_clear(&previous);
    free(text.octets);
    return status;
}

static int
write_zone_files(struct emission *emission, const struct zones *zones,
                 const struct zone_arguments *arguments)
{
    int directory = open(arguments->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        complain("--output: %s: %s", arguments->directory, strerror(errno));
        return UCPROV_EXIT_ERROR;
    }
    int status = UCPROV_EXIT_OK;
    for (size_t i = 0; i < zones->count && status == UCPROV_EXIT_OK; i++) {
        char *file;
        if (asprintf(&file, "%s/%s.%s", arguments->directory, zones->items[i].domain,
                     arguments->format->suffix) < 0) {
            complain("out of memory");
            status = UCPROV_EXIT_ERROR;
            break;
        }
        status = write_zone_file(emission, &zones->items[i], arguments, file);
        free(file);
    }
    fsync(directory); /* the new names; not every file system can */
    close(directory);
    return status;
}

/* Standard output */

static int
print_one_zone(struct emission *emission, const struct zone *zone,
               const struct zone_arguments *arguments)
{
    struct ucprov_file previous = {.octets = NULL};
    int error = arguments->previous == NULL ? 0
                                            : ucprov_file_read(&previous, arguments->previous,
                                                               PREVIOUS_MAX, UCPROV_FILE_OR_PIPE);
    if (error != 0) {
        complain("--previous: %s: %s", arguments->previous, strerror(error));
        return UCPROV_EXIT_ERROR;
    }
    struct text text = {NULL, 0};
    int status =
        make_text(&text, arguments->format, emission, zone, &previous, arguments->previous);
    if (status == UCPROV_EXIT_OK) {
        fwrite(text.octets, 1, text.length, stdout);
    }
    ucprov_file_clear(&previous);
    free(text.octets);
    return status;
}

static int
print_zones(struct emission *emission, const struct zones *zones,
            const struct zone_arguments *arguments)
{
    if (!arguments->format->one_zone) {
        setvbuf(stdout, NULL, _IOFBF, STDOUT_BUFFER);
        format_write(stdout, arguments->format, emission, zones->items, zones->count);
        return UCPROV_EXIT_OK;
    }
    if (zones->count != 1) {
        complain("--format zone: a zone is one file, and there are %zu domains; give --domain D, "
                 "or --output DIRECTORY",
                 zones->count);
        return UCPROV_EXIT_ERROR;
    }
    return print_one_zone(emission, &zones->items[0], arguments);
}

/* Before anything is written. */
static bool
can_load(const struct ucprov_site *site, const struct zones *zones)
{
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, site->file);
    for (size_t i = 0; i < zones->count; i++) {
        format_zone_check(site, &zones->items[i], &diagnostics);
    }
    ucprov_diagnostics_sort(&diagnostics);
    ucprov_diagnostics_print(&diagnostics, stderr);
    bool fine = diagnostics.errors == 0;
    ucprov_diagnostics_clear(&diagnostics);
    return fine;
}

int
write_zones(const struct ucprov_site *site, const struct zones *zones,
            const struct zone_arguments *arguments)
{
    struct emission emission = {.site = site, .pool = arguments->pool};
    if (arguments->format->one_zone && !can_load(site, zones)) {
        return UCPROV_EXIT_FINDING;
    }
    if (arguments->directory != NULL) {
        return write_zone_files(&emission, zones, arguments);
    }
    return print_zones(&emission, zones, arguments);
}
