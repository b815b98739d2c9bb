/* SPDX-License-Identifier: MPL-2.0 */
/* Loads the site and rebuilds policies as pools are chosen. Plain C with no Kea in it, so that it
 * can be tested alone; the commands themselves are in commands.c. */
#include "hook_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "site/site.h"

#include "hook_state_internal.h"
#include "site_copy.h"

struct hook_state *
hook_state_new(const char *site_file, const char *state_file)
{
    struct hook_state *state = calloc(1, sizeof(*state));
    if (state == NULL) {
        return NULL;
    }
    state->site_file = strdup(site_file);
    state->state_file = state_file == NULL ? NULL : strdup(state_file);
    if (state->site_file == NULL || (state_file != NULL && state->state_file == NULL)) {
        hook_state_free(state);
        return NULL;
    }
    return state;
}

void
hook_state_free(struct hook_state *state)
{
    if (state == NULL) {
        return;
    }
    json_decref(state->refusal.errors);
    pool_overrides_clear(&state->choices);
    ucprov_site_free(state->site);
    free(state->state_file);
    free(state->site_file);
    free(state);
}

void
hook_state_inherit(struct hook_state *state, const struct hook_state *before)
{
    pool_overrides_clear(&state->choices);
    pool_overrides_copy(&state->choices, &before->choices);
}

static void
swap_text(char **a, char **b)
{
    char *kept = *a;
    *a = *b;
    *b = kept;
}

void
hook_state_take_files(struct hook_state *state, struct hook_state *from)
{
    swap_text(&state->site_file, &from->site_file);
    swap_text(&state->state_file, &from->state_file);
}

void
hook_state_load_state(struct hook_state *state, struct ucprov_diagnostics *diagnostics)
{
    char error[POOL_OVERRIDES_ERROR_SIZE];
    struct pool_overrides choices;
    if (state->state_file == NULL) {
        return;
    }
    if (!pool_overrides_load(&choices, state->state_file, error)) {
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_HOOK_STATE_FILE, 0, NULL,
                               "%s; the site file's pools are used, and the next "
                               "ucprov-pool-set replaces it",
                               error);
        return;
    }
    pool_overrides_clear(&state->choices);
    state->choices = choices;
}

static bool
fits(const struct ucprov_site *site, const struct ucprov_pool_override *choice)
{
    const struct ucprov_vlan *vlan = ucprov_site_find_vlan(site, choice->vlan);
    return vlan != NULL && vlan->pool != NULL && ucprov_site_find_pool(site, choice->pool) != NULL;
}

struct ucprov_policy *
hook_state_build(const struct ucprov_site *site, const struct pool_overrides *choices,
                 struct ucprov_diagnostics *diagnostics)
{
    struct ucprov_pool_override *fitting =
        reallocarray(NULL, choices->count + 1, sizeof(*choices->items));
    if (fitting == NULL) {
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_FILE_MEMORY, 0, NULL, "out of memory");
        return NULL;
    }
    size_t count = 0;
    for (size_t i = 0; i < choices->count; i++) {
        if (fits(site, &choices->items[i])) {
            fitting[count++] = choices->items[i];
        } else {
            ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_HOOK_CHOICE_RESTS, 0, NULL,
                                   "pool \"%s\" was chosen for vlan \"%s\"; the site file has "
                                   "no such pair any more, so the choice rests",
                                   choices->items[i].pool, choices->items[i].vlan);
        }
    }
    struct ucprov_policy *policy = ucprov_policy_new(site, fitting, count, diagnostics);
    ucprov_diagnostics_sort(diagnostics);
    free(fitting);
    return policy;
}

json_t *
hook_state_errors_json(const struct ucprov_diagnostics *diagnostics)
{
    json_t *errors = json_array();
    for (size_t i = 0; i < diagnostics->count; i++) {
        char *text = ucprov_diagnostic_is_error(diagnostics->items[i])
                         ? ucprov_diagnostic_format(diagnostics, i)
                         : NULL;
        if (text != NULL) {
            /* What a file contains need not be UTF-8. */
            json_t *string = json_string(text);
            json_array_append_new(errors, string != NULL ? string : json_string("(not UTF-8)"));
        }
        free(text);
    }
    return errors;
}

void
hook_state_note_refusal(struct hook_state *state, const struct ucprov_diagnostics *diagnostics)
{
    json_decref(state->refusal.errors);
    state->refusal = (struct refusal){time(NULL), hook_state_errors_json(diagnostics)};
}

