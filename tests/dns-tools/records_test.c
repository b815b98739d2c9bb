/* SPDX-License-Identifier: MPL-2.0 */
/* Which records come of a site, and every way in which a site can have none. */
#include "unit.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "records.h"

#define TEXT_SIZE 8192

/* "DOMAIN: OWNER TYPE VALUE; ...\n" for each zone, or the diagnostics, a line each. */
static void
describe(const char *text, const char *pool, char result[TEXT_SIZE])
{
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "site.conf");
    struct ucprov_site *site = ucprov_site_parse("site.conf", text, strlen(text), &diagnostics);
    struct zones *zones = site == NULL ? NULL : zones_new(site, pool, &diagnostics);
    result[0] = '\0';
    FILE *out = fmemopen(result, TEXT_SIZE, "w");
    for (size_t i = 0; i < diagnostics.count; i++) {
        char *message = ucprov_diagnostic_format(&diagnostics, i);
        fprintf(out, "%s\n", message);
        free(message);
    }
    for (size_t i = 0; zones != NULL && i < zones->count; i++) {
        fprintf(out, "%s:", zones->items[i].domain);
        for (size_t j = 0; j < zones->items[i].count; j++) {
            const struct record *record = &zones->items[i].records[j];
            char address[INET_ADDRSTRLEN];
            if (record->type == RECORD_A) {
                fprintf(out, " %s A %s;", record->owner,
                        inet_ntop(AF_INET, &record->address, address, sizeof(address)));
            } else {
                fprintf(out, " %s SRV %u %u %u %s;", record->owner, record->srv.priority,
                        record->srv.weight, record->srv.port, record->srv.target);
            }
            assert_int_equal(record->ttl, site->dns.ttl);
        }
        fputc('\n', out);
    }
    fclose(out);
    assert_true((zones == NULL) == (diagnostics.errors > 0));
    zones_free(zones);
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);
}

static void
expect(const char *text, const char *pool, const char *expected)
{
    char result[TEXT_SIZE];
    describe(text, pool, result);
    assert_string_equal(result, expected);
}

#define POOLS                                                                                      \
    "pools = { hq = { sip_server = \"Pool01.contoso.com\"; addresses = [ \"10.1.1.11\", "          \
    "\"10.1.1.9\" ]; };\n"                                                                         \
    "  dr = { sip_server = \"pool02.fabrikam.com\"; addresses = \"10.2.1.10\"; }; };\n"
#define VLAN(name, subnet, pool, domain)                                                           \
    "{ name = \"" name "\"; subnet = \"10." subnet ".0.0/16\"; pool = \"" pool "\"; ntp = [ ]; "   \
    "domain = \"" domain "\"; }"
#define ONE POOLS "vlans = (" VLAN("v", "20", "hq", "Contoso.com") ");\n"

static void
test_domain(void **state)
{
    (void)state;
    expect(ONE, NULL,
           "contoso.com: pool01.contoso.com A 10.1.1.9; pool01.contoso.com A 10.1.1.11; "
           "ucupdates-r2.contoso.com A 10.1.1.9; ucupdates-r2.contoso.com A 10.1.1.11;\n");
    expect(ONE "dns = { servers = false; ttl = 0; };", NULL,
           "contoso.com: ucupdates-r2.contoso.com A 10.1.1.9; ucupdates-r2.contoso.com A "
           "10.1.1.11;\n");
    expect(ONE "dns = { ucupdates = false; servers = false; };", NULL, "");
    /* A vlan without a pool hands nothing out. */
    expect(POOLS "vlans = ( { name = \"v\"; subnet = \"10.20.0.0/16\"; voice_vlan_id = 7; } );",
           NULL, "");
}

static void
test_sip_domain(void **state)
{
    (void)state;
    expect(ONE "dns = { sip_domains = \"FABRIKAM.com\"; ntp_host = \"NTP.contoso.com\"; servers = "
               "false; ucupdates = false; };",
           NULL,
           "fabrikam.com: _ntp._udp.fabrikam.com SRV 0 0 123 ntp.contoso.com; "
           "_sipinternaltls._tcp.fabrikam.com SRV 0 0 5061 pool01.contoso.com; "
           "lyncdiscoverinternal.fabrikam.com A 10.1.1.9; "
           "lyncdiscoverinternal.fabrikam.com A 10.1.1.11; "
           "sip.fabrikam.com A 10.1.1.9; sip.fabrikam.com A 10.1.1.11; "
           "sipinternal.fabrikam.com A 10.1.1.9; sipinternal.fabrikam.com A 10.1.1.11;\n");
    expect(ONE "dns = { sip_domains = \"fabrikam.com\"; ntp_host = \"ntp.contoso.com\"; servers = "
               "false; ucupdates = false; sign_in = false; };",
           NULL, "fabrikam.com: _ntp._udp.fabrikam.com SRV 0 0 123 ntp.contoso.com;\n");
    expect(ONE "dns = { sip_domains = \"fabrikam.com\"; ntp_host = \"ntp.contoso.com\"; servers = "
               "false; ucupdates = false; sign_in = false; ntp = false; };",
           NULL, "");
}

