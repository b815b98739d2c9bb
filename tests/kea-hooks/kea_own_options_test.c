/* SPDX-License-Identifier: MPL-2.0 */
/* Kea's own options, as its configuration writes them, and what is said where the site differs. */
#include "unit.h"

#include <string.h>

#include "kea_own_options.h"
#include "sites.h"

static const char site_text[] =
    "pools = { hq = { sip_server = \"pool01.contoso.com\"; }; };\n"
    "defaults = { domain = \"contoso.com\"; ntp = [ \"10.1.0.1\" ]; };\n"
    "vlans = (\n"
    "  { name = \"a\"; subnet = \"10.20.0.0/16\"; pool = \"hq\"; },\n"
    "  { name = \"b\"; subnet = [ \"10.30.0.0/16\", \"10.31.0.0/16\" ]; pool = \"hq\"; },\n"
    "  { name = \"c\"; subnet = \"10.40.0.0/16\"; pool = \"hq\"; kea_options = \"replace\"; },\n"
    "  { name = \"d\"; subnet = \"10.50.0.0/16\"; voice_vlan_id = 20; }\n"
    ");\n";

static struct ucprov_site *site;
static struct ucprov_policy *policy;
static struct kea_own_options *options;
static char told[4096];

static int
set_up(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "site.conf");
    site = parse_site(site_text);
    policy = ucprov_policy_new(site, NULL, 0, &diagnostics);
    options = kea_own_options_new();
    ucprov_diagnostics_clear(&diagnostics);
    told[0] = '\0';
    return policy == NULL || options == NULL;
}

static int
tear_down(void **state)
{
    (void)state;
    kea_own_options_free(options);
    ucprov_policy_free(policy);
    ucprov_site_free(site);
    return 0;
}

static struct ucprov_prefix
prefix(const char *text)
{
    struct ucprov_prefix parsed;
    assert_true(ucprov_prefix_from_text(&parsed, text));
    return parsed;
}

static void
add_subnet(const char *subnet, const struct kea_sent_options *sent)
{
    assert_true(kea_own_options_add_subnet(options, prefix(subnet), sent));
}

static void
tell(void *context, const char *text)
{
    (void)context;
    strncat(told, text, sizeof(told) - strlen(told) - 2);
    strcat(told, "\n");
}

static const char *
compare(void)
{
    assert_true(kea_own_options_complete(options));
    assert_true(kea_own_options_compare(options, site, policy, tell, NULL));
    return told;
}

