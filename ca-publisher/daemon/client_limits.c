/* SPDX-License-Identifier: MPL-2.0 */
/* A set-associative table of token buckets and connection counts. An address that finds no entry
 * goes uncounted rather than refused: the limits keep strangers in bounds, they are no access
 * list. */
#include "daemon/client_limits.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

#define WAYS   8                                   /* entries that an address may have */
#define SHARDS (CLIENT_LIMITS_CAPACITY_MIN / WAYS) /* locks; a set of entries belongs to one */

#define TOKENS_PER_REQUEST 1000 /* so that a millisecond's share of a small rate is no fraction */

struct entry {
    in_addr_t address; /* network order; meaningless while it was never used */
    uint32_t connections;
    uint64_t tokens_spent; /* of the bucket, as of `refilled` */
    uint64_t refilled;     /* milliseconds: until when the bucket's refill is counted */
    uint64_t used;         /* milliseconds: the last connection or request; 0: never */
};

struct client_limits {
    pthread_mutex_t locks[SHARDS];
    uint64_t secret; /* strangers must not choose addresses that share entries */
    size_t mask;     /* number of sets - 1 */
    struct entry entries[];
};

static size_t
sets_for(size_t capacity)
{
    size_t sets = SHARDS;
    while (sets * WAYS < capacity) {
        sets *= 2;
    }
    return sets;
}

struct client_limits *
client_limits_new(size_t capacity)
{
    size_t sets = sets_for(capacity);
    struct client_limits *table = calloc(1, sizeof(*table) + sets * WAYS * sizeof(struct entry));
    if (table == NULL) {
        return NULL;
    }
    table->mask = sets - 1;
    if (getrandom(&table->secret, sizeof(table->secret), 0) != sizeof(table->secret)) {
        table->secret = (uint64_t)(uintptr_t)table;
    }
    table->secret |= 1;
    for (size_t i = 0; i < SHARDS; i++) {
        pthread_mutex_init(&table->locks[i], NULL);
    }
    return table;
}

void
client_limits_free(struct client_limits *table)
{
    for (size_t i = 0; table != NULL && i < SHARDS; i++) {
        pthread_mutex_destroy(&table->locks[i]);
    }
    free(table);
}

/* Multiplication by a secret odd number, finished as in MurmurHash3. */
static size_t
set_of(const struct client_limits *table, struct in_addr address)
{
    uint64_t hash = ((uint64_t)address.s_addr + 1) * table->secret;
    hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdULL;
    return (size_t)(hash >> 29) & table->mask;
}

static struct entry *
find_entry(struct entry *set, struct in_addr address)
{
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].used != 0 && set[i].address == address.s_addr) {
            return &set[i];
        }
    }
    return NULL;
}

/* The entry of an address, its own or one that is free for it. NULL: all are in use by others, and
 * this address goes uncounted. */
static struct entry *
find_or_take_entry(struct entry *set, struct in_addr address)
{
    struct entry *found = find_entry(set, address), *oldest = NULL;
    for (size_t i = 0; i < WAYS && found == NULL; i++) {
        if (set[i].connections == 0 && (oldest == NULL || set[i].used < oldest->used)) {
            oldest = &set[i];
        }
    }
    if (found == NULL && oldest != NULL) {
        *oldest = (struct entry){.address = address.s_addr};
        found = oldest;
    }
    return found;
}

static struct entry *
lock_set(struct client_limits *table, struct in_addr address, pthread_mutex_t **locked)
{
    size_t set = set_of(table, address);
    *locked = &table->locks[set % SHARDS];
    pthread_mutex_lock(*locked);
    return &table->entries[set * WAYS];
}

bool
client_limits_connect(struct client_limits *table, struct in_addr address, uint32_t max,
                      uint64_t now)
{
    pthread_mutex_t *locked;
    struct entry *entry = find_or_take_entry(lock_set(table, address, &locked), address);
    bool allowed = entry == NULL || max == 0 || entry->connections < max;
    if (entry != NULL) {
        entry->connections += allowed;
        entry->used = now != 0 ? now : 1;
    }
    pthread_mutex_unlock(locked);
    return allowed;
}

void
client_limits_disconnect(struct client_limits *table, struct in_addr address)
{
    pthread_mutex_t *locked;
    struct entry *entry = find_entry(lock_set(table, address, &locked), address);
    if (entry != NULL && entry->connections > 0) {
        entry->connections--;
    }
    pthread_mutex_unlock(locked);
}

static uint64_t
bucket_size(uint32_t rate)
{
    return 2ULL * rate * TOKENS_PER_REQUEST;
}

/* The bucket as it is now that its refill is counted. With a rate that is lower than it was, more
 * may have been spent than it holds now; that would take long to refill, and is forgiven. */
static uint64_t
tokens_spent_now(const struct entry *entry, uint32_t rate, uint64_t now)
{
    uint64_t elapsed = now > entry->refilled ? now - entry->refilled : 0;
    uint64_t regained = elapsed > UINT32_MAX ? UINT64_MAX : elapsed * rate;
    uint64_t size = bucket_size(rate);
    uint64_t spent = entry->tokens_spent < size ? entry->tokens_spent : size;
    return spent > regained ? spent - regained : 0;
}

bool
client_limits_request(struct client_limits *table, struct in_addr address, uint32_t rate,
                      uint64_t now)
{
    if (rate == 0) {
        return true;
    }
    pthread_mutex_t *locked;
    struct entry *entry = find_or_take_entry(lock_set(table, address, &locked), address);
    bool allowed = true;
    if (entry != NULL) {
        uint64_t spent = tokens_spent_now(entry, rate, now) + TOKENS_PER_REQUEST;
        allowed = spent <= bucket_size(rate);
        entry->tokens_spent = allowed ? spent : spent - TOKENS_PER_REQUEST;
        entry->refilled = now > entry->refilled ? now : entry->refilled;
        entry->used = now != 0 ? now : 1;
    }
    pthread_mutex_unlock(locked);
    return allowed;
}