/* Servers and hosts go to the longest domain that they lie in. */
static void
test_hosts(void **state)
{
    (void)state;
    expect(POOLS "vlans = ({ name = \"v\"; subnet = \"10.20.0.0/16\"; pool = \"dr\"; ntp = [ ]; "
                 "search = [ \"com\", \"b.a.com\", \"a.com\" ]; });\n"
                 "dns = { ucupdates = false; hosts = ( { name = \"x.b.A.com\"; addresses = "
                 "\"10.0.0.1\"; }, { name = \"xb.a.com\"; addresses = \"10.0.0.2\"; },\n"
                 "{ name = \"a.net\"; addresses = \"10.0.0.3\"; },\n"
                 "{ name = \"a.com\"; addresses = \"10.0.0.4\"; }); };",
           NULL,
           "site.conf:5: dns.hosts: warning: \"a.net\" has no effect: it lies in none of the "
           "domains that records are made for\n"
           "a.com: a.com A 10.0.0.4; xb.a.com A 10.0.0.2;\n"
           "b.a.com: x.b.a.com A 10.0.0.1;\n"
           "com: pool01.contoso.com A 10.1.1.9; pool01.contoso.com A 10.1.1.11; "
           "pool02.fabrikam.com A 10.2.1.10;\n");
}

#define TWO                                                                                        \
    POOLS "vlans = (" VLAN("one", "20", "hq", "contoso.com") ",\n" VLAN("two", "21", "dr",         \
                                                                        "CONTOSO.com") ");\n"
#define SERVED_BY_HQ                                                                               \
    "contoso.com: ucupdates-r2.contoso.com A 10.1.1.9; ucupdates-r2.contoso.com A 10.1.1.11;\n"

static void
test_two_pools(void **state)
{
    (void)state;
    expect(TWO, NULL,
           "site.conf:4: vlans[1].domain: \"contoso.com\" is served by pool \"dr\" in vlan "
           "\"two\", and by pool \"hq\" in vlan \"one\" (line 3); say which it takes: dns.domains "
           "= ( { name = \"contoso.com\"; pool = \"hq\"; } )\n");
    expect(TWO "dns = { servers = false; domains = ( { name = \"contosO.com\"; pool = \"hq\"; } ); "
               "};",
           NULL, SERVED_BY_HQ);
    expect(TWO "dns = { servers = false; };", "hq", SERVED_BY_HQ);
    expect(TWO "dns = { servers = false; };", "dr",
           "contoso.com: ucupdates-r2.contoso.com A 10.2.1.10;\n");
    expect(TWO "dns = { servers = false; };", "dh",
           "site.conf: pools: no pool named \"dh\"; did you mean \"dr\"?\n");
    /* Where nothing needs the pool, nobody is asked. */
    expect(TWO "dns = { servers = false; ucupdates = false; };", NULL, "");
}

static void
test_pool_of_sip_domain(void **state)
{
    (void)state;
    const char *site = POOLS "vlans = (" VLAN("one", "20", "hq", "contoso.com") ",\n" VLAN(
        "two", "21", "dr",
        "emea.contoso.com") ");\n"
                            "dns = { servers = false; sip_domains = [ \"contoso.com\",\n"
                            "\"fabrikam.com\" ]; };";
    expect(site, NULL,
           "site.conf:6: dns.sip_domains[1]: \"fabrikam.com\": no vlan hands it out, so that its "
           "pool is not known; say which it takes: dns.domains = ( { name = \"fabrikam.com\"; pool "
           "= \"NAME\"; } )\n");
    expect(ONE "dns = { servers = false; domains = ( { name = \"x.com\"; pool = \"dr\"; } ); };",
           NULL,
           "site.conf:4: dns.domains: warning: \"x.com\" has no effect: no phone vlan hands it "
           "out, and it is not in dns.sip_domains\n" SERVED_BY_HQ);
}

