/* SPDX-License-Identifier: MPL-2.0 */
/* A folder for the files of a test, in TMPDIR or /tmp, with the fixtures that make it and take it
 * away. */
#ifndef TEMPORARY_H
#define TEMPORARY_H

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#define TEMPORARY_PATH_SIZE 512

static char temporary_folder[TEMPORARY_PATH_SIZE / 2];

/* A path in the folder; returns `path`. */
static inline char *
temporary_path(char path[TEMPORARY_PATH_SIZE], const char *name)
{
    print_to(path, TEMPORARY_PATH_SIZE, "%s/%s", temporary_folder, name);
    return path;
}

/* For cmocka: the set-up of a test or a group. */
static inline int
make_temporary_folder(void **state)
{
    (void)state;
    const char *parent = getenv("TMPDIR");
    print_to(temporary_folder, sizeof(temporary_folder), "%s/ucprov-test-XXXXXX",
             parent == NULL ? "/tmp" : parent);
    return mkdtemp(temporary_folder) == NULL ? -1 : 0;
}

/* For cmocka: the tear-down. It fails while there are files: a test removes those that it knows of,
 * so that what the code under test leaves behind is seen. */
static inline int
remove_temporary_folder(void **state)
{
    (void)state;
    return rmdir(temporary_folder);
}

/* Writes a file, whose old content goes. */
static inline void
write_file(const char *path, const char *text, mode_t mode)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(descriptor, mode), 0);
    close(descriptor);
}

#endif
