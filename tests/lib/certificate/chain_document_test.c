/* SPDX-License-Identifier: MPL-2.0 */
/* Certificates found in documents, where they stand in them, and documents that are refused. */
#include "unit.h"

#include <stdlib.h>

#include "certificate/chain_document.h"

#include "samples/base64_samples.h"
#include "samples/certificate_samples.h"

#define SOAP_START "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
#define SOAP_END   "</s:Body></s:Envelope>"

static struct ucprov_chain_document document;
static struct ucprov_problem problem;

static int
parse(const char *text)
{
    return ucprov_chain_document_parse(&document, text, strlen(text), &problem);
}

static void
assert_refused(const char *text, const char *why)
{
    print_message("    %.60s\n", text);
    assert_int_equal(parse(text), -1);
    assert_has(problem.text, why);
    ucprov_chain_document_clear(&document);
}

/* The first blob stands where the base64 stands in the text. */
static void
assert_blob_is(const char *text, const char *base64)
{
    assert_true(document.count >= 1);
    assert_int_equal(document.blobs[0].offset, strstr(text, base64) - text);
    assert_int_equal(document.blobs[0].length, strlen(base64));
}

static void
finds_a_pkcs7_in_any_element(void **state)
{
    (void)state;
    char *base64 = sample_base64(pkcs7_pem, 0, "");
    char *text = print_new(
        "<?xml version=\"1.0\"?><r xmlns:p='urn:x'><p:Thing a='b'>%s</p:Thing></r>", base64);
    assert_int_equal(parse(text), 0);
    assert_int_equal(document.count, 1);
    assert_blob_is(text, base64);
    assert_int_equal(document.blobs[0].kind, UCPROV_BLOB_PKCS7);
    assert_int_equal(document.blobs[0].columns, 0);
    assert_string_equal(document.blobs[0].line_break, "");
    assert_int_equal(sk_X509_num(document.blobs[0].certificates), 2);
    assert_int_equal(sk_X509_num(document.certificates), 2);
    assert_string_equal(document.element, "Thing");
    assert_false(document.error_response);
    ucprov_chain_document_clear(&document);
    ucprov_chain_document_clear(&document); /* twice is fine */
    free(text);
    free(base64);
}

static void
finds_certificates_in_attributes(void **state)
{
    (void)state;
    char *root = sample_base64(root_pem, 64, "&#xA;"), *issuing = sample_base64(issuing_pem, 0, "");
    char *text = print_new("<r xmlns='urn:y'><C n=\"&lt;\" v = '%s' w=\"1\"/><D>\n %s\t</D></r>",
                           root, issuing);
    assert_int_equal(parse(text), 0);
    assert_int_equal(document.count, 2);
    assert_blob_is(text, root);
    assert_string_equal(document.element, "C");
    assert_int_equal(document.blobs[0].kind, UCPROV_BLOB_CERTIFICATE);
    assert_int_equal(document.blobs[0].columns, 64);
    assert_string_equal(document.blobs[0].line_break, "&#xA;");
    assert_int_equal(document.blobs[1].offset, strstr(text, issuing) - text);
    assert_int_equal(document.blobs[1].length, strlen(issuing));
    assert_int_equal(sk_X509_num(document.certificates), 2);
    ucprov_chain_document_clear(&document);
    free(text);
    free(root);
    free(issuing);
}

