/* SPDX-License-Identifier: MPL-2.0 */
/* An arena: memory that is given out piecemeal and freed as a whole. */
#ifndef UCPROV_ARENA_H
#define UCPROV_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct ucprov_arena;

struct ucprov_arena *ucprov_arena_new(void); /* NULL: out of memory */
void ucprov_arena_free(struct ucprov_arena *arena);

/* Zeroed, aligned for any type, never NULL for a size of 0; NULL when out of memory, and then the
 * arena stays failed, so that a builder may check once at its end. */
void *ucprov_arena_alloc(struct ucprov_arena *arena, size_t count, size_t size);
char *ucprov_arena_strdup(struct ucprov_arena *arena, const char *text);
bool ucprov_arena_failed(const struct ucprov_arena *arena);

#endif
