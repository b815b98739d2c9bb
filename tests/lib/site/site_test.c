/* SPDX-License-Identifier: MPL-2.0 */
/* The site file: what it means, and every way in which it can be wrong. */
#include "unit.h"

#include <stdlib.h>

#include "site/site.h"

static struct ucprov_site *
parse(const char *text, struct ucprov_diagnostics *diagnostics)
{
    ucprov_diagnostics_init(diagnostics, "site.conf");
    return ucprov_site_parse("site.conf", text, strlen(text), diagnostics);
}

/* The text has exactly these errors and warnings, NULL at the end. */
static void
expect(const char *text, const char *const *messages)
{
    struct ucprov_diagnostics diagnostics;
    struct ucprov_site *site = parse(text, &diagnostics);
    size_t count = 0;
    while (messages[count] != NULL) {
        count++;
    }
    for (size_t i = 0; i < diagnostics.count; i++) {
        char *message = ucprov_diagnostic_format(&diagnostics, i);
        if (i < count) {
            assert_string_equal(message, messages[i]);
        } else {
            fail_msg("not expected: %s", message);
        }
        free(message);
    }
    assert_int_equal(diagnostics.count, count);
    assert_true((site == NULL) == (diagnostics.errors > 0));
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);
}

#define EXPECT(text, ...) expect(text, (const char *const[]){__VA_ARGS__, NULL})

#define POOL "pools = { hq = { sip_server = \"pool01.contoso.com\"; }; };\n"
#define VLAN_OF_HQ                                                                                 \
    "vlans = ( { name = \"v\"; subnet = \"10.20.0.0/16\"; pool = \"hq\"; ntp = [ ];\n"             \
    "  domain = \"contoso.com\"; } );\n"
#define VLAN(more)                                                                                 \
    POOL "vlans = ( { name = \"v\"; subnet = \"10.20.0.0/16\"; pool = \"hq\"; ntp = [ ];\n"        \
         "  domain = \"contoso.com\";\n" more " } );\n"

static const char good_site[] =
    "pools = {\n"
    "  hq = { sip_server = \"pool01.contoso.com\"; addresses = [ \"10.1.1.10\", \"10.1.1.11\" ]; "
    "};\n"
    "  dr = { sip_server = \"pool02.contoso.com\"; web_server = \"web02.contoso.com\";\n"
    "         scheme = \"http\"; port = 8080; cert_prov_path = \"/x.svc\"; };\n"
    "};\n"
    "defaults = { ntp = [ \"10.1.0.1\" ]; domain = \"contoso.com\"; };\n"
    "vlans = (\n"
    "  { name = \"hq-voice\"; subnet = \"10.20.0.0/16\"; pool = \"hq\"; backup_pool = \"dr\";\n"
    "    search = [ \"contoso.com\", \"emea.contoso.com\" ]; vendor_classes = [ \"X\" ]; },\n"
    "  { name = \"hq-data\"; subnet = [ \"10.10.0.0/16\", \"10.11.0.0/16\" ]; voice_vlan_id = 20;\n"
    "    voice_vlan_encoding = \"ascii\"; ntp = \"10.9.0.1\"; only_if_requested = true; }\n"
    ");\n"
    "dns = { ttl = 60; sip_domains = [ \"contoso.com\" ]; ntp_host = \"ntp.contoso.com\"; };\n"
    "ca = { chain = \"/etc/ucprov/chain.pem\"; http = \"0.0.0.0:80\"; };\n";

