/* SPDX-License-Identifier: MPL-2.0 */
/* Writes files whole or not at all, and leaves alone those that would not change, so that a server
 * need not reload. What is written is the formats' business. */
#include "write_zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "serial.h"

/* A zone of ours is never as long: this bounds what a wrong name can make us read. */
#define PREVIOUS_MAX ((size_t)64 << 20)

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

/* 0, or an errno. `text->octets` is NULL unless 0 is returned. */
static int
read_file(struct text *text, const char *file)
{
    *text = (struct text){NULL, 0};
    int descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        int error = errno;
        if (descriptor >= 0) {
            close(descriptor);
        }
        return error;
    }
    int error = !S_ISREG(status.st_mode)                ? EINVAL
                : (size_t)status.st_size > PREVIOUS_MAX ? EFBIG
                                                        : 0;
    size_t size = error == 0 ? (size_t)status.st_size : 0;
    text->octets = error == 0 ? malloc(size + 1) : NULL;
    while (text->octets != NULL && text->length < size) {
        ssize_t count = read(descriptor, text->octets + text->length, size - text->length);
        if (count == 0) { /* it has become shorter */
            break;
        }
        if (count < 0 && errno != EINTR) {
            error = errno;
            free(text->octets);
            text->octets = NULL;
        }
        text->length += count > 0 ? (size_t)count : 0;
    }
    close(descriptor);
    if (text->octets == NULL) {
        return error != 0 ? error : ENOMEM;
    }
    text->octets[text->length] = '\0';
    return 0;
}

/* Makes the text of one domain; what stood in `file` before, when there is such a file, decides the
 * serial. */
static int
make_text(struct text *text, const struct format *format, struct emission *emission,
          const struct zone *zone, const struct text *previous, const char *file)
{
    emission->serial = serial_first(emission->site->modified);
    if (format->one_zone && previous->octets != NULL) {
        uint32_t serial;
        if (!serial_read(previous->octets, &serial)) {
            complain("%s: has no SOA record as ucprov-zone writes it, so that its serial is not "
                     "known; move it away to begin anew",
                     file);
            return EXIT_FINDING;
        }
        emission->serial = serial;
        if (!render(text, format, emission, zone)) {
            complain("out of memory");
            return EXIT_TROUBLE;
        }
        if (serial_same_content(text->octets, previous->octets)) {
            return EXIT_FINE;
        }
        free(text->octets);
        emission->serial = serial_next(serial, emission->site->modified);
    }
    if (!render(text, format, emission, zone)) {
        complain("out of memory");
        return EXIT_TROUBLE;
    }
    return EXIT_FINE;
}

/* Files */

static int
write_all(int descriptor, const struct text *text)
{
    for (size_t done = 0; done < text->length;) {
        ssize_t count = write(descriptor, text->octets + done, text->length - done);
        if (count < 0 && errno != EINTR) {
            return errno;
        }
        done += count > 0 ? (size_t)count : 0;
    }
    mode_t mask = umask(0);
    umask(mask);
    return fchmod(descriptor, 0666 & ~mask) != 0 || fsync(descriptor) != 0 ? errno : 0;
}

/* Whole, or not at all: 0, or an errno. */
static int
replace_file(const char *directory, const char *file, const struct text *text)
{
    char *temporary;
    if (asprintf(&temporary, "%s/.ucprov-zone.XXXXXX", directory) < 0) {
        return ENOMEM;
    }
    int descriptor = mkostemp(temporary, O_CLOEXEC);
    int error = descriptor < 0 ? errno : write_all(descriptor, text);
    if (descriptor >= 0 && close(descriptor) != 0 && error == 0) {
        error = errno;
    }
    if (error == 0 && rename(temporary, file) != 0) {
        error = errno;
    }
    if (error != 0 && descriptor >= 0) {
        unlink(temporary);
    }
    free(temporary);
    return error;
}

static int
write_zone_file(struct emission *emission, const struct zone *zone,
                const struct zone_arguments *arguments, const char *file)
{
    struct text previous;
    int error = read_file(&previous, file);
    if (error != 0 && error != ENOENT) {
        complain("%s: cannot be read: %s", file, strerror(error));
        return EXIT_TROUBLE;
    }
    struct text text = {NULL, 0};
    int status = make_text(&text, arguments->format, emission, zone, &previous, file);
    bool same = status == EXIT_FINE && previous.octets != NULL &&
                strcmp(previous.octets, text.octets) == 0 && previous.length == text.length;
    if (status == EXIT_FINE && !same) { /* an unchanged file keeps its time */
        error = replace_file(arguments->directory, file, &text);
        if (error != 0) {
            complain("%s: cannot be written: %s", file, strerror(error));
            status = EXIT_TROUBLE;
        }
    }
    free(previous.octets);
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
        return EXIT_TROUBLE;
    }
    int status = EXIT_FINE;
    for (size_t i = 0; i < zones->count && status == EXIT_FINE; i++) {
        char *file;
        if (asprintf(&file, "%s/%s.%s", arguments->directory, zones->items[i].domain,
                     arguments->format->suffix) < 0) {
            complain("out of memory");
            status = EXIT_TROUBLE;
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
    struct text previous = {NULL, 0};
    int error = arguments->previous == NULL ? 0 : read_file(&previous, arguments->previous);
    if (error != 0) {
        complain("--previous: %s: %s", arguments->previous, strerror(error));
        return EXIT_TROUBLE;
    }
    struct text text = {NULL, 0};
    int status =
        make_text(&text, arguments->format, emission, zone, &previous, arguments->previous);
    if (status == EXIT_FINE) {
        fwrite(text.octets, 1, text.length, stdout);
    }
    free(previous.octets);
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
        return EXIT_FINE;
    }
    if (zones->count != 1) {
        complain("--format zone: a zone is one file, and there are %zu domains; give --domain D, "
                 "or --output DIRECTORY",
                 zones->count);
        return EXIT_TROUBLE;
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
        return EXIT_FINDING;
    }
    if (arguments->directory != NULL) {
        return write_zone_files(&emission, zones, arguments);
    }
    return print_zones(&emission, zones, arguments);
}
