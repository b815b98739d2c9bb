/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-options: the DHCP options that a phone gets, and what octets mean (DHCPUtil's job). */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/printable.h"
#include "base/program.h"
#include "option/explain.h"
#include "option/lint.h"
#include "site/site.h"

#include "options_answer.h"

#define QUOTE_SIZE 80

/* The exit status that findings lead to; they are done with. */
static int
finish_findings(struct ucprov_findings *findings, const struct arguments *arguments)
{
    int status = ucprov_findings_exit_status(findings, arguments->strict);
    ucprov_findings_clear(findings);
    return status;
}

static void
print_hex(uint8_t code, const uint8_t *octets, size_t length)
{
    char text[2 * DECODE_MAX + 1];
    printf("%u %s\n", code, ucprov_hex_encode(text, octets, length));
}

static void
print_answer(const struct answer *answer, const struct arguments *arguments)
{
    json_t *list = json_array();
    for (size_t i = 0; i < answer->count; i++) {
        const struct ucprov_option *option = &answer->options[i];
        if (arguments->format == FORMAT_JSON) {
            json_array_append_new(list, ucprov_explain_json(option->code, arguments->client,
                                                            option->data, option->length));
        } else if (arguments->format == FORMAT_HEX) {
            print_hex(option->code, option->data, option->length);
        } else {
            ucprov_explain_text(stdout, option->code, arguments->client, option->data,
                                option->length);
        }
    }
    if (arguments->format == FORMAT_JSON) {
        ucprov_json_print(PROGRAM,
                          json_pack("{s:s, s:O}", "client", ucprov_client_name(arguments->client),
                                    "options", list));
    }
    json_decref(list);
}

/* Kea sends it whole; but the value may be meant for a router. */
static void
note_cisco_cut(struct ucprov_findings *findings, const struct ucprov_option *option)
{
    if (option->code == UCPROV_OPTION_VENDOR && option->length > UCPROV_CISCO_IOS_CUT) {
        ucprov_finding_note(findings, "vendor.over-90", UCPROV_NOTE, NULL,
                            "option 43 has %u octets: on Cisco IOS, write it with \"option ext 43 "
                            "hex\"; \"option 43 hex\" cuts it at %d.",
                            option->length, UCPROV_CISCO_IOS_CUT);
    }
}

/* What a phone would miss or dislike is said on stderr: it is not what was asked for. */
static int
lint_answer(const struct answer *answer, const struct arguments *arguments)
{
    struct ucprov_findings findings = {.count = 0};
    struct ucprov_option_view views[UCPROV_REPLY_OPTIONS_MAX];
    for (size_t i = 0; i < answer->count; i++) {
        const struct ucprov_option *option = &answer->options[i];
        views[i] = (struct ucprov_option_view){option->code, option->data, option->length};
        note_cisco_cut(&findings, option);
    }
    ucprov_lint_answer(&findings, arguments->client, views, answer->count);
    ucprov_findings_print(&findings, stderr, false);
    return finish_findings(&findings, arguments);
}

static int
show_answer(const struct arguments *arguments)
{
    struct answer answer = {.count = 0};
    int status = arguments->given.mode == MODE_VLAN ? answer_from_site(&answer, arguments)
                                                    : answer_from_arguments(&answer, arguments);
    if (status != UCPROV_EXIT_OK) {
        return status;
    }
    print_answer(&answer, arguments);
    return lint_answer(&answer, arguments);
}

/* An option 43 for a vendor class that is none of the phones' is not ours to judge, which is said,
 * unless it has a form that is known to be somebody else's. */
static void
lint_others_option(struct ucprov_findings *findings, const char *vendor_class,
                   const struct ucprov_option_view *view)
{
    ucprov_lint_answer(findings, UCPROV_CLIENT_OTHER, view, 1);
    if (findings->count == 0 && ucprov_vendor_likeness(view->value, view->length) == NULL) {
        char quote[QUOTE_SIZE];
        ucprov_finding_note(
            findings, "vendor.not-judged", UCPROV_WARN,
            "See that vendor's manual. The phones' classes are MS-UC-Client and "
            "CPE-OCPHONE.",
            "\"%s\" is none of the phones' vendor classes: whether the octets are "
            "right for it is not known.",
            ucprov_escape(quote, sizeof(quote), vendor_class, strlen(vendor_class)));
    }
}

static void
print_decoded(const struct arguments *arguments, const struct ucprov_option_view *view, bool others)
{
    if (arguments->format == FORMAT_HEX) {
        print_hex(view->code, view->value, view->length);
    } else if (others) {
        ucprov_explain_vendor_text(stdout, arguments->vendor, view->value, view->length);
    } else {
        ucprov_explain_text(stdout, view->code, arguments->client, view->value, view->length);
    }
}

/* Without a vendor class, whose option it is has to be guessed. */
static int
decode(struct arguments *arguments)
{
    struct ucprov_findings findings = {.count = 0};
    const struct ucprov_option_view view = {arguments->code, arguments->decode.octets,
                                            arguments->decode.length};
    bool others = arguments->vendor != NULL && arguments->client == UCPROV_CLIENT_OTHER;
    if (arguments->vendor == NULL) {
        arguments->client = UCPROV_CLIENT_OTHER;
    }
    if (others) {
        lint_others_option(&findings, arguments->vendor, &view);
    } else {
        ucprov_lint_option(&findings, view.code, arguments->client, view.value, view.length);
    }
    if (arguments->format == FORMAT_JSON) {
        json_t *object = ucprov_explain_json(view.code, arguments->client, view.value, view.length);
        json_object_set_new(object, "findings", ucprov_findings_json(&findings));
        ucprov_json_print(PROGRAM, object);
    } else {
        print_decoded(arguments, &view, others);
        ucprov_findings_print(&findings, arguments->format == FORMAT_HEX ? stderr : stdout, false);
    }
    return finish_findings(&findings, arguments);
}

int
main(int argc, char **argv)
{
    static struct arguments arguments;
    ucprov_program_begin(argc, argv);
    int status = parse_arguments(argc, argv, &arguments);
    if (status < 0) {
        status = arguments.given.mode == MODE_DECODE ? decode(&arguments) : show_answer(&arguments);
    }
    return ucprov_program_end(PROGRAM, status);
}
