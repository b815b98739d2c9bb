/* SPDX-License-Identifier: MPL-2.0 */
/* A list of findings: its bound, its table, its JSON. */
#include "unit.h"

#include "base/finding.h"

static struct ucprov_findings list;

static int
clear_list(void **state)
{
    (void)state;
    ucprov_findings_clear(&list);
    return 0;
}

static void
assert_table(bool verbose, const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    ucprov_findings_print(&list, out, verbose);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, expected);
    free(text);
}

static void
the_worst_counts(void **state)
{
    (void)state;
    assert_int_equal(ucprov_findings_worst(&list), UCPROV_SKIP); /* nothing was looked at */
    ucprov_finding_note(&list, "a", UCPROV_PASS, NULL, "fine");
    assert_int_equal(ucprov_findings_worst(&list), UCPROV_PASS);
    ucprov_finding_note(&list, "b", UCPROV_FAIL, NULL, "first");
    ucprov_finding_note(&list, "c", UCPROV_FAIL, NULL, "second");
    ucprov_finding_note(&list, "d", UCPROV_WARN, NULL, "odd");
    assert_int_equal(ucprov_findings_worst(&list), UCPROV_FAIL);
    assert_string_equal(ucprov_findings_first(&list, UCPROV_FAIL)->text, "first");
    assert_null(ucprov_findings_first(&list, UCPROV_WAIT));
}

static void
strictness_counts_warnings(void **state)
{
    (void)state;
    static const struct {
        enum ucprov_severity severity;
        int status, strict;
    } cases[] = {{UCPROV_SKIP, 0, 0}, {UCPROV_PASS, 0, 0}, {UCPROV_NOTE, 0, 0},
                 {UCPROV_WAIT, 0, 0}, {UCPROV_WARN, 0, 1}, {UCPROV_FAIL, 1, 1}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ucprov_finding_note(&list, "a", cases[i].severity, NULL, "text");
        assert_int_equal(ucprov_findings_exit_status(&list, false), cases[i].status);
        assert_int_equal(ucprov_findings_exit_status(&list, true), cases[i].strict);
    }
}

/* A failure that no longer fits is a failure all the same, whatever is lost after it. */
static void
what_is_lost_counts(void **state)
{
    (void)state;
    for (size_t i = 0; i < UCPROV_FINDINGS_MAX; i++) {
        ucprov_finding_note(&list, "x", UCPROV_PASS, "remedy", "text");
    }
    assert_int_equal(list.count, UCPROV_FINDINGS_MAX);
    assert_int_equal(list.lost, 0);
    ucprov_finding_note(&list, "y", UCPROV_FAIL, "remedy", "text")->quiet = true;
    ucprov_finding_note(&list, "z", UCPROV_PASS, NULL, "text");
    assert_int_equal(list.count, UCPROV_FINDINGS_MAX);
    assert_int_equal(list.lost, 2);
    assert_int_equal(ucprov_findings_worst(&list), UCPROV_FAIL);
}

static void
rows_have_mark_label_text_and_remedy(void **state)
{
    (void)state;
    ucprov_finding_note(&list, "dhcp.offer", UCPROV_PASS, "Nothing to do.", "10.20.1.17 offered");
    strcpy(ucprov_finding_note(&list, "inform.answer", UCPROV_FAIL,
                               "This phone will never offer PIN sign-in: it asks with a "
                               "DHCPINFORM.",
                               "answered DISCOVER but not INFORM, which is more than fits in a "
                               "line of a terminal")
               ->label,
           "inform");
    ucprov_finding_note(&list, "quiet.one", UCPROV_PASS, NULL, "as it should be")->quiet = true;
    ucprov_finding_note(&list, "quiet.bad", UCPROV_WARN, NULL, "not so")->quiet = true;
    ucprov_findings_add(&list, "memory", UCPROV_SKIP, NULL, NULL);
    assert_table(false,
                 " ok    dhcp.offer  10.20.1.17 offered\n"
                 " FAIL  inform      answered DISCOVER but not INFORM, which is more than fits in\n"
                 "                   a line of a terminal\n"
                 "                   -> This phone will never offer PIN sign-in: it asks with a\n"
                 "                      DHCPINFORM.\n"
                 " warn  quiet.bad   not so\n"
                 " skip  memory      (out of memory)\n");
    assert_table(true,
                 " ok    dhcp.offer  10.20.1.17 offered\n"
                 "                   -> Nothing to do.\n"
                 " FAIL  inform      answered DISCOVER but not INFORM, which is more than fits in\n"
                 "                   a line of a terminal\n"
                 "                   -> This phone will never offer PIN sign-in: it asks with a\n"
                 "                      DHCPINFORM.\n"
                 " ok    quiet.one   as it should be\n"
                 " warn  quiet.bad   not so\n"
                 " skip  memory      (out of memory)\n");
}

static void
json_has_the_same_members_for_all(void **state)
{
    (void)state;
    ucprov_finding_note(&list, "a.b", UCPROV_WAIT, "Wait.", "until %u", 5U);
    ucprov_findings_add(&list, "c", UCPROV_FAIL, NULL, NULL);
    json_t *json = ucprov_findings_json(&list);
    char *text = json_dumps(json, JSON_COMPACT);
    assert_string_equal(
        text, "[{\"id\":\"a.b\",\"severity\":\"wait\",\"text\":\"until 5\",\"remedy\":\"Wait.\"},"
              "{\"id\":\"c\",\"severity\":\"fail\",\"text\":\"(out of memory)\",\"remedy\":null}]");
    free(text);
    json_decref(json);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_worst_counts, clear_list),
        cmocka_unit_test_teardown(strictness_counts_warnings, clear_list),
        cmocka_unit_test_teardown(what_is_lost_counts, clear_list),
        cmocka_unit_test_teardown(rows_have_mark_label_text_and_remedy, clear_list),
        cmocka_unit_test_teardown(json_has_the_same_members_for_all, clear_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
