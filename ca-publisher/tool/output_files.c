/* SPDX-License-Identifier: MPL-2.0 */
/* Collects files in memory and then creates them with O_EXCL in one folder; on the first failure it
 * takes back those that it has made. */
#include "tool/output_files.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/pem.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "base/file.h"

#define MODE_DIRECTORY 0755

/* Where files go to. */
struct target {
    const struct output_files *files;
    struct ucprov_problem *problem;
    int directory; /* -1: not open */
    bool made;     /* the directory, by us */
    size_t count;  /* of files that we have made */
};

BIO *
output_files_add(struct output_files *files, const char *name, mode_t mode)
{
    assert(files->count < OUTPUT_FILES_MAX);
    BIO *content = BIO_new(BIO_s_mem());
    if (content != NULL) {
        files->items[files->count++] = (struct output_file){name, mode, content};
    }
    return content;
}

static const char *
separator(const char *directory)
{
    size_t length = strlen(directory);
    return length > 0 && directory[length - 1] == '/' ? "" : "/";
}

static int
refuse_file(const char *directory, const char *name, struct ucprov_problem *problem)
{
    return ucprov_problem_set(problem,
                              "%s%s%s: exists; ucprov-ca never overwrites. Remove it, or choose "
                              "another folder with -o",
                              directory, separator(directory), name);
}

static int
refuse_directory(const char *directory, struct ucprov_problem *problem)
{
    const char *remedy = errno == ENOENT ? "; make the folders above it first" : "";
    return ucprov_problem_set(problem, "%s: %s%s", directory, strerror(errno), remedy);
}

int
output_files_check(const char *directory, const char *const *names, size_t count,
                   struct ucprov_problem *problem)
{
    int opened = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0 && errno == ENOENT) {
        return UCPROV_EXIT_OK;
    }
    if (opened < 0) {
        refuse_directory(directory, problem);
        return UCPROV_EXIT_ERROR;
    }
    int status = UCPROV_EXIT_OK;
    for (size_t i = 0; status == UCPROV_EXIT_OK && i < count; i++) {
        struct stat found; /* a dangling link is one, too */
        if (fstatat(opened, names[i], &found, AT_SYMLINK_NOFOLLOW) == 0) {
            refuse_file(directory, names[i], problem);
            status = UCPROV_EXIT_FINDING;
        }
    }
    close(opened);
    return status;
}

static int
open_directory(struct target *target)
{
    target->made = mkdir(target->files->directory, MODE_DIRECTORY) == 0;
    if (!target->made && errno != EEXIST) {
        return refuse_directory(target->files->directory, target->problem);
    }
    target->directory = open(target->files->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return target->directory < 0 ? refuse_directory(target->files->directory, target->problem) : 0;
}

static int
write_content(int descriptor, const struct output_file *file)
{
    char *octets;
    long length = BIO_get_mem_data(file->content, &octets);
    /* open(2) gave what the umask left of the mode; a key has never been more than 0600. */
    int status = fchmod(descriptor, file->mode);
    if (status == 0) {
        errno = ucprov_file_write(descriptor, octets, (size_t)length);
        status = errno == 0 ? 0 : -1;
    }
    return status == 0 ? fsync(descriptor) : status;
}

static int
write_file(struct target *target, const struct output_file *file)
{
    int descriptor = openat(target->directory, file->name,
                            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, file->mode);
    if (descriptor < 0 && errno == EEXIST) {
        return refuse_file(target->files->directory, file->name, target->problem);
    }
    int status = descriptor < 0 ? -1 : 0;
    if (status == 0) {
        target->count++;
        status = write_content(descriptor, file);
        int error = errno;
        if (close(descriptor) != 0) {
            status = -1;
        } else {
            errno = error;
        }
    }
    if (status != 0) {
        const char *directory = target->files->directory;
        ucprov_problem_set(target->problem, "%s%s%s: %s", directory, separator(directory),
                           file->name, strerror(errno));
    }
    return status;
}

/* Removes what was made, and nothing else. */
static void
undo(const struct target *target)
{
    for (size_t i = 0; i < target->count; i++) {
        unlinkat(target->directory, target->files->items[i].name, 0);
    }
    if (target->made) {
        rmdir(target->files->directory);
    }
}

int
output_files_write(const struct output_files *files, struct ucprov_problem *problem)
{
    struct target target = {.files = files, .problem = problem, .directory = -1};
    int status = open_directory(&target);
    for (size_t i = 0; status == 0 && i < files->count; i++) {
        status = write_file(&target, &files->items[i]);
    }
    if (status != 0) {
        undo(&target);
    } else {
        fsync(target.directory); /* their names, too; not all file systems can */
    }
    if (target.directory >= 0) {
        close(target.directory);
    }
    return status;
}

void
output_files_clear(struct output_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        BIO_free(files->items[i].content); /* OpenSSL wipes a memory BIO's buffer */
    }
    files->count = 0;
}

int
output_files_add_certificates(struct output_files *files, const char *name, X509 *first,
                              X509 *second, struct ucprov_problem *problem)
{
    BIO *content = output_files_add(files, name, MODE_PUBLIC);
    if (content == NULL || PEM_write_bio_X509(content, first) != 1 ||
        (second != NULL && PEM_write_bio_X509(content, second) != 1)) {
        return ucprov_problem_openssl(problem, "%s: out of memory", name);
    }
    return 0;
}

int
output_files_add_key(struct output_files *files, const char *name, EVP_PKEY *key,
                     struct ucprov_problem *problem)
{
    BIO *content = output_files_add(files, name, MODE_SECRET);
    if (content == NULL || PEM_write_bio_PrivateKey(content, key, NULL, NULL, 0, NULL, NULL) != 1) {
        return ucprov_problem_openssl(problem, "%s: out of memory", name);
    }
    return 0;
}
