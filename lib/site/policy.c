/* SPDX-License-Identifier: MPL-2.0 */
/* Makes a table of the octets that a site hands out, so that answering a phone is a look-up and no
 * more. It decides who gets which option; how that gets into a packet, and how it sits with what
 * Kea has set, is the hook's. */
#include "site/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "site/prefix_table.h"

#include "base/arena.h"

struct ucprov_policy {
    struct ucprov_arena *arena;
    struct ucprov_prefix_table *subnets; /* of indexes into vlans */
    size_t vlan_count;
    struct ucprov_policy_vlan *vlans;          /* as in the site */
    const struct ucprov_policy_vlan **by_name; /* sorted */
    size_t encoded_count;
    const struct ucprov_encoded **encoded;
};

/* Encoded options, each once */

#define OPTIONS_PER_VLAN 6

struct pool_of_options {
    struct ucprov_policy *policy;
    uint32_t *slots;   /* 1 + index into policy->encoded; 0: free */
    size_t slot_count; /* a power of two, at least twice the options there can be */
};

/* FNV-1a, 32 bit. */
static uint32_t
hash_of(uint8_t code, const struct ucprov_octets *octets)
{
    uint32_t hash = 2166136261U;
    hash = (hash ^ code) * 16777619U;
    for (size_t i = 0; i < octets->length; i++) {
        hash = (hash ^ octets->data[i]) * 16777619U;
    }
    return hash;
}

static bool
is_same(const struct ucprov_encoded *encoded, uint8_t code, const struct ucprov_octets *octets)
{
    return encoded->code == code && encoded->length == octets->length &&
           memcmp(encoded->data, octets->data, octets->length) == 0;
}

static const struct ucprov_encoded *
add_encoded(struct ucprov_policy *policy, uint8_t code, const struct ucprov_octets *octets)
{
    struct ucprov_encoded *encoded = ucprov_arena_alloc(policy->arena, 1, sizeof(*encoded));
    uint8_t *data = ucprov_arena_alloc(policy->arena, octets->length, 1);
    if (encoded == NULL || data == NULL) {
        return NULL;
    }
    memcpy(data, octets->data, octets->length);
    *encoded = (struct ucprov_encoded){
        .index = policy->encoded_count,
        .code = code,
        .length = octets->length,
        .data = data,
    };
    policy->encoded[policy->encoded_count++] = encoded;
    return encoded;
}

/* The policy's one copy of these octets; NULL when there are none. */
static const struct ucprov_encoded *
intern(struct pool_of_options *pool, uint8_t code, const struct ucprov_octets *octets)
{
    if (octets->data == NULL) {
        return NULL;
    }
    size_t slot = hash_of(code, octets) & (pool->slot_count - 1);
    while (pool->slots[slot] != 0) {
        const struct ucprov_encoded *encoded = pool->policy->encoded[pool->slots[slot] - 1];
        if (is_same(encoded, code, octets)) {
            return encoded;
        }
        slot = (slot + 1) & (pool->slot_count - 1);
    }
    const struct ucprov_encoded *encoded = add_encoded(pool->policy, code, octets);
    if (encoded != NULL) {
        pool->slots[slot] = (uint32_t)(encoded->index + 1);
    }
    return encoded;
}

/* A vlan's options */

struct vlan_builder {
    struct pool_of_options *options;
    const struct ucprov_vlan *vlan;
    const struct ucprov_pool *pool;
    struct ucprov_diagnostics *diagnostics;
};

static void
take_pool_options(struct vlan_builder *builder, struct ucprov_policy_vlan *target)
{
    const struct ucprov_vlan *vlan = builder->vlan;
    const struct ucprov_pool *pool = builder->pool;
    struct ucprov_option option;
    int error = ucprov_ms_uc_option(&option, vlan, pool);
    if (error != UCPROV_OK) { /* only a choice of pool does that: the site's were checked */
        ucprov_diagnostics_add(builder->diagnostics, UCPROV_FAULT_OPTION_ENCODING, vlan->line, NULL,
                               "vlan \"%s\" with pool \"%s\": option %u: %s", vlan->name,
                               pool->name, option.code, ucprov_strerror(error));
        return;
    }
    const struct ucprov_octets ms_uc = {option.data, option.length};
    target->ms_uc = intern(builder->options, UCPROV_OPTION_VENDOR, &ms_uc);
    target->sip_servers =
        intern(builder->options, UCPROV_OPTION_SIP_SERVERS, &pool->sip_servers_option);
}

