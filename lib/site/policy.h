/* SPDX-License-Identifier: MPL-2.0 */
/* The policy: for every vlan and every kind of client, the octets they get, as the site has them.
 *
 * A policy is immutable and may be read by any number of threads. It copies what it needs of the
 * site, so the two live and die apart. Equal octets are stored once, however many vlans share them.
 */
#ifndef UCPROV_POLICY_H
#define UCPROV_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diagnostics.h"
#include "option/option.h"
#include "site/site.h"

/* The value of an option, each once. */
struct ucprov_encoded {
    size_t index; /* in the policy's list of all of them */
    uint8_t code;
    uint8_t length;
    const uint8_t *data;
};

/* When an option goes into a response. */
enum ucprov_reply_rule {
    UCPROV_REPLY_ADD,     /* only where none of its code is there */
    UCPROV_REPLY_PUT,     /* always, instead of one that is there */
    UCPROV_REPLY_CORRECT, /* only instead of one that is there */
};

/* What to do with one option of a response. */
struct ucprov_reply_option {
    const struct ucprov_encoded *option;
    enum ucprov_reply_rule rule;
};

#define UCPROV_REPLY_OPTIONS_MAX 5 /* 15, 42, 43, 119, 120 */

/* The policy's view of a vlan. */
struct ucprov_policy_vlan {
    const char *name;
    const char *pool; /* the pool that serves it now; NULL: no phone lives here */
    const char *home; /* the pool that the site file names for it; NULL likewise */
    size_t index;     /* of the vlan in the site */
    const struct ucprov_encoded *ms_uc;       /* 43 for MS-UC-Client; NULL: none */
    const struct ucprov_encoded *cpe_ocphone; /* 43 for CPE-OCPHONE; NULL: none */
    const struct ucprov_encoded *sip_servers; /* 120; NULL: none */
    const struct ucprov_encoded *domain;      /* 15; NULL: none */
    const struct ucprov_encoded *ntp;         /* 42; NULL: none */
    const struct ucprov_encoded *search;      /* 119; NULL: none */
    struct ucprov_strings vendor_classes;
    struct ucprov_kea_options kea_options;
    struct ucprov_hardware_patterns pilot;
    bool only_if_requested;
    bool observe;
    uint8_t prompts; /* a set of enum ucprov_prompt */
};

/* Options that clients of a vlan get whether they ask or not, and that Kea goes first with: Kea has
 * to be prompted for its own, or else it would send them to some and leave others to us. */
enum ucprov_prompt {
    UCPROV_PROMPT_DOMAIN = 1 << 0, /* 15 */
    UCPROV_PROMPT_NTP = 1 << 1,    /* 42 */
    UCPROV_PROMPT_SEARCH = 1 << 2, /* 119 */
};

#define UCPROV_PROMPTS_MAX 3

/* Of an option's code; 0: it is none of them. */
unsigned ucprov_prompt_of(uint8_t code);

/* "this vlan is served by that pool", in place of the site file's. */
struct ucprov_pool_override {
    const char *vlan;
    const char *pool;
};

struct ucprov_policy;

/* Makes the policy of a site. Choices that name an unknown vlan or pool, or a vlan without phones,
 * are errors in `diagnostics`. NULL on an error. The caller owns the policy. */
struct ucprov_policy *ucprov_policy_new(const struct ucprov_site *site,
                                        const struct ucprov_pool_override *choices,
                                        size_t choice_count,
                                        struct ucprov_diagnostics *diagnostics);
void ucprov_policy_free(struct ucprov_policy *policy);

/* The vlan whose subnet holds an address (host order): the most specific one. NULL: none does. */
const struct ucprov_policy_vlan *ucprov_policy_find(const struct ucprov_policy *policy,
                                                    uint32_t address);

/* By name, for commands; NULL: there is none. */
const struct ucprov_policy_vlan *ucprov_policy_find_vlan(const struct ucprov_policy *policy,
                                                         const char *name);

size_t ucprov_policy_vlan_count(const struct ucprov_policy *policy);
const struct ucprov_policy_vlan *ucprov_policy_vlan_at(const struct ucprov_policy *policy,
                                                       size_t index);
size_t ucprov_policy_encoded_count(const struct ucprov_policy *policy);
const struct ucprov_encoded *ucprov_policy_encoded_at(const struct ucprov_policy *policy,
                                                      size_t index);

/* The kind of client that a vlan takes the sender of this option 60 for. `vendor_class` need not be
 * terminated; NULL: it sent none. */
enum ucprov_client ucprov_policy_client(const struct ucprov_policy_vlan *vlan,
                                        const void *vendor_class, size_t length);

/* Whether a client with this hardware address (RFC 2131 2, chaddr) gets anything: it is one of the
 * vlan's pilot, or there is none. */
bool ucprov_policy_includes(const struct ucprov_policy_vlan *vlan, const uint8_t *hardware,
                            size_t length);

/* The codes of a set of enum ucprov_prompt that a client's option 55 lacks, in ascending order.
 * Returns how many. */
size_t ucprov_policy_prompted(unsigned prompts, const uint8_t *parameter_list, size_t length,
                              uint8_t codes[UCPROV_PROMPTS_MAX]);

/* What a client of the vlan gets, options in ascending order. Returns how many. The codes that its
 * option 55 asks for are in `parameter_list`; NULL: it sent none. */
size_t ucprov_policy_options_for(const struct ucprov_policy_vlan *vlan, enum ucprov_client client,
                                 const uint8_t *parameter_list, size_t length,
                                 struct ucprov_reply_option options[UCPROV_REPLY_OPTIONS_MAX]);

/* Whether option 55 makes a difference to what such a client gets. */
bool ucprov_policy_needs_parameter_list(const struct ucprov_policy_vlan *vlan,
                                        enum ucprov_client client);

#endif
