/* SPDX-License-Identifier: MPL-2.0 */
/* What the hook does, without Kea: the site that serves, the pools chosen for it, and the commands.
 *
 * Everything here runs on Kea's main thread. The packet threads see none of it, only policies: a
 * function that changes what phones get returns a new one, and the caller publishes it.
 */
#ifndef HOOK_STATE_H
#define HOOK_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/diagnostics.h"
#include "base/problem.h"
#include "site/policy.h"

#include "kea_own_options.h"

#ifdef __cplusplus
extern "C" {
#endif

struct hook_state;

/* `state_file` may be NULL: choices of pools then live as long as the process. NULL: out of
 * memory. */
struct hook_state *hook_state_new(const char *site_file, const char *state_file);
void hook_state_free(struct hook_state *state);

/* The state before this one, in the same process: takes over its choices of pools where no state
 * file says better. */
void hook_state_inherit(struct hook_state *state, const struct hook_state *before);

/* Takes over which files `from` would read, while its own site serves on: what was refused can be
 * mended and read again. */
void hook_state_take_files(struct hook_state *state, struct hook_state *from);

/* Reads the state file, and warns in `diagnostics` of one that is no good. */
void hook_state_load_state(struct hook_state *state, struct ucprov_diagnostics *diagnostics);

/* Reads the site file. Returns the new policy, the caller's to own; or NULL, with every error in
 * `diagnostics`: the site that served serves on, and the refusal is kept for the status. */
struct ucprov_policy *hook_state_load_site(struct hook_state *state,
                                           struct ucprov_diagnostics *diagnostics);

/* Remembers why another state's site was refused, for the status. */
void hook_state_note_refusal(struct hook_state *state,
                             const struct ucprov_diagnostics *diagnostics);

/* Has the copy of the last accepted site serve, or where there is none, nothing: no phone gets an
 * option then. Returns its policy, as hook_state_load_site(); NULL: out of memory. */
struct ucprov_policy *hook_state_stand_in(struct hook_state *state,
                                          struct ucprov_diagnostics *diagnostics);

/* What stands in, as a sentence for the log: static or the state's; NULL: nothing has to. */
const char *hook_state_stand_in_text(const struct hook_state *state);

/* Whether it is time to remind of that: once a day, beginning a day after it began. */
bool hook_state_should_remind(struct hook_state *state, time_t now);

/* Kea's configuration, and with it this state, is in force: tries whether the state file could be
 * written, and copies the site beside it. Returns false with a problem when that cannot be. */
bool hook_state_keep(struct hook_state *state, struct ucprov_problem *problem);

/* The file's name, and the site that serves: borrowed until the next call that changes it, NULL
 * before the first one is loaded. */
const char *hook_state_site_file(const struct hook_state *state);
const struct ucprov_site *hook_state_site(const struct hook_state *state);

/* What Kea's own configuration has of options 15, 42 and 119, for the answers of commands:
 * borrowed; NULL: it is not known. */
void hook_state_set_own_options(struct hook_state *state, const struct kea_own_options *options);

/* The answer to a command, as Kea's control channel wants it. */
struct hook_state_answer {
    bool success;
    char *json;                   /* {"result": ..., "text": ..., "arguments": ...} */
    struct ucprov_policy *policy; /* a new one to publish; NULL: nothing changed */
};

/* `arguments`: JSON text of the command's arguments, NULL when it has none. `serving` is the policy
 * that was published last. The answer's strings and policy are the caller's; json is NULL when out
 * of memory. Errors of a site file are in `diagnostics`, for the log. */
struct hook_state_answer hook_state_status_get(struct hook_state *state, const char *arguments,
                                               const struct ucprov_policy *serving,
                                               struct ucprov_diagnostics *diagnostics);
struct hook_state_answer hook_state_options_get(struct hook_state *state, const char *arguments,
                                                const struct ucprov_policy *serving,
                                                struct ucprov_diagnostics *diagnostics);
struct hook_state_answer hook_state_pool_set(struct hook_state *state, const char *arguments,
                                             const struct ucprov_policy *serving,
                                             struct ucprov_diagnostics *diagnostics);
struct hook_state_answer hook_state_reload(struct hook_state *state, const char *arguments,
                                           const struct ucprov_policy *serving,
                                           struct ucprov_diagnostics *diagnostics);

typedef struct hook_state_answer hook_state_command(struct hook_state *state, const char *arguments,
                                                    const struct ucprov_policy *serving,
                                                    struct ucprov_diagnostics *diagnostics);

#ifdef __cplusplus
}
#endif

#endif
