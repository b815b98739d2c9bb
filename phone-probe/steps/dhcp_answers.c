/* SPDX-License-Identifier: MPL-2.0 */
/* The answers themselves, behind the checks: every option explained. */
#include <string.h>

#include "option/explain.h"

#include "steps/dhcp_steps.h"
#include "steps/option_text.h"

/* An exchange, and who asked. */
struct chapter {
    const char *step; /* for programs */
    const struct dhcp_exchange *exchange;
    enum ucprov_client client;
};

enum { CHAPTERS = 3 };

static void
list_chapters(const struct dhcp_steps *steps, struct chapter chapters[CHAPTERS])
{
    const char *class = steps->options.vendor_class;
    enum ucprov_client client =
        class != NULL ? ucprov_client_from_class(class, strlen(class)) : UCPROV_CLIENT_OTHER;

    chapters[0] = (struct chapter){"vlan", &steps->voice_vlan, UCPROV_CLIENT_CPE_OCPHONE};
    chapters[1] = (struct chapter){"dhcp", &steps->discover, client};
    chapters[2] = (struct chapter){"inform", &steps->inform, UCPROV_CLIENT_MS_UC};
}

/* Addresses that lie outside libucprov's options, or octets. */
static void
print_option(FILE *out, enum ucprov_client client, const struct ucprov_option_view *option)
{
    static const struct {
        uint8_t code;
        const char *name;
    } lists[] = {{DHCP_OPTION_SUBNET_MASK, "subnet mask"},
                 {DHCP_OPTION_ROUTERS, "routers"},
                 {DHCP_OPTION_NAME_SERVERS, "name servers"},
                 {DHCP_OPTION_SERVER_ID, "server identifier"}};

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (lists[i].code != option->code) {
            continue;
        }
        fprintf(out, "Option %-4u %-19s ", option->code, lists[i].name);
        option_text_print(out, option);
        fputc('\n', out);
        return;
    }
    ucprov_explain_text(out, option->code, client, option->value, option->length);
}

static void
print_answer(FILE *out, const struct chapter *chapter, const struct dhcp_answer *answer)
{
    struct ucprov_option_view option;

    fprintf(out, "\n%s from %s (%s step, %d ms)", dhcp_message_type_name(answer->message.type),
            address_text(answer->message.server), chapter->step, answer->milliseconds);
    if (answer->message.your.s_addr != INADDR_ANY) {
        fprintf(out, ": %s", address_text(answer->message.your));
    }
    fputc('\n', out);
    for (unsigned code = 1; code < DHCP_OPTION_END; code++) {
        if (dhcp_message_option(&answer->message, (uint8_t)code, &option)) {
            print_option(out, chapter->client, &option);
        }
    }
}

void
dhcp_steps_print_answers(const struct dhcp_steps *steps, FILE *out)
{
    struct chapter chapters[CHAPTERS];

    list_chapters(steps, chapters);
    for (size_t i = 0; i < CHAPTERS; i++) {
        for (size_t j = 0; j < chapters[i].exchange->count; j++) {
            print_answer(out, &chapters[i], &chapters[i].exchange->answers[j]);
        }
    }
}

static json_t *
options_json(const struct chapter *chapter, const struct dhcp_message *message)
{
    struct ucprov_option_view option;
    json_t *list = json_array();

    for (unsigned code = 1; code < DHCP_OPTION_END; code++) {
        if (!dhcp_message_option(message, (uint8_t)code, &option)) {
            continue;
        }
        json_t *explained =
            ucprov_explain_json(option.code, chapter->client, option.value, option.length);
        if (json_array_append_new(list, explained) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *
answer_json(const struct chapter *chapter, const struct dhcp_answer *answer)
{
    const struct dhcp_message *message = &answer->message;

    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:o}", "step", chapter->step, "message",
                     dhcp_message_type_name(message->type), "server", address_text(message->server),
                     "source", address_text(answer->source), "address", address_text(message->your),
                     "milliseconds", answer->milliseconds, "options",
                     options_json(chapter, message));
}

json_t *
dhcp_steps_answers_json(const struct dhcp_steps *steps)
{
    struct chapter chapters[CHAPTERS];
    json_t *list = json_array();

    list_chapters(steps, chapters);
    for (size_t i = 0; i < CHAPTERS; i++) {
        for (size_t j = 0; j < chapters[i].exchange->count; j++) {
            if (json_array_append_new(
                    list, answer_json(&chapters[i], &chapters[i].exchange->answers[j])) != 0) {
                json_decref(list);
                return NULL;
            }
        }
    }
    return list;
}
