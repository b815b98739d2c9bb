/* SPDX-License-Identifier: MPL-2.0 */
/* The options 15, 42 and 119 of Kea's own configuration, and where they differ from the site's.
 *
 * With kea_options = "keep", Kea's go out. Then the domains that phones are told of are Kea's,
 * while records and certificates are made for those of the site file: an administrator should know.
 */
#ifndef KEA_OWN_OPTIONS_H
#define KEA_OWN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "site/policy.h"
#include "site/prefix.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One entry of an "option-data" in Kea's configuration. Texts are printable. */
struct kea_own_option {
    size_t index;                /* in the order in which they were added */
    const char *place;           /* "subnet 10.20.0.0/16" */
    const char *text;            /* the value as the configuration has it */
    struct ucprov_octets octets; /* as it goes on the wire; NULL: it was not understood */
    uint8_t code;                /* 15, 42, 119 */
    bool never;                  /* "never-send": it keeps others from being sent */
};

/* What goes out by default: by the place of an option in enum ucprov_prompt; NULL: nothing. */
struct kea_sent_options {
    const struct kea_own_option *items[UCPROV_PROMPTS_MAX];
};

struct kea_own_options;

struct kea_own_options *kea_own_options_new(void); /* NULL: out of memory */
void kea_own_options_free(struct kea_own_options *options);

/* The code of an option by its name in Kea ("domain-name", "ntp-servers", "domain-search"), or 0:
 * it is none of the three. */
uint8_t kea_own_options_code(const char *name);

/* Adds one, and puts it into `sent` in place of what is there; NULL: it is for some clients only.
 * `data` is as in the configuration: text if `csv`, else hex. NULL: out of memory. */
const struct kea_own_option *kea_own_options_add(struct kea_own_options *options, uint8_t code,
                                                 const char *place, const char *data, bool csv,
                                                 bool never, struct kea_sent_options *sent);

/* What is sent in one of Kea's subnets. False: out of memory. */
bool kea_own_options_add_subnet(struct kea_own_options *options, struct ucprov_prefix subnet,
                                const struct kea_sent_options *sent);

/* An option for some clients only: those at an address (host order), or, with 0, anywhere. False:
 * out of memory. */
bool kea_own_options_add_exception(struct kea_own_options *options,
                                   const struct kea_own_option *option, uint32_t address);

/* An option of the address pool from `first` to `last` (host order): an exception, of which Kea
 * itself knows nothing when it answers a DHCPINFORM. False: out of memory. */
bool kea_own_options_add_pool(struct kea_own_options *options, const struct kea_own_option *option,
                              uint32_t first, uint32_t last);

/* The set of enum ucprov_prompt of which the address pool around an address has options. */
unsigned kea_own_options_of_pool(const struct kea_own_options *options, uint32_t address);

/* How many options were added. */
size_t kea_own_options_count(const struct kea_own_options *options);

/* To be called when all is there. False: out of memory. */
bool kea_own_options_complete(struct kea_own_options *options);

/* What Kea sends by default at an address; NULL: none of its subnets has it. */
const struct kea_sent_options *kea_own_options_find(const struct kea_own_options *options,
                                                    uint32_t address);

/* Options for some clients that an address (its vlan's) may be of: calls `each` with those of one
 * code. */
void kea_own_options_each_exception(const struct kea_own_options *options,
                                    const struct ucprov_policy *policy,
                                    const struct ucprov_policy_vlan *vlan, uint8_t code,
                                    void (*each)(void *context, const struct kea_own_option *),
                                    void *context);

/* Tells of each of Kea's values that differs from what the site file has for the same clients, and
 * goes out: one text, for all vlans that it concerns. False: out of memory. */
bool kea_own_options_compare(const struct kea_own_options *options, const struct ucprov_site *site,
                             const struct ucprov_policy *policy,
                             void (*tell)(void *context, const char *text), void *context);

#ifdef __cplusplus
}
#endif

#endif
