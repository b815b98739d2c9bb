/* SPDX-License-Identifier: MPL-2.0 */
/* Collects what a client would get, from arguments or from a vlan of the site file, through the
 * same encoders and policy as the hook: the two cannot differ. */
#include "options_answer.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/printable.h"
#include "option/lint.h"
#include "site/site.h"

#define QUOTE_SIZE 80

/* Keeps an option that has been encoded, or says why it could not be. */
static bool
keep(struct answer *answer, int error)
{
    const struct ucprov_option *option = &answer->options[answer->count];
    if (error != UCPROV_OK) {
        complain("option %u (%s): %s", option->code, ucprov_option_name(option->code),
                 ucprov_strerror(error));
        return false;
    }
    answer->count++;
    return true;
}

static bool
keep_vendor(struct answer *answer, const struct arguments *arguments)
{
    struct ucprov_option *option = &answer->options[answer->count];
    struct ucprov_ms_uc_options service = {
        .scheme = UCPROV_CERT_PROV_SCHEME,
        .port = arguments->port,
        .cert_prov_path = UCPROV_CERT_PROV_PATH,
    };
    if (arguments->client == UCPROV_CLIENT_MS_UC) {
        const char *server = arguments->web_server;
        snprintf(service.web_server, sizeof(service.web_server), "%s",
                 server == NULL ? arguments->sip_server : server);
        return keep(answer, ucprov_cert_prov_encode(option, &service));
    }
    if (arguments->client == UCPROV_CLIENT_CPE_OCPHONE && arguments->voice_vlan_id != 0) {
        return keep(answer,
                    ucprov_voice_vlan_encode(option, arguments->voice_vlan_id, UCPROV_VLAN_UINT16));
    }
    return true;
}

int
answer_from_arguments(struct answer *answer, const struct arguments *arguments)
{
    struct ucprov_option *options = answer->options;
    size_t domains = arguments->domain_count;
    if (arguments->voice_vlan_id != 0 && arguments->client != UCPROV_CLIENT_CPE_OCPHONE) {
        complain("--voice-vlan: is for --client cpe-ocphone alone, and not in this answer");
    }
    bool fine =
        (domains == 0 ||
         keep(answer, ucprov_domain_name_encode(&options[answer->count], arguments->domains[0]))) &&
        (arguments->ntp_count == 0 ||
         keep(answer, ucprov_ntp_servers_encode(&options[answer->count], arguments->ntp,
                                                arguments->ntp_count))) &&
        keep_vendor(answer, arguments) &&
        (domains == 0 || keep(answer, ucprov_domain_search_encode(&options[answer->count],
                                                                  arguments->domains, domains))) &&
        (arguments->client != UCPROV_CLIENT_MS_UC ||
         keep(answer, ucprov_sip_server_encode(&options[answer->count], arguments->sip_server)));
    return fine ? UCPROV_EXIT_OK : UCPROV_EXIT_FINDING;
}

static void
complain_of_vlan(const struct ucprov_site *site, const char *name)
{
    char quote[QUOTE_SIZE];
    char first[QUOTE_SIZE + UCPROV_SUGGESTION_SIZE];
    struct ucprov_suggestion near;
    if (site->vlan_count == 0) {
        snprintf(first, sizeof(first), "; it has none");
    } else {
        snprintf(first, sizeof(first), "; it has %zu, the first is \"%s\"", site->vlan_count,
                 site->vlans[0].name);
    }
    complain(
        "--vlan: no vlan named \"%s\" in %s%s",
        ucprov_escape(quote, sizeof(quote), name, strlen(name)), site->file,
        ucprov_suggest(&near, name, UCPROV_WORDS_IN(site->vlans, site->vlan_count, name), first));
}

/* In a vlan without a pool no phone lives, and only VLAN discovery is answered. */
static void
complain_of_nothing(const struct ucprov_policy_vlan *vlan, enum ucprov_client client)
{
    const char *other = client == UCPROV_CLIENT_CPE_OCPHONE ? "ms-uc" : "cpe-ocphone";
    complain("--vlan: \"%s\" has %s, and nothing for a client \"%s\"; try --client %s", vlan->name,
             vlan->pool == NULL ? "no pool" : "no voice_vlan_id", ucprov_client_name(client),
             other);
}

/* What the client gets that asks for all that is meant for it: a phone asks for 43 and 120 as
 * MS-UC-Client alone. */
static void
take_grants(struct answer *answer, const struct ucprov_policy_vlan *vlan, enum ucprov_client client)
{
    static const uint8_t parameters[] = {UCPROV_OPTION_DOMAIN_NAME, UCPROV_OPTION_NTP_SERVERS,
                                         UCPROV_OPTION_VENDOR, UCPROV_OPTION_DOMAIN_SEARCH,
                                         UCPROV_OPTION_SIP_SERVERS};
    struct ucprov_reply_option grants[UCPROV_REPLY_OPTIONS_MAX];
    size_t asked = sizeof(parameters) - (client == UCPROV_CLIENT_MS_UC ? 0 : 1);
    answer->count = ucprov_policy_options_for(vlan, client, parameters, asked, grants);
    for (size_t i = 0; i < answer->count; i++) {
        struct ucprov_option *option = &answer->options[i];
        option->code = grants[i].option->code;
        option->length = grants[i].option->length;
        memcpy(option->data, grants[i].option->data, option->length);
    }
}

static int
answer_from_policy(struct answer *answer, const struct arguments *arguments,
                   const struct ucprov_site *site, struct ucprov_diagnostics *diagnostics)
{
    struct ucprov_policy *policy = ucprov_policy_new(site, NULL, 0, diagnostics);
    if (policy == NULL) {
        return UCPROV_EXIT_FINDING;
    }
    const struct ucprov_policy_vlan *vlan = ucprov_policy_find_vlan(policy, arguments->vlan);
    if (vlan == NULL) {
        complain_of_vlan(site, arguments->vlan);
    } else {
        take_grants(answer, vlan, arguments->client);
        if (answer->count == 0) {
            complain_of_nothing(vlan, arguments->client);
        }
    }
    ucprov_policy_free(policy);
    if (vlan == NULL) {
        return UCPROV_EXIT_ERROR;
    }
    return answer->count == 0 ? UCPROV_EXIT_FINDING : UCPROV_EXIT_OK;
}

int
answer_from_site(struct answer *answer, const struct arguments *arguments)
{
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, arguments->file);
    struct ucprov_site *site = ucprov_site_load(arguments->file, &diagnostics);
    int status = diagnostics.unreadable ? UCPROV_EXIT_ERROR : UCPROV_EXIT_FINDING;
    if (site != NULL) {
        status = answer_from_policy(answer, arguments, site, &diagnostics);
    }
    ucprov_diagnostics_print(&diagnostics, stderr);
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);
    return status;
}
