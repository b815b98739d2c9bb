/* SPDX-License-Identifier: MPL-2.0 */
/* Where phones look: each domain once, whatever its case; and the pool that serves it. */
#include "unit.h"

#include <stdlib.h>

#include "site/site_domains.h"

#define POOLS                                                                                      \
    "pools = { hq = { sip_server = \"pool01.contoso.com\"; };"                                     \
    " dr = { sip_server = \"pool02.contoso.com\"; }; };\n"
#define VLAN_A "{ name = \"a\"; subnet = \"10.1.0.0/16\"; pool = \"hq\"; ntp = [ ]; "
#define VLAN_B "{ name = \"b\"; subnet = \"10.2.0.0/16\"; pool = \"dr\"; ntp = [ ]; "
#define DATA   "{ name = \"data\"; subnet = \"10.3.0.0/16\"; voice_vlan_id = 2; "

/* "a.com hq sip vlans[0].domain:3; ": name, pool, is it a SIP domain, and where it stands. */
struct found {
    char text[1024];
    char diagnostics[1024];
};

static void
describe(const struct domains *domains, const struct ucprov_site *site, struct found *found)
{
    size_t length = 0;
    for (size_t i = 0; i < domains->count; i++) {
        const struct domain *domain = &domains->items[i];
        char setting[DOMAIN_SETTING_SIZE];
        length += (size_t)snprintf(
            found->text + length, sizeof(found->text) - length, "%s %s%s %s:%u; ", domain->name,
            domain->pool == NULL ? "-" : domain->pool->name, domain->sip ? " sip" : "",
            domain_setting(domain, site, setting), domain_line(domain, site));
    }
}

/* With `pool` "", pools are not chosen at all. */
static bool
find_domains(const char *text, const char *pool, struct found *found)
{
    struct ucprov_diagnostics diagnostics;
    struct domains domains;
    struct ucprov_arena *arena = ucprov_arena_new();
    memset(found, 0, sizeof(*found));
    ucprov_diagnostics_init(&diagnostics, "site.conf");
    struct ucprov_site *site = ucprov_site_parse("site.conf", text, strlen(text), &diagnostics);
    assert_non_null(site);
    size_t before = diagnostics.count;
    assert_true(domains_find(&domains, site, arena));
    bool fine = true;
    if (pool == NULL || *pool != '\0') {
        fine = domains_choose_pools(
            &domains, site, pool == NULL ? NULL : ucprov_site_find_pool(site, pool), &diagnostics);
    }
    describe(&domains, site, found);
    for (size_t i = before; i < diagnostics.count; i++) {
        char *line = ucprov_diagnostic_format(&diagnostics, i);
        strcat(strcat(found->diagnostics, line), "\n");
        free(line);
    }
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);
    ucprov_arena_free(arena);
    return fine;
}

static const char two_vlans[] =
    POOLS "vlans = (\n" VLAN_A "domain = \"B.com\"; search = [ \"b.com\", \"a.com\" ]; },\n" VLAN_B
          "domain = \"c.com\"; },\n" DATA "domain = \"no.phone.com\"; } );\n"
          "dns = { sip_domains = [ \"A.com\",\n"
          " \"z.com\" ];\n"
          "domains = ( { name = \"Z.com\"; pool = \"dr\"; } ); };\n";

static void
finds_each_domain_once(void **state)
{
    (void)state;
    struct found found;
    assert_true(find_domains(two_vlans, "", &found));
    assert_string_equal(found.text,
                        "a.com - sip vlans[0].search[1]:3; b.com - vlans[0].domain:3; "
                        "c.com - vlans[1].domain:4; z.com - sip dns.sip_domains[1]:7; ");
    assert_string_equal(found.diagnostics, "");
}

static void
chooses_pools(void **state)
{
    (void)state;
    struct found found;
    assert_true(find_domains(two_vlans, NULL, &found));
    assert_string_equal(found.text,
                        "a.com hq sip vlans[0].search[1]:3; b.com hq vlans[0].domain:3; "
                        "c.com dr vlans[1].domain:4; z.com dr sip dns.sip_domains[1]:7; ");
    assert_string_equal(found.diagnostics, "");
    assert_true(find_domains(two_vlans, "dr", &found));
    assert_string_equal(found.text,
                        "a.com dr sip vlans[0].search[1]:3; b.com dr vlans[0].domain:3; "
                        "c.com dr vlans[1].domain:4; z.com dr sip dns.sip_domains[1]:7; ");
}

/* That nobody knows a domain's pool matters to those alone who need it. */
static void
says_whose_pool_is_not_known(void **state)
{
    (void)state;
    static const char text[] =
        POOLS "vlans = (\n" VLAN_A "domain = \"a.com\"; },\n" VLAN_B "domain = \"A.com\"; } );\n"
              "dns = { sip_domains = \"z.com\";\n"
              " domains = ( { name = \"idle.com\"; pool = \"hq\"; } ); };\n";
    struct found found;
    assert_true(find_domains(text, "", &found));
    assert_string_equal(found.text,
                        "a.com - vlans[0].domain:3; z.com - sip dns.sip_domains[0]:5; ");
    assert_string_equal(found.diagnostics, "");
    assert_false(find_domains(text, NULL, &found));
    assert_string_equal(
        found.diagnostics,
        "site.conf:4: vlans[1].domain: \"a.com\" is served by pool \"dr\" in vlan \"b\", and by "
        "pool "
        "\"hq\" in vlan \"a\" (line 3); say which it takes: dns.domains = ( { name = \"a.com\"; "
        "pool "
        "= \"hq\"; } )\n"
        "site.conf:5: dns.sip_domains[0]: \"z.com\": no vlan hands it out, so that its pool is not "
        "known; say which it takes: dns.domains = ( { name = \"z.com\"; pool = \"NAME\"; } )\n"
        "site.conf:6: dns.domains: warning: \"idle.com\" has no effect: no phone vlan hands it "
        "out, "
        "and it is not in dns.sip_domains\n");
}

static void
finds_the_enclosing_domain(void **state)
{
    (void)state;
    struct domain items[] = {{.name = "a.com"}, {.name = "b.a.com"}};
    const struct domains domains = {2, items};
    assert_ptr_equal(domains_enclosing(&domains, "a.com"), &items[0]);
    assert_ptr_equal(domains_enclosing(&domains, "x.a.com"), &items[0]);
    assert_ptr_equal(domains_enclosing(&domains, "x.b.a.com"), &items[1]);
    assert_null(domains_enclosing(&domains, "xa.com"));
    assert_null(domains_enclosing(&domains, "com"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_each_domain_once),
        cmocka_unit_test(chooses_pools),
        cmocka_unit_test(says_whose_pool_is_not_known),
        cmocka_unit_test(finds_the_enclosing_domain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