static void
test_good(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    struct ucprov_site *site = parse(good_site, &diagnostics);
    assert_non_null(site);
    assert_int_equal(diagnostics.errors, 0);
    assert_int_equal(diagnostics.warnings, 2); /* ntp and only_if_requested without a pool */
    assert_string_equal(diagnostics.items[0]->setting, "vlans[1].ntp");
    assert_int_equal(site->pool_count, 2);
    const struct ucprov_pool *hq = ucprov_site_find_pool(site, "hq");
    assert_string_equal(hq->web_server, "pool01.contoso.com");
    assert_string_equal(hq->scheme, "https");
    assert_int_equal(hq->port, 443);
    assert_string_equal(hq->cert_prov_path, "/CertProv/CertProvisioningService.svc");
    assert_int_equal(hq->addresses.count, 2);
    assert_int_equal(ntohl(hq->addresses.items[1].s_addr), 0x0a01010b);
    const struct ucprov_pool *dr = ucprov_site_find_pool(site, "dr");
    assert_string_equal(dr->web_server, "web02.contoso.com");
    assert_int_equal(dr->port, 8080);

    const struct ucprov_vlan *voice = ucprov_site_find_vlan(site, "hq-voice");
    assert_ptr_equal(voice->pool, hq);
    assert_ptr_equal(voice->backup_pool, dr);
    assert_string_equal(voice->domain, "contoso.com");
    assert_int_equal(voice->search.count, 2);
    assert_string_equal(voice->search.items[1], "emea.contoso.com");
    assert_int_equal(voice->ntp.count, 1);
    assert_string_equal(voice->vendor_classes.items[0], "X");
    assert_false(voice->only_if_requested);
    const struct ucprov_vlan *data = ucprov_site_find_vlan(site, "hq-data");
    assert_int_equal(data->subnets.count, 2);
    assert_int_equal(data->subnets.items[1].address, 0x0a0b0000);
    assert_null(data->pool);
    assert_int_equal(data->voice_vlan_id, 20);
    assert_int_equal(data->voice_vlan_encoding, UCPROV_VLAN_ASCII);
    assert_int_equal(ntohl(data->ntp.items[0].s_addr), 0x0a090001);
    assert_int_equal(data->search.count, 1); /* just the domain */
    assert_true(data->only_if_requested);
    assert_int_equal(site->dns.ttl, 60);
    assert_string_equal(site->dns.ntp_host, "ntp.contoso.com");
    assert_true(site->dns.ucupdates && site->dns.sign_in && site->dns.ntp && site->dns.servers);
    assert_int_equal(site->dns.nameservers.count, 0);
    assert_int_equal(site->dns.sip_domains.lines[0], 13);
    assert_int_equal(site->ca.http.items[0].port, 80);
    assert_null(ucprov_site_find_vlan(site, "nobody"));
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);
}

#define CA(settings) VLAN("") "ca = { chain = \"/c.pem\"; " settings " };\n"

static void
test_ca(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    struct ucprov_site *site = parse(
        VLAN("") "ca = { chain = [ \"/old.pem\", \"/new.pem\" ]; https = \"0.0.0.0:443\";\n"
                 "certificate = \"/s.pem\"; key = \"/s.key\"; legacy_tls = true;\n"
                 "legacy_https = [ \"10.0.0.1:8443\", \"10.0.0.2:8443\" ]; admin = [ ];\n"
                 "max_connections_per_address = 0; workers = 64; request_timeout = 3600; };\n",
        &diagnostics);
    assert_non_null(site);
    assert_int_equal(site->ca.chains.count, 2);
    assert_string_equal(site->ca.chains.items[1], "/new.pem");
    assert_int_equal(site->ca.legacy_https.count, 2);
    assert_int_equal(site->ca.admin.count, 0);
    assert_int_equal(site->ca.workers, 64);
    assert_int_equal(site->ca.limits.max_connections_per_address, 0);
    assert_int_equal(site->ca.limits.max_connections, 10000);
    assert_int_equal(site->ca.limits.request_timeout, 3600);
    assert_string_equal(site->ca.user, "ucprov");
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);

    EXPECT(VLAN("") "ca = { chain = \"/c.pem\"; https = \"0.0.0.0:443\"; };\n",
           "site.conf:5: ca.https: TLS needs \"certificate\" and \"key\"");
    EXPECT(
        VLAN("") "ca = { chain = \"c.pem\"; http = \"0.0.0.0\"; };\n",
        "site.conf:5: ca.chain: \"c.pem\" has to begin with \"/\": a daemon has no folder of its "
        "own",
        "site.conf:5: ca.http: \"0.0.0.0\" is no address and port; write it like 0.0.0.0:80");
    EXPECT(CA("http = [ \"0.0.0.0:80\", \"10.0.0.1:80\" ]; admin = \"10.0.0.1:80\";"),
           "site.conf:5: ca.http: 10.0.0.1:80 is taken by \"http\" already; one of them needs "
           "another port",
           "site.conf:5: ca.admin: 10.0.0.1:80 is taken by \"http\" already; one of them needs "
           "another port");
    EXPECT(CA("http = \"0.0.0.0:80\"; legacy_tls = true;"),
           "site.conf:5: ca.legacy_tls: is true, and there is no \"legacy_https\" listener; give "
           "it an address or port of its own, like 0.0.0.0:8443");
    EXPECT(CA("certificate = \"/s\"; key = \"/k\"; legacy_https = \"0.0.0.0:8443\";"),
           "site.conf:5: ca.legacy_https: offers TLS 1.0, which \"legacy_tls = true\" has to "
           "allow");
    EXPECT(CA(""), "site.conf:5: ca: neither \"http\" nor \"https\": it would listen nowhere");
    EXPECT(CA("http = \"0.0.0.0:80\"; workers = 65; max_body_size = 255; request_timeout = 0;"),
           "site.conf:5: ca.workers: 65 is out of range; 1 to 64 is possible",
           "site.conf:5: ca.max_body_size: 255 is out of range; 256 to 16777216 is possible",
           "site.conf:5: ca.request_timeout: 0 is out of range; 1 to 3600 is possible");
}

