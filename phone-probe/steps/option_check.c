/* SPDX-License-Identifier: MPL-2.0 */
/* One table row for one option: what the servers said, whether they agree, and lint's findings as
 * sentences. Rules for single options are lib/option/lint_*.c's. */
#include "steps/option_check.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "steps/option_text.h"

/* The check while it is being put together. */
struct draft {
    const struct option_rule *rule;
    const struct dhcp_exchange *exchange;
    enum ucprov_client client;
    enum ucprov_severity status;
    FILE *summary;
    FILE *detail;
};

static void
worsen(enum ucprov_severity *status, enum ucprov_severity to)
{
    if (to > *status) {
        *status = to;
    }
}

/* Begins a sentence behind another. */
static FILE *
sentence(FILE *detail)
{
    if (ftell(detail) > 0) {
        fputc(' ', detail);
    }
    return detail;
}

static bool
has_option(const struct dhcp_answer *answer, uint8_t code)
{
    struct ucprov_option_view view;

    return dhcp_message_option(&answer->message, code, &view);
}

/* True when an answer before this one has the option just so (or lacks it as well). */
static bool
is_said_before(const struct draft *draft, size_t index)
{
    const struct dhcp_answer *answers = draft->exchange->answers;

    for (size_t i = 0; i < index; i++) {
        if (dhcp_answers_agree(&answers[i], &answers[index], draft->rule->code)) {
            return true;
        }
    }
    return false;
}

static bool
all_agree(const struct draft *draft)
{
    for (size_t i = 1; i < draft->exchange->count; i++) {
        if (!is_said_before(draft, i)) {
            return false;
        }
    }
    return true;
}

/* The servers whose option is as that of the answer at `index`. */
static void
print_agreeing(FILE *out, const struct draft *draft, size_t index)
{
    const struct dhcp_answer *answers = draft->exchange->answers;
    const char *separator = "";

    for (size_t i = index; i < draft->exchange->count; i++) {
        if (!dhcp_answers_agree(&answers[index], &answers[i], draft->rule->code)) {
            continue;
        }
        fprintf(out, "%s%s", separator, address_text(answers[i].message.server));
        separator = ", ";
    }
}

/* Findings begin with a small letter, as clauses behind a label do. */
static void
print_finding(FILE *detail, const struct ucprov_finding *finding)
{
    if (finding->text != NULL && finding->text[0] != '\0') {
        fprintf(sentence(detail), "%c%s", toupper((unsigned char)finding->text[0]),
                finding->text + 1);
    }
    if (finding->remedy != NULL) {
        fputs(finding->remedy, sentence(detail));
    }
}

static void
add_findings(struct draft *draft, const struct ucprov_option_view *option)
{
    struct ucprov_findings findings = {0};

    option_text_lint(&findings, draft->client, option);
    for (size_t i = 0; i < findings.count; i++) {
        worsen(&draft->status, findings.items[i].severity);
        print_finding(draft->detail, &findings.items[i]);
    }
    ucprov_findings_clear(&findings);
}

/* What one answer, and all that agree with it, has to say. */
static void
add_value(struct draft *draft, size_t index, bool name_servers)
{
    const struct dhcp_message *message = &draft->exchange->answers[index].message;
    struct ucprov_option_view option;

    if (name_servers) {
        print_agreeing(draft->summary, draft, index);
        fputs(": ", draft->summary);
    }
    if (!dhcp_message_option(message, draft->rule->code, &option)) {
        fputs("not sent", draft->summary);
        worsen(&draft->status, UCPROV_WARN);
        fputs("Not every server sends it, and which one a phone listens to is luck.",
              sentence(draft->detail));
        return;
    }
    option_text_print(draft->summary, &option);
    if (message->options[option.code].pieces > 1) {
        worsen(&draft->status, UCPROV_WARN);
        fprintf(sentence(draft->detail),
                "Option %u came in %u pieces (RFC 3396), and whether the phones put those together "
                "is not known: keep it within %d octets.",
                option.code, message->options[option.code].pieces, UCPROV_OPTION_MAX);
    }
    add_findings(draft, &option);
}

static void
add_absent(struct draft *draft)
{
    const struct option_rule *rule = draft->rule;
    enum ucprov_severity status = rule->absent;

    if (status == UCPROV_FAIL && rule->alternative != 0 &&
        has_option(&draft->exchange->answers[0], rule->alternative)) {
        status = UCPROV_WARN;
    }
    draft->status = status;
    fputs(rule->absent_summary, draft->summary);
    if (rule->absent_detail != NULL) {
        fputs(rule->absent_detail, draft->detail);
    }
}

static void
fill_in(struct draft *draft)
{
    bool agree = all_agree(draft);

    if (agree && !has_option(&draft->exchange->answers[0], draft->rule->code)) {
        add_absent(draft);
        return;
    }
    for (size_t i = 0; i < draft->exchange->count; i++) {
        if (is_said_before(draft, i)) {
            continue;
        }
        if (i > 0) {
            fputs("; ", draft->summary);
        }
        add_value(draft, i, !agree);
    }
}

void
option_check_add(struct ucprov_findings *checks, const struct dhcp_exchange *exchange,
                 enum ucprov_client client, const struct option_rule *rule)
{
    char *summary = NULL;
    char *detail = NULL;
    size_t summary_size, detail_size;
    struct draft draft = {
        .rule = rule, .exchange = exchange, .client = client, .status = UCPROV_PASS};

    if (exchange->count == 0) {
        check_add(checks, rule->check, UCPROV_SKIP, text_format("no answer to look at"), NULL)
            ->quiet = true;
        return;
    }
    draft.summary = open_memstream(&summary, &summary_size);
    draft.detail = open_memstream(&detail, &detail_size);
    if (draft.summary != NULL && draft.detail != NULL) {
        fill_in(&draft);
    } else {
        draft.status = UCPROV_FAIL; /* not looked at for want of memory: nothing to pass */
    }
    if (draft.summary != NULL) {
        fclose(draft.summary);
    }
    if (draft.detail != NULL) {
        fclose(draft.detail);
    }
    check_add(checks, rule->check, draft.status, summary, detail);
}

char *
option_check_findings_text(const struct ucprov_findings *findings)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (stream == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < findings->count; i++) {
        print_finding(stream, &findings->items[i]);
    }
    fclose(stream);
    return text;
}
