/* SPDX-License-Identifier: MPL-2.0 */
/* URLs taken apart, refused, and at their longest. */
#include "unit.h"

#include "client/http_client.h"

static void
takes_urls_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text, *scheme, *host;
        unsigned port;
        const char *target;
    } cases[] = {
        {"http://pool01.contoso.com/CertProv/CertProvisioningService.svc", "http",
         "pool01.contoso.com", 80, "/CertProv/CertProvisioningService.svc"},
        {"https://pool01", "https", "pool01", 443, "/"},
        {"HTTPS://10.1.1.10:8443/", "https", "10.1.1.10", 8443, "/"},
        {"http://x:1?wsdl", "http", "x", 1, "/?wsdl"},
        {"http://x:65535/?a:b@c/d", "http", "x", 65535, "/?a:b@c/d"},
        {"http://x:/", "http", "x", 80, "/"},
        {"http://my_host-1:00080/%20", "http", "my_host-1", 80, "/%20"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct http_url url;
        struct ucprov_problem problem;
        print_message("    %s\n", cases[i].text);
        assert_int_equal(http_url_parse(&url, cases[i].text, &problem), 0);
        assert_string_equal(url.scheme, cases[i].scheme);
        assert_string_equal(url.host, cases[i].host);
        assert_int_equal(url.port, cases[i].port);
        assert_string_equal(url.target, cases[i].target);
    }
}

static void
refuses_others(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "x",
        "/x",
        "http:",
        "http:/x",
        "http://",
        "http:///x",
        "ftp://x/",
        "httpx://x/",
        "http://u@x/",
        "http://u:p@x/",
        "http://@x/",
        "http://x@y:1/",
        "http://%41/",
        "http://x%2f/",
        "http://x/#y",
        "http://x#y",
        "http://x:0/",
        "http://x:65536/",
        "http://x:99999999999999999999/",
        "http://x:8a/",
        "http://x:-1/",
        "http://x y/",
        "http://x/a b",
        "http://x/\n",
        "http://x/\x7f",
        "http://x/\xc3\xa4",
        "http://\xc3\xa4/",
        "http://[::1]/",
        " http://x/",
        "http://x\\y/",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct http_url url;
        struct ucprov_problem problem = {""};
        print_message("    %s\n", texts[i]);
        assert_int_equal(http_url_parse(&url, texts[i], &problem), -1);
        assert_true(strlen(problem.text) > 0);
    }
}

static void
bounds_lengths(void **state)
{
    (void)state;
    struct http_url url;
    struct ucprov_problem problem;
    char text[2048];
    for (size_t length = sizeof(url.host) - 2; length <= sizeof(url.host); length++) {
        print_to(text, sizeof(text), "http://%s/", repeat('h', length));
        int expected = length < sizeof(url.host) ? 0 : -1;
        assert_int_equal(http_url_parse(&url, text, &problem), expected);
    }
    for (size_t length = sizeof(url.target) - 2; length <= sizeof(url.target); length++) {
        print_to(text, sizeof(text), "http://h/%s", repeat('t', length - 1));
        int expected = length < sizeof(url.target) ? 0 : -1;
        assert_int_equal(http_url_parse(&url, text, &problem), expected);
        print_to(text, sizeof(text), "http://h?%s", repeat('t', length - 2)); /* gets a slash */
        assert_int_equal(http_url_parse(&url, text, &problem), expected);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_urls_apart),
        cmocka_unit_test(refuses_others),
        cmocka_unit_test(bounds_lengths),
    };
    return cmocka_run_group_tests_name("HTTP URL", tests, NULL, NULL);
}
