/* SPDX-License-Identifier: MPL-2.0 */
/* The WSDL's one variable part, and that the rest describes the built-in response. */
#include "unit.h"

#include <stdlib.h>

#include "certificate/chain_document.h"

#include "daemon/wsdl.h"
#include "response_template.h"

static char wsdl[WSDL_SIZE];

static void
assert_well_formed(size_t length)
{
    struct ucprov_chain_document document;
    struct ucprov_problem problem;
    assert_int_equal(strlen(wsdl), length);
    assert_int_equal(ucprov_chain_document_parse(&document, wsdl, length, &problem), 0);
    ucprov_chain_document_clear(&document);
}

static void
escapes_the_location(void **state)
{
    (void)state;
    size_t length = wsdl_write(wsdl, "http://pool01:8080/a?b=1&c=<\">'");
    assert_well_formed(length);
    assert_non_null(strstr(wsdl, "<soap:address location=\"http://pool01:8080/a?b=1&amp;c=&lt;"
                                 "&quot;&gt;'\"/>"));
}

static void
bounds_the_location(void **state)
{
    (void)state;
    static const char characters[] = "a&\"";
    char location[WSDL_LOCATION_MAX + 2];
    for (size_t i = 0; characters[i] != '\0'; i++) {
        for (size_t length = WSDL_LOCATION_MAX - 1; length <= WSDL_LOCATION_MAX + 1; length++) {
            memset(location, characters[i], length);
            location[length] = '\0';
            size_t written = wsdl_write(wsdl, location);
            assert_int_equal(written > 0, length <= WSDL_LOCATION_MAX);
            if (written > 0) {
                assert_well_formed(written);
            }
        }
    }
}

static void
refuses_what_no_url_has(void **state)
{
    (void)state;
    assert_int_equal(wsdl_write(wsdl, "http://a b/"), 0);
    assert_int_equal(wsdl_write(wsdl, "http://a/\n"), 0);
    assert_int_equal(wsdl_write(wsdl, "http://a/\x7f"), 0);
    assert_int_equal(wsdl_write(wsdl, "http://\xc3\xa4/"), 0);
}

static void
describes_our_template(void **state)
{
    (void)state;
    wsdl_write(wsdl, "http://x/");
    assert_non_null(strstr(wsdl, "<xsd:element name=\"CertChain\" type=\"xsd:base64Binary\""));
    assert_non_null(strstr(response_template_builtin, "<CertChain>{{pkcs7}}</CertChain>"));
    assert_non_null(strstr(wsdl, "<wsdl:portType name=\"CertProvisioningService\">"));
    assert_non_null(strstr(wsdl, "soapAction=\"http://schemas.microsoft.com/OCS/AuthWebServices/"
                                 "GetRootCertChains\""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_the_location),
        cmocka_unit_test(bounds_the_location),
        cmocka_unit_test(refuses_what_no_url_has),
        cmocka_unit_test(describes_our_template),
    };
    return cmocka_run_group_tests_name("WSDL", tests, NULL, NULL);
}
