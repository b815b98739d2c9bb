/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-options: the DHCP options that a phone gets, and what octets mean (DHCPUtil's job). */
#include <jansson.h>
#include <stdio.h>

#include "base/hex.h"
#include "base/program.h"
#include "option/explain.h"
#include "option/lint.h"
#include "site/site.h"

#include "options_answer.h"

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

/* What a phone would miss or dislike is said on stderr: it is not what was asked for. */
static int
lint_answer(const struct answer *answer, const struct arguments *arguments)
{
    struct ucprov_findings findings = {.count = 0};
    struct ucprov_option_view views[UCPROV_REPLY_OPTIONS_MAX];
    for (size_t i = 0; i < answer->count; i++) {
        const struct ucprov_option *option = &answer->options[i];
        views[i] = (struct ucprov_option_view){option->code, option->data, option->length};
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

/* With a vendor class that is none of the phones', the option is nothing of ours unless it says so;
 * without any, whose it is has to be guessed. */
static int
decode(const struct arguments *arguments)
{
    struct ucprov_findings findings = {.count = 0};
    const struct ucprov_option_view view = {arguments->code, arguments->decode.octets,
                                            arguments->decode.length};
    enum ucprov_client client = arguments->vendor != NULL ? arguments->client : UCPROV_CLIENT_OTHER;
    if (arguments->vendor != NULL && client == UCPROV_CLIENT_OTHER) {
        ucprov_lint_answer(&findings, client, &view, 1);
    } else {
        ucprov_lint_option(&findings, view.code, client, view.value, view.length);
    }
    if (arguments->format == FORMAT_JSON) {
        json_t *object = ucprov_explain_json(view.code, client, view.value, view.length);
        json_object_set_new(object, "findings", ucprov_findings_json(&findings));
        ucprov_json_print(PROGRAM, object);
    } else if (arguments->format == FORMAT_HEX) {
        print_hex(view.code, view.value, view.length);
        ucprov_findings_print(&findings, stderr, false);
    } else {
        ucprov_explain_text(stdout, view.code, client, view.value, view.length);
        ucprov_findings_print(&findings, stdout, false);
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