static void
knows_lines(void **state)
{
    (void)state;
    static const struct {
        size_t columns;
        const char *line_break;
    } cases[] = {{1, "\n"},
                 {63, "\n"},
                 {64, "\n"},
                 {64, "\r\n"},
                 {76, "\r\n"},
                 {64, "&#xD;\n"},
                 {64, "&#13;&#10;"},
                 {64, "\n      "},
                 {64, "\r"},
                 {64, " "},
                 {64, "\n              "} /* 15 octets */,
                 {1000, "\n\n"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *base64 = sample_base64(pkcs7_pem, cases[i].columns, cases[i].line_break);
        char *text = print_new("<r>\r\n%s&#xD;\n</r>", base64);
        print_message("    %zu\n", cases[i].columns);
        assert_int_equal(parse(text), 0);
        assert_blob_is(text, base64);
        assert_int_equal(document.blobs[0].columns, cases[i].columns);
        assert_string_equal(document.blobs[0].line_break, cases[i].line_break);
        ucprov_chain_document_clear(&document);
        free(text);
        free(base64);
    }
}

/* Found, but as if in one line: its lines cannot be told by one number. */
static void
assert_irregular(char *text)
{
    assert_int_equal(parse(text), 0);
    assert_int_equal(document.count, 1);
    assert_int_equal(document.blobs[0].columns, 0);
    assert_string_equal(document.blobs[0].line_break, "");
    assert_int_equal(sk_X509_num(document.certificates), 1);
    ucprov_chain_document_clear(&document);
    free(text);
}

static void
takes_irregular_text(void **state)
{
    (void)state;
    char *base64 = sample_base64(root_pem, 0, ""), *lines = sample_base64(root_pem, 64, "\n");
    char *wide = sample_base64(root_pem, 64, "\n               "); /* 16 octets */
    assert_irregular(print_new("<r>%.40s<!-- AAAA --><?x AAAA?>%s</r>", base64, base64 + 40));
    assert_irregular(print_new("<r>%.40s<![CDATA[%s]]></r>", base64, base64 + 40));
    assert_irregular(print_new("<r>&#x%x;%s</r>", (unsigned)base64[0], base64 + 1));
    assert_irregular(print_new("<r>%.3s&#%u;%s</r>", base64, (unsigned)base64[3], base64 + 4));
    assert_irregular(print_new("<r a='&#x%x;%s'/>", (unsigned)base64[0], base64 + 1));
    assert_irregular(print_new("<r>%.64s\n\n%s</r>", lines, lines + 65));
    assert_irregular(print_new("<r>%.64s\r\n%s</r>", lines, lines + 65));
    assert_irregular(print_new("<r>%.30s\n%s</r>", lines, lines + 30));
    assert_irregular(print_new("<r>%s</r>", wide));
    /* Two lines of a kind, but what is between them is no line break. */
    int half = (int)strlen(base64) / 2;
    assert_irregular(
        print_new("<r>%.*s&#%u;%s</r>", half, base64, (unsigned)base64[half], base64 + half + 1));
    free(base64);
    free(lines);
    free(wide);
}

/* References at either end belong to the blob. */
static void
knows_where_references_end(void **state)
{
    (void)state;
    char *base64 = sample_base64(root_pem, 0, "");
    int length = (int)strlen(base64);
    char *blob = print_new("&#x%x;%.*s&#61;", (unsigned)base64[0], length - 2, base64 + 1);
    assert_int_equal(base64[length - 1], '=');
    for (size_t i = 0; i < 2; i++) {
        char text[4096];
        print_to(text, sizeof(text), i == 0 ? "<r>\n%s&#xD;\n</r>" : "<r a=' %s&#x20;'/>", blob);
        assert_int_equal(parse(text), 0);
        assert_blob_is(text, blob);
        ucprov_chain_document_clear(&document);
    }
    free(blob);
    free(base64);
}

static void
counts_octets_not_characters(void **state)
{
    (void)state;
    static const char *const starts[] = {
        "<r>",
        "\xef\xbb\xbf<r a='\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\x9e'>",
        "<r>\xe2\x82\xac&lt;&amp;&#x20AC;\r\n<b/>",
        "<?xml version='1.0' encoding='ISO-8859-1'?><r>\xe4\xf6<b/>",
        "<?xml version='1.0' encoding='us-ascii'?>\n<!-- x --><r><![CDATA[<]]>x<b>y</b>",
    };
    char *base64 = sample_base64(old_pem, 0, "");
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        char *text = print_new("%s%s</r>", starts[i], base64);
        print_message("    %s\n", starts[i]);
        assert_int_equal(parse(text), 0);
        assert_blob_is(text, base64);
        ucprov_chain_document_clear(&document);
        free(text);
    }
    free(base64);
}