static void
test_dns(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    struct ucprov_site *site = parse(
        VLAN("") "dns = { sip_domains = [ \"a.com\",\n \"b.com\" ]; ntp = false; servers = false;\n"
                 "domains = ( { name = \"b.com\"; pool = \"hq\"; },\n"
                 "            { name = \"A.com\"; pool = \"hq\"; } );\n"
                 "hosts = ( { name = \"ns.a.com\"; addresses = \"10.0.0.1\"; } );\n"
                 "nameservers = \"ns.a.com\"; hostmaster = \"root.a.com\"; };",
        &diagnostics);
    assert_non_null(site);
    const struct ucprov_dns *dns = &site->dns;
    assert_true(dns->ucupdates && dns->sign_in && !dns->ntp && !dns->servers);
    assert_int_equal(dns->sip_domains.lines[0], 5);
    assert_int_equal(dns->sip_domains.lines[1], 6);
    assert_int_equal(dns->domains.count, 2); /* in order, without case */
    assert_string_equal(dns->domains.items[0].name, "A.com");
    assert_int_equal(dns->domains.items[0].line, 8);
    assert_ptr_equal(dns->domains.items[1].pool, &site->pools[0]);
    assert_int_equal(dns->hosts.count, 1);
    assert_int_equal(dns->hosts.items[0].addresses.count, 1);
    assert_int_equal(dns->nameservers.count, 1);
    assert_string_equal(dns->hostmaster, "root.a.com");
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);

    EXPECT(
        VLAN("") "dns = { domains = ( { name = \"b.com\"; pool = \"hq\"; },\n"
                 " { name = \"B.com\"; pool = \"dr\"; } ); };",
        "site.conf:6: dns.domains[1].pool: no pool named \"dr\"; it has to stand under \"pools\"",
        "site.conf:6: dns.domains: \"B.com\" is in the list already (line 5)");
    EXPECT(VLAN("") "dns = { hosts = ( 1, { name = \"b.com\"; addresses = [ ]; } ); };",
           "site.conf:5: dns.hosts[0]: has to be a group: { NAME = VALUE; ... }");
}

/* The transcript that people were promised. */
static void
test_all_errors_at_once(void **state)
{
    (void)state;
    EXPECT("# comment\n\n\n\n\npools = {\n"
           "  hq = { sip_server = \"pool01..contoso.com\"; };\n};\n\n\n"
           "vlans = (\n"
           "  { name = \"a\"; pool = \"hg\"; subnet = \"10.20.0.5/16\";\n\n\n"
           "    serch = [ \"contoso.com\" ]; }\n);\n",
           "site.conf:7: pools.hq.sip_server: \"pool01..contoso.com\": empty label between two "
           "dots or before the first",
           "site.conf:12: vlans[0].pool: no pool named \"hg\"; did you mean \"hq\"?",
           "site.conf:12: vlans[0].subnet: \"10.20.0.5/16\" has host bits set; write 10.20.0.0/16",
           "site.conf:15: vlans[0].serch: unknown setting; did you mean \"search\"?");
}

