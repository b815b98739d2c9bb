/* SPDX-License-Identifier: MPL-2.0 */
/* Counters, their sum, and Prometheus's text of them. */
#include "unit.h"

#include <stdlib.h>

#include "daemon/metrics.h"

static const struct metrics_state none = {0};

/* The text, in a static buffer. */
static const char *
text_of(const struct metrics *metrics, const struct metrics_state *state)
{
    static char text[16384];
    struct evbuffer *out = evbuffer_new();
    assert_non_null(out);
    assert_int_equal(metrics_write(out, metrics, state), 0);
    size_t length = evbuffer_get_length(out);
    assert_in_range(length, 1, sizeof(text) - 1);
    evbuffer_remove(out, text, length);
    text[length] = '\0';
    evbuffer_free(out);
    return text;
}

static void
test_nothing_happened(void **state)
{
    (void)state;
    static struct metrics metrics;
    const char *text = text_of(&metrics, &none);
    assert_non_null(strstr(text, "\nucprov_requests_total{kind=\"chain\",status=\"200\"} 0\n"));
    assert_null(strstr(text, "kind=\"page\""));
    assert_non_null(strstr(text, "\nucprov_connections 0\n"));
    assert_non_null(strstr(text, "\nucprov_tls_handshakes_total{version=\"1.0\"} 0\n"));
}

/* Each under its own name, which dashboards know. */
static void
test_failures(void **state)
{
    (void)state;
    static const char *const names[FAILURES] = {
        [FAILURE_TLS_VERSION] = "tls_version",
        [FAILURE_TLS_CIPHER] = "tls_cipher",
        [FAILURE_TLS_ALERT] = "tls_alert",
        [FAILURE_TLS_CLOSED] = "tls_closed",
        [FAILURE_TLS_OTHER] = "tls_other",
        [FAILURE_HANDSHAKE_TIMEOUT] = "handshake_timeout",
        [FAILURE_REQUEST_TIMEOUT] = "request_timeout",
        [FAILURE_CONNECTIONS] = "max_connections",
        [FAILURE_PER_ADDRESS] = "max_connections_per_address",
        [FAILURE_RATE] = "max_requests_per_second",
    };
    static struct metrics metrics;
    for (enum failure failure = 0; failure < FAILURES; failure++) {
        metrics_add(&metrics.failures[failure], 100 + failure);
    }
    const char *text = text_of(&metrics, &none);
    for (enum failure failure = 0; failure < FAILURES; failure++) {
        char line[128];
        print_to(line, sizeof(line), "\nucprov_failures_total{reason=\"%s\"} %d\n", names[failure],
                 100 + (int)failure);
        assert_non_null(strstr(text, line));
    }
}

static void
test_values(void **state)
{
    (void)state;
    static struct metrics metrics;
    const struct metrics_state of_daemon = {.chain_expires = 1893456000,
                                            .loaded = 1767225600,
                                            .reloads = 3,
                                            .reloads_refused = 4,
                                            .visitors = 5};
    memset(&metrics, 0, sizeof(metrics));
    metrics_add(&metrics.requests[REQUEST_DOWNLOAD][STATUS_304], 7);
    metrics_add(&metrics.handshakes[TLS_1_0], 8);
    metrics_add(&metrics.failures[FAILURE_RATE], UINT64_MAX);
    metrics_add(&metrics.connections, 10);
    metrics_add(&metrics.open, 1);
    const char *text = text_of(&metrics, &of_daemon);
    const char *const lines[] = {
        "\nucprov_requests_total{kind=\"download\",status=\"304\"} 7\n",
        "\nucprov_tls_handshakes_total{version=\"1.0\"} 8\n",
        "\nucprov_failures_total{reason=\"max_requests_per_second\"} 18446744073709551615\n",
        "\nucprov_connections_total 10\n",
        "\nucprov_connections 1\n",
        "\nucprov_clients_total 5\n",
        "\nucprov_reloads_total 3\n",
        "\nucprov_reloads_refused_total 4\n",
        "\nucprov_loaded_timestamp_seconds 1767225600\n",
        "\nucprov_chain_expiry_timestamp_seconds 1893456000\n",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        assert_non_null(strstr(text, lines[i]));
    }
}

/* Prometheus's text format, 0.0.4: each family has its HELP and TYPE once, before its samples. */
static void
test_every_line_is_of_a_family(void **state)
{
    (void)state;
    static struct metrics metrics;
    char family[64] = "", seen[2048] = "";
    char *copy = strdup(text_of(&metrics, &none)), *rest = copy, *line;
    assert_non_null(copy);
    assert_int_equal(copy[strlen(copy) - 1], '\n');
    copy[strlen(copy) - 1] = '\0';
    while ((line = strsep(&rest, "\n")) != NULL) {
        char name[64], type[16];
        if (sscanf(line, "# HELP %63s ", name) == 1) {
            assert_null(strstr(seen, name[0] != '\0' ? strcat(name, " ") : name));
            strcat(seen, name);
        } else if (sscanf(line, "# TYPE %63s %15s", family, type) == 2) {
            assert_true(strcmp(type, "counter") == 0 || strcmp(type, "gauge") == 0);
            assert_int_equal(strcmp(type, "counter") == 0, strstr(family, "_total") != NULL);
        } else {
            size_t length = strlen(family);
            assert_int_equal(strncmp(line, family, length), 0);
            assert_true(line[length] == ' ' || line[length] == '{');
        }
    }
    free(copy);
}

/* Every counter, wherever it is in the structure. */
static void
test_sum(void **state)
{
    (void)state;
    static struct metrics one, other, sum;
    _Atomic uint64_t *first = (_Atomic uint64_t *)(void *)&one;
    _Atomic uint64_t *second = (_Atomic uint64_t *)(void *)&other;
    _Atomic uint64_t *result = (_Atomic uint64_t *)(void *)&sum;
    for (size_t i = 0; i < METRICS_COUNTERS; i++) {
        metrics_add(&first[i], i + 1);
        metrics_add(&second[i], 1000 * (i + 1));
    }
    metrics_sum(&sum, &one);
    metrics_sum(&sum, &other);
    for (size_t i = 0; i < METRICS_COUNTERS; i++) {
        assert_int_equal(result[i], 1001 * (i + 1));
        assert_int_equal(first[i], i + 1);
    }
    assert_int_equal(sum.open, 1001 * METRICS_COUNTERS);
}

/* A connection may end on another worker's books only in the sum. */
static void
test_gauge_goes_down(void **state)
{
    (void)state;
    static struct metrics metrics;
    metrics_add(&metrics.open, 1);
    metrics_add(&metrics.open, (uint64_t)-1);
    assert_int_equal(metrics.open, 0);
}

static void
test_statuses(void **state)
{
    (void)state;
    const struct {
        int http;
        enum request_status status;
    } all[] = {{200, STATUS_200}, {304, STATUS_304}, {404, STATUS_404}, {405, STATUS_405},
               {429, STATUS_429}, {500, STATUS_500}, {503, STATUS_503}, {418, STATUS_500}};
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_int_equal(request_status_of(all[i].http), all[i].status);
    }
    for (enum request_kind kind = 0; kind < REQUEST_KINDS; kind++) {
        assert_non_null(request_kind_name(kind));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_happened),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_every_line_is_of_a_family),
        cmocka_unit_test(test_sum),
        cmocka_unit_test(test_gauge_goes_down),
        cmocka_unit_test(test_statuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