static void
take_client_options(struct vlan_builder *builder, struct ucprov_policy_vlan *target)
{
    const struct ucprov_vlan *vlan = builder->vlan;
    struct pool_of_options *options = builder->options;
    target->domain = intern(options, UCPROV_OPTION_DOMAIN_NAME, &vlan->domain_option);
    target->ntp = intern(options, UCPROV_OPTION_NTP_SERVERS, &vlan->ntp_option);
    target->search = intern(options, UCPROV_OPTION_DOMAIN_SEARCH, &vlan->search_option);
}

static struct ucprov_strings
copy_strings(struct ucprov_arena *arena, struct ucprov_strings strings)
{
    const char **items = ucprov_arena_alloc(arena, strings.count, sizeof(*items));
    for (size_t i = 0; i < strings.count && items != NULL; i++) {
        items[i] = ucprov_arena_strdup(arena, strings.items[i]);
    }
    return (struct ucprov_strings){.count = items == NULL ? 0 : strings.count, .items = items};
}

static struct ucprov_hardware_patterns
copy_pilot(struct ucprov_arena *arena, struct ucprov_hardware_patterns pilot)
{
    struct ucprov_hardware_pattern *items = ucprov_arena_alloc(arena, pilot.count, sizeof(*items));
    if (items != NULL && pilot.count > 0) {
        memcpy(items, pilot.items, pilot.count * sizeof(*items));
    }
    return (struct ucprov_hardware_patterns){.count = pilot.count, .items = items};
}

static uint8_t
prompts_of(const struct ucprov_policy_vlan *vlan)
{
    const struct ucprov_kea_options *rules = &vlan->kea_options;
    unsigned prompts = 0;
    if (vlan->only_if_requested) {
        return 0; /* who gets ours has asked, and so was Kea */
    }
    if (vlan->domain != NULL && rules->domain == UCPROV_KEEP_KEA) {
        prompts |= UCPROV_PROMPT_DOMAIN;
    }
    if (vlan->ntp != NULL && rules->ntp == UCPROV_KEEP_KEA) {
        prompts |= UCPROV_PROMPT_NTP;
    }
    if (vlan->search != NULL && rules->search == UCPROV_KEEP_KEA) {
        prompts |= UCPROV_PROMPT_SEARCH;
    }
    return (uint8_t)prompts;
}

static void
build_vlan(struct vlan_builder *builder, struct ucprov_policy_vlan *target)
{
    struct ucprov_arena *arena = builder->options->policy->arena;
    const struct ucprov_vlan *vlan = builder->vlan;
    target->name = ucprov_arena_strdup(arena, vlan->name);
    target->vendor_classes = copy_strings(arena, vlan->vendor_classes);
    target->only_if_requested = vlan->only_if_requested;
    target->kea_options = vlan->kea_options;
    target->pilot = copy_pilot(arena, vlan->pilot);
    target->observe = vlan->observe;
    target->cpe_ocphone = intern(builder->options, UCPROV_OPTION_VENDOR, &vlan->voice_vlan_option);
    if (builder->pool != NULL) {
        target->pool = ucprov_arena_strdup(arena, builder->pool->name);
        target->home = ucprov_arena_strdup(arena, vlan->pool->name);
        take_pool_options(builder, target);
        take_client_options(builder, target);
        target->prompts = prompts_of(target);
    }
}

/* The whole */

static int
compare_names(const void *left, const void *right)
{
    const struct ucprov_policy_vlan *const *a = left;
    const struct ucprov_policy_vlan *const *b = right;
    return strcmp((*a)->name, (*b)->name);
}

