/* SPDX-License-Identifier: MPL-2.0 */
/* The copy is the site file behind two lines that say whose it is. It is a second of a file that
 * was checked as a whole, so nothing of it is used unless all of it is as it was. */
#include "site_copy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define SUFFIX     ".site"
#define COPY_MODE  0600
#define HEAD_LINES "# ucprov: the copy of %s that was accepted last\n# SHA-256 %s\n"

static char *
copy_name(const char *state_file)
{
    char *name;
    return asprintf(&name, "%s" SUFFIX, state_file) < 0 ? NULL : name;
}

/* What the copy begins with. */
static char *
head_of(const char *site_file, const char *digest)
{
    char *head;
    return asprintf(&head, HEAD_LINES, site_file, digest) < 0 ? NULL : head;
}

/* What is there under the copy's name and is none of ours goes: a replaced file would keep its
 * owner and mode, a link would be followed, and neither would be believed later on. */
static int
make_way(const char *name)
{
    struct stat status;
    if (lstat(name, &status) != 0 ||
        (S_ISREG(status.st_mode) && status.st_uid == geteuid() && (status.st_mode & 077) == 0)) {
        return 0;
    }
    return unlink(name) == 0 ? 0 : errno;
}

static int
write_copy(const char *name, const struct ucprov_site *site, const struct ucprov_file *text)
{
    char *head = head_of(site->file, site->digest);
    size_t length = head == NULL ? 0 : strlen(head);
    char *octets = head == NULL ? NULL : malloc(length + text->length);
    int error = ENOMEM;
    if (octets != NULL) {
        memcpy(octets, head, length);
        memcpy(octets + length, text->octets, text->length);
        error = make_way(name);
        if (error == 0) {
            error = ucprov_file_replace(name, octets, length + text->length, COPY_MODE);
        }
    }
    free(octets);
    free(head);
    return error;
}

int
site_copy_save(const char *state_file, const struct ucprov_site *site,
               struct ucprov_problem *problem)
{
    char digest[UCPROV_DIGEST_TEXT_SIZE];
    struct ucprov_file text;
    char *name = copy_name(state_file);
    int error = name == NULL ? ENOMEM
                             : ucprov_file_read(&text, site->file, UCPROV_SITE_FILE_MAX,
                                                UCPROV_FILE_REGULAR);
    if (name != NULL && error == 0) {
        ucprov_digest(digest, text.octets, text.length);
        /* Another one by now: only a reload can tell whether that is any good. */
        bool same = strcmp(digest, site->digest) == 0;
        error = same ? write_copy(name, site, &text) : 0;
        if (!same) {
            ucprov_problem_set(problem, "%s: %s was changed while it was read: reload it", name,
                               site->file);
        }
    }
    if (error != 0) {
        ucprov_problem_set(problem, "%s: cannot be written: %s", name == NULL ? state_file : name,
                           strerror(error));
    }
    if (name != NULL) {
        ucprov_file_clear(&text);
    }
    free(name);
    return error == 0 ? 0 : -1;
}

/* The text behind the head; NULL: the head is not that of an untouched copy of this file. */
static const char *
text_of(const struct ucprov_file *copy, const char *site_file)
{
    /* All digests have one length, so that any will do to find where the text begins. */
    char digest[UCPROV_DIGEST_TEXT_SIZE];
    ucprov_digest(digest, "", 0);
    char *head = head_of(site_file, digest);
    size_t length = head == NULL ? 0 : strlen(head);
    free(head);
    if (length == 0 || copy->length < length) {
        return NULL;
    }
    ucprov_digest(digest, copy->octets + length, copy->length - length);
    head = head_of(site_file, digest);
    bool same = head != NULL && memcmp(copy->octets, head, length) == 0;
    free(head);
    return same ? copy->octets + length : NULL;
}

/* Whoever else could have written it could have written the site file of his choice. */
static bool
is_ours(const char *name, const struct stat *status)
{
    struct stat link;
    return lstat(name, &link) == 0 && S_ISREG(link.st_mode) && link.st_ino == status->st_ino &&
           link.st_dev == status->st_dev && status->st_uid == geteuid() &&
           (status->st_mode & 077) == 0;
}

static struct ucprov_site *
parse_copy(const char *name, const struct ucprov_file *copy, const char *site_file,
           struct ucprov_problem *problem)
{
    const char *text = text_of(copy, site_file);
    if (!is_ours(name, &copy->status)) {
        ucprov_problem_set(problem, "%s: not used: it is not a file of mode 0600 of our own", name);
        return NULL;
    }
    if (text == NULL) {
        ucprov_problem_set(problem, "%s: not used: it is no untouched copy of %s", name, site_file);
        return NULL;
    }
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, name);
    size_t length = copy->length - (size_t)(text - copy->octets);
    struct ucprov_site *site = ucprov_site_parse(site_file, text, length, &diagnostics);
    if (site == NULL) {
        ucprov_problem_set(problem, "%s: not used: this version refuses it (%zu errors)", name,
                           diagnostics.errors);
    } else {
        site->modified = copy->status.st_mtime;
    }
    ucprov_diagnostics_clear(&diagnostics);
    return site;
}

struct ucprov_site *
site_copy_load(const char *state_file, const char *site_file, struct ucprov_problem *problem)
{
    struct ucprov_file copy;
    struct ucprov_site *site = NULL;
    char *name = copy_name(state_file);
    if (name == NULL) {
        ucprov_problem_set(problem, "out of memory");
        return NULL;
    }
    int error = ucprov_file_read(&copy, name, UCPROV_SITE_FILE_MAX + 2 * 4096, UCPROV_FILE_REGULAR);
    if (error == 0) {
        site = parse_copy(name, &copy, site_file, problem);
    } else {
        ucprov_problem_set(problem, "%s: cannot be read: %s", name, ucprov_file_error(error));
    }
    ucprov_file_clear(&copy);
    free(name);
    return site;
}
