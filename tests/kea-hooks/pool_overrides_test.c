/* SPDX-License-Identifier: MPL-2.0 */
/* Chosen pools in memory and in the state file, also one that is damaged or cannot be written. */
#include "unit.h"

#include "pool_overrides.h"
#include "temporary.h"

static char file[TEMPORARY_PATH_SIZE];

static int
make_folder(void **state)
{
    int status = make_temporary_folder(state);
    temporary_path(file, "state.json");
    return status;
}

static int
remove_folder(void **state)
{
    unlink(file);
    return remove_temporary_folder(state);
}

static void
test_set(void **state)
{
    (void)state;
    struct pool_overrides choices = {0};
    assert_true(pool_overrides_set(&choices, "a", "hq"));
    assert_true(pool_overrides_set(&choices, "b", "hq"));
    assert_true(pool_overrides_set(&choices, "a", "dr"));
    assert_int_equal(choices.count, 2);
    assert_string_equal(choices.items[0].pool, "dr");
    assert_true(pool_overrides_set(&choices, "a", NULL));
    assert_true(pool_overrides_set(&choices, "nobody", NULL));
    assert_int_equal(choices.count, 1);
    assert_string_equal(choices.items[0].vlan, "b");
    pool_overrides_clear(&choices);
}

static void
test_save_and_load(void **state)
{
    (void)state;
    char error[POOL_OVERRIDES_ERROR_SIZE];
    struct pool_overrides choices = {0};
    struct pool_overrides loaded;
    struct stat status;
    pool_overrides_set(&choices, "hq-voice", "dr");
    pool_overrides_set(&choices, "b", "hq");
    assert_true(pool_overrides_save(&choices, file, error));
    assert_int_equal(stat(file, &status), 0);
    assert_int_equal(status.st_mode & 0137, 0);
    assert_true(pool_overrides_load(&loaded, file, error));
    assert_int_equal(loaded.count, 2);
    assert_string_equal(loaded.items[0].vlan, "hq-voice");
    assert_string_equal(loaded.items[0].pool, "dr");
    pool_overrides_clear(&loaded);
    pool_overrides_clear(&choices);
}

static void
test_bad_files(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "{",
        "[]",
        "{\"version\": 2, \"pools\": {}}",
        "{\"version\": 1}",
        "{\"version\": 1, \"pools\": {\"a\": 1}}",
        "{\"version\": 1, \"pools\": {\"a\": \"x\", \"a\": \"y\"}}",
    };
    char error[POOL_OVERRIDES_ERROR_SIZE];
    struct pool_overrides choices;
    for (size_t i = 0; i < COUNT(bad); i++) {
        write_file(file, bad[i], 0600);
        assert_false(pool_overrides_load(&choices, file, error));
        assert_int_equal(choices.count, 0);
        assert_non_null(strstr(error, file));
    }
    assert_false(pool_overrides_load(&choices, "/", error));
    unlink(file);
    assert_true(pool_overrides_load(&choices, file, error)); /* none is an empty one */
    assert_int_equal(choices.count, 0);
}

static void
test_unwritable(void **state)
{
    (void)state;
    char error[POOL_OVERRIDES_ERROR_SIZE];
    struct pool_overrides choices = {0};
    assert_false(pool_overrides_save(&choices, "/nonexistent/state.json", error));
    assert_string_equal(error, "/nonexistent/state.json: cannot be written: No such file or "
                               "directory");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_save_and_load),
        cmocka_unit_test(test_bad_files),
        cmocka_unit_test(test_unwritable),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
