/* SPDX-License-Identifier: MPL-2.0 */
/* A short list with a JSON file behind it, which is written beside and renamed, so that a crash
 * leaves the old choices or the new ones. Whether a vlan or pool exists is for hook_state.c to see.
 */
#include "pool_overrides.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* The state file: {"version": 1, "pools": {"hq-voice": "dr"}} */
#define STATE_VERSION  1
#define STATE_MODE     0640
#define STATE_FILE_MAX ((size_t)64 << 20) /* more than 65,536 vlans with the longest names have */

void
pool_overrides_clear(struct pool_overrides *choices)
{
    for (size_t i = 0; i < choices->count; i++) {
        free((char *)choices->items[i].vlan);
        free((char *)choices->items[i].pool);
    }
    free(choices->items);
    *choices = (struct pool_overrides){0};
}

bool
pool_overrides_copy(struct pool_overrides *copy, const struct pool_overrides *choices)
{
    *copy = (struct pool_overrides){0};
    for (size_t i = 0; i < choices->count; i++) {
        if (!pool_overrides_set(copy, choices->items[i].vlan, choices->items[i].pool)) {
            pool_overrides_clear(copy);
            return false;
        }
    }
    return true;
}

static struct ucprov_pool_override *
find_override(const struct pool_overrides *choices, const char *vlan)
{
    for (size_t i = 0; i < choices->count; i++) {
        if (strcmp(choices->items[i].vlan, vlan) == 0) {
            return &choices->items[i];
        }
    }
    return NULL;
}

static void
remove_choice(struct pool_overrides *choices, struct ucprov_pool_override *choice)
{
    free((char *)choice->vlan);
    free((char *)choice->pool);
    size_t behind = (size_t)(choices->items + choices->count - (choice + 1));
    memmove(choice, choice + 1, behind * sizeof(*choice));
    choices->count--;
}

static bool
append_override(struct pool_overrides *choices, const char *vlan, char *pool)
{
    void *items = reallocarray(choices->items, choices->count + 1, sizeof(*choices->items));
    if (items == NULL) {
        return false;
    }
    choices->items = items;
    struct ucprov_pool_override *item = &choices->items[choices->count];
    *item = (struct ucprov_pool_override){strdup(vlan), pool};
    choices->count += item->vlan != NULL;
    return item->vlan != NULL;
}

bool
pool_overrides_set(struct pool_overrides *choices, const char *vlan, const char *pool)
{
    struct ucprov_pool_override *choice = find_override(choices, vlan);
    if (pool == NULL) {
        if (choice != NULL) {
            remove_choice(choices, choice);
        }
        return true;
    }
    char *copy = strdup(pool);
    if (copy == NULL) {
        return false;
    }
    if (choice != NULL) {
        free((char *)choice->pool);
        choice->pool = copy;
        return true;
    }
    if (!append_override(choices, vlan, copy)) {
        free(copy);
        return false;
    }
    return true;
}

static bool
take_pools(struct pool_overrides *choices, json_t *pools)
{
    const char *vlan;
    json_t *pool;
    json_object_foreach(pools, vlan, pool)
    {
        if (!json_is_string(pool) || !pool_overrides_set(choices, vlan, json_string_value(pool))) {
            pool_overrides_clear(choices);
            return false;
        }
    }
    return true;
}

bool
pool_overrides_load(struct pool_overrides *choices, const char *file,
                    char error[POOL_OVERRIDES_ERROR_SIZE])
{
    *choices = (struct pool_overrides){0};
    struct ucprov_file read;
    int failure = ucprov_file_read(&read, file, STATE_FILE_MAX, UCPROV_FILE_REGULAR);
    if (failure == ENOENT) {
        return true;
    }
    if (failure != 0) {
        snprintf(error, POOL_OVERRIDES_ERROR_SIZE, "%s: cannot be read: %s", file,
                 ucprov_file_error(failure));
        return false;
    }
    if ((read.status.st_uid != geteuid() && read.status.st_uid != 0) ||
        (read.status.st_mode & S_IWOTH) != 0) {
        ucprov_file_clear(&read);
        snprintf(error, POOL_OVERRIDES_ERROR_SIZE,
                 "%s: not used: others could have written it (it has to be Kea's, mode 0640)",
                 file);
        return false;
    }
    json_error_t where;
    json_t *state = json_loadb(read.octets, read.length, JSON_REJECT_DUPLICATES, &where);
    ucprov_file_clear(&read);
    json_t *pools = json_object_get(state, "pools");
    bool good = json_integer_value(json_object_get(state, "version")) == STATE_VERSION &&
                json_is_object(pools) && take_pools(choices, pools);
    if (!good) {
        snprintf(error, POOL_OVERRIDES_ERROR_SIZE, "%s: is no state file of this library%s%s", file,
                 state == NULL ? ": " : "", state == NULL ? where.text : "");
    }
    json_decref(state);
    return good;
}

static json_t *
to_json(const struct pool_overrides *choices)
{
    json_t *pools = json_object();
    for (size_t i = 0; i < choices->count; i++) {
        json_object_set_new(pools, choices->items[i].vlan, json_string(choices->items[i].pool));
    }
    return json_pack("{s:i, s:o}", "version", STATE_VERSION, "pools", pools);
}

bool
pool_overrides_save(const struct pool_overrides *choices, const char *file,
                    char error[POOL_OVERRIDES_ERROR_SIZE])
{
    json_t *state = to_json(choices);
    char *text = state == NULL ? NULL : json_dumps(state, JSON_INDENT(2));
    int failure = text == NULL ? ENOMEM : ucprov_file_replace(file, text, strlen(text), STATE_MODE);
    if (failure != 0) {
        snprintf(error, POOL_OVERRIDES_ERROR_SIZE, "%s: cannot be written: %s", file,
                 strerror(failure));
    }
    free(text);
    json_decref(state);
    return failure == 0;
}
