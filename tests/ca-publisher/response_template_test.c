/* SPDX-License-Identifier: MPL-2.0 */
/* Templates: what they make, line by line, and the mistakes that are refused with their line. */
#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "response_template.h"
#include "samples/base64_samples.h"
#include "samples/chain_samples.h"
#include "temporary.h"

static struct ucprov_chains one;  /* issuing and root: what pkcs7_pem holds */
static struct ucprov_chains both; /* that, and old */
static struct ucprov_problem problem;
static char *rendered;
static size_t rendered_length;

static int
build_chains(void **state)
{
    (void)state;
    assert_int_equal(chains_build(&one, certificates_of(2, pkcs7_pem, root_pem), IN_2026, &problem),
                     0);
    assert_int_equal(chains_build(&both, certificates_of(2, pkcs7_pem, old_pem), IN_2026, &problem),
                     0);
    return both.count == 2 ? 0 : -1;
}

static int
clear_chains(void **state)
{
    (void)state;
    ucprov_chains_clear(&one);
    ucprov_chains_clear(&both);
    return 0;
}

static bool
render(const char *template, const struct ucprov_chains *chains)
{
    rendered = response_render(template, strlen(template), chains, &rendered_length, &problem);
    return rendered != NULL;
}

/* The result is that; it goes away. */
static void
assert_rendered(const char *template, const struct ucprov_chains *chains, const char *expected)
{
    print_message("    %.70s\n", template);
    if (!render(template, chains)) {
        fail_msg("%s", problem.text);
    }
    assert_string_equal(rendered, expected);
    assert_int_equal(rendered_length, strlen(expected));
    free(rendered);
}

static void
assert_refused(const char *template, const char *why)
{
    print_message("    %.70s\n", template);
    assert_false(render(template, &both));
    assert_has(problem.text, why);
}

static void
builtin_is_as_documented(void **state)
{
    (void)state;
    char *base64 = sample_base64(pkcs7_pem, 0, "");
    char *expected = print_new(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
        "<GetRootCertChainsResponse xmlns=\"http://schemas.microsoft.com/OCS/AuthWebServices/\""
        " ResponseClass=\"Success\"><CertChain>%s</CertChain></GetRootCertChainsResponse>"
        "</s:Body></s:Envelope>",
        base64);
    assert_rendered(response_template_builtin, &one, expected);
    free(expected);
    free(base64);
}

