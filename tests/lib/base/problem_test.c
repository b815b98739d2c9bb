/* SPDX-License-Identifier: MPL-2.0 */
/* Sentences about failures: escaped, cut, and with the reasons of OpenSSL and the system. */
#include "unit.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/problem.h"

static void
says_what_is_wrong(void **state)
{
    (void)state;
    struct ucprov_problem problem;
    assert_int_equal(ucprov_problem_set(&problem, "%s: %d", "site.conf", 7), -1);
    assert_string_equal(problem.text, "site.conf: 7");
    assert_int_equal(ucprov_problem_set(&problem, "%s", "M\xc3\xbcnchen \x1b[31m\xff\n"), -1);
    assert_string_equal(problem.text, "M\xc3\xbcnchen \\x1b[31m\\xff\\x0a");
}

static void
cuts_what_is_too_long(void **state)
{
    (void)state;
    struct ucprov_problem problem;
    const size_t room = sizeof(problem.text) - 1;
    ucprov_problem_set(&problem, "%s", repeat('a', room));
    assert_string_equal(problem.text, repeat('a', room));
    ucprov_problem_set(&problem, "%sab", repeat('a', room));
    assert_int_equal(strlen(problem.text), room);
    assert_string_equal(problem.text + room - 4, "a...");
    ucprov_problem_set(&problem, "%s%s", repeat('a', room - 1), "\xc3\xbc");
    assert_string_equal(problem.text + room - 4, "a...");
}

static void
adds_openssls_reason(void **state)
{
    (void)state;
    struct ucprov_problem problem;
    BIO *bio = BIO_new_mem_buf("no PEM", -1);
    assert_null(PEM_read_bio_X509(bio, NULL, NULL, NULL));
    BIO_free(bio);
    assert_int_equal(ucprov_problem_openssl(&problem, "%s", "root.pem"), -1);
    assert_string_equal(problem.text, "root.pem: no start line");
    assert_int_equal(ERR_peek_error(), 0);
    ucprov_problem_openssl(&problem, "nothing new");
    assert_string_equal(problem.text, "nothing new");
}

static void
adds_the_systems_reason(void **state)
{
    (void)state;
    struct ucprov_problem problem;
    ERR_raise(ERR_LIB_SYS, 2);
    ucprov_problem_openssl(&problem, "root.pem");
    assert_string_equal(problem.text, "root.pem: No such file or directory");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(cuts_what_is_too_long),
        cmocka_unit_test(adds_openssls_reason),
        cmocka_unit_test(adds_the_systems_reason),
    };
    return cmocka_run_group_tests_name("problem", tests, NULL, NULL);
}
