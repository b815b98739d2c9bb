/* SPDX-License-Identifier: MPL-2.0 */
/* Compares what Kea sends by its own configuration with what the site has for the same clients. One
 * entry of Kea's configuration is one text, however many vlans it concerns. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/printable.h"
#include "site/site_domains.h"

#include "kea_own_options.h"
#include "kea_own_options_internal.h"

/* Where one of Kea's values differs. */
struct difference {
    const struct kea_own_option *option;
    const struct ucprov_vlan *vlan; /* the first; NULL: it does not */
    const struct ucprov_vlan *last;
    size_t vlans;
    bool some; /* only some clients of it get Kea's */
};

struct comparison {
    const struct kea_own_options *options;
    const struct ucprov_site *site;
    const struct ucprov_policy *policy;
    struct difference *differences; /* by the index of Kea's option */
    struct domains domains;         /* that records are made for */
};

/* Values */

static const struct ucprov_octets *
octets_of(const struct ucprov_vlan *vlan, uint8_t code)
{
    switch (code) {
    case UCPROV_OPTION_NTP_SERVERS:
        return &vlan->ntp_option;
    case UCPROV_OPTION_DOMAIN_SEARCH:
        return &vlan->search_option;
    default:
        return &vlan->domain_option;
    }
}

static enum ucprov_precedence
precedence_of(const struct ucprov_vlan *vlan, uint8_t code)
{
    switch (code) {
    case UCPROV_OPTION_NTP_SERVERS:
        return vlan->kea_options.ntp;
    case UCPROV_OPTION_DOMAIN_SEARCH:
        return vlan->kea_options.search;
    default:
        return vlan->kea_options.domain;
    }
}

/* The names in a value of 15 or 119; none in one of 42, or that is not understood. */
static void
names_in(struct ucprov_domain_search *names, uint8_t code, const struct ucprov_octets *octets)
{
    char text[UCPROV_OPTION_WIRE_MAX + 1];
    names->count = 0;
    if (octets->data == NULL) {
        return;
    }
    if (code == UCPROV_OPTION_DOMAIN_SEARCH) {
        ucprov_domain_search_decode(names, octets->data, octets->length);
    } else if (code == UCPROV_OPTION_DOMAIN_NAME &&
               ucprov_domain_name_decode(text, octets->data, octets->length) == UCPROV_OK) {
        names->count = ucprov_name_from_text(&names->names[0], text) == UCPROV_OK;
    }
}

static bool
are_same_names(uint8_t code, const struct ucprov_octets *a, const struct ucprov_octets *b)
{
    struct ucprov_domain_search left;
    struct ucprov_domain_search right;
    names_in(&left, code, a);
    names_in(&right, code, b);
    bool same = left.count == right.count && left.count > 0;
    for (size_t i = 0; i < left.count && same; i++) {
        same = ucprov_name_equal(&left.names[i], &right.names[i]);
    }
    return same;
}

static bool
are_same(uint8_t code, const struct ucprov_octets *a, const struct ucprov_octets *b)
{
    return (a->length == b->length && a->data != NULL &&
            memcmp(a->data, b->data, a->length) == 0) ||
           are_same_names(code, a, b);
}

/* Clients of a vlan may get this value of Kea's. */
static void
compare_with_vlan(struct comparison *comparison, const struct kea_own_option *option,
                  const struct ucprov_vlan *vlan, bool some)
{
    struct difference *difference = &comparison->differences[option->index];
    const struct ucprov_octets *ours = octets_of(vlan, option->code);
    if (vlan->pool == NULL || ours->data == NULL || option->never || difference->last == vlan ||
        precedence_of(vlan, option->code) == UCPROV_REPLACE_KEA ||
        are_same(option->code, &option->octets, ours)) {
        return;
    }
    if (difference->vlan == NULL) {
        *difference = (struct difference){.option = option, .vlan = vlan, .some = some};
    }
    difference->last = vlan;
    difference->vlans++;
}

/* Places */

static void
compare_sent(struct comparison *comparison, const struct kea_sent_options *sent,
             const struct ucprov_vlan *vlan)
{
    for (size_t i = 0; i < UCPROV_PROMPTS_MAX; i++) {
        if (sent->items[i] != NULL) {
            compare_with_vlan(comparison, sent->items[i], vlan, false);
        }
    }
}