static void
test_unknown(void **state)
{
    (void)state;
    EXPECT("vlan = ( );\n" VLAN(""), "site.conf:1: vlan: unknown setting; did you mean \"vlans\"?");
    EXPECT(VLAN("color = \"red\";"),
           "site.conf:4: vlans[0].color: unknown setting; \"ucprov-checkconf --list-settings\" "
           "shows all");
    EXPECT("defaults = { subnet = \"10.0.0.0/8\"; };\n" VLAN(""),
           "site.conf:1: defaults.subnet: unknown setting; \"ucprov-checkconf --list-settings\" "
           "shows all");
    EXPECT("dns = { tll = 3; };\n" VLAN(""),
           "site.conf:1: dns.tll: unknown setting; did you mean \"ttl\"?");
}

static void
test_types(void **state)
{
    (void)state;
    EXPECT(VLAN("voice_vlan_id = \"20\";"),
           "site.conf:4: vlans[0].voice_vlan_id: is a string; a number without quotes is needed, "
           "1 to 4094");
    EXPECT(VLAN("only_if_requested = 1;"),
           "site.conf:4: vlans[0].only_if_requested: is a number; write true or false");
    EXPECT(VLAN("search = 3;"),
           "site.conf:4: vlans[0].search: is a number; a string in double quotes is needed");
    EXPECT(VLAN("search = { a = 1; };"),
           "site.conf:4: vlans[0].search: is a group in { }; write a list, [ \"...\", \"...\" ]");
    EXPECT("pools = ( );\n",
           "site.conf:1: pools: has to be a group of pools: { NAME = { ... }; "
           "... }",
           "site.conf: warning: no \"vlans\": no phone gets anything from it");
    EXPECT("vlans = { };\n", "site.conf:1: vlans: has to be a list of groups: ( { ... }, { ... } )",
           "site.conf: warning: no \"vlans\": no phone gets anything from it");
    EXPECT("vlans = ( 3 );\n", "site.conf:1: vlans[0]: has to be a group: { NAME = VALUE; ... }");
    EXPECT("pools = { hq = 3; };\n"
           "vlans = ( );",
           "site.conf:1: pools.hq: has to be a group: { NAME = VALUE; ... }",
           "site.conf: warning: no \"vlans\": no phone gets anything from it");
}

static void
test_missing(void **state)
{
    (void)state;
    EXPECT("pools = { hq = { }; };\nvlans = ( { } );\n",
           "site.conf:1: pools.hq: \"sip_server\" is missing: registrar: option 120, and the "
           "target of SRV records",
           "site.conf:2: vlans[0]: \"name\" is missing: how commands and messages call the vlan",
           "site.conf:2: vlans[0]: \"subnet\" is missing: where its clients are; the most specific "
           "one wins");
    EXPECT("vlans = ( { name = \"v\"; subnet = \"10.0.0.0/8\"; } );\n",
           "site.conf:1: vlans[0]: neither \"pool\" nor \"voice_vlan_id\": nothing would be "
           "handed out");
}

static void
test_names(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    static const char *const bad[] = {"pool01",
                                      "10.1.1.1",
                                      "pool01.contoso.com.",
                                      "-a.contoso.com",
                                      "a b.contoso.com",
                                      "p\xc3\xb6l.contoso.com",
                                      ""};
    for (size_t i = 0; i < COUNT(bad); i++) {
        char text[256];
        snprintf(text, sizeof(text), "pools = { hq = { sip_server = \"%s\"; }; };\nvlans = ( );",
                 bad[i]);
        assert_null(parse(text, &diagnostics));
        assert_int_equal(diagnostics.errors, 1);
        assert_string_equal(diagnostics.items[0]->setting, "pools.hq.sip_server");
        ucprov_diagnostics_clear(&diagnostics);
    }
    EXPECT(VLAN("vendor_classes = [ \"cpe-ocphone\" ];"),
           "site.conf:4: vlans[0].vendor_classes[0]: \"cpe-ocphone\" asks for the voice VLAN; it "
           "cannot get the MS-UC-Client set");
}

static void
test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        {VLAN("voice_vlan_id = 0;"), false},   {VLAN("voice_vlan_id = 1;"), true},
        {VLAN("voice_vlan_id = 4094;"), true}, {VLAN("voice_vlan_id = 4095;"), false},
        {VLAN("voice_vlan_id = -1;"), false},  {VLAN("voice_vlan_id = 4294967316;"), false},
        {VLAN("voice_vlan_id = 20L;"), true},  {VLAN("voice_vlan_id = 2.5;"), false},
        {VLAN("voice_vlan_id = 0x14;"), true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct ucprov_diagnostics diagnostics;
        struct ucprov_site *site = parse(cases[i].text, &diagnostics);
        assert_true((site != NULL) == cases[i].good);
        ucprov_site_free(site);
        ucprov_diagnostics_clear(&diagnostics);
    }
}

