/* SPDX-License-Identifier: MPL-2.0 */
/* Octets that other people's tools made (tests/vectors), in both directions. */
#include "unit.h"

#include <jansson.h>

#include "base/error.h"
#include "option/explain.h"

#define VECTORS "tests/vectors/vectors.json" /* from the repository's root, where run goes */

/* What lint has to call each of the faults. Their prose is for people. */
static const struct fault {
    const char *vector;
    const char *id;
    const char *says;
} faults[] = {
    {"ios-truncated-43", "vendor.cut-90", "sub-option 5 says 37 octets and has 34"},
    {"powershell-ascii-120", "sip.ascii",
     "first octet is 0x70, not an RFC 3361 encoding: a bare ASCII name"},
    {"dnsmasq-trailing-end-43", "vendor.end-octet", "octet 255 after the last sub-option"},
};

static json_t *vectors;

static int
load_vectors(void **state)
{
    (void)state;
    json_error_t error;
    vectors = json_load_file(VECTORS, 0, &error);
    if (vectors == NULL) {
        print_error("%s: %s\n", VECTORS, error.text);
    }
    return vectors == NULL ? -1 : 0;
}

static int
free_vectors(void **state)
{
    (void)state;
    json_decref(vectors);
    return 0;
}

static const char *
text_of(const json_t *vector, const char *key)
{
    return json_string_value(json_object_get(vector, key));
}

static uint8_t
code_of(const json_t *vector)
{
    return (uint8_t)json_integer_value(json_object_get(vector, "option"));
}

static enum ucprov_client
client_of(const json_t *vector)
{
    const char *vendor = text_of(vector, "vendor");
    return vendor == NULL ? UCPROV_CLIENT_OTHER : ucprov_client_from_class(vendor, strlen(vendor));
}

/* The vector's octets. */
static size_t
octets_of(const json_t *vector, uint8_t octets[UCPROV_OPTION_WIRE_MAX])
{
    const char *hex = text_of(vector, "hex");
    size_t length = strlen(hex) / 2;
    assert_in_range(length, 1, UCPROV_OPTION_WIRE_MAX);
    for (size_t i = 0; i < length; i++) {
        unsigned octet;
        assert_int_equal(sscanf(hex + 2 * i, "%2x", &octet), 1);
        octets[i] = (uint8_t)octet;
    }
    return length;
}

static int
encode_cert_prov(struct ucprov_option *option, const json_t *means)
{
    struct ucprov_ms_uc_options service = {.port = 0};
    print_to(service.scheme, sizeof(service.scheme), "%s", text_of(means, "scheme"));
    print_to(service.web_server, sizeof(service.web_server), "%s", text_of(means, "web_server"));
    print_to(service.cert_prov_path, sizeof(service.cert_prov_path), "%s",
             text_of(means, "cert_prov_path"));
    service.port = (uint16_t)json_integer_value(json_object_get(means, "port"));
    return ucprov_cert_prov_encode(option, &service);
}

static int
encode_search(struct ucprov_option *option, const json_t *means)
{
    const char *domains[16];
    size_t index;
    json_t *domain;
    json_t *list = json_object_get(means, "search");
    assert_in_range(json_array_size(list), 1, 16);
    json_array_foreach(list, index, domain)
    {
        domains[index] = json_string_value(domain);
    }
    return ucprov_domain_search_encode(option, domains, json_array_size(list));
}

static int
encode(struct ucprov_option *option, uint8_t code, const json_t *means)
{
    switch (code) {
    case UCPROV_OPTION_VENDOR:
        return encode_cert_prov(option, means);
    case UCPROV_OPTION_DOMAIN_SEARCH:
        return encode_search(option, means);
    case UCPROV_OPTION_SIP_SERVERS:
        return ucprov_sip_server_encode(option, text_of(means, "sip_server"));
    default:
        fail_msg("no encoder for option %u", code);
        return UCPROV_ERANGE;
    }
}

static void
meanings_become_octets(void **state)
{
    (void)state;
    size_t index, tried = 0;
    json_t *vector;
    json_array_foreach(vectors, index, vector)
    {
        struct ucprov_option option;
        uint8_t octets[UCPROV_OPTION_WIRE_MAX];
        const json_t *means = json_object_get(vector, "means");
        if (means == NULL) {
            continue;
        }
        print_message("    %s\n", text_of(vector, "name"));
        assert_int_equal(encode(&option, code_of(vector), means), UCPROV_OK);
        size_t length = octets_of(vector, octets);
        assert_int_equal(option.code, code_of(vector));
        assert_int_equal(option.length, length);
        assert_memory_equal(option.data, octets, length);
        tried++;
    }
    assert_int_equal(tried, 5);
}

static void
octets_become_meanings(void **state)
{
    (void)state;
    size_t index, tried = 0;
    json_t *vector;
    json_array_foreach(vectors, index, vector)
    {
        uint8_t octets[UCPROV_OPTION_WIRE_MAX];
        size_t length = octets_of(vector, octets);
        const json_t *means = json_object_get(vector, "means");
        if (means == NULL) {
            continue;
        }
        print_message("    %s\n", text_of(vector, "name"));
        json_t *explained = ucprov_explain_json(code_of(vector), client_of(vector), octets, length);
        assert_true(json_equal(json_object_get(explained, "means"), means));
        assert_string_equal(text_of(explained, "hex"), text_of(vector, "hex"));
        assert_int_equal(json_array_size(json_object_get(explained, "findings")), 0);
        json_decref(explained);
        tried++;
    }
    assert_int_equal(tried, 5);
}

static void
check_fault(const struct fault *fault, const json_t *vector)
{
    struct ucprov_findings findings = {.count = 0};
    uint8_t octets[UCPROV_OPTION_WIRE_MAX];
    size_t length = octets_of(vector, octets);
    ucprov_lint_option(&findings, code_of(vector), client_of(vector), octets, length);
    assert_int_equal(findings.count, 1);
    print_message("    %s: %s\n", fault->vector, findings.items[0].text);
    assert_string_equal(findings.items[0].id, fault->id);
    assert_int_equal(findings.items[0].severity, UCPROV_FAIL);
    assert_true(strstr(findings.items[0].text, fault->says) != NULL ||
                strstr(findings.items[0].remedy, fault->says) != NULL);
    ucprov_findings_clear(&findings);
}

static void
faults_are_found(void **state)
{
    (void)state;
    size_t index, tried = 0;
    json_t *vector;
    json_array_foreach(vectors, index, vector)
    {
        for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
            if (strcmp(text_of(vector, "name"), faults[i].vector) == 0) {
                assert_non_null(text_of(vector, "fault"));
                check_fault(&faults[i], vector);
                tried++;
            }
        }
    }
    assert_int_equal(tried, sizeof(faults) / sizeof(faults[0]));
    /* Each vector has one or the other. */
    assert_int_equal(json_array_size(vectors), tried + 5);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(meanings_become_octets),
        cmocka_unit_test(octets_become_meanings),
        cmocka_unit_test(faults_are_found),
    };
    return cmocka_run_group_tests_name("vectors", tests, load_vectors, free_vectors);
}