static bool
allocate_policy(struct ucprov_policy *policy, const struct ucprov_site *site,
                struct pool_of_options *options)
{
    size_t most = OPTIONS_PER_VLAN * site->vlan_count;
    options->policy = policy;
    options->slot_count = 16;
    while (options->slot_count < 2 * most) {
        options->slot_count *= 2;
    }
    options->slots = calloc(options->slot_count, sizeof(*options->slots));
    policy->vlans = ucprov_arena_alloc(policy->arena, site->vlan_count, sizeof(*policy->vlans));
    policy->by_name = ucprov_arena_alloc(policy->arena, site->vlan_count, sizeof(*policy->by_name));
    policy->encoded = ucprov_arena_alloc(policy->arena, most, sizeof(*policy->encoded));
    return options->slots != NULL && !ucprov_arena_failed(policy->arena);
}

static void
build_names(struct ucprov_policy *policy, const struct ucprov_site *site)
{
    policy->vlan_count = site->vlan_count;
    for (size_t i = 0; i < site->vlan_count; i++) {
        policy->vlans[i].index = i;
        policy->vlans[i].name = site->vlans[i].name;
        policy->by_name[i] = &policy->vlans[i];
    }
    qsort(policy->by_name, policy->vlan_count, sizeof(*policy->by_name), compare_names);
}

static bool
build_subnets(struct ucprov_policy *policy, const struct ucprov_site *site)
{
    size_t count = 0;
    for (size_t i = 0; i < site->vlan_count; i++) {
        count += site->vlans[i].subnets.count;
    }
    struct ucprov_prefix_entry *entries = reallocarray(NULL, count + 1, sizeof(*entries));
    if (entries == NULL) {
        return false;
    }
    count = 0;
    for (size_t i = 0; i < site->vlan_count; i++) {
        for (size_t j = 0; j < site->vlans[i].subnets.count; j++) {
            entries[count++] =
                (struct ucprov_prefix_entry){site->vlans[i].subnets.items[j], (uint32_t)i};
        }
    }
    policy->subnets = ucprov_prefix_table_new(entries, count);
    free(entries);
    return policy->subnets != NULL;
}

/* The pools that serve the vlans, by the vlans' indexes: the site's, then the choices. */
static const struct ucprov_pool **
choose_pools(const struct ucprov_policy *policy, const struct ucprov_site *site,
             const struct ucprov_pool_override *choices, size_t choice_count,
             struct ucprov_diagnostics *diagnostics)
{
    const struct ucprov_pool **pools = reallocarray(NULL, site->vlan_count + 1, sizeof(*pools));
    if (pools == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < site->vlan_count; i++) {
        pools[i] = site->vlans[i].pool;
    }
    for (size_t i = 0; i < choice_count; i++) {
        const struct ucprov_policy_vlan *vlan = ucprov_policy_find_vlan(policy, choices[i].vlan);
        const struct ucprov_pool *pool = ucprov_site_find_pool(site, choices[i].pool);
        if (vlan == NULL) {
            ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_HOOK_CHOICE, 0, NULL,
                                   "no vlan named \"%s\"", choices[i].vlan);
        } else if (site->vlans[vlan->index].pool == NULL) {
            ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_HOOK_CHOICE, 0, NULL,
                                   "vlan \"%s\" has no pool: no phone lives there", vlan->name);
        } else if (pool == NULL) {
            ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_HOOK_CHOICE, 0, NULL,
                                   "no pool named \"%s\"", choices[i].pool);
        } else {
            pools[vlan->index] = pool;
        }
    }
    return pools;
}

static void
build_policy(struct ucprov_policy *policy, const struct ucprov_site *site,
             const struct ucprov_pool_override *choices, size_t choice_count,
             struct ucprov_diagnostics *diagnostics)
{
    struct pool_of_options options = {0};
    const struct ucprov_pool **pools = NULL;
    bool enough = allocate_policy(policy, site, &options);
    if (enough) {
        build_names(policy, site);
        pools = choose_pools(policy, site, choices, choice_count, diagnostics);
        enough = pools != NULL && build_subnets(policy, site);
    }
    for (size_t i = 0; i < site->vlan_count && enough; i++) {
        struct vlan_builder builder = {&options, &site->vlans[i], pools[i], diagnostics};
        build_vlan(&builder, &policy->vlans[i]);
    }
    free(pools);
    free(options.slots);
    if (!enough || ucprov_arena_failed(policy->arena)) {
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_FILE_MEMORY, 0, NULL, "out of memory");
    }
}