/* Lists: how many elements, and what is said of them. */
static void
test_lists(void **state)
{
    (void)state;
    EXPECT(
        "vlans = ( { name = \"v\"; subnet = [ ]; voice_vlan_id = 1; } );\n",
        "site.conf:1: vlans[0].subnet: is an empty list; at least one IPv4 subnet is needed: where "
        "its clients are; the most specific one wins");
    EXPECT(VLAN("") "ca = { chain = [ ]; http = \"0.0.0.0:80\"; };\n",
           "site.conf:5: ca.chain: is an empty list; at least one file is needed: PEM: root and "
           "issuing CAs that phones are given");
    char text[8192];
    for (unsigned count = 256; count <= 257; count++) {
        size_t length = (size_t)snprintf(text, sizeof(text), "%s",
                                         "pools = { hq = { sip_server = \"p.contoso.com\";\n"
                                         "addresses = [ \"10.0.0.1\"");
        for (unsigned i = 1; i < count; i++) {
            length += (size_t)snprintf(text + length, sizeof(text) - length, ", \"10.0.%u.%u\"",
                                       1 + i / 200, 1 + i % 200);
        }
        snprintf(text + length, sizeof(text) - length, " ]; }; };\n" VLAN_OF_HQ);
        if (count == 256) {
            expect(text, (const char *const[]){NULL});
        } else {
            EXPECT(text, "site.conf:2: pools.hq.addresses: has 257 IPv4 addresses; at most 256 are "
                         "possible");
        }
    }
}

/* Words that a setting is chosen from. */
static void
test_choices(void **state)
{
    (void)state;
    EXPECT("pools = { hq = { sip_server = \"p.contoso.com\"; scheme = \"ftp\"; }; };\n" VLAN_OF_HQ,
           "site.conf:1: pools.hq.scheme: \"ftp\" is no scheme of this service; write \"https\" or "
           "\"http\"");
    EXPECT(VLAN("voice_vlan_encoding = \"hex\";"),
           "site.conf:4: vlans[0].voice_vlan_encoding: \"hex\" is no encoding; write \"uint16\", "
           "\"ascii\" or \"uint32\"");
}

static void
test_addresses(void **state)
{
    (void)state;
    EXPECT(VLAN("") "defaults = { ntp = [ \"10.1.0.1\", \"10.1.0.1\" ]; };\n",
           "site.conf:5: defaults.ntp[1]: \"10.1.0.1\" is in the list twice");
    EXPECT(VLAN("") "defaults = { ntp = \"ntp.contoso.com\"; };\n",
           "site.conf:5: defaults.ntp: \"ntp.contoso.com\" is not an IPv4 address");
    EXPECT(VLAN("") "defaults = { ntp = \"224.0.1.1\"; };\n",
           "site.conf:5: defaults.ntp: \"224.0.1.1\" is not the address of a host");
}

static void
test_together(void **state)
{
    (void)state;
    EXPECT("vlans = ( { name = \"a\"; subnet = [ \"10.0.0.0/8\", \"10.0.0.0/8\" ]; voice_vlan_id = "
           "1; },\n"
           "{ name = \"a\"; subnet = \"10.20.0.0/16\"; voice_vlan_id = 2; },\n"
           "{ name = \"b\"; subnet = \"10.20.0.0/16\"; voice_vlan_id = 2; } );",
           "site.conf:1: vlans[0].subnet: 10.0.0.0/8 is a subnet of vlan \"a\" (line 1) already",
           "site.conf:2: vlans[1].name: another vlan (line 1) is called \"a\" already",
           "site.conf:3: vlans[2].subnet: 10.20.0.0/16 is a subnet of vlan \"a\" (line 2) already");
    EXPECT(VLAN("backup_pool = \"hq\";"),
           "site.conf:4: vlans[0].backup_pool: is the same pool as \"pool\"");
    EXPECT(VLAN("voice_vlan_in_ms_uc = true;"),
           "site.conf:4: vlans[0].voice_vlan_in_ms_uc: is true, and there is no \"voice_vlan_id\" "
           "to send");
    EXPECT(VLAN("search = [ \"contoso.com\", \"CONTOSO.com\" ];"),
           "site.conf:4: vlans[0].search[1]: \"CONTOSO.com\" is in the list twice");
}