static void
assert_nothing(char *text)
{
    print_message("    %.30s\n", text);
    assert_int_equal(parse(text), 0);
    assert_int_equal(document.count, 0);
    assert_int_equal(sk_X509_num(document.certificates), 0);
    assert_string_equal(document.element, "");
    ucprov_chain_document_clear(&document);
    free(text);
}

static void
takes_whole_der_alone(void **state)
{
    (void)state;
    char *base64 = sample_base64(root_pem, 0, "");
    size_t length = strlen(base64);
    assert_string_equal(base64 + length - 3, "+o="); /* so that what follows makes a difference */
    assert_nothing(print_new("<r>%s%s</r>", base64, base64));
    assert_nothing(print_new("<r>%.*s</r>", (int)length - 4, base64));
    assert_nothing(print_new("<r>%.*s</r>", (int)length - 1, base64));
    assert_nothing(print_new("<r>%s=</r>", base64));
    assert_nothing(print_new("<r>%.*s==</r>", (int)length - 1, base64));
    assert_nothing(print_new("<r>%.*sAAAAA</r>", (int)length - 1, base64)); /* more octets */
    char *chain = sample_base64(pkcs7_pem, 0, "");
    assert_null(strchr(chain, '='));
    assert_nothing(print_new("<r>%sAAAA</r>", chain));
    free(chain);
    assert_nothing(print_new("<r>=%s</r>", base64 + 1));
    assert_nothing(print_new("<r>%s.</r>", base64));
    assert_nothing(print_new("<r>%s&amp;</r>", base64));
    assert_nothing(print_new("<r a='%s&lt;'/>", base64));
    assert_nothing(print_new("<r>%.10s<b/>%s</r>", base64, base64 + 10));
    assert_nothing(print_new("<r>-----BEGIN CERTIFICATE-----%s</r>", base64));
    assert_nothing(print_new("<r>%s</r>", repeat('A', 63)));
    assert_nothing(print_new("<r>%s</r>", repeat('A', 64)));
    assert_nothing(print_new("<r>%s</r>", repeat('=', 64)));
    assert_nothing(print_new("<r/>"));
    free(base64);
}

static void
refuses_what_is_no_xml(void **state)
{
    (void)state;
    assert_refused("", "no element");
    assert_refused("hello", "syntax error");
    assert_refused("<r>", "no element");
    assert_refused("<r/>x", "junk");
    assert_refused("<r></s>", "mismatched");
    assert_refused("<p:r/>", "unbound prefix");
    assert_refused("<r>&auml;</r>", "undefined entity");
    assert_refused("<?xml version='1.0' encoding='windows-1252'?><r/>", "unknown encoding");
    assert_refused("\n\n<r>\n\xff</r>", "line 4");
}

static void
refuses_document_types(void **state)
{
    (void)state;
    assert_refused("<!DOCTYPE r><r/>", "document type");
    assert_refused("<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r/>", "document type");
    assert_refused("<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><r>&a;</r>",
                   "document type");
    assert_refused("<!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><r>&b;</r>",
                   "document type");
}

static void
refuses_utf16(void **state)
{
    (void)state;
    static const char big[] = "\xfe\xff\0<\0r\0/\0>", little[] = "\xff\xfe<\0r\0/\0>\0";
    static const char bare[] = "<\0r\0/\0>\0", bare_big[] = "\0<\0r\0/\0>";
    const struct {
        const char *octets;
        size_t length;
    } cases[] = {{big, 10}, {little, 10}, {bare, 8}, {bare_big, 8}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(
            ucprov_chain_document_parse(&document, cases[i].octets, cases[i].length, &problem), -1);
        assert_non_null(strstr(problem.text, "UTF-16"));
        ucprov_chain_document_clear(&document);
    }
}