static void
test_values(void **state)
{
    (void)state;
    static const struct {
        uint8_t code;
        bool csv;
        const char *data;
        const char *octets; /* NULL: not understood */
        size_t length;
    } cases[] = {
        {15, true, "contoso.com", "contoso.com", 11},
        {15, true, " contoso.com. ", "contoso.com", 11},
        {15, true, "contoso.com, more.example", NULL, 0},
        {15, true, "", NULL, 0},
        {15, false, "61:2e:62", "a.b", 3},
        {15, false, "6", NULL, 0},
        {42, true, "10.1.0.1, 10.1.0.2", "\x0a\x01\x00\x01\x0a\x01\x00\x02", 8},
        {42, true, "10.1.0.1,", NULL, 0},
        {42, true, "time.example", NULL, 0},
        {119, true, "a.b, c.", "\1a\1b\0\1c\0", 8},
        {119, true, "a..b", NULL, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct kea_own_option *option = kea_own_options_add(
            options, cases[i].code, "place", cases[i].data, cases[i].csv, false, NULL);
        assert_int_equal(option->index, i);
        assert_int_equal(option->octets.length, cases[i].length);
        assert_int_equal(option->octets.data == NULL, cases[i].octets == NULL);
        if (cases[i].octets != NULL) {
            assert_memory_equal(option->octets.data, cases[i].octets, cases[i].length);
        }
    }
    assert_int_equal(kea_own_options_count(options), COUNT(cases));
}

static void
test_texts_are_printable(void **state)
{
    (void)state;
    const struct kea_own_option *option =
        kea_own_options_add(options, 15, "class \x1b[2J", "a\nb", true, false, NULL);
    assert_string_equal(option->place, "class \\x1b[2J");
    assert_string_equal(option->text, "a\\x0ab");
}

static void
test_names_of_options(void **state)
{
    (void)state;
    assert_int_equal(kea_own_options_code("domain-name"), 15);
    assert_int_equal(kea_own_options_code("ntp-servers"), 42);
    assert_int_equal(kea_own_options_code("domain-search"), 119);
    assert_int_equal(kea_own_options_code("domain-name-servers"), 0);
    assert_int_equal(kea_own_options_code(""), 0);
}

static void
test_what_is_sent_where(void **state)
{
    (void)state;
    struct kea_sent_options sent = {0};
    struct kea_sent_options inner = {0};
    const struct kea_own_option *outer =
        kea_own_options_add(options, 42, "all", "10.9.0.1", true, false, &sent);
    inner = sent;
    const struct kea_own_option *own =
        kea_own_options_add(options, 119, "subnet", "x.example", true, false, &inner);
    add_subnet("10.20.0.0/16", &sent);
    add_subnet("10.20.8.0/24", &inner);
    assert_true(kea_own_options_complete(options));
    assert_ptr_equal(kea_own_options_find(options, 0x0a140001)->items[1], outer);
    assert_null(kea_own_options_find(options, 0x0a140001)->items[2]);
    assert_ptr_equal(kea_own_options_find(options, 0x0a140801)->items[2], own);
    assert_null(kea_own_options_find(options, 0x0a150001));
}

static void
test_pools(void **state)
{
    (void)state;
    const struct kea_own_option *domain =
        kea_own_options_add(options, 15, "pool", "x.example", true, false, NULL);
    const struct kea_own_option *ntp =
        kea_own_options_add(options, 42, "pool", "10.9.0.1", true, false, NULL);
    assert_true(kea_own_options_add_pool(options, ntp, 500, 600));
    assert_true(kea_own_options_add_pool(options, domain, 100, 200));
    assert_true(kea_own_options_add_pool(options, ntp, 100, 200));
    assert_true(kea_own_options_complete(options));
    static const struct {
        uint32_t address;
        unsigned prompts;
    } cases[] = {{99, 0},
                 {100, UCPROV_PROMPT_DOMAIN | UCPROV_PROMPT_NTP},
                 {200, UCPROV_PROMPT_DOMAIN | UCPROV_PROMPT_NTP},
                 {201, 0},
                 {499, 0},
                 {500, UCPROV_PROMPT_NTP},
                 {600, UCPROV_PROMPT_NTP},
                 {601, 0}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(kea_own_options_of_pool(options, cases[i].address), cases[i].prompts);
    }
}

static void
test_a_difference(void **state)
{
    (void)state;
    struct kea_sent_options sent = {0};
    kea_own_options_add(options, 15, "all of Kea", "corp.example", true, false, &sent);
    kea_own_options_add(options, 42, "all of Kea", "10.1.0.1", true, false, &sent);
    add_subnet("10.20.0.0/16", &sent);
    add_subnet("10.30.0.0/15", &sent);
    add_subnet("10.40.0.0/16", &sent);
    add_subnet("10.50.0.0/16", &sent);
    assert_string_equal(compare(),
                        "vlan a (and 1 more): option 15: Kea's configuration has corp.example (all "
                        "of Kea), the site file contoso.com, and clients get Kea's; phones then "
                        "look for ucupdates-r2.corp.example, and ucprov-zone makes no record of "
                        "that name; take one of the two away, make them alike, or set kea_options "
                        "= \"replace\"\n");
}

static void
test_kea_subnets_inside_a_vlan(void **state)
{
    (void)state;
    struct kea_sent_options none = {0};
    struct kea_sent_options sent = {0};
    kea_own_options_add(options, 42, "subnet 10.31.255.0/24", "10.9.0.1", true, false, &sent);
    add_subnet("10.20.0.0/24", &none);
    add_subnet("10.31.255.0/24", &sent);
    assert_string_equal(compare(),
                        "vlan b: option 42: Kea's configuration has 10.9.0.1 (subnet "
                        "10.31.255.0/24), the site file 10.1.0.1, and clients get Kea's; take one "
                        "of the two away, make them alike, or set kea_options = \"replace\"\n");
}

static void
test_exceptions(void **state)
{
    (void)state;
    const struct kea_own_option *class_s =
        kea_own_options_add(options, 15, "class x", "Contoso.COM", true, false, NULL);
    const struct kea_own_option *host_s =
        kea_own_options_add(options, 15, "reservation of h", "contoso.net", true, false, NULL);
    assert_true(kea_own_options_add_exception(options, class_s, 0));
    assert_true(kea_own_options_add_exception(options, host_s, 0x0a1e0005));
    assert_string_equal(compare(),
                        "vlan b: option 15: Kea's configuration has contoso.net (reservation of "
                        "h), the site file contoso.com, and those clients get Kea's; phones then "
                        "look for ucupdates-r2.contoso.net, and ucprov-zone makes no record of "
                        "that name; take one of the two away, make them alike, or set kea_options "
                        "= \"replace\"\n");
}

static void
test_never_sent_is_no_difference(void **state)
{
    (void)state;
    struct kea_sent_options sent = {0};
    kea_own_options_add(options, 15, "all of Kea", "corp.example", true, true, &sent);
    add_subnet("10.20.0.0/16", &sent);
    assert_string_equal(compare(), "");
}

static void
test_nothing_at_all(void **state)
{
    (void)state;
    assert_string_equal(compare(), "");
    assert_null(kea_own_options_find(options, 0x0a140001));
    assert_int_equal(kea_own_options_of_pool(options, 0x0a140001), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_values),
        TEST(test_texts_are_printable),
        TEST(test_names_of_options),
        TEST(test_what_is_sent_where),
        TEST(test_pools),
        TEST(test_a_difference),
        TEST(test_kea_subnets_inside_a_vlan),
        TEST(test_exceptions),
        TEST(test_never_sent_is_no_difference),
        TEST(test_nothing_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