struct ucprov_policy *
ucprov_policy_new(const struct ucprov_site *site, const struct ucprov_pool_override *choices,
                  size_t choice_count, struct ucprov_diagnostics *diagnostics)
{
    size_t errors = diagnostics->errors;
    struct ucprov_policy *policy = calloc(1, sizeof(*policy));
    if (policy == NULL || (policy->arena = ucprov_arena_new()) == NULL) {
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_FILE_MEMORY, 0, NULL, "out of memory");
        free(policy);
        return NULL;
    }
    build_policy(policy, site, choices, choice_count, diagnostics);
    ucprov_diagnostics_sort(diagnostics);
    if (diagnostics->errors > errors) {
        ucprov_policy_free(policy);
        return NULL;
    }
    return policy;
}

void
ucprov_policy_free(struct ucprov_policy *policy)
{
    if (policy != NULL) {
        ucprov_prefix_table_free(policy->subnets);
        ucprov_arena_free(policy->arena);
        free(policy);
    }
}

/* Look-ups */

const struct ucprov_policy_vlan *
ucprov_policy_find(const struct ucprov_policy *policy, uint32_t address)
{
    uint32_t index = ucprov_prefix_table_find(policy->subnets, address);
    return index == UCPROV_PREFIX_NONE ? NULL : &policy->vlans[index];
}

const struct ucprov_policy_vlan *
ucprov_policy_find_vlan(const struct ucprov_policy *policy, const char *name)
{
    const struct ucprov_policy_vlan wanted = {.name = name};
    const struct ucprov_policy_vlan *key = &wanted;
    const struct ucprov_policy_vlan *const *found =
        bsearch(&key, policy->by_name, policy->vlan_count, sizeof(*policy->by_name), compare_names);
    return found == NULL ? NULL : *found;
}

size_t
ucprov_policy_vlan_count(const struct ucprov_policy *policy)
{
    return policy->vlan_count;
}

const struct ucprov_policy_vlan *
ucprov_policy_vlan_at(const struct ucprov_policy *policy, size_t index)
{
    return index < policy->vlan_count ? &policy->vlans[index] : NULL;
}

size_t
ucprov_policy_encoded_count(const struct ucprov_policy *policy)
{
    return policy->encoded_count;
}

const struct ucprov_encoded *
ucprov_policy_encoded_at(const struct ucprov_policy *policy, size_t index)
{
    return index < policy->encoded_count ? policy->encoded[index] : NULL;
}

/* What a client gets */

enum ucprov_client
ucprov_policy_client(const struct ucprov_policy_vlan *vlan, const void *vendor_class, size_t length)
{
    if (vendor_class == NULL) {
        return UCPROV_CLIENT_OTHER;
    }
    enum ucprov_client client = ucprov_client_from_class(vendor_class, length);
    for (size_t i = 0; i < vlan->vendor_classes.count && client == UCPROV_CLIENT_OTHER; i++) {
        const char *other = vlan->vendor_classes.items[i];
        if (strlen(other) == length && memcmp(other, vendor_class, length) == 0) {
            client = UCPROV_CLIENT_MS_UC;
        }
    }
    return client;
}

static bool
matches(const struct ucprov_hardware_pattern *pattern, const uint8_t *hardware, size_t length)
{
    bool is_whole = pattern->length == UCPROV_HARDWARE_SIZE;
    return (is_whole ? length == pattern->length : length >= pattern->length) &&
           memcmp(pattern->octets, hardware, pattern->length) == 0;
}