static char *
nested(unsigned depth)
{
    char *text = malloc(7 * depth + 1), *at = text;
    for (unsigned i = 0; i < depth; i++) {
        at = stpcpy(at, "<a>");
    }
    for (unsigned i = 0; i < depth; i++) {
        at = stpcpy(at, "</a>");
    }
    return text;
}

static void
bounds_depth(void **state)
{
    (void)state;
    for (unsigned depth = UCPROV_DOCUMENT_DEPTH_MAX - 1; depth <= UCPROV_DOCUMENT_DEPTH_MAX + 1;
         depth++) {
        char *text = nested(depth);
        assert_int_equal(parse(text), depth <= UCPROV_DOCUMENT_DEPTH_MAX ? 0 : -1);
        ucprov_chain_document_clear(&document);
        free(text);
    }
    char *text = nested(100000);
    assert_refused(text, "too deeply");
    free(text);
}

static void
bounds_size(void **state)
{
    (void)state;
    char *text = malloc(UCPROV_DOCUMENT_MAX + 2);
    for (size_t length = UCPROV_DOCUMENT_MAX - 1; length <= UCPROV_DOCUMENT_MAX + 1; length++) {
        memset(text, 'A', length); /* base64, too: all of it is looked at */
        memcpy(text, "<r>", 3);
        memcpy(text + length - 4, "</r>", 4);
        assert_int_equal(ucprov_chain_document_parse(&document, text, length, &problem),
                         length <= UCPROV_DOCUMENT_MAX ? 0 : -1);
        assert_int_equal(document.count, 0);
        ucprov_chain_document_clear(&document);
    }
    free(text);
}

static void
bounds_blobs(void **state)
{
    (void)state;
    char *base64 = sample_base64(root_pem, 0, "");
    size_t size = strlen(base64) + 7;
    char *text = malloc(size * (UCPROV_BLOBS_MAX + 1) + 8);
    for (size_t count = UCPROV_BLOBS_MAX - 1; count <= UCPROV_BLOBS_MAX + 1; count++) {
        char *at = stpcpy(text, "<r>");
        for (size_t i = 0; i < count; i++) {
            at += sprintf(at, "<c>%s</c>", base64);
        }
        stpcpy(at, "</r>");
        assert_int_equal(parse(text), count <= UCPROV_BLOBS_MAX ? 0 : -1);
        assert_int_equal(document.count, count <= UCPROV_BLOBS_MAX ? count : UCPROV_BLOBS_MAX);
        ucprov_chain_document_clear(&document);
    }
    free(text);
    free(base64);
}

static void
assert_error(const char *text, const char *explanation)
{
    print_message("    %s\n", explanation);
    assert_int_equal(parse(text), 0);
    assert_true(document.error_response);
    assert_string_equal(document.explanation, explanation);
    ucprov_chain_document_clear(&document);
}

static void
tells_errors(void **state)
{
    (void)state;
    assert_error(SOAP_START "<s:Fault><faultcode>s:Client</faultcode><faultstring xml:lang='en'>"
                            "No &lt;such&gt;\noperation</faultstring></s:Fault>" SOAP_END,
                 "No <such> operation");
    assert_error("<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><e:Body><e:Fault>"
                 "<e:Reason><e:Text xml:lang='en'>twelve</e:Text></e:Reason></e:Fault></e:Body>"
                 "</e:Envelope>",
                 "twelve");
    assert_error("<R xmlns='urn:x' ResponseClass='Error'><ErrorInfo Code='7'><A>one</A><B>two</B>"
                 "</ErrorInfo><C>three</C></R>",
                 "Code=7 onetwo");
    assert_error("<R ResponseClass='Warning'/>", "");
    assert_error("<R ResponseClass=''/>", "");
    assert_error("<R ResponseClass='Error'><ErrorInfo>\xe2\x80\xae\xc2\x85 x</ErrorInfo></R>",
                 "\\xe2\\x80\\xae\\xc2\\x85 x");
    /* Another's Fault is none. */
    assert_int_equal(parse("<Fault xmlns='urn:x' ResponseClass='Success'/>"), 0);
    assert_false(document.error_response);
    ucprov_chain_document_clear(&document);
}

