/* SPDX-License-Identifier: MPL-2.0 */
/* The page for people: what it shows, what it escapes, and that nothing on it comes from
 * elsewhere. */
#include "unit.h"

#include <stdlib.h>

#include "daemon/page.h"
#include "samples/chain_samples.h"
#include "sites.h"

#define A_DAY 86400
#define HALF_SITE                                                                                  \
    "vlans = ({ name = \"v\"; subnet = \"10.2.0.0/16\"; pool = \"hq\"; domain = \"contoso.com\";"  \
    " search = [ \"contoso.com\", \"emea.contoso.com\" ]; });\n"                                   \
    "dns = { sip_domains = [ \"Contoso.com\", \"fabrikam.example\" ]; };\n"
#define SITE                                                                                       \
    "pools = { hq = { sip_server = \"pool01.contoso.com\"; web_server = \"web.contoso.com\";"      \
    " cert_prov_path = \"/a&b\"; }; };\n" HALF_SITE

/* CN = <script>alert('x')</script> & "; 2020 to 2120; made by the openssl command */
static const char markup_pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIICITCCAYqgAwIBAgIUfYywgRNZLiZtDEkUcQTLqyztAlUwDQYJKoZIhvcNAQEL\n"
    "BQAwKjEoMCYGA1UEAwwfPHNjcmlwdD5hbGVydCgneCcpPC9zY3JpcHQ+ICYgIjAg\n"
    "Fw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowKjEoMCYGA1UEAwwfPHNj\n"
    "cmlwdD5hbGVydCgneCcpPC9zY3JpcHQ+ICYgIjCBnzANBgkqhkiG9w0BAQEFAAOB\n"
    "jQAwgYkCgYEA1pEJiQLgCEnBi4P9m/OlWBmpZ2+TiPx/eBB4cHII5D4cqxyeznfs\n"
    "BKQ99sPUGLThwD+yOQIxWxOZ+xBcX1vppqaLItYgWAp/Jf/ufyWbwkUHmuDgClVC\n"
    "vmCGN3L3HlVX+8W9116ExCFqt36wJTserSKvQr0abij9VWBwe2jrXlsCAwEAAaNC\n"
    "MEAwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAgQwHQYDVR0OBBYEFPNT\n"
    "Us8d6iJIGv/IPe/ozDmsTYh/MA0GCSqGSIb3DQEBCwUAA4GBAB3FJebawggwq0Wl\n"
    "SSfIzHL5rKfuCvbQW+nM2Yze0g+t6XUW6mJP83Zg1INCCfan/2029rksqIAU6Scg\n"
    "MzPncSMZ66eT9+VmyD1TjA6kKnUV/LPDdnhGUj9nxpQlO7200mKWAC9hqzVhTuF6\n"
    "A6PW7b1wIHcQfBN2wQLL59O/MVW1\n"
    "-----END CERTIFICATE-----\n";

static struct ucprov_chains chains;

static void
make_chains(const char *first, const char *second, time_t now)
{
    struct ucprov_problem problem;
    if (chains_build(&chains, certificates_of(2, first, second), now, &problem) != 0) {
        fail_msg("%s", problem.text);
    }
}

static char *
make_head(const char *site_text, bool template_is_ours)
{
    size_t length = 0;
    struct ucprov_site *site = parse_site(site_text);
    char *page = page_head(site, &chains, template_is_ours, &length);
    assert_non_null(page);
    assert_int_equal(strlen(page), length);
    ucprov_site_free(site);
    return page;
}

static char *
finish(const struct recent_client *visitors, size_t count, size_t total, time_t now)
{
    struct evbuffer *buffer = evbuffer_new();
    assert_int_equal(page_finish(buffer, &chains, visitors, count, total, now), 0);
    size_t length = evbuffer_get_length(buffer);
    char *text = calloc(1, length + 1);
    evbuffer_remove(buffer, text, length);
    evbuffer_free(buffer);
    return text;
}

