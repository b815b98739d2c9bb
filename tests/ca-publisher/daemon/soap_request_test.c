/* SPDX-License-Identifier: MPL-2.0 */
/* Requests as phones and toolkits send them, in any pieces; and everything that SOAP 1.1
 * forbids. */
#include "unit.h"

#include <stdlib.h>

#include "daemon/soap_request.h"

#define ENVELOPE "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">"
#define START    ENVELOPE "<s:Body>"
#define END      "</s:Body></s:Envelope>"
#define OURS     "xmlns=\"http://schemas.microsoft.com/OCS/AuthWebServices/\""

static struct soap_parser *parser;

static int
make_parser(void **state)
{
    (void)state;
    parser = soap_parser_new();
    return parser == NULL ? -1 : 0;
}

static int
free_parser(void **state)
{
    (void)state;
    soap_parser_free(parser);
    soap_parser_free(NULL);
    return 0;
}

static struct soap_request
read_octets(const void *octets, size_t length)
{
    struct soap_request request;
    struct soap_piece piece = {octets, length};
    soap_parser_read(parser, &piece, 1, &request);
    return request;
}

static void
assert_operation(const char *text, enum soap_operation operation)
{
    print_message("    %.70s\n", text);
    struct soap_request request = read_octets(text, strlen(text));
    assert_int_equal(request.operation, operation);
    assert_int_equal(request.reason != NULL, operation == SOAP_MALFORMED);
}

/* As sent by gSOAP, zeep, .NET and by hand. */
static const char *const good[] = {
    START "<GetRootCertChains " OURS "/>" END,
    START "<GetRootCertChains xmlns='http://schemas.microsoft.com/OCS/AuthWebServices'/>" END,
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n" START "\r\n <GetRootCertChains " OURS
    "></GetRootCertChains>\r\n" END "\r\n",
    "\xef\xbb\xbf<?xml version='1.0'?><Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'>"
    "<Body><p:GetRootCertChains xmlns:p='http://schemas.microsoft.com/OCS/AuthWebServices/' "
    "Anything='goes'><any xmlns='urn:x'><thing>&#x20;&amp;<![CDATA[<]]></thing></any>"
    "</p:GetRootCertChains></Body></Envelope>",
    "<?xml version='1.0' encoding='ISO-8859-1'?>" START "<GetRootCertChains " OURS
    ">\xe4</GetRootCertChains>" END,
    ENVELOPE "<s:Header><a xmlns='urn:x' s:mustUnderstand='0'/><b xmlns='urn:x'/></s:Header>"
             "<s:Body><GetRootCertChains " OURS "/><!-- x --></s:Body><more xmlns='urn:y'/>"
             "</s:Envelope>",
    START "<GetRootCertChains " OURS "/><second/>" END,
};

static void
finds_the_operation(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_operation(good[i], SOAP_GET_ROOT_CERT_CHAINS);
    }
    assert_operation(START "<GetAndPublishCert " OURS
                           " DeviceId='{1}'><x/></GetAndPublishCert>" END,
                     SOAP_GET_AND_PUBLISH_CERT);
}

static void
reads_utf16(void **state)
{
    (void)state;
    const char *text = good[0];
    size_t length = 2 * strlen(text) + 2;
    char *octets = calloc(1, length);
    memcpy(octets, "\xff\xfe", 2);
    for (size_t i = 0; text[i] != '\0'; i++) {
        octets[2 + 2 * i] = text[i];
    }
    struct soap_request request = read_octets(octets, length);
    assert_int_equal(request.operation, SOAP_GET_ROOT_CERT_CHAINS);
    request = read_octets(octets, length - 1);
    assert_int_equal(request.operation, SOAP_MALFORMED);
    free(octets);
}

static void
reads_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        size_t length = strlen(good[i]);
        for (size_t cut = 0; cut <= length; cut++) {
            struct soap_request request;
            struct soap_piece pieces[3] = {
                {good[i], cut}, {NULL, 0}, {good[i] + cut, length - cut}};
            soap_parser_read(parser, pieces, 3, &request);
            assert_int_equal(request.operation, SOAP_GET_ROOT_CERT_CHAINS);
        }
    }
}

static void
refuses_every_truncation(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        size_t whole = (size_t)(strrchr(good[i], '>') - good[i]) + 1;
        for (size_t length = 0; length < whole; length++) {
            char *cut = copy_exactly(good[i], length);
            struct soap_request request = read_octets(cut, length);
            assert_int_equal(request.operation, SOAP_MALFORMED);
            assert_non_null(request.reason);
            free(cut);
        }
    }
    struct soap_request request;
    soap_parser_read(parser, NULL, 0, &request);
    assert_int_equal(request.operation, SOAP_MALFORMED);
}

