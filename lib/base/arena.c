/* SPDX-License-Identifier: MPL-2.0 */
/* Chunks of 64 KiB, handed out from the newest one; what is larger gets a chunk of its own. Nothing
 * is ever given back alone, so there is no list of free pieces to keep. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)64 << 10)

struct chunk {
    struct chunk *next;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char memory[];
};

struct ucprov_arena {
    struct chunk *chunks; /* the first one is the one in use */
    bool failed;
};

struct ucprov_arena *
ucprov_arena_new(void)
{
    return calloc(1, sizeof(struct ucprov_arena));
}

void
ucprov_arena_free(struct ucprov_arena *arena)
{
    if (arena == NULL) {
        return;
    }
    for (struct chunk *chunk = arena->chunks; chunk != NULL;) {
        struct chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    free(arena);
}

static struct chunk *
chunk_for(struct ucprov_arena *arena, size_t size)
{
    struct chunk *chunk = arena->chunks;
    if (chunk != NULL && chunk->size - chunk->used >= size) {
        return chunk;
    }
    size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
    chunk = calloc(1, sizeof(*chunk) + room);
    if (chunk == NULL) {
        return NULL;
    }
    chunk->size = room;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    return chunk;
}

void *
ucprov_arena_alloc(struct ucprov_arena *arena, size_t count, size_t size)
{
    const size_t alignment = alignof(max_align_t);
    size_t total;
    if (__builtin_mul_overflow(count, size, &total) || total > SIZE_MAX / 2) {
        arena->failed = true;
        return NULL;
    }
    total = (total + alignment) / alignment * alignment; /* at least one octet, then rounded up */
    struct chunk *chunk = chunk_for(arena, total);
    if (chunk == NULL) {
        arena->failed = true;
        return NULL;
    }
    void *memory = chunk->memory + chunk->used;
    chunk->used += total;
    return memory;
}

char *
ucprov_arena_strdup(struct ucprov_arena *arena, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = ucprov_arena_alloc(arena, size, 1);
    return copy == NULL ? NULL : memcpy(copy, text, size);
}

bool
ucprov_arena_failed(const struct ucprov_arena *arena)
{
    return arena->failed;
}