static void
test_warnings(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    struct ucprov_site *site = parse(POOL "vlans = ( { name = \"v\"; subnet = \"10.0.0.0/8\"; "
                                          "pool = \"hq\"; } );",
                                     &diagnostics);
    assert_non_null(site);
    assert_int_equal(diagnostics.errors, 0);
    assert_int_equal(diagnostics.warnings, 2); /* no ntp, no domain */
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);
}

/* Option 43 holds 253 octets: 14 + 7 + 2 + FQDN + 5 + 39 leave 186 for the FQDN. */
static void
check_fqdn_length(size_t length, bool good)
{
    char name[256];
    for (size_t i = 0; i < length; i++) {
        name[i] = i % 50 == 49 && i + 1 < length ? '.' : 'a';
    }
    name[length] = '\0';
    char text[512];
    snprintf(text, sizeof(text),
             "pools = { hq = { sip_server = \"p.contoso.com\"; web_server = \"%s\"; }; };", name);
    struct ucprov_diagnostics diagnostics;
    struct ucprov_site *site = parse(text, &diagnostics);
    assert_true((site != NULL) == good);
    if (!good) {
        assert_non_null(
            strstr(diagnostics.items[0]->finding.text, "option 43 would be longer than 253"));
    }
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);
}

static void
test_option_43_size(void **state)
{
    (void)state;
    check_fqdn_length(185, true);
    check_fqdn_length(186, true);
    check_fqdn_length(187, false);
}

static void
test_option_42_size(void **state)
{
    (void)state;
    for (unsigned count = 62; count <= 64; count++) {
        char text[4096];
        int length = snprintf(text, sizeof(text), "%s",
                              POOL "vlans = ( { name = \"v\"; subnet = \"10.0.0.0/8\"; domain = "
                                   "\"a\"; pool = \"hq\"; ntp = [ \"10.0.0.1\"");
        for (unsigned i = 1; i < count; i++) {
            length += snprintf(text + length, sizeof(text) - (size_t)length, ", \"10.0.1.%u\"", i);
        }
        snprintf(text + length, sizeof(text) - (size_t)length, " ]; } );");
        struct ucprov_diagnostics diagnostics;
        struct ucprov_site *site = parse(text, &diagnostics);
        assert_true((site != NULL) == (count <= 63)); /* 63 * 4 = 252 */
        ucprov_site_free(site);
        ucprov_diagnostics_clear(&diagnostics);
    }
}

#define VLAN_WITH(text)                                                                            \
    "pools = { a = { sip_server = \"pool01.contoso.com\"; }; };\n"                                 \
    "vlans = ( { name = \"v\"; subnet = \"10.0.0.0/8\"; pool = \"a\"; domain = \"contoso.com\";\n" \
    "  ntp = [ ];\n  " text " } );\n"

static void
test_kea_options(void **state)
{
    (void)state;
    struct ucprov_diagnostics diagnostics;
    struct ucprov_site *site = parse("defaults = { kea_options = \"replace\"; };\n" VLAN_WITH(
                                         "kea_options = { ntp = \"keep\"; };"),
                                     &diagnostics);
    assert_non_null(site);
    assert_int_equal(site->vlans[0].kea_options.domain, UCPROV_REPLACE_KEA);
    assert_int_equal(site->vlans[0].kea_options.ntp, UCPROV_KEEP_KEA);
    assert_int_equal(site->vlans[0].kea_options.search, UCPROV_REPLACE_KEA);
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);
    EXPECT(VLAN_WITH("kea_options = \"ours\";"),
           "site.conf:4: vlans[0].kea_options: \"ours\" is no rule; write \"keep\" or \"replace\"");
    EXPECT(VLAN_WITH("kea_options = true;"),
           "site.conf:4: vlans[0].kea_options: is true or false; a string in double quotes is "
           "needed");
    EXPECT(VLAN_WITH("kea_options = { domian = \"keep\"; };"),
           "site.conf:4: vlans[0].kea_options.domian: unknown setting; did you mean \"domain\"?");
}

