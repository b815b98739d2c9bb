#include "daemon/visitors.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/queue.h>

#define BUCKETS 4096 /* of the hash table; a power of two */

struct visitor {
    in_addr_t address;
    time_t last;
    unsigned long count;
    const char *protocol;
    TAILQ_ENTRY(visitor) by_time; /* the most recent first */
    LIST_ENTRY(visitor) by_address;
};

struct visitors {
    pthread_mutex_t lock;
    size_t used; /* of `visitors` */
    size_t total;
    TAILQ_HEAD(recent_visitors, visitor) recent;
    LIST_HEAD(bucket, visitor) buckets[BUCKETS];
    struct visitor visitors[VISITORS_KEPT];
};

struct visitors *
visitors_new(void)
{
    struct visitors *visitors = calloc(1, sizeof *visitors);
    if (visitors != NULL) {
        pthread_mutex_init(&visitors->lock, NULL);
        TAILQ_INIT(&visitors->recent);
    }
    return visitors;
}

void
visitors_free(struct visitors *visitors)
{
    if (visitors != NULL) {
        pthread_mutex_destroy(&visitors->lock);
    }
    free(visitors);
}

/* Fibonacci hashing: phones' addresses follow each other. Whoever forges addresses so that they
 * meet in one bucket has to hold connections from all of them. */
static size_t
bucket_of(in_addr_t address)
{
    return (uint32_t)(ntohl(address) * 2654435769U) / (UINT32_MAX / BUCKETS + 1);
}

static struct visitor *
find(struct visitors *visitors, in_addr_t address)
{
    struct visitor *visitor;
    LIST_FOREACH(visitor, &visitors->buckets[bucket_of(address)], by_address)
    {
        if (visitor->address == address) { // cppcheck-suppress uninitvar
            return visitor;
        }
    }
    return NULL;
}

/* A place that was never used, or that of the least recent one. */
static struct visitor *
add(struct visitors *visitors, in_addr_t address)
{
    struct visitor *visitor;
    if (visitors->used < VISITORS_KEPT) {
        visitor = &visitors->visitors[visitors->used++];
    } else {
        visitor = TAILQ_LAST(&visitors->recent, recent_visitors);
        LIST_REMOVE(visitor, by_address);
        TAILQ_REMOVE(&visitors->recent, visitor, by_time);
    }
    visitor->address = address;
    visitor->count = 0;
    LIST_INSERT_HEAD(&visitors->buckets[bucket_of(address)], visitor, by_address);
    TAILQ_INSERT_HEAD(&visitors->recent, visitor, by_time);
    visitors->total++;
    return visitor;
}

void
visitors_note(struct visitors *visitors, struct in_addr address, const char *protocol, time_t now)
{
    pthread_mutex_lock(&visitors->lock);
    struct visitor *visitor = find(visitors, address.s_addr);
    if (visitor == NULL) {
        visitor = add(visitors, address.s_addr);
    } else if (visitor != TAILQ_FIRST(&visitors->recent)) {
        TAILQ_REMOVE(&visitors->recent, visitor, by_time);
        TAILQ_INSERT_HEAD(&visitors->recent, visitor, by_time);
    }
    visitor->last = now;
    visitor->count++;
    visitor->protocol = protocol;
    pthread_mutex_unlock(&visitors->lock);
}

size_t
visitors_list(struct visitors *visitors, struct page_visitor *list, size_t most, size_t *total)
{
    size_t count = 0;
    struct visitor *visitor;
    pthread_mutex_lock(&visitors->lock);
    TAILQ_FOREACH(visitor, &visitors->recent, by_time)
    {
        if (count == most) {
            break;
        }
        struct page_visitor *shown = &list[count++];
        struct in_addr address = {visitor->address};
        inet_ntop(AF_INET, &address, shown->address, sizeof shown->address);
        shown->last = visitor->last;
        shown->count = visitor->count;
        shown->protocol = visitor->protocol;
    }
    *total = visitors->total;
    pthread_mutex_unlock(&visitors->lock);
    return count;
}

size_t
visitors_total(struct visitors *visitors)
{
    pthread_mutex_lock(&visitors->lock);
    size_t total = visitors->total;
    pthread_mutex_unlock(&visitors->lock);
    return total;
}