static void
breaks_lines(void **state)
{
    (void)state;
    static const struct {
        const char *placeholder;
        size_t columns;
        const char *line_break;
    } cases[] = {
        {"{{pkcs7}}", 0, ""},
        {"{{pkcs7 64}}", 64, "\n"},
        {"{{pkcs7 64 lf}}", 64, "\n"},
        {"{{pkcs7 76 crlf}}", 76, "\r\n"},
        {"{{pkcs7 64 &#xD;lf}}", 64, "&#xD;\n"},
        {"{{pkcs7 1 cr}}", 1, "\r"},
        {"{{pkcs7 9999 lf}}", 9999, "\n"},
        {"{{pkcs7 60 lfspsptab}}", 60, "\n  \t"},
        {"{{pkcs7 60 lfspspspspspspspspspspspspspsp}}", 60, "\n              "},
        {"{{pkcs7 60 &#13;&#10;}}", 60, "&#13;&#10;"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *base64 = sample_base64(pkcs7_pem, cases[i].columns, cases[i].line_break);
        char *template = print_new("<r>\r\n%s\n</r>\n", cases[i].placeholder);
        char *expected = print_new("<r>\r\n%s\n</r>\n", base64);
        assert_rendered(template, &one, expected);
        free(expected);
        free(template);
        free(base64);
    }
}

static void
repeats_sections(void **state)
{
    (void)state;
    char *root = sample_base64(root_pem, 0, ""), *issuing = sample_base64(issuing_pem, 0, "");
    char *old = sample_base64(old_pem, 0, "");
    char *expected = print_new("<r><c>%s</c><c>%s</c><c>%s</c>!</r>", issuing, root, old);
    assert_rendered("<r>{{#certificates}}<c>{{certificate}}</c>{{/certificates}}!</r>", &both,
                    expected);
    free(expected);
    expected =
        print_new("<r><x><c v='%s'/><c v='%s'/></x><x><c v='%s'/></x></r>", issuing, root, old);
    assert_rendered("<r>{{#chains}}<x>{{#certificates}}<c v='{{certificate}}'/>{{/certificates}}"
                    "</x>{{/chains}}</r>",
                    &both, expected);
    free(expected);
    free(root);
    free(issuing);
    free(old);
    assert_true(
        render("<r>{{#chains}}<c>{{pkcs7}}</c>\n{{/chains}}{{#chains}}{{/chains}}</r>", &both));
    const char *second = strstr(rendered, "</c>\n<c>");
    assert_non_null(second);
    assert_string_equal(strstr(second + 1, "</c>"), "</c>\n</r>");
    free(rendered);
}

static void
writes_braces(void **state)
{
    (void)state;
    char *base64 = sample_base64(root_pem, 0, "");
    STACK_OF(X509) *certificates =
        ucprov_certificates_parse((const uint8_t *)root_pem, strlen(root_pem));
    struct ucprov_chains chains;
    assert_int_equal(ucprov_chains_build(&chains, certificates, IN_2026, &problem), 0);
    char *expected = print_new("<r><!-- { } }} {{ {{pkcs7}} --><c>%s</c></r>", base64);
    assert_rendered("<r><!-- { } }} {{braces}} {{braces}}pkcs7}} -->"
                    "{{#certificates}}<c>{{certificate}}</c>{{/certificates}}</r>",
                    &chains, expected);
    free(expected);
    free(base64);
    ucprov_certificates_free(certificates);
    ucprov_chains_clear(&chains);
}

static void
names_the_line_of_a_mistake(void **state)
{
    (void)state;
    assert_refused("<r>\n\n{{nothing}}</r>", "line 3: {{nothing}} is no placeholder");
    assert_refused("<r>{{pkcs7</r>", "line 1: {{ without }}");
    assert_refused("<r>\n{{", "line 2: {{ without }}");
    assert_refused("<r>{{}}</r>", "no placeholder");
    assert_refused("<r>{{PKCS7}}</r>", "no placeholder");
    assert_refused("<r>{{pkcs7s}}</r>", "no placeholder");
    assert_refused("<r>{{ pkcs7}}</r>", "no placeholder");
    assert_refused("<r>{{pkcs7 0}}</r>", "line length");
    assert_refused("<r>{{pkcs7 -1}}</r>", "line length");
    assert_refused("<r>{{pkcs7 10000}}</r>", "line length");
    assert_refused("<r>{{pkcs7 99999999999999999999999}}</r>", "line length");
    assert_refused("<r>{{pkcs7 x}}</r>", "line length");
    assert_refused("<r>{{pkcs7 64 }}</r>", "line length");
    assert_refused("<r>{{pkcs7 64 nl}}</r>", "line length");
    assert_refused("<r>{{pkcs7 64 &xD;}}</r>", "line length");
    assert_refused("<r>{{pkcs7 64 &#xD}}</r>", "line length");
    assert_refused("<r>{{pkcs7 64 &#00000000000000;}}</r>", "line length");
    assert_refused("<r>{{pkcs7 64 lfspspspspspspspspspspspspspspsp}}</r>", "line length");
    assert_refused("<r>{{#chains}}\n{{pkcs7}}</r>", "line 1: {{#chains}} is not closed");
    assert_refused("<r>{{/chains}}{{pkcs7}}</r>", "no placeholder here");
    assert_refused("<r>{{#chains}}{{#certificates}}{{/chains}}{{/certificates}}</r>", "not closed");
    assert_refused("<r>{{#chains}}{{#chains}}{{pkcs7}}{{/chains}}{{/chains}}</r>", "");
    assert_refused("<r>{{#certificates}}{{#chains}}{{/chains}}{{/certificates}}</r>",
                   "of its kind");
    assert_refused("<r>\n{{certificate}}</r>", "line 2: {{certificate}} goes into");
    assert_refused("<r>{{#certificates}}{{pkcs7}}{{/certificates}}</r>", "does not go into");
    assert_refused("<r>{{#other}}{{/other}}</r>", "no placeholder");
}

static void
checks_what_it_made(void **state)
{
    (void)state;
    char *stale = sample_base64(curve_root_pem, 0, "");
    char *template = print_new("<r><a>%s</a><b>{{pkcs7}}</b></r>", stale);
    assert_refused(template, "CN=Curve root");
    free(template);
    free(stale);
    assert_refused("", "no placeholder for a chain");
    assert_refused("<r>{{#chains}}{{/chains}}</r>", "no placeholder for a chain");
    assert_refused("<r>{{pkcs7}}</s>", "mismatched tag");
    assert_refused("<r>{{pkcs7}}{{pkcs7}}</r>", "cannot be read back");
    assert_refused("<r>x{{pkcs7}}</r>", "cannot be read back");
    assert_refused("<r>{{#chains}}{{pkcs7}}{{/chains}}</r>", "cannot be read back");
    assert_refused("<!DOCTYPE r><r>{{pkcs7}}</r>", "document type");
    assert_refused("<r ResponseClass='Error'>{{pkcs7}}</r>", "is an error");
    assert_refused("{{pkcs7}}", "is no response");
    assert_refused("{{#chains}}<r>{{pkcs7}}</r>{{/chains}}", "is no response");
}

static void
refuses_a_nul(void **state)
{
    (void)state;
    static const char inside[] = "<r>{{pkcs7\0}}</r>", behind[] = "<r>{{pkcs7}}</r>";
    assert_null(response_render(inside, sizeof(inside) - 1, &one, &rendered_length, &problem));
    assert_null(response_render(behind, sizeof(behind), &one, &rendered_length, &problem));
    char *fine = response_render(behind, sizeof(behind) - 1, &one, &rendered_length, &problem);
    assert_non_null(fine);
    free(fine);
}

/* Cut anywhere, it is refused; nothing is read behind its end. */
static void
refuses_every_truncation(void **state)
{
    (void)state;
    size_t whole = strlen(response_template_builtin);
    for (size_t length = 0; length < whole; length++) {
        char *cut = copy_exactly(response_template_builtin, length);
        assert_null(response_render(cut, length, &both, &rendered_length, &problem));
        free(cut);
    }
}

static void
bounds_what_it_makes(void **state)
{
    (void)state;
    size_t count = 4000, unit = strlen("<c>{{pkcs7}}</c>");
    char *template = malloc(count * unit + 16), *at = stpcpy(template, "<r>");
    for (size_t i = 0; i < count; i++) {
        at = stpcpy(at, "<c>{{pkcs7}}</c>");
    }
    stpcpy(at, "</r>");
    assert_refused(template, "4 MiB");
    free(template);
}

static void
is_the_same_every_time(void **state)
{
    (void)state;
    assert_true(render(response_template_builtin, &both));
    char *first = rendered;
    assert_true(render(response_template_builtin, &both));
    assert_string_equal(first, rendered);
    free(first);
    free(rendered);
}

static void
reads_files_of_up_to_a_limit(void **state)
{
    (void)state;
    char file[TEMPORARY_PATH_SIZE], *text = calloc(1, RESPONSE_TEMPLATE_MAX + 2);
    temporary_path(file, "template");
    assert_non_null(text);
    static const size_t lengths[] = {0, 1, RESPONSE_TEMPLATE_MAX - 1, RESPONSE_TEMPLATE_MAX,
                                     RESPONSE_TEMPLATE_MAX + 1};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        size_t length = 0;
        memset(text, 'x', lengths[i]);
        write_file(file, text, 0600);
        char *octets = response_template_read(file, &length, &problem);
        assert_int_equal(octets != NULL, lengths[i] <= RESPONSE_TEMPLATE_MAX);
        if (octets != NULL) {
            assert_int_equal(length, lengths[i]);
            assert_int_equal(strlen(octets), lengths[i]);
        } else {
            assert_has(problem.text, file);
        }
        free(octets);
    }
    free(text);
    unlink(file);
    assert_null(response_template_read(file, &(size_t){0}, &problem));
    assert_has(problem.text, "No such file");
    assert_null(response_template_read(temporary_folder, &(size_t){0}, &problem));
    assert_int_equal(mkfifo(file, 0600), 0);
    assert_null(response_template_read(file, &(size_t){0}, &problem)); /* does not wait */
    unlink(file);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builtin_is_as_documented),
        cmocka_unit_test(breaks_lines),
        cmocka_unit_test(repeats_sections),
        cmocka_unit_test(writes_braces),
        cmocka_unit_test(names_the_line_of_a_mistake),
        cmocka_unit_test(checks_what_it_made),
        cmocka_unit_test(refuses_a_nul),
        cmocka_unit_test(refuses_every_truncation),
        cmocka_unit_test(bounds_what_it_makes),
        cmocka_unit_test(is_the_same_every_time),
        cmocka_unit_test_setup_teardown(reads_files_of_up_to_a_limit, make_temporary_folder,
                                        remove_temporary_folder),
    };
    return cmocka_run_group_tests_name("response template", tests, build_chains, clear_chains);
}