static void
test_pilot(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *shown; /* NULL: it is none */
    } cases[] = {
        {"00:04:F2:95:31:a2", "00:04:f2:95:31:a2"},
        {"0:4:f2:*", "00:04:f2:*"},
        {"*", "*"},
        {"00:04:f2:95:31:*", "00:04:f2:95:31:*"},
        {"00:04:f2", NULL},
        {"00:04:f2:95:31:a2:*", NULL},
        {"00:04:f2:95:31:a2:00", NULL},
        {"00:04:f2:", NULL},
        {"000:04:*", NULL},
        {"0004f29531a2", NULL},
        {"00-04-f2-*", NULL},
        {"*:00", NULL},
        {"00:*:00", NULL},
        {"00:04:f2:95:31:a2 ", NULL},
        {"00:+4:*", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[512];
        char shown[UCPROV_HARDWARE_TEXT_SIZE];
        struct ucprov_diagnostics diagnostics;
        snprintf(text, sizeof(text), VLAN_WITH("pilot = [ \"%s\" ];"), cases[i].text);
        struct ucprov_site *site = parse(text, &diagnostics);
        assert_int_equal(site == NULL, cases[i].shown == NULL);
        if (site != NULL) {
            assert_string_equal(ucprov_hardware_to_text(&site->vlans[0].pilot.items[0], shown),
                                cases[i].shown);
        }
        ucprov_site_free(site);
        ucprov_diagnostics_clear(&diagnostics);
    }
    EXPECT(
        VLAN_WITH("pilot = [ ];"),
        "site.conf:4: vlans[0].pilot: is an empty list; at least one hardware address is needed: "
        "only clients with these hardware addresses get anything, as 00:04:f2:95:31:a2 or "
        "00:04:f2:*; to try it with a few phones before a whole floor");
}

/* What libconfig itself would let pass. */
static void
test_text(void **state)
{
    (void)state;
    EXPECT("@include \"/etc\"\n",
           "site.conf:1: @include is not supported: a site is one file, so that it is read, "
           "checked and replaced as a whole");
    EXPECT("pools = { hq = { sip_server = \"pool\\x00.contoso.com\"; }; };\n",
           "site.conf:1: \\x00 in a string would cut it off; leave it out");
    EXPECT("# 12345678901\n// @include\n/* 12345678901 */ dns = { ttl = 12345678901; };\n",
           "site.conf:3: a number of 11 digits; no setting takes one so large");
    EXPECT("pools = {\n a = 3 4\n",
           "site.conf:2: syntax error; is a bracket, a quote or a \";\" missing before it?");
    EXPECT("dns = { ttl = 1; };\ndns = { ttl = 2; };\n",
           "site.conf:2: duplicate setting name; is a bracket, a quote or a \";\" missing before "
           "it?");
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, "site.conf");
    assert_null(ucprov_site_parse("site.conf", "dns\0x", 5, &diagnostics));
    assert_int_equal(diagnostics.errors, 1);
    ucprov_diagnostics_clear(&diagnostics);
}

static void
test_files(void **state)
{
    (void)state;
    static const char *const unreadable[] = {"/nonexistent", "/", "/dev/null"};
    for (size_t i = 0; i < COUNT(unreadable); i++) {
        struct ucprov_diagnostics diagnostics;
        ucprov_diagnostics_init(&diagnostics, unreadable[i]);
        assert_null(ucprov_site_load(unreadable[i], &diagnostics));
        assert_true(diagnostics.unreadable);
        assert_int_equal(diagnostics.errors, 1);
        ucprov_diagnostics_clear(&diagnostics);
    }
}

/* FIPS 180-4's own example. */
static void
test_digest(void **state)
{
    (void)state;
    char digest[UCPROV_DIGEST_TEXT_SIZE];
    ucprov_digest(digest, "abc", 3);
    assert_string_equal(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_ca),
        cmocka_unit_test(test_dns),
        cmocka_unit_test(test_all_errors_at_once),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_together),
        cmocka_unit_test(test_warnings),
        cmocka_unit_test(test_option_43_size),
        cmocka_unit_test(test_option_42_size),
        cmocka_unit_test(test_kea_options),
        cmocka_unit_test(test_pilot),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
