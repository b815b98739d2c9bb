/* SPDX-License-Identifier: MPL-2.0 */
/* Holds what Kea's configuration says of options 15, 42 and 119; kea_config.cc reads it there. */
#include "kea_own_options.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hex.h"
#include "base/printable.h"

#include "kea_own_options_internal.h"

#define TEXT_SIZE 256 /* of a value or a place, in a message */

static const struct {
    uint8_t code;
    const char *name; /* Kea's */
} known[UCPROV_PROMPTS_MAX] = {
    {UCPROV_OPTION_DOMAIN_NAME, "domain-name"},
    {UCPROV_OPTION_NTP_SERVERS, "ntp-servers"},
    {UCPROV_OPTION_DOMAIN_SEARCH, "domain-search"},
};

/* The place of a code in struct kea_sent_options. */
static size_t
slot_of(uint8_t code)
{
    unsigned prompt = ucprov_prompt_of(code);
    size_t slot = 0;
    while (prompt > 1) {
        prompt >>= 1;
        slot++;
    }
    return slot;
}

uint8_t
kea_own_options_code(const char *name)
{
    for (size_t i = 0; i < UCPROV_PROMPTS_MAX; i++) {
        if (strcmp(known[i].name, name) == 0) {
            return known[i].code;
        }
    }
    return 0;
}

struct kea_own_options *
kea_own_options_new(void)
{
    struct kea_own_options *options = calloc(1, sizeof(*options));
    if (options == NULL) {
        return NULL;
    }
    options->arena = ucprov_arena_new();
    if (options->arena == NULL) {
        free(options);
        return NULL;
    }
    return options;
}

void
kea_own_options_free(struct kea_own_options *options)
{
    if (options != NULL) {
        ucprov_prefix_table_free(options->table);
        ucprov_arena_free(options->arena);
        free(options->subnets);
        free(options->exceptions);
        free(options->pools);
        free(options);
    }
}

/* Values */

/* The next of some words between commas, without blanks around it. NULL: there is none. */
static char *
next_word(char **rest)
{
    char *word = strsep(rest, ",");
    if (word == NULL) {
        return NULL;
    }
    word += strspn(word, " \t");
    size_t length = strlen(word);
    while (length > 0 && strchr(" \t", word[length - 1]) != NULL) {
        length--;
    }
    word[length] = '\0';
    return word;
}

static bool
parse_addresses(struct ucprov_option *option, char *text)
{
    struct in_addr addresses[UCPROV_NTP_SERVERS_MAX];
    size_t count = 0;
    for (char *word; (word = next_word(&text)) != NULL; count++) {
        if (count == UCPROV_NTP_SERVERS_MAX || inet_pton(AF_INET, word, &addresses[count]) != 1) {
            return false;
        }
    }
    return ucprov_ntp_servers_encode(option, addresses, count) == UCPROV_OK;
}

static void
cut_trailing_dot(char *name)
{
    size_t length = strlen(name);
    if (length > 1 && name[length - 1] == '.') {
        name[length - 1] = '\0';
    }
}

static bool
parse_names(struct ucprov_option *option, char *text)
{
    const char *names[UCPROV_DOMAIN_SEARCH_MAX];
    size_t count = 0;
    for (char *word; (word = next_word(&text)) != NULL; count++) {
        if (count == UCPROV_DOMAIN_SEARCH_MAX) {
            return false;
        }
        cut_trailing_dot(word);
        names[count] = word;
    }
    return ucprov_domain_search_encode(option, names, count) == UCPROV_OK;
}

static bool
parse_name(struct ucprov_option *option, char *text)
{
    char *name = next_word(&text);
    if (name == NULL || text != NULL) {
        return false;
    }
    cut_trailing_dot(name);
    return ucprov_domain_name_encode(option, name) == UCPROV_OK;
}

static bool
parse_hex(struct ucprov_option *option, const char *text)
{
    int length = ucprov_hex_decode(option->data, sizeof(option->data), text);
    option->length = (uint8_t)(length < 0 ? 0 : length);
    return length > 0;
}

static bool
parse_value(struct ucprov_option *option, uint8_t code, char *text, bool csv)
{
    if (!csv) {
        return parse_hex(option, text);
    }
    switch (code) {
    case UCPROV_OPTION_NTP_SERVERS:
        return parse_addresses(option, text);
    case UCPROV_OPTION_DOMAIN_SEARCH:
        return parse_names(option, text);
    default:
        return parse_name(option, text);
    }
}

/* Nothing where it is not understood: Kea may know better. */
static struct ucprov_octets
encode_value(struct ucprov_arena *arena, uint8_t code, const char *data, bool csv)
{
    struct ucprov_option option = {.length = 0};
    char *text = strdup(data);
    bool good = text != NULL && parse_value(&option, code, text, csv);
    uint8_t *octets = good ? ucprov_arena_alloc(arena, option.length, 1) : NULL;
    free(text);
    if (octets == NULL) {
        return (struct ucprov_octets){NULL, 0};
    }
    memcpy(octets, option.data, option.length);
    return (struct ucprov_octets){octets, option.length};
}

static const char *
keep_printable(struct ucprov_arena *arena, const char *text)
{
    char printable[TEXT_SIZE];
    return ucprov_arena_strdup(arena,
                               ucprov_printable(printable, sizeof(printable), text, strlen(text)));
}

