/* SPDX-License-Identifier: MPL-2.0 */
/* Files as operators leave them: too large, FIFOs, links, other people's, half replaced. */
#include "unit.h"

#include <errno.h>

#include "base/file.h"
#include "temporary.h"

static char path[TEMPORARY_PATH_SIZE], other[TEMPORARY_PATH_SIZE], beside[TEMPORARY_PATH_SIZE];

static int
make_folder(void **state)
{
    int status = make_temporary_folder(state);
    temporary_path(path, "file");
    temporary_path(other, "other");
    temporary_path(beside, "file.new");
    return status;
}

static int
remove_folder(void **state)
{
    unlink(path);
    unlink(other);
    unlink(beside);
    return remove_temporary_folder(state);
}

static mode_t
mode_of(const char *name)
{
    struct stat status;
    assert_int_equal(lstat(name, &status), 0);
    return status.st_mode & 07777;
}

static void
assert_holds(const char *name, const char *text)
{
    struct ucprov_file file;
    assert_int_equal(ucprov_file_read(&file, name, 1000, UCPROV_FILE_REGULAR), 0);
    assert_string_equal(file.octets, text);
    assert_int_equal(file.length, strlen(text));
    ucprov_file_clear(&file);
    assert_null(file.octets);
}

static void
test_sizes_at_the_bound(void **state)
{
    (void)state;
    struct ucprov_file file;
    write_file(path, "12345", 0600);
    assert_int_equal(ucprov_file_read(&file, path, 4, UCPROV_FILE_REGULAR), EFBIG);
    assert_null(file.octets);
    assert_int_equal(ucprov_file_read(&file, path, 5, UCPROV_FILE_REGULAR), 0);
    assert_string_equal(file.octets, "12345");
    assert_int_equal(file.status.st_mode & 07777, 0600);
    ucprov_file_clear(&file);
    write_file(path, "", 0600);
    assert_int_equal(ucprov_file_read(&file, path, 0, UCPROV_FILE_REGULAR), 0);
    assert_int_equal(file.length, 0);
    assert_string_equal(file.octets, "");
    ucprov_file_clear(&file);
}

/* Larger than one reading, and than the size that the kernel tells of files in /proc. */
static void
test_files_without_a_size(void **state)
{
    (void)state;
    struct ucprov_file file;
    assert_int_equal(ucprov_file_read(&file, "/proc/self/status", 100000, UCPROV_FILE_REGULAR), 0);
    assert_true(file.length > 100 && file.status.st_size == 0);
    ucprov_file_clear(&file);
    assert_int_equal(ucprov_file_read(&file, "/proc/self/status", 100, UCPROV_FILE_REGULAR), EFBIG);
    assert_int_equal(ucprov_file_read(&file, "/dev/zero", 1 << 20, UCPROV_FILE_OR_PIPE), EFBIG);
}

static void
test_kinds(void **state)
{
    (void)state;
    struct ucprov_file file;
    assert_int_equal(ucprov_file_read(&file, path, 10, UCPROV_FILE_REGULAR), ENOENT);
    assert_int_equal(ucprov_file_read(&file, temporary_folder, 10, UCPROV_FILE_OR_PIPE), EISDIR);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(ucprov_file_read(&file, path, 10, UCPROV_FILE_REGULAR), ENOTSUP);
    assert_int_equal(ucprov_file_read(&file, "/dev/null", 10, UCPROV_FILE_REGULAR), ENOTSUP);
}

/* A tool waits for what another one writes, however slowly. */
static void
test_pipes(void **state)
{
    (void)state;
    struct ucprov_file file;
    char name[32];
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    snprintf(name, sizeof(name), "/dev/fd/%d", ends[0]);
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 3; i++) {
            usleep(20000);
            if (write(ends[1], "abc", 3) != 3) {
                _exit(1);
            }
        }
        _exit(0);
    }
    close(ends[1]);
    assert_int_equal(ucprov_file_read(&file, name, 9, UCPROV_FILE_OR_PIPE), 0);
    assert_string_equal(file.octets, "abcabcabc");
    ucprov_file_clear(&file);
    close(ends[0]);
}

static void
test_creating(void **state)
{
    (void)state;
    mode_t mask = umask(0077);
    assert_int_equal(ucprov_file_create(path, "one", 3, 0644), 0);
    umask(mask);
    assert_int_equal(mode_of(path), 0644);
    assert_int_equal(ucprov_file_create(path, "two", 3, 0644), EEXIST);
    assert_holds(path, "one");
    assert_int_equal(symlink("nowhere", other), 0);
    assert_int_equal(ucprov_file_create(other, "two", 3, 0644), EEXIST);
}

static void
test_replacing_keeps_mode_and_owner(void **state)
{
    (void)state;
    struct stat status;
    mode_t mask = umask(0077);
    assert_int_equal(ucprov_file_replace(path, "one", 3, 0640), 0);
    assert_int_equal(mode_of(path), 0640);
    assert_int_equal(chmod(path, 0664), 0);
    bool root = geteuid() == 0 && chown(path, 1234, 2345) == 0;
    assert_int_equal(ucprov_file_replace(path, "two", 3, 0600), 0);
    umask(mask);
    assert_int_equal(mode_of(path), 0664);
    assert_int_equal(stat(path, &status), 0);
    if (root) {
        assert_int_equal(status.st_uid, 1234);
        assert_int_equal(status.st_gid, 2345);
    }
    assert_holds(path, "two");
}

/* What a killed process has left is overwritten, and is no way to another file. */
static void
test_replacing_after_a_kill(void **state)
{
    (void)state;
    write_file(path, "old", 0644);
    write_file(beside, "half of a much longer text", 0777);
    assert_int_equal(ucprov_file_replace(path, "new", 3, 0600), 0);
    assert_holds(path, "new");
    assert_int_equal(access(beside, F_OK), -1);
    write_file(other, "not to be touched", 0600);
    assert_int_equal(symlink(other, beside), 0);
    assert_int_equal(ucprov_file_replace(path, "newer", 5, 0600), 0);
    assert_holds(path, "newer");
    assert_holds(other, "not to be touched");
}

static void
test_replacing_through_a_link(void **state)
{
    (void)state;
    write_file(other, "old", 0600);
    assert_int_equal(symlink(other, path), 0);
    assert_int_equal(ucprov_file_replace(path, "new", 3, 0644), 0);
    assert_holds(other, "new");
    struct stat status;
    assert_int_equal(lstat(path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
}

/* Nothing is there afterwards that was not there before. */
static void
test_replacing_fails(void **state)
{
    (void)state;
    char missing[TEMPORARY_PATH_SIZE];
    temporary_path(missing, "no/file");
    assert_int_equal(ucprov_file_replace(missing, "x", 1, 0600), ENOENT);
    assert_int_equal(mkdir(beside, 0700), 0); /* in the way */
    write_file(path, "old", 0600);
    assert_int_not_equal(ucprov_file_replace(path, "new", 3, 0600), 0);
    assert_holds(path, "old");
    assert_int_equal(rmdir(beside), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sizes_at_the_bound, make_folder, remove_folder),
        cmocka_unit_test(test_files_without_a_size),
        cmocka_unit_test_setup_teardown(test_kinds, make_folder, remove_folder),
        cmocka_unit_test(test_pipes),
        cmocka_unit_test_setup_teardown(test_creating, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_replacing_keeps_mode_and_owner, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_replacing_after_a_kill, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_replacing_through_a_link, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_replacing_fails, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
