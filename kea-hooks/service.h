/* SPDX-License-Identifier: MPL-2.0 */
/* What the hook does, without Kea: the site that serves, the pools chosen for it, and the commands.
 *
 * Everything here runs on Kea's main thread. The packet threads see none of it, only policies: a
 * function that changes what phones get returns a new one, and the caller publishes it.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diagnostics.h"
#include "site/policy.h"

#ifdef __cplusplus
extern "C" {
#endif

struct service;

/* `state_file` may be NULL: choices of pools then live as long as the process. NULL: out of
 * memory. */
struct service *service_new(const char *site_file, const char *state_file);
void service_free(struct service *service);

/* The service before this one, in the same process: takes over its choices of pools where no state
 * file says better. */
void service_inherit(struct service *service, const struct service *before);

/* Takes over which files `from` would read, while its own site serves on: what was refused can be
 * mended and read again. */
void service_take_files(struct service *service, struct service *from);

/* Reads the state file, and warns in `diagnostics` of one that is no good. */
void service_load_state(struct service *service, struct ucprov_diagnostics *diagnostics);

/* Reads the site file. Returns the new policy, the caller's to own; or NULL, with every error in
 * `diagnostics`: the site that served serves on, and the refusal is kept for the status. */
struct ucprov_policy *service_load_site(struct service *service,
                                        struct ucprov_diagnostics *diagnostics);

/* Remembers why another service's site was refused, for the status. */
void service_note_refusal(struct service *service, const struct ucprov_diagnostics *diagnostics);

/* The file's name, and the site that serves: borrowed until the next call that changes it, NULL
 * before the first one is loaded. */
const char *service_site_file(const struct service *service);
const struct ucprov_site *service_site(const struct service *service);

/* The answer to a command, as Kea's control channel wants it. */
struct service_answer {
    bool success;
    char *json;                   /* {"result": ..., "text": ..., "arguments": ...} */
    struct ucprov_policy *policy; /* a new one to publish; NULL: nothing changed */
};

/* `arguments`: JSON text of the command's arguments, NULL when it has none. `serving` is the policy
 * that was published last. The answer's strings and policy are the caller's; json is NULL when out
 * of memory. Errors of a site file are in `diagnostics`, for the log. */
struct service_answer service_status_get(struct service *service, const char *arguments,
                                         const struct ucprov_policy *serving,
                                         struct ucprov_diagnostics *diagnostics);
struct service_answer service_options_get(struct service *service, const char *arguments,
                                          const struct ucprov_policy *serving,
                                          struct ucprov_diagnostics *diagnostics);
struct service_answer service_pool_set(struct service *service, const char *arguments,
                                       const struct ucprov_policy *serving,
                                       struct ucprov_diagnostics *diagnostics);
struct service_answer service_reload(struct service *service, const char *arguments,
                                     const struct ucprov_policy *serving,
                                     struct ucprov_diagnostics *diagnostics);

typedef struct service_answer service_command(struct service *service, const char *arguments,
                                              const struct ucprov_policy *serving,
                                              struct ucprov_diagnostics *diagnostics);

#ifdef __cplusplus
}
#endif

#endif