const struct kea_own_option *
kea_own_options_add(struct kea_own_options *options, uint8_t code, const char *place,
                    const char *data, bool csv, bool never, struct kea_sent_options *sent)
{
    struct ucprov_arena *arena = options->arena;
    struct kea_own_option *option = ucprov_arena_alloc(arena, 1, sizeof(*option));
    if (option == NULL) {
        return NULL;
    }
    *option = (struct kea_own_option){
        .index = options->option_count++,
        .place = keep_printable(arena, place),
        .text = keep_printable(arena, data),
        .octets = encode_value(arena, code, data, csv),
        .code = code,
        .never = never,
    };
    if (sent != NULL) {
        sent->items[slot_of(code)] = option;
    }
    return ucprov_arena_failed(arena) ? NULL : option;
}

size_t
kea_own_options_count(const struct kea_own_options *options)
{
    return options->option_count;
}

/* Subnets */

/* Room for one more element. NULL: out of memory. */
static void *
grow(void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room) {
        return items;
    }
    size_t more = *room == 0 ? 16 : 2 * *room;
    void *larger = reallocarray(items, more, size);
    if (larger != NULL) {
        *room = more;
    }
    return larger;
}

bool
kea_own_options_add_subnet(struct kea_own_options *options, struct ucprov_prefix subnet,
                           const struct kea_sent_options *sent)
{
    struct kea_subnet_options *larger =
        grow(options->subnets, options->subnet_count, &options->subnet_room, sizeof(*larger));
    if (larger == NULL) {
        return false;
    }
    options->subnets = larger;
    larger[options->subnet_count++] =
        (struct kea_subnet_options){ucprov_prefix_clean(subnet), *sent};
    return true;
}

bool
kea_own_options_add_exception(struct kea_own_options *options, const struct kea_own_option *option,
                              uint32_t address)
{
    struct kea_exception *larger = grow(options->exceptions, options->exception_count,
                                        &options->exception_room, sizeof(*larger));
    if (larger == NULL) {
        return false;
    }
    options->exceptions = larger;
    larger[options->exception_count++] = (struct kea_exception){option, address};
    return true;
}

/* Options of one pool follow each other. */
bool
kea_own_options_add_pool(struct kea_own_options *options, const struct kea_own_option *option,
                         uint32_t first, uint32_t last)
{
    unsigned prompt = ucprov_prompt_of(option->code);
    size_t count = options->pool_count;
    if (count > 0 && options->pools[count - 1].first == first) {
        options->pools[count - 1].prompts |= prompt;
        return kea_own_options_add_exception(options, option, first);
    }
    struct kea_pool_option *larger =
        grow(options->pools, count, &options->pool_room, sizeof(*larger));
    if (larger == NULL) {
        return false;
    }
    options->pools = larger;
    larger[options->pool_count++] = (struct kea_pool_option){first, last, prompt};
    return kea_own_options_add_exception(options, option, first);
}

static int
compare_pools(const void *left, const void *right)
{
    const struct kea_pool_option *a = left;
    const struct kea_pool_option *b = right;
    return (a->first > b->first) - (a->first < b->first);
}

/* As bsearch() wants it: an address against the pool that may hold it. */
static int
compare_with_pool(const void *key, const void *element)
{
    const uint32_t *address = key;
    const struct kea_pool_option *pool = element;
    return (*address > pool->last) - (*address < pool->first);
}

unsigned
kea_own_options_of_pool(const struct kea_own_options *options, uint32_t address)
{
    const struct kea_pool_option *pool =
        options->pool_count == 0 ? NULL
                                 : bsearch(&address, options->pools, options->pool_count,
                                           sizeof(*options->pools), compare_with_pool);
    return pool == NULL ? 0 : pool->prompts;
}

static int
compare_subnets(const void *left, const void *right)
{
    const struct kea_subnet_options *a = left;
    const struct kea_subnet_options *b = right;
    return ucprov_prefix_compare(a->subnet, b->subnet);
}

/* Kea refuses a subnet that is there twice. */
static void
drop_twins(struct kea_own_options *options)
{
    size_t kept = 0;
    for (size_t i = 0; i < options->subnet_count; i++) {
        if (kept == 0 || compare_subnets(&options->subnets[kept - 1], &options->subnets[i]) != 0) {
            options->subnets[kept++] = options->subnets[i];
        }
    }
    options->subnet_count = kept;
}

bool
kea_own_options_complete(struct kea_own_options *options)
{
    if (options->subnet_count > 0) {
        qsort(options->subnets, options->subnet_count, sizeof(*options->subnets), compare_subnets);
        drop_twins(options);
    }
    if (options->pool_count > 0) {
        qsort(options->pools, options->pool_count, sizeof(*options->pools), compare_pools);
    }
    struct ucprov_prefix_entry *entries =
        reallocarray(NULL, options->subnet_count + 1, sizeof(*entries));
    if (entries == NULL) {
        return false;
    }
    for (size_t i = 0; i < options->subnet_count; i++) {
        entries[i] = (struct ucprov_prefix_entry){options->subnets[i].subnet, (uint32_t)i};
    }
    options->table = ucprov_prefix_table_new(entries, options->subnet_count);
    free(entries);
    return options->table != NULL;
}

const struct kea_sent_options *
kea_own_options_find(const struct kea_own_options *options, uint32_t address)
{
    uint32_t index = ucprov_prefix_table_find(options->table, address);
    return index == UCPROV_PREFIX_NONE ? NULL : &options->subnets[index].sent;
}

void
kea_own_options_each_exception(const struct kea_own_options *options,
                               const struct ucprov_policy *policy,
                               const struct ucprov_policy_vlan *vlan, uint8_t code,
                               void (*each)(void *context, const struct kea_own_option *),
                               void *context)
{
    for (size_t i = 0; i < options->exception_count; i++) {
        const struct kea_exception *exception = &options->exceptions[i];
        if (exception->option->code == code &&
            (exception->address == 0 || ucprov_policy_find(policy, exception->address) == vlan)) {
            each(context, exception->option);
        }
    }
}
