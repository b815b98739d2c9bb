/* SPDX-License-Identifier: MPL-2.0 */
/* The table of faults: every row is there, and no id twice. That the manual page lists them is
 * tested with ucprov-checkconf. */
#include "unit.h"

#include <string.h>

#include "base/fault.h"

static void
test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < UCPROV_FAULTS; i++) {
        const struct ucprov_fault_row *row = &ucprov_faults[i];
        assert_non_null(row->id);
        assert_non_null(row->help);
        assert_true(row->severity == UCPROV_WARN || row->severity == UCPROV_FAIL);
        assert_true(row->several == NULL || row->severity == UCPROV_WARN);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(row->id, ucprov_faults[j].id);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