static void
tells_unknown_operations(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *name;
    } cases[] = {
        {START "<Hello " OURS "/>" END, "Hello"},
        {START "<GetRootCertChains/>" END, "GetRootCertChains"},
        {START
         "<GetRootCertChains xmlns='http://schemas.microsoft.com/OCS/AuthWebServices//'/>" END,
         "GetRootCertChains"},
        {START "<GetRootCertChains xmlns='http://schemas.microsoft.com/OCS/AuthWebService'/>" END,
         "GetRootCertChains"},
        {START "<GetRootCertChains xmlns='HTTP://schemas.microsoft.com/OCS/AuthWebServices/'/>" END,
         "GetRootCertChains"},
        {START "<getrootcertchains " OURS "/>" END, "getrootcertchains"},
        {START "<GetRootCertChainsX " OURS "/>" END, "GetRootCertChainsX"},
        {START "<other/><GetRootCertChains " OURS "/>" END, "other"},
        {START "<\xc3\xa4x/>" END, "??x"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        print_message("    %s\n", cases[i].name);
        struct soap_request request = read_octets(cases[i].text, strlen(cases[i].text));
        assert_int_equal(request.operation, SOAP_UNKNOWN_OPERATION);
        assert_string_equal(request.name, cases[i].name);
    }
}

static void
cuts_long_names(void **state)
{
    (void)state;
    for (size_t length = SOAP_OPERATION_MAX - 1; length <= SOAP_OPERATION_MAX + 1; length++) {
        char text[1024];
        print_to(text, sizeof(text), START "<%s/>" END, repeat('x', length));
        struct soap_request request = read_octets(text, strlen(text));
        assert_int_equal(request.operation, SOAP_UNKNOWN_OPERATION);
        assert_int_equal(strlen(request.name),
                         length < SOAP_OPERATION_MAX ? length : SOAP_OPERATION_MAX);
    }
}

static void
refuses_what_is_no_request(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "hello",
        "<html><body/></html>",
        "<Envelopes/>",
        ENVELOPE "</s:Envelope>",
        ENVELOPE "<s:Header/></s:Envelope>",
        START END,
        START "text" END,
        ENVELOPE "<Body/></s:Envelope>",
        ENVELOPE "<s:Body><s:Header/></s:Body><s:Body/></s:Envelope>",
        ENVELOPE "<s:Header/><s:Header/><s:Body><x/></s:Body></s:Envelope>",
        ENVELOPE "<x/><s:Body><x/></s:Body></s:Envelope>",
        START "<GetRootCertChains " OURS "/>" END "x",
        START "<GetRootCertChains " OURS "/>" END "<x/>",
        START "<p:GetRootCertChains/>" END,
        START "<a b='1' b='2'/>" END,
        START "<a>&nbsp;</a>" END,
        START "<a>&#0;</a>" END,
        START "<a>\xff</a>" END,
        START "<a>\xc0\x80</a>" END,
        "<?xml version='1.0' encoding='utf-7'?>" START "<GetRootCertChains " OURS "/>" END,
        "<?xml version='1.0' encoding='utf-16'?>" START "<GetRootCertChains " OURS "/>" END,
        "<?xml-stylesheet href='x'?>" START "<GetRootCertChains " OURS "/>" END,
        START
        "<GetRootCertChains xmlns='http://schemas.microsoft.com/OCS/AuthWebServices/&#10;'/>" END,
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_operation(texts[i], SOAP_MALFORMED);
    }
    struct soap_request request = read_octets(good[0], strlen(good[0]) + 1); /* with a NUL */
    assert_int_equal(request.operation, SOAP_MALFORMED);
}

static void
refuses_document_types(void **state)
{
    (void)state;
    static const char *const types[] = {
        "<!DOCTYPE r>",
        "<!DOCTYPE r SYSTEM 'http://127.0.0.1/x.dtd'>",
        "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE r [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]>",
        "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
        "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]>",
        "<!DOCTYPE r [<!ATTLIST r a CDATA 'x'>]>",
    };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        char text[1024];
        print_to(text, sizeof(text), "<?xml version='1.0'?>%s%s", types[i], good[0]);
        struct soap_request request = read_octets(text, strlen(text));
        assert_int_equal(request.operation, SOAP_MALFORMED);
        assert_non_null(strstr(request.reason, "document type"));
    }
}

