/* SPDX-License-Identifier: MPL-2.0 */
/* Flattens nested prefixes into sorted ranges with a stack of those that are open. That is done
 * once; the search is the only part that runs while a phone waits. */
#include "site/prefix_table.h"

#include <stdlib.h>

#define DEPTH_MAX 33 /* prefix lengths 0 to 32: deeper nesting is impossible */

struct ucprov_prefix_table {
    size_t count;    /* of ranges; each reaches to the next one's first address */
    uint32_t *first; /* ascending; first[0] is 0 */
    uint32_t *value;
};

struct builder {
    uint32_t *first;
    uint32_t *value;
    size_t count;
    struct ucprov_prefix_entry
        open[DEPTH_MAX]; /* prefixes around the current address, innermost last */
    size_t depth;
};

static int
compare_entries(const void *left, const void *right)
{
    const struct ucprov_prefix_entry *a = left;
    const struct ucprov_prefix_entry *b = right;
    return ucprov_prefix_compare(a->prefix, b->prefix);
}

/* From this address on, that value holds. */
static void
begin_range(struct builder *builder, uint32_t first, uint32_t value)
{
    if (builder->count > 0 && builder->first[builder->count - 1] == first) {
        builder->count--; /* a more specific prefix begins at the same address */
    }
    builder->first[builder->count] = first;
    builder->value[builder->count] = value;
    builder->count++;
}

static uint32_t
innermost(const struct builder *builder)
{
    return builder->depth == 0 ? UCPROV_PREFIX_NONE : builder->open[builder->depth - 1].value;
}

/* Closes the prefixes that end before an address. */
static void
close_before(struct builder *builder, uint32_t address)
{
    while (builder->depth > 0) {
        uint32_t last = ucprov_prefix_last(builder->open[builder->depth - 1].prefix);
        if (last >= address) {
            break;
        }
        builder->depth--;
        begin_range(builder, last + 1, innermost(builder));
    }
}

static void
close_all(struct builder *builder)
{
    while (builder->depth > 0) {
        uint32_t last = ucprov_prefix_last(builder->open[builder->depth - 1].prefix);
        builder->depth--;
        if (last < UINT32_MAX) {
            begin_range(builder, last + 1, innermost(builder));
        }
    }
}

static struct ucprov_prefix_table *
allocate_table(size_t ranges)
{
    struct ucprov_prefix_table *table = calloc(1, sizeof(*table));
    if (table == NULL) {
        return NULL;
    }
    table->first = calloc(ranges, sizeof(*table->first));
    table->value = calloc(ranges, sizeof(*table->value));
    if (table->first == NULL || table->value == NULL) {
        ucprov_prefix_table_free(table);
        return NULL;
    }
    return table;
}

struct ucprov_prefix_table *
ucprov_prefix_table_new(struct ucprov_prefix_entry *entries, size_t count)
{
    /* Each prefix begins a range and ends one. */
    struct ucprov_prefix_table *table = allocate_table(2 * count + 1);
    if (table == NULL) {
        return NULL;
    }
    struct builder builder = {.first = table->first, .value = table->value};
    if (count > 0) {
        qsort(entries, count, sizeof(*entries), compare_entries);
    }
    begin_range(&builder, 0, UCPROV_PREFIX_NONE);
    for (size_t i = 0; i < count; i++) {
        close_before(&builder, ucprov_prefix_first(entries[i].prefix));
        begin_range(&builder, ucprov_prefix_first(entries[i].prefix), entries[i].value);
        builder.open[builder.depth++] = entries[i];
    }
    close_all(&builder);
    table->count = builder.count;
    return table;
}

void
ucprov_prefix_table_free(struct ucprov_prefix_table *table)
{
    if (table != NULL) {
        free(table->first);
        free(table->value);
        free(table);
    }
}

uint32_t
ucprov_prefix_table_find(const struct ucprov_prefix_table *table, uint32_t address)
{
    const uint32_t *base = table->first;
    for (size_t left = table->count; left > 1;) {
        size_t half = left / 2;
        base = base[half] <= address ? base + half : base;
        left -= half;
    }
    return table->value[base - table->first];
}
