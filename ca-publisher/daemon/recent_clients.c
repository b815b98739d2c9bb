/* SPDX-License-Identifier: MPL-2.0 */
/* A hash table and a list through the same fixed array, under one lock that is held for a few
 * pointers only. For the page and a count; no decision depends on it. */
#include "daemon/recent_clients.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "daemon/address_bucket.h"

struct client {
    in_addr_t address;
    time_t last;
    unsigned long count;
    const char *protocol;
    TAILQ_ENTRY(client) by_time; /* the most recent first */
    LIST_ENTRY(client) by_address;
};

struct recent_clients {
    pthread_mutex_t lock;
    size_t used; /* of `clients` */
    size_t total;
    TAILQ_HEAD(recent_queue, client) recent;
    LIST_HEAD(bucket, client) buckets[ADDRESS_BUCKETS];
    struct client clients[RECENT_CLIENTS_KEPT];
};

struct recent_clients *
recent_clients_new(void)
{
    struct recent_clients *clients = calloc(1, sizeof(*clients));
    if (clients != NULL) {
        pthread_mutex_init(&clients->lock, NULL);
        TAILQ_INIT(&clients->recent);
    }
    return clients;
}

void
recent_clients_free(struct recent_clients *clients)
{
    if (clients != NULL) {
        pthread_mutex_destroy(&clients->lock);
    }
    free(clients);
}

static struct client *
find_client(struct recent_clients *clients, in_addr_t address)
{
    struct client *client;
    LIST_FOREACH(client, &clients->buckets[address_bucket(address)], by_address)
    {
        if (client->address == address) { // cppcheck-suppress uninitvar
            return client;
        }
    }
    return NULL;
}

/* A place that was never used, or that of the least recent one. */
static struct client *
add_client(struct recent_clients *clients, in_addr_t address)
{
    struct client *client;
    if (clients->used < RECENT_CLIENTS_KEPT) {
        client = &clients->clients[clients->used++];
    } else {
        client = TAILQ_LAST(&clients->recent, recent_queue);
        LIST_REMOVE(client, by_address);
        TAILQ_REMOVE(&clients->recent, client, by_time);
    }
    client->address = address;
    client->count = 0;
    LIST_INSERT_HEAD(&clients->buckets[address_bucket(address)], client, by_address);
    TAILQ_INSERT_HEAD(&clients->recent, client, by_time);
    clients->total++;
    return client;
}

void
recent_clients_note(struct recent_clients *clients, struct in_addr address, const char *protocol,
                    time_t now)
{
    pthread_mutex_lock(&clients->lock);
    struct client *client = find_client(clients, address.s_addr);
    if (client == NULL) {
        client = add_client(clients, address.s_addr);
    } else if (client != TAILQ_FIRST(&clients->recent)) {
        TAILQ_REMOVE(&clients->recent, client, by_time);
        TAILQ_INSERT_HEAD(&clients->recent, client, by_time);
    }
    client->last = now;
    client->count++;
    client->protocol = protocol;
    pthread_mutex_unlock(&clients->lock);
}

size_t
recent_clients_list(struct recent_clients *clients, struct recent_client *list, size_t max,
                    size_t *total)
{
    size_t count = 0;
    struct client *client;
    pthread_mutex_lock(&clients->lock);
    TAILQ_FOREACH(client, &clients->recent, by_time)
    {
        if (count == max) {
            break;
        }
        struct recent_client *shown = &list[count++];
        struct in_addr address = {client->address};
        inet_ntop(AF_INET, &address, shown->address, sizeof(shown->address));
        shown->last = client->last;
        shown->count = client->count;
        shown->protocol = client->protocol;
    }
    *total = clients->total;
    pthread_mutex_unlock(&clients->lock);
    return count;
}

size_t
recent_clients_total(struct recent_clients *clients)
{
    pthread_mutex_lock(&clients->lock);
    size_t total = clients->total;
    pthread_mutex_unlock(&clients->lock);
    return total;
}
