/* SPDX-License-Identifier: MPL-2.0 */
/* The same report in three forms. A skipped check is shown as skipped in each of them; none turns
 * it into a pass, nor a run with one. */
#include "probe_output.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/program.h"
#include "base/wrap.h"

#include "dhcp/dhcp_transport.h"
#include "verdict.h"

static void
print_title(const struct probe *probe)
{
    const struct probe_arguments *arguments = probe->arguments;
    char hardware[HARDWARE_TEXT_SIZE];

    if (probe->dhcp == NULL) {
        puts("As a Lync phone that knows what the command line says");
        return;
    }
    const struct dhcp_transport *transport = probe->dhcp->transport;
    hardware_text(hardware, transport->hardware);
    if (arguments->interface != NULL) {
        printf("As a Lync phone on %s (%s)\n", arguments->interface, hardware);
        return;
    }
    printf("As a Lync phone (%s) behind relay agent %s,\nasking %s port %u\n", hardware,
           address_text(transport->relay), address_text(arguments->server.server.sin_addr),
           ntohs(arguments->server.server.sin_port));
}

static void
print_verdict(const struct probe *probe)
{
    char *verdict = verdict_text(&probe->checks, &probe->course);
    char *command = verdict_command(&probe->course);

    ucprov_wrap(stdout, "", verdict != NULL ? verdict : "(out of memory)");
    if (command != NULL) {
        printf("  %s\n", command); /* whole: it is to be copied */
    }
    free(verdict);
    free(command);
}

int
probe_print_text(const struct probe *probe)
{
    bool elsewhere = probe->course.voice_vlan != 0; /* then what is here matters little */

    if (elsewhere) {
        print_verdict(probe);
        putchar('\n');
    }
    print_title(probe);
    ucprov_findings_print(&probe->checks, stdout, probe->arguments->verbose);
    if (!elsewhere) {
        print_verdict(probe);
    }
    if (probe->arguments->verbose && probe->dhcp != NULL) {
        dhcp_steps_print_answers(probe->dhcp, stdout);
    }
    return 0;
}

static json_t *
target_json(const struct probe *probe)
{
    const struct probe_arguments *arguments = probe->arguments;
    char hardware[HARDWARE_TEXT_SIZE];

    if (probe->dhcp == NULL) {
        return json_object();
    }
    const struct dhcp_transport *transport = probe->dhcp->transport;
    hardware_text(hardware, transport->hardware);
    if (arguments->interface != NULL) {
        return json_pack("{s:s, s:s}", "interface", arguments->interface, "mac", hardware);
    }
    return json_pack(
        "{s:s, s:i, s:s, s:s*, s:s}", "server", address_text(arguments->server.server.sin_addr),
        "port", ntohs(arguments->server.server.sin_port), "relay", address_text(transport->relay),
        "link", transport->link.s_addr != INADDR_ANY ? address_text(transport->link) : NULL, "mac",
        hardware);
}

static json_t *
steps_json(const struct probe *probe)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < STEP_COUNT; i++) {
        if ((probe->course.taken & STEPS_OF(i)) != 0) {
            json_array_append_new(
                list, json_pack("{s:s, s:f}", "step", step_name(i), "seconds", probe->seconds[i]));
        }
    }
    return list;
}

int
probe_print_json(const struct probe *probe)
{
    const struct ucprov_findings *checks = &probe->checks;
    json_t *certificates = probe->phone->learned.certificates;
    char *verdict = verdict_text(checks, &probe->course);
    char *command = verdict_command(&probe->course);
    json_t *document =
        json_pack("{s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:s, s:s*, s:o*}",
                  "program", PROGRAM, "version", UCPROV_VERSION, "target", target_json(probe),
                  "status", ucprov_severity_name(verdict_severity(checks, &probe->course)),
                  "checks", ucprov_findings_json(checks), "answers",
                  probe->dhcp != NULL ? dhcp_steps_answers_json(probe->dhcp) : json_array(),
                  "steps", steps_json(probe), "learned", phone_json(probe->phone), "certificates",
                  certificates != NULL ? json_incref(certificates) : json_object(), "not_looked_at",
                  verdict_gaps_json(checks, &probe->course), "interrupted",
                  probe->course.interrupted, "verdict", verdict, "command", command, "voice_vlan",
                  probe->course.voice_vlan != 0 ? json_integer(probe->course.voice_vlan) : NULL);
    free(verdict);
    free(command);
    return ucprov_json_print(PROGRAM, document) ? 0 : -1;
}

/* A bar begins the performance data, and a line break ends the line, so neither may be in it. */
static void
print_plugin_text(const char *text)
{
    for (; *text != '\0'; text++) {
        putchar(*text == '|' || *text == '\n' ? '/' : *text);
    }
}

int
probe_nagios_status(const struct probe *probe)
{
    switch (verdict_severity(&probe->checks, &probe->course)) {
    case UCPROV_FAIL:
        return 2;
    case UCPROV_WARN:
        return 1;
    case UCPROV_SKIP:
        return NAGIOS_UNKNOWN;
    default:
        return 0;
    }
}

int
probe_print_nagios(const struct probe *probe)
{
    static const char *const words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    const struct ucprov_findings *checks = &probe->checks;
    enum ucprov_severity severity = verdict_severity(checks, &probe->course);
    char *verdict = verdict_text(checks, &probe->course);
    /* What somebody has to look at; NULL: all is well. */
    const struct ucprov_finding *worst = severity >= UCPROV_WARN && probe->course.voice_vlan == 0
                                             ? ucprov_findings_first(checks, severity)
                                             : NULL;

    printf("UCPROV %s - ", words[probe_nagios_status(probe)]);
    if (worst != NULL) {
        printf("%s: ", worst->id);
    }
    const char *text = worst != NULL ? worst->text : verdict;
    print_plugin_text(text != NULL ? text : "out of memory");
    free(verdict);
    fputs(" |", stdout);
    for (unsigned i = 0; i < STEP_COUNT; i++) {
        if ((probe->course.taken & STEPS_OF(i)) != 0) {
            printf(" %s=%.3fs;;;", step_name(i), probe->seconds[i]);
        }
    }
    if (probe->phone->learned.time_known) {
        printf(" offset=%.3fs;;;", probe->phone->learned.clock_offset);
    }
    putchar('\n');
    return 0;
}

int
probe_exit_status(const struct probe *probe)
{
    int status = ucprov_findings_exit_status(&probe->checks, probe->arguments->strict);
    bool known = verdict_severity(&probe->checks, &probe->course) != UCPROV_SKIP;
    return status != UCPROV_EXIT_OK || known ? status : UCPROV_EXIT_ERROR;
}