static void
forget_refusal(struct hook_state *state)
{
    json_decref(state->refusal.errors);
    state->refusal = (struct refusal){0};
}

static void
take_site(struct hook_state *state, struct ucprov_site *site, enum stand_in stand_in)
{
    ucprov_site_free(state->site);
    state->site = site;
    state->stand_in = stand_in;
    state->loaded = time(NULL);
}

struct ucprov_policy *
hook_state_load_site(struct hook_state *state, struct ucprov_diagnostics *diagnostics)
{
    struct ucprov_site *site = ucprov_site_load(state->site_file, diagnostics);
    if (site != NULL && site->vlan_count == 0) {
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_HOOK_NO_VLANS, 0, "vlans",
                               "there are none, so no phone would get anything; was the file cut "
                               "off? To do without, take the library out of hooks-libraries");
        ucprov_diagnostics_sort(diagnostics);
        ucprov_site_free(site);
        site = NULL;
    }
    struct ucprov_policy *policy =
        site == NULL ? NULL : hook_state_build(site, &state->choices, diagnostics);
    if (policy == NULL) {
        ucprov_site_free(site);
        hook_state_note_refusal(state, diagnostics);
        return NULL;
    }
    take_site(state, site, STAND_IN_NONE);
    forget_refusal(state);
    return policy;
}

/* The copy where there is a good one. */
static struct ucprov_site *
load_copy(const struct hook_state *state, struct ucprov_diagnostics *diagnostics)
{
    struct ucprov_problem problem;
    if (state->state_file == NULL) {
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_HOOK_NO_COPY, 0, NULL,
                               "without the parameter \"state-file\" no copy of the last "
                               "accepted site is kept that could serve now");
        return NULL;
    }
    struct ucprov_site *site = site_copy_load(state->state_file, state->site_file, &problem);
    if (site == NULL) {
        ucprov_diagnostics_add(diagnostics, UCPROV_FAULT_HOOK_NO_COPY, 0, NULL, "%s", problem.text);
    }
    return site;
}

struct ucprov_policy *
hook_state_stand_in(struct hook_state *state, struct ucprov_diagnostics *diagnostics)
{
    enum stand_in stand_in = STAND_IN_COPY;
    struct ucprov_site *site = load_copy(state, diagnostics);
    struct ucprov_policy *policy =
        site == NULL ? NULL : hook_state_build(site, &state->choices, diagnostics);
    if (policy == NULL) {
        stand_in = STAND_IN_NOTHING;
        ucprov_site_free(site);
        site = ucprov_site_new_empty(state->site_file);
        policy = site == NULL ? NULL : ucprov_policy_new(site, NULL, 0, diagnostics);
    }
    if (policy == NULL) {
        ucprov_site_free(site);
        return NULL;
    }
    take_site(state, site, stand_in);
    state->reminded = state->loaded;
    return policy;
}

const char *
hook_state_stand_in_text(const struct hook_state *state)
{
    switch (state->stand_in) {
    case STAND_IN_COPY:
        return "a copy of a site that was accepted before";
    case STAND_IN_NOTHING:
        return "nothing: no phone gets any option of ours";
    default:
        return NULL;
    }
}

#define REMINDER_SECONDS (24 * 60 * 60)

bool
hook_state_should_remind(struct hook_state *state, time_t now)
{
    if (state->stand_in == STAND_IN_NONE || now - state->reminded < REMINDER_SECONDS) {
        return false;
    }
    state->reminded = now;
    return true;
}

bool
hook_state_keep(struct hook_state *state, struct ucprov_problem *problem)
{
    state->unwritable.text[0] = '\0';
    if (state->state_file == NULL) {
        return true;
    }
    int error = ucprov_file_try_replace(state->state_file);
    if (error != 0) {
        ucprov_problem_set(&state->unwritable, "%s: cannot be written: %s", state->state_file,
                           strerror(error));
    } else if (state->stand_in == STAND_IN_NONE && state->refusal.when == 0) {
        site_copy_save(state->state_file, state->site, &state->unwritable);
    }
    *problem = state->unwritable;
    return state->unwritable.text[0] == '\0';
}

void
hook_state_set_own_options(struct hook_state *state, const struct kea_own_options *options)
{
    state->own_options = options;
}

const char *
hook_state_site_file(const struct hook_state *state)
{
    return state->site_file;
}

const struct ucprov_site *
hook_state_site(const struct hook_state *state)
{
    return state->site;
}