bool
ucprov_policy_includes(const struct ucprov_policy_vlan *vlan, const uint8_t *hardware,
                       size_t length)
{
    for (size_t i = 0; i < vlan->pilot.count; i++) {
        if (matches(&vlan->pilot.items[i], hardware, length)) {
            return true;
        }
    }
    return vlan->pilot.count == 0;
}

/* In the order of enum ucprov_prompt. */
static const uint8_t prompted_codes[UCPROV_PROMPTS_MAX] = {
    UCPROV_OPTION_DOMAIN_NAME, UCPROV_OPTION_NTP_SERVERS, UCPROV_OPTION_DOMAIN_SEARCH};

unsigned
ucprov_prompt_of(uint8_t code)
{
    for (size_t i = 0; i < UCPROV_PROMPTS_MAX; i++) {
        if (prompted_codes[i] == code) {
            return 1U << i;
        }
    }
    return 0;
}

size_t
ucprov_policy_prompted(unsigned prompts, const uint8_t *parameter_list, size_t length,
                       uint8_t codes[UCPROV_PROMPTS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < UCPROV_PROMPTS_MAX; i++) {
        uint8_t code = prompted_codes[i];
        bool wanted = (prompts & 1U << i) != 0;
        if (wanted && (length == 0 || memchr(parameter_list, code, length) == NULL)) {
            codes[count++] = code;
        }
    }
    return count;
}

bool
ucprov_policy_needs_parameter_list(const struct ucprov_policy_vlan *vlan, enum ucprov_client client)
{
    return client != UCPROV_CLIENT_MS_UC || vlan->only_if_requested;
}

struct reply {
    const uint8_t *parameter_list;
    size_t length;
    struct ucprov_reply_option *options;
    size_t count;
};

static bool
is_asked_for(const struct reply *reply, uint8_t code)
{
    return reply->parameter_list != NULL &&
           memchr(reply->parameter_list, code, reply->length) != NULL;
}

static void
add_reply_option(struct reply *reply, const struct ucprov_encoded *option,
                 enum ucprov_reply_rule rule)
{
    if (option != NULL) {
        reply->options[reply->count++] = (struct ucprov_reply_option){option, rule};
    }
}

/* 15, 42, 119: for every client of a phone vlan. One that did not ask gets ours neither, where that
 * is set; but if Kea sends its own all the same, it is the one that the vlan wants. */
static void
add_common_option(struct reply *reply, const struct ucprov_policy_vlan *vlan,
                  const struct ucprov_encoded *option, enum ucprov_precedence precedence)
{
    bool replace = precedence == UCPROV_REPLACE_KEA;
    if (option == NULL) {
        return;
    }
    if (!vlan->only_if_requested || is_asked_for(reply, option->code)) {
        add_reply_option(reply, option, replace ? UCPROV_REPLY_PUT : UCPROV_REPLY_ADD);
    } else if (replace) {
        add_reply_option(reply, option, UCPROV_REPLY_CORRECT);
    }
}

size_t
ucprov_policy_options_for(const struct ucprov_policy_vlan *vlan, enum ucprov_client client,
                          const uint8_t *parameter_list, size_t length,
                          struct ucprov_reply_option options[UCPROV_REPLY_OPTIONS_MAX])
{
    struct reply reply = {parameter_list, length, options, 0};
    add_common_option(&reply, vlan, vlan->domain, vlan->kea_options.domain);
    add_common_option(&reply, vlan, vlan->ntp, vlan->kea_options.ntp);
    if (client == UCPROV_CLIENT_MS_UC) {
        add_reply_option(&reply, vlan->ms_uc, UCPROV_REPLY_PUT);
    } else if (client == UCPROV_CLIENT_CPE_OCPHONE) {
        add_reply_option(&reply, vlan->cpe_ocphone, UCPROV_REPLY_PUT);
    }
    add_common_option(&reply, vlan, vlan->search, vlan->kea_options.search);
    if (client == UCPROV_CLIENT_MS_UC || is_asked_for(&reply, UCPROV_OPTION_SIP_SERVERS)) {
        add_reply_option(&reply, vlan->sip_servers, UCPROV_REPLY_PUT);
    }
    return reply.count;
}
