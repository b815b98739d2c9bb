/* SPDX-License-Identifier: MPL-2.0 */
/* Compares octets with octets: the policy says what the hook would send, the probe saw what came. A
 * difference fails, whoever may be right. */
#include "steps/site_comparison.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "site/policy.h"
#include "site/site.h"

#include "dhcp/dhcp_transport.h"
#include "steps/option_text.h"
#include "text.h"

struct site_comparison {
    struct ucprov_site *site;
    struct ucprov_policy *policy;
};

struct site_comparison *
site_comparison_new(const char *file)
{
    struct ucprov_diagnostics diagnostics;
    struct site_comparison *comparison = calloc(1, sizeof(*comparison));

    if (comparison == NULL) {
        return NULL;
    }
    ucprov_diagnostics_init(&diagnostics, file);
    comparison->site = ucprov_site_load(file, &diagnostics);
    if (comparison->site != NULL) {
        comparison->policy = ucprov_policy_new(comparison->site, NULL, 0, &diagnostics);
    }
    ucprov_diagnostics_print(&diagnostics, stderr);
    ucprov_diagnostics_clear(&diagnostics);
    if (comparison->policy == NULL) {
        site_comparison_free(comparison);
        return NULL;
    }
    return comparison;
}

void
site_comparison_free(struct site_comparison *comparison)
{
    if (comparison == NULL) {
        return;
    }
    ucprov_policy_free(comparison->policy);
    ucprov_site_free(comparison->site);
    free(comparison);
}

static char *
value_text(const struct ucprov_option_view *option)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (stream == NULL) {
        return NULL;
    }
    option_text_print(stream, option);
    fclose(stream);
    return text;
}

/* Adds how an option of the answer that a phone takes differs from what the site says. */
static void
compare_option(struct text *text, const struct dhcp_exchange *exchange,
               const struct ucprov_encoded *promised)
{
    struct ucprov_option_view seen, wanted;

    if (promised == NULL || exchange->count == 0) {
        return;
    }
    wanted = (struct ucprov_option_view){promised->code, promised->data, promised->length};
    bool sent = dhcp_message_option(&exchange->answers[0].message, promised->code, &seen);
    if (sent && seen.length == wanted.length &&
        memcmp(seen.value, wanted.value, wanted.length) == 0) {
        return;
    }
    char *is = sent ? value_text(&seen) : NULL;
    char *should = value_text(&wanted);
    text_separate(text, "; ");
    text_add(text, "option %u is %s, not %s", promised->code,
             !sent        ? "not sent"
             : is != NULL ? is
                          : "?",
             should != NULL ? should : "?");
    free(is);
    free(should);
}

static char *
compare_options(const struct ucprov_policy_vlan *vlan, const struct dhcp_steps *dhcp)
{
    struct text text = {0};

    compare_option(&text, &dhcp->discover, vlan->domain);
    compare_option(&text, &dhcp->discover, vlan->ntp);
    compare_option(&text, &dhcp->discover, vlan->search);
    compare_option(&text, &dhcp->inform, vlan->ms_uc);
    compare_option(&text, &dhcp->inform, vlan->sip_servers);
    return text_take(&text);
}

static void
check_options(struct phone *phone, const struct ucprov_policy_vlan *vlan,
              const struct dhcp_steps *dhcp)
{
    char *differences = compare_options(vlan, dhcp);

    if (dhcp->discover.count == 0 && dhcp->inform.count == 0) {
        check_add(phone->checks, CHECK_SITE_OPTIONS, UCPROV_SKIP,
                  text_format("no answer to compare with vlan %s", vlan->name), NULL);
        free(differences);
    } else if (differences == NULL || differences[0] != '\0') {
        check_add(phone->checks, CHECK_SITE_OPTIONS, UCPROV_FAIL, differences,
                  text_format("The site file promises otherwise for vlan %s, pool %s. Has the "
                              "server read it (ucprov-reload)? Has ucprov-pool-set chosen another "
                              "pool, does the server's own configuration set 15, 42 or 119 "
                              "(which the hook keeps), or does another server answer?",
                              vlan->name, vlan->pool));
    } else {
        check_add(phone->checks, CHECK_SITE_OPTIONS, UCPROV_PASS,
                  text_format("as promised for vlan %s, pool %s", vlan->name, vlan->pool), NULL);
        free(differences);
    }
}

static bool
is_promised(const struct ucprov_addresses *promised, struct in_addr address)
{
    for (size_t i = 0; i < promised->count; i++) {
        if (promised->items[i].s_addr == address.s_addr) {
            return true;
        }
    }
    return false;
}

/* Every address that is there must be promised, and the other way round. */
static void
check_addresses(struct phone *phone, const struct ucprov_pool *pool)
{
    struct in_addr seen[LOOKUP_RESULTS_MAX];
    size_t count = phone_update_addresses(phone, seen);
    struct text text = {0};

    if (pool == NULL || pool->addresses.count == 0 || count == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_promised(&pool->addresses, seen[i])) {
            text_separate(&text, "; ");
            text_add(&text, "%s is not pool %s's", address_text(seen[i]), pool->name);
        }
    }
    const struct ucprov_addresses found = {count, seen};
    for (size_t i = 0; i < pool->addresses.count && count < LOOKUP_RESULTS_MAX; i++) {
        if (!is_promised(&found, pool->addresses.items[i])) {
            text_separate(&text, "; ");
            text_add(&text, "%s is missing", address_text(pool->addresses.items[i]));
        }
    }
    if (text.length == 0) {
        check_add(phone->checks, CHECK_SITE_NAMES, UCPROV_PASS,
                  text_format(UCPROV_UPDATE_NAME " has the addresses of pool %s", pool->name),
                  NULL);
    } else {
        check_add(phone->checks, CHECK_SITE_NAMES, UCPROV_FAIL, text_take(&text),
                  text_format("DNS says otherwise than the site file. ucprov-zone(1) makes the "
                              "records of " UCPROV_UPDATE_NAME ", and checks them."));
    }
}

void
site_comparison_step(const struct site_comparison *comparison, struct phone *phone,
                     const struct dhcp_steps *dhcp)
{
    const struct ucprov_policy_vlan *vlan =
        phone->learned.address.s_addr != INADDR_ANY
            ? ucprov_policy_find(comparison->policy, ntohl(phone->learned.address.s_addr))
            : NULL;

    if (phone->learned.address.s_addr == INADDR_ANY) {
        check_add(phone->checks, CHECK_SITE_OPTIONS, UCPROV_SKIP,
                  text_format("the phone has no address to find its vlan by (--address)"), NULL);
        return;
    }
    if (vlan == NULL || vlan->pool == NULL) {
        check_add(
            phone->checks, CHECK_SITE_OPTIONS, UCPROV_FAIL,
            text_format(vlan == NULL ? "no vlan holds %s" : "no phone lives in the vlan of %s",
                        address_text(phone->learned.address)),
            text_format("The site file knows nothing of phones at this address, so the hook "
                        "leaves it alone: is this the voice VLAN, and is the subnet in the "
                        "file right?"));
        return;
    }
    if (dhcp != NULL) {
        check_options(phone, vlan, dhcp);
    }
    check_addresses(phone, ucprov_site_find_pool(comparison->site, vlan->pool));
}