static void
shows_chains(void **state)
{
    (void)state;
    make_chains(pkcs7_pem, old_pem, IN_2026);
    char *page = make_head(SITE, true);
    assert_ptr_equal(strstr(page, "<!DOCTYPE html>\n<html lang=\"en\">"), page);
    assert_has(page, "<h3>Sample root</h3>");
    assert_has(page, "<h3>Sample issuing CA</h3>");
    assert_has(page, "<h3>Alte Wurzel GmbH M\xc3\xbcnchen</h3>");
    assert_true(strstr(page, "<h3>Sample root</h3>") < strstr(page, "<h3>Sample issuing CA</h3>"));
    assert_has(page, "<dt>Valid</dt><dd>2021-01-01 to 2090-01-01</dd>");
    assert_has(page, "href=\"/root.cer\"");
    assert_has(page, "href=\"/root.pem\"");
    assert_has(page, "href=\"/root-2.cer\"");
    assert_has(page, "href=\"/chain.pem\"");
    assert_has(page, "href=\"/chain.p7b\"");
    assert_null(strstr(page, "root-3"));
    /* One issuer: roots issue themselves. */
    assert_ptr_equal(strstr(strstr(page, "<dt>Issuer</dt>") + 1, "<dt>Issuer</dt>"), NULL);
    free(page);
    ucprov_chains_clear(&chains);
}

static void
shows_what_the_site_says(void **state)
{
    (void)state;
    make_chains(root_pem, root_pem, IN_2026);
    char *page = make_head(SITE, true);
    assert_has(page, "<code>https://web.contoso.com:443<wbr>/a&amp;b</code>");
    assert_has(page, "<code>pool01.contoso.com</code>");
    assert_has(page, "<code>ucupdates-r2.contoso.com</code>");
    assert_has(page, "<code>ucupdates-r2.emea.contoso.com</code>");
    assert_has(page, "<code>ucupdates-r2.fabrikam.example</code>");
    assert_null(strstr(page, "ucupdates-r2.Contoso.com")); /* the same, without case */
    assert_has(page, "a reconstruction");
    free(page);
    page = make_head(SITE, false);
    assert_null(strstr(page, "a reconstruction"));
    assert_has(page, "learned from a genuine one");
    free(page);
    ucprov_chains_clear(&chains);
}

static void
shows_so_many_pools(void **state)
{
    (void)state;
    make_chains(root_pem, root_pem, IN_2026);
    for (unsigned count = 15; count <= 17; count++) {
        char text[8192], *at = stpcpy(text, "pools = {\n");
        for (unsigned i = 0; i < count; i++) {
            at += sprintf(at, "%c%u = { sip_server = \"pool%u.contoso.com\"; };\n",
                          i == 0 ? 'h' : 'p', i, i);
        }
        stpcpy(at, "};\nvlans = ({ name = \"v\"; subnet = \"10.2.0.0/16\"; pool = \"h0\";"
                   " domain = \"contoso.com\"; });\n");
        char *page = make_head(text, true);
        assert_has(page, "pool14");
        assert_int_equal(strstr(page, "<code>pool15") != NULL, count >= 16);
        assert_null(strstr(page, "pool16"));
        assert_int_equal(strstr(page, "and 1 more") != NULL, count == 17);
        free(page);
    }
    ucprov_chains_clear(&chains);
}

static void
shows_so_many_domains(void **state)
{
    (void)state;
    make_chains(root_pem, root_pem, IN_2026);
    for (unsigned count = 31; count <= 33; count++) {
        char text[8192],
            *at = stpcpy(text, "pools = { hq = { sip_server = \"p.contoso.com\"; }; };\n"
                               "vlans = ({ name = \"v\"; subnet = \"10.2.0.0/16\";"
                               " pool = \"hq\"; search = [ \"d00.com\"");
        for (unsigned i = 1; i < count; i++) {
            at += sprintf(at, ", \"d%02u.com\"", i);
        }
        stpcpy(at, " ]; });\n");
        char *page = make_head(text, true);
        assert_has(page, "ucupdates-r2.d00.com");
        assert_int_equal(strstr(page, "ucupdates-r2.d31.com") != NULL, count >= 32);
        assert_null(strstr(page, "ucupdates-r2.d32.com"));
        assert_int_equal(strstr(page, "and in more domains") != NULL, count == 33);
        free(page);
    }
    ucprov_chains_clear(&chains);
}

static void
needs_nothing_from_elsewhere(void **state)
{
    (void)state;
    make_chains(root_pem, root_pem, IN_2026);
    char *page = make_head(SITE, true);
    static const char *const nowhere[] = {
        "<script", "<img",    "<link",   "src=",        "url(",
        "@import", " style=", "onclick", "href=\"http", "</main>"};
    for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
        assert_null(strstr(page, nowhere[i]));
    }
    free(page);
    ucprov_chains_clear(&chains);
}