static void
tells_other_versions(void **state)
{
    (void)state;
    assert_operation("<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><e:Body>"
                     "<GetRootCertChains " OURS "/></e:Body></e:Envelope>",
                     SOAP_VERSION_MISMATCH);
    assert_operation("<Envelope/>", SOAP_VERSION_MISMATCH);
    assert_operation("<Envelope><a></Envelope>", SOAP_MALFORMED);
    assert_operation("<Envelope/><x/>", SOAP_MALFORMED);
}

static void
minds_must_understand(void **state)
{
    (void)state;
    static const struct {
        const char *attributes;
        enum soap_operation operation;
    } cases[] = {
        {"s:mustUnderstand='1'", SOAP_MUST_UNDERSTAND},
        {"s:mustUnderstand='0'", SOAP_GET_ROOT_CERT_CHAINS},
        {"mustUnderstand='1'", SOAP_GET_ROOT_CERT_CHAINS},
        {"s:mustUnderstand='1' s:actor='http://schemas.xmlsoap.org/soap/actor/next'",
         SOAP_MUST_UNDERSTAND},
        {"s:actor='' s:mustUnderstand='1'", SOAP_MUST_UNDERSTAND},
        {"s:actor='urn:somebody-else' s:mustUnderstand='1'", SOAP_GET_ROOT_CERT_CHAINS},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[1024];
        print_to(text, sizeof(text),
                 ENVELOPE "<s:Header><x xmlns='urn:x' %s/><y/></s:Header><s:Body>"
                          "<GetRootCertChains " OURS "/></s:Body></s:Envelope>",
                 cases[i].attributes);
        assert_operation(text, cases[i].operation);
    }
    /* Only an entry may say so. */
    assert_operation(ENVELOPE "<s:Header><x><y s:mustUnderstand='1'/></x></s:Header><s:Body>"
                              "<GetRootCertChains " OURS " s:mustUnderstand='1'/></s:Body>"
                              "</s:Envelope>",
                     SOAP_GET_ROOT_CERT_CHAINS);
}

static void
bounds_depth(void **state)
{
    (void)state;
    /* The envelope, the body and the operation are three. */
    for (unsigned depth = SOAP_DEPTH_MAX - 1; depth <= SOAP_DEPTH_MAX + 1; depth++) {
        char text[1024], *at = stpcpy(text, START "<GetRootCertChains " OURS ">");
        for (unsigned i = 3; i < depth; i++) {
            at = stpcpy(at, "<a>");
        }
        for (unsigned i = 3; i < depth; i++) {
            at = stpcpy(at, "</a>");
        }
        stpcpy(at, "</GetRootCertChains>" END);
        assert_operation(text,
                         depth <= SOAP_DEPTH_MAX ? SOAP_GET_ROOT_CERT_CHAINS : SOAP_MALFORMED);
    }
    size_t length = 3 << 20;
    char *bomb = malloc(length);
    for (size_t i = 0; i < length; i += 3) {
        memcpy(bomb + i, "<a>", 3);
    }
    memcpy(bomb, "<Envelope>  ", 12);
    struct soap_request request = read_octets(bomb, length);
    assert_int_equal(request.operation, SOAP_MALFORMED);
    assert_non_null(strstr(request.reason, "deep"));
    free(bomb);
}

/* One request leaves nothing behind for the next. */
static void
serves_one_after_the_other(void **state)
{
    (void)state;
    static const char *const bad[] = {"<a", START "<x>", "<!DOCTYPE a>", "\xff",
                                      ENVELOPE "<s:Header><x s:mustUnderstand='1'/></s:Header>"};
    for (size_t i = 0; i < 5; i++) {
        assert_operation(bad[i], SOAP_MALFORMED);
        assert_operation(good[0], SOAP_GET_ROOT_CERT_CHAINS);
        assert_operation(START "<x/>" END, SOAP_UNKNOWN_OPERATION);
        struct soap_request request = read_octets(good[0], strlen(good[0]));
        assert_string_equal(request.name, "GetRootCertChains");
        assert_null(request.reason);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_operation),
        cmocka_unit_test(reads_utf16),
        cmocka_unit_test(reads_pieces),
        cmocka_unit_test(refuses_every_truncation),
        cmocka_unit_test(tells_unknown_operations),
        cmocka_unit_test(cuts_long_names),
        cmocka_unit_test(refuses_what_is_no_request),
        cmocka_unit_test(refuses_document_types),
        cmocka_unit_test(tells_other_versions),
        cmocka_unit_test(minds_must_understand),
        cmocka_unit_test(bounds_depth),
        cmocka_unit_test(serves_one_after_the_other),
    };
    return cmocka_run_group_tests_name("SOAP request", tests, make_parser, free_parser);
}