static void
test_no_addresses(void **state)
{
    (void)state;
    const char *site = "pools = {\n  hq = { sip_server = \"p.contoso.com\"; };\n};\n"
                       "vlans = (" VLAN("v", "20", "hq", "contoso.com") ");\n";
    char text[TEXT_SIZE];
    expect(site, NULL,
           "site.conf:2: pools.hq.addresses: is missing, and \"ucupdates-r2.contoso.com\" needs "
           "it: write addresses = [ \"ADDRESS\" ] in the pool, or dns.ucupdates = false\n");
    snprintf(text, sizeof(text), "%sdns = { ucupdates = false; sip_domains = \"a.com\"; };", site);
    expect(text, NULL,
           "site.conf:2: pools.hq.addresses: is missing, and \"sip.a.com\" needs it: write "
           "addresses = [ \"ADDRESS\" ] in the pool, or dns.sign_in = false\n");
}

/* A name that stands for two pools. */
static void
test_two_sources(void **state)
{
    (void)state;
    const char *site =
        "pools = {\n hq = { sip_server = \"p.contoso.com\"; addresses = \"10.1.1.1\"; };\n"
        " dr = { sip_server = \"sip.contoso.com\"; addresses = \"10.2.2.2\"; }; };\n"
        "vlans = (" VLAN(
            "v", "20", "hq",
            "contoso.com") ");\n"
                           "dns = { sip_domains = \"contoso.com\"; ucupdates = false; };";
    expect(site, NULL,
           "site.conf:3: \"sip.contoso.com\" would have the addresses of pool \"dr\", and of pool "
           "\"hq\" (line 2), which differ; rename one, take it out of dns.hosts, or write "
           "dns.servers = false\n");
    /* A fail-over goes by the name's part in signing in. */
    expect(site, "hq",
           "contoso.com: _sipinternaltls._tcp.contoso.com SRV 0 0 5061 p.contoso.com; "
           "lyncdiscoverinternal.contoso.com A 10.1.1.1; p.contoso.com A 10.1.1.1; "
           "sip.contoso.com A 10.1.1.1; sipinternal.contoso.com A 10.1.1.1;\n");
    expect(site, "dr",
           "contoso.com: _sipinternaltls._tcp.contoso.com SRV 0 0 5061 sip.contoso.com; "
           "lyncdiscoverinternal.contoso.com A 10.2.2.2; p.contoso.com A 10.1.1.1; "
           "sip.contoso.com A 10.2.2.2; sipinternal.contoso.com A 10.2.2.2;\n");
}

/* A domain of `length` characters in labels of 63. */
static void
long_domain(char *domain, size_t length)
{
    memset(domain, 'a', length);
    for (size_t i = 63; i + 1 < length; i += 64) {
        domain[i] = '.';
    }
    domain[length] = '\0';
}

static void
expect_length(size_t length, const char *dns, const char *label)
{
    char domain[256], text[1024], result[TEXT_SIZE], expected[1024];
    long_domain(domain, length);
    snprintf(text, sizeof(text), ONE "dns = { servers = false;\n sip_domains = \"%s\"; %s };",
             domain, dns);
    describe(text, NULL, result);
    if (label == NULL) {
        snprintf(expected, sizeof(expected), ".%s A 10.1.1.9;", domain);
        assert_non_null(strstr(result, expected));
        assert_null(strstr(result, "would have"));
    } else {
        snprintf(expected, sizeof(expected),
                 "site.conf:5: dns.sip_domains[0]: \"%s.%s\" would have 254 characters; a name has "
                 "at most 253 (RFC 1035 2.3.4)",
                 label, domain);
        assert_memory_equal(result, expected, strlen(expected));
    }
}

static void
test_long_names(void **state)
{
    (void)state;
    expect_length(240, "sign_in = false;", NULL); /* "ucupdates-r2." has 13 */
    expect_length(241, "sign_in = false;", "ucupdates-r2");
    expect_length(232, "", NULL); /* "_sipinternaltls._tcp." and "lyncdiscoverinternal." have 21 */
    expect_length(233, "ucupdates = false;", "_sipinternaltls._tcp");
}

static void
test_find(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "site.conf");
    struct ucprov_site *site = ucprov_site_parse("site.conf", ONE, strlen(ONE), &diagnostics);
    struct zones *zones = zones_new(site, NULL, &diagnostics);
    assert_non_null(zones);
    ucprov_site_free(site); /* the zones do not lie in it */
    assert_ptr_equal(zones_find(zones, "CONTOSO.com"), &zones->items[0]);
    assert_string_equal(zones->items[0].records[0].owner, "pool01.contoso.com");
    assert_null(zones_find(zones, "com"));
    zones_free(zones);
    zones_free(NULL);
    ucprov_diagnostics_clear(&diagnostics);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_domain),
        cmocka_unit_test(test_sip_domain),
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_two_pools),
        cmocka_unit_test(test_pool_of_sip_domain),
        cmocka_unit_test(test_no_addresses),
        cmocka_unit_test(test_two_sources),
        cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_find),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