/* The first of Kea's subnets that begins at an address or behind it. */
static size_t
first_from(const struct kea_own_options *options, uint32_t address)
{
    size_t low = 0;
    size_t high = options->subnet_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (options->subnets[middle].subnet.address < address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Kea's subnet around the prefix, and those inside it. */
static void
compare_prefix(struct comparison *comparison, struct ucprov_prefix prefix,
               const struct ucprov_vlan *vlan)
{
    const struct kea_own_options *options = comparison->options;
    const struct kea_sent_options *around =
        kea_own_options_find(options, ucprov_prefix_first(prefix));
    if (around != NULL) {
        compare_sent(comparison, around, vlan);
    }
    for (size_t i = first_from(options, ucprov_prefix_first(prefix));
         i < options->subnet_count &&
         options->subnets[i].subnet.address <= ucprov_prefix_last(prefix);
         i++) {
        compare_sent(comparison, &options->subnets[i].sent, vlan);
    }
}

static void
compare_exception(struct comparison *comparison, const struct kea_exception *exception)
{
    const struct ucprov_site *site = comparison->site;
    if (exception->address != 0) {
        const struct ucprov_policy_vlan *vlan =
            ucprov_policy_find(comparison->policy, exception->address);
        if (vlan != NULL) {
            compare_with_vlan(comparison, exception->option, &site->vlans[vlan->index], true);
        }
        return;
    }
    for (size_t i = 0; i < site->vlan_count; i++) {
        compare_with_vlan(comparison, exception->option, &site->vlans[i], true);
    }
}

static void
compare_all(struct comparison *comparison)
{
    const struct ucprov_site *site = comparison->site;
    for (size_t i = 0; i < site->vlan_count; i++) {
        const struct ucprov_vlan *vlan = &site->vlans[i];
        for (size_t j = 0; j < vlan->subnets.count; j++) {
            compare_prefix(comparison, vlan->subnets.items[j], vlan);
        }
    }
    for (size_t i = 0; i < comparison->options->exception_count; i++) {
        compare_exception(comparison, &comparison->options->exceptions[i]);
    }
}

/* Texts */

static void
put_list(FILE *out, const char *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%s%s", i > 0 ? ", " : "", items[i]);
    }
}

static void
put_ours(FILE *out, const struct ucprov_vlan *vlan, uint8_t code)
{
    if (code == UCPROV_OPTION_DOMAIN_NAME) {
        fputs(vlan->domain, out);
    } else if (code == UCPROV_OPTION_DOMAIN_SEARCH) {
        put_list(out, vlan->search.items, vlan->search.count);
    }
    for (size_t i = 0; i < vlan->ntp.count && code == UCPROV_OPTION_NTP_SERVERS; i++) {
        char text[INET_ADDRSTRLEN];
        fprintf(out, "%s%s", i > 0 ? ", " : "",
                inet_ntop(AF_INET, &vlan->ntp.items[i], text, sizeof(text)));
    }
}

static bool
has_records(const struct comparison *comparison, const char *name)
{
    for (size_t i = 0; i < comparison->domains.count; i++) {
        if (strcasecmp(comparison->domains.items[i].name, name) == 0) {
            return comparison->site->dns.ucupdates;
        }
    }
    return false;
}

/* What becomes of names: phones look for the update service where there is no record of ours. */
static void
put_consequence(FILE *out, const struct comparison *comparison, const struct kea_own_option *option)
{
    struct ucprov_domain_search names;
    size_t told = 0;
    names_in(&names, option->code, &option->octets);
    for (size_t i = 0; i < names.count; i++) {
        char text[UCPROV_NAME_TEXT_SIZE];
        char shown[UCPROV_NAME_TEXT_SIZE];
        ucprov_name_to_text(&names.names[i], text);
        if (!has_records(comparison, text)) {
            ucprov_escape(shown, sizeof(shown), text, strlen(text));
            fprintf(out, "%s" UCPROV_UPDATE_NAME ".%s",
                    told++ == 0 ? "; phones then look for " : ", ", shown);
        }
    }
    if (told > 0) {
        fputs(", and ucprov-zone makes no record of that name", out);
    }
}

static void
put_difference(FILE *out, const struct comparison *comparison, const struct difference *difference)
{
    const struct kea_own_option *option = difference->option;
    fprintf(out, "vlan %s", difference->vlan->name);
    if (difference->vlans > 1) {
        fprintf(out, " (and %zu more)", difference->vlans - 1);
    }
    fprintf(out, ": option %u: Kea's configuration has %s (%s), the site file ", option->code,
            option->text, option->place);
    put_ours(out, difference->vlan, option->code);
    fprintf(out, ", and %s Kea's", difference->some ? "those clients get" : "clients get");
    put_consequence(out, comparison, option);
    fputs("; take one of the two away, make them alike, or set kea_options = \"replace\"", out);
}

static bool
tell_one(const struct comparison *comparison, const struct difference *difference,
         void (*tell)(void *context, const char *text), void *context)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL) {
        return false;
    }
    put_difference(out, comparison, difference);
    bool fine = fclose(out) == 0;
    if (fine) {
        tell(context, text);
    }
    free(text);
    return fine;
}

bool
kea_own_options_compare(const struct kea_own_options *options, const struct ucprov_site *site,
                        const struct ucprov_policy *policy,
                        void (*tell)(void *context, const char *text), void *context)
{
    struct comparison comparison = {.options = options, .site = site, .policy = policy};
    struct ucprov_arena *arena = ucprov_arena_new();
    comparison.differences = calloc(options->option_count + 1, sizeof(*comparison.differences));
    bool fine = arena != NULL && comparison.differences != NULL &&
                domains_find(&comparison.domains, site, arena);
    if (fine) {
        compare_all(&comparison);
    }
    for (size_t i = 0; i < options->option_count && fine; i++) {
        if (comparison.differences[i].vlan != NULL) {
            fine = tell_one(&comparison, &comparison.differences[i], tell, context);
        }
    }
    free(comparison.differences);
    if (arena != NULL) {
        ucprov_arena_free(arena);
    }
    return fine;
}