static void
escapes_what_certificates_say(void **state)
{
    (void)state;
    make_chains(markup_pem, markup_pem, IN_2026);
    char *page = make_head(SITE, true);
    assert_has(page, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;");
    assert_null(strstr(page, "<script"));
    free(page);
    char *rest = finish(NULL, 0, 0, IN_2026);
    assert_has(rest, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot; lasts for");
    assert_null(strstr(rest, "<script"));
    free(rest);
    ucprov_chains_clear(&chains);
}

static void
tells_how_long_it_lasts(void **state)
{
    (void)state;
    static const struct {
        int64_t left; /* seconds, of old, which ends at 2040-01-01 */
        const char *text;
    } cases[] = {
        {14LL * 365 * A_DAY, "<p>Alte Wurzel GmbH M\xc3\xbcnchen lasts for 13 years more."},
        {731LL * A_DAY, "<p>Alte Wurzel GmbH M\xc3\xbcnchen lasts for 2 years more."},
        {730LL * A_DAY, "<p>Alte Wurzel GmbH M\xc3\xbcnchen lasts for 730 days more."},
        {60LL * A_DAY, "<p>Alte Wurzel GmbH M\xc3\xbcnchen lasts for 60 days more."},
        {60LL * A_DAY - 1, "<p class=\"warn\">Alte Wurzel GmbH M\xc3\xbcnchen lasts for 59 days"},
        {A_DAY, "lasts for 1 day more"},
        {A_DAY - 1, "lasts for 23 hours more"},
        {1, "lasts for 1 second more"},
        {0, "has expired"},
        {-1, "has expired"},
    };
    make_chains(old_pem, old_pem, IN_2026);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        print_message("    %s\n", cases[i].text);
        char *rest = finish(NULL, 0, 0, (time_t)(2208988800 - cases[i].left));
        assert_has(rest, cases[i].text);
        free(rest);
    }
    ucprov_chains_clear(&chains);
    make_chains(pkcs7_pem, pkcs7_pem, IN_2026); /* the issuing CA ends in 2090, its root in 2120 */
    char *rest = finish(NULL, 0, 0, IN_2026);
    assert_has(rest, "Sample root, with what is below it, lasts for 64 years more.");
    free(rest);
    ucprov_chains_clear(&chains);
}

static void
shows_visitors(void **state)
{
    (void)state;
    const struct recent_client visitors[] = {
        {"10.2.0.1", IN_2026, 1, "HTTP"},          {"10.2.0.2", IN_2026 - 1, 2, "TLS 1.0"},
        {"10.2.0.3", IN_2026 - 180, 3, "TLS 1.2"}, {"<b>", IN_2026 - 59 * 60 - 59, 4, "HTTP"},
        {"2001:db8::1", IN_2026 + 5, 5, "HTTP"}, /* the clock was set back */
    };
    make_chains(root_pem, root_pem, IN_2026);
    char *rest = finish(visitors, 5, 5, IN_2026);
    assert_has(rest, "<td class=\"digits\">10.2.0.1</td><td><time "
                     "datetime=\"2026-01-01T00:00:00Z\">2026-01-01 00:00:00 UTC</time> "
                     "<span class=\"soft\">just now</span></td><td>1 time</td><td>HTTP</td>");
    assert_has(rest, "1 second ago</span></td><td>2 times</td><td>TLS 1.0</td>");
    assert_has(rest, "3 minutes ago");
    assert_has(rest, "2025-12-31T23:57:00Z");
    assert_has(rest, "&lt;b&gt;");
    assert_has(rest, "59 minutes ago");
    assert_has(rest, "2026-01-01T00:00:05Z\">2026-01-01 00:00:05 UTC</time> "
                     "<span class=\"soft\">just now");
    assert_null(strstr(rest, "The latest"));
    assert_has(rest, "</body>\n</html>\n");
    free(rest);
    rest = finish(visitors, 5, 6, IN_2026);
    assert_has(rest, "The latest 5 of 6.");
    free(rest);
    rest = finish(NULL, 0, 0, IN_2026);
    assert_has(rest, "Nobody yet");
    free(rest);
    ucprov_chains_clear(&chains);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_chains),
        cmocka_unit_test(shows_what_the_site_says),
        cmocka_unit_test(shows_so_many_pools),
        cmocka_unit_test(shows_so_many_domains),
        cmocka_unit_test(needs_nothing_from_elsewhere),
        cmocka_unit_test(escapes_what_certificates_say),
        cmocka_unit_test(tells_how_long_it_lasts),
        cmocka_unit_test(shows_visitors),
    };
    return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