static void
cuts_explanations(void **state)
{
    (void)state;
    for (size_t length = sizeof(document.explanation) - 2; length < 400; length++) {
        char *text = print_new("<R ResponseClass='Error'><ErrorInfo>%s</ErrorInfo></R>",
                               repeat('x', length));
        assert_int_equal(parse(text), 0);
        assert_in_range(strlen(document.explanation), sizeof(document.explanation) - 2,
                        sizeof(document.explanation) - 1);
        ucprov_chain_document_clear(&document);
        free(text);
    }
}

static void
cuts_long_names(void **state)
{
    (void)state;
    char *base64 = sample_base64(root_pem, 0, "");
    for (size_t length = sizeof(document.element) - 2; length < sizeof(document.element) + 2;
         length++) {
        char *text = print_new("<%s>%s</%s>", repeat('x', length), base64, repeat('x', length));
        assert_int_equal(parse(text), 0);
        size_t most = sizeof(document.element) - 1;
        assert_int_equal(strlen(document.element), length < most ? length : most);
        ucprov_chain_document_clear(&document);
        free(text);
    }
    free(base64);
}

static void
refuses_every_truncation(void **state)
{
    (void)state;
    char *base64 = sample_base64(old_pem, 64, "&#xD;\n");
    char *text = print_new("<?xml version='1.0'?>\n" SOAP_START "<R xmlns='urn:x' a='%s'>"
                           "<C>%s</C><![CDATA[x]]></R>" SOAP_END,
                           base64, base64);
    for (size_t length = 0; length < strlen(text); length++) {
        char *cut = copy_exactly(text, length);
        assert_int_equal(ucprov_chain_document_parse(&document, cut, length, &problem), -1);
        ucprov_chain_document_clear(&document);
        free(cut);
    }
    assert_int_equal(parse(text), 0);
    assert_int_equal(document.count, 2);
    ucprov_chain_document_clear(&document);
    free(text);
    free(base64);
}

static void
asks_in_well_formed_xml(void **state)
{
    (void)state;
    assert_int_equal(parse(ucprov_get_root_cert_chains), 0);
    assert_int_equal(document.count, 0);
    assert_false(document.error_response);
    ucprov_chain_document_clear(&document);
    assert_string_equal(ucprov_get_root_cert_chains_action,
                        "http://schemas.microsoft.com/OCS/AuthWebServices/GetRootCertChains");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_pkcs7_in_any_element),
        cmocka_unit_test(finds_certificates_in_attributes),
        cmocka_unit_test(knows_lines),
        cmocka_unit_test(takes_irregular_text),
        cmocka_unit_test(knows_where_references_end),
        cmocka_unit_test(counts_octets_not_characters),
        cmocka_unit_test(takes_whole_der_alone),
        cmocka_unit_test(refuses_what_is_no_xml),
        cmocka_unit_test(refuses_document_types),
        cmocka_unit_test(refuses_utf16),
        cmocka_unit_test(bounds_depth),
        cmocka_unit_test(bounds_size),
        cmocka_unit_test(bounds_blobs),
        cmocka_unit_test(tells_errors),
        cmocka_unit_test(cuts_explanations),
        cmocka_unit_test(cuts_long_names),
        cmocka_unit_test(refuses_every_truncation),
        cmocka_unit_test(asks_in_well_formed_xml),
    };
    return cmocka_run_group_tests_name("chain document", tests, NULL, NULL);
}
