/* SPDX-License-Identifier: MPL-2.0 */
/* The commands of the control channel: arguments in as JSON, answer out as JSON. */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/program.h"
#include "option/explain.h"
#include "site/site.h"

#include "hook_state_internal.h"
#include "recent_phones.h"

/* Answers */

static struct hook_state_answer make_answer(bool success, json_t *arguments, const char *format,
                                            ...) __attribute__((format(printf, 3, 4)));

static struct hook_state_answer
make_answer(bool success, json_t *arguments, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    json_t *text = json_vsprintf(format, values);
    va_end(values);
    json_t *object = json_pack("{s:i, s:o}", "result", success ? 0 : 1, "text",
                               text != NULL ? text : json_string("(text that is not UTF-8)"));
    if (arguments != NULL) {
        json_object_set_new(arguments, "schema", json_integer(UCPROV_JSON_SCHEMA));
        json_object_set_new(object, "arguments", arguments);
    }
    struct hook_state_answer result = {.success = success,
                                       .json = json_dumps(object, JSON_COMPACT)};
    json_decref(object);
    return result;
}

/* The arguments as an object; an empty one where there are none; NULL where they are no object or
 * hold a member that is not in `known`. */
static json_t *
arguments_of(const char *arguments, const char *const *known, struct hook_state_answer *refusal)
{
    json_t *object = arguments == NULL ? json_object() : json_loads(arguments, 0, NULL);
    const char *name;
    json_t *value;
    if (!json_is_object(object)) {
        *refusal = make_answer(false, NULL, "the arguments have to be a map: { \"NAME\": VALUE }");
        json_decref(object);
        return NULL;
    }
    json_object_foreach(object, name, value)
    {
        size_t i = 0;
        while (known[i] != NULL && strcmp(known[i], name) != 0) {
            i++;
        }
        if (known[i] == NULL) {
            struct ucprov_suggestion near;
            *refusal = make_answer(false, NULL, "unknown argument \"%s\"%s", name,
                                   ucprov_suggest(&near, name, UCPROV_WORDS(known, SIZE_MAX), ""));
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static json_t *
time_json(time_t when)
{
    char text[32];
    struct tm broken_down;
    if (when == 0 || gmtime_r(&when, &broken_down) == NULL ||
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &broken_down) == 0) {
        return json_null();
    }
    return json_string(text);
}

/* ucprov-status-get */

static json_t *
overrides_json(const struct ucprov_policy *policy)
{
    json_t *overrides = json_array();
    for (size_t i = 0; i < ucprov_policy_vlan_count(policy); i++) {
        const struct ucprov_policy_vlan *vlan = ucprov_policy_vlan_at(policy, i);
        if (vlan->pool != NULL && strcmp(vlan->pool, vlan->home) != 0) {
            json_array_append_new(overrides,
                                  json_pack("{s:s, s:s, s:s}", "vlan", vlan->name, "pool",
                                            vlan->pool, "site-file-pool", vlan->home));
        }
    }
    return overrides;
}

static json_t *
pilot_json(const struct ucprov_policy_vlan *vlan)
{
    json_t *list = json_array();
    for (size_t i = 0; i < vlan->pilot.count; i++) {
        char text[UCPROV_HARDWARE_TEXT_SIZE];
        ucprov_hardware_to_text(&vlan->pilot.items[i], text);
        json_array_append_new(list, json_string(text));
    }
    return list;
}

/* Vlans that do not serve everybody yet. */
static json_t *
trials_json(const struct ucprov_policy *policy)
{
    json_t *trials = json_array();
    for (size_t i = 0; i < ucprov_policy_vlan_count(policy); i++) {
        const struct ucprov_policy_vlan *vlan = ucprov_policy_vlan_at(policy, i);
        if (vlan->pilot.count > 0 || vlan->observe) {
            json_array_append_new(trials,
                                  json_pack("{s:s, s:b, s:o}", "vlan", vlan->name, "observe",
                                            vlan->observe, "pilot", pilot_json(vlan)));
        }
    }
    return trials;
}

static json_t *
refused_json(const struct refusal *refusal)
{
    if (refusal->when == 0) {
        return json_null();
    }
    return json_pack("{s:o, s:O}", "time", time_json(refusal->when), "errors", refusal->errors);
}

/* {"serves": "copy"|"nothing", "since": time, "errors": why the site file is refused}, or null. */
static json_t *
degraded_json(const struct hook_state *state)
{
    if (state->stand_in == STAND_IN_NONE) {
        return json_null();
    }
    return json_pack("{s:s, s:o, s:O}", "serves",
                     state->stand_in == STAND_IN_COPY ? "copy" : "nothing", "since",
                     time_json(state->loaded), "errors", state->refusal.errors);
}

struct hook_state_answer
hook_state_status_get(struct hook_state *state, const char *arguments,
                      const struct ucprov_policy *serving, struct ucprov_diagnostics *diagnostics)
{
    (void)diagnostics;
    static const char *const known[] = {NULL};
    struct hook_state_answer refusal = {0};
    json_t *given = arguments_of(arguments, known, &refusal);
    if (given == NULL) {
        return refusal;
    }
    json_decref(given);
    const struct ucprov_site *site = state->site;
    const char *stand_in = hook_state_stand_in_text(state);
    json_t *status = json_pack(
        "{s:s, s:s, s:o, s:s, s:o, s:o, s:I, s:I, s:o, s:o, s:o, s:o, s:s?}", "version",
        UCPROV_VERSION, "site-file", site->file, "state-file",
        state->state_file == NULL ? json_null() : json_string(state->state_file), "digest",
        site->digest, "modified", time_json(site->modified), "loaded", time_json(state->loaded),
        "vlans", (json_int_t)site->vlan_count, "pools", (json_int_t)site->pool_count, "overrides",
        overrides_json(serving), "trials", trials_json(serving), "refused",
        refused_json(&state->refusal), "degraded", degraded_json(state), "state-file-error",
        state->unwritable.text[0] == '\0' ? NULL : state->unwritable.text);
    if (stand_in != NULL) {
        return make_answer(true, status, "degraded: %s is refused, and what serves is %s",
                           site->file, stand_in);
    }
    return make_answer(true, status, "serving %s%s", site->file,
                       state->refusal.when == 0 ? "" : "; a newer one was refused");
}

/* ucprov-options-get */

/* An address in the subnet that the argument names: itself, or a prefix's first. */
static bool
address_of(const char *text, uint32_t *address)
{
    struct in_addr parsed;
    struct ucprov_prefix prefix;
    if (inet_pton(AF_INET, text, &parsed) == 1) {
        *address = ntohl(parsed.s_addr);
        return true;
    }
    if (!ucprov_prefix_from_text(&prefix, text)) {
        return false;
    }
    *address = ucprov_prefix_first(prefix);
    return true;
}

/* Kea's options that go before ours at an address. */
struct own_view {
    const struct kea_own_options *options; /* NULL: not known */
    const struct ucprov_policy *policy;
    const struct ucprov_policy_vlan *vlan;
    uint32_t address;
};

#define EXCEPTIONS_SHOWN 8

static void
add_exception(void *context, const struct kea_own_option *option)
{
    json_t *list = context;
    if (json_array_size(list) < EXCEPTIONS_SHOWN) {
        json_array_append_new(
            list, json_pack("{s:s, s:s}", "where", option->place, "data", option->text));
    }
}

/* What Kea sends of its own in place of ours; NULL: nothing. */
static const struct kea_own_option *
own_option(const struct own_view *view, const struct ucprov_reply_option *reply)
{
    if (view->options == NULL || reply->rule == UCPROV_REPLY_PUT) {
        return NULL;
    }
    const struct kea_sent_options *sent = kea_own_options_find(view->options, view->address);
    for (size_t i = 0; sent != NULL && i < UCPROV_PROMPTS_MAX; i++) {
        const struct kea_own_option *option = sent->items[i];
        if (option != NULL && option->code == reply->option->code && !option->never) {
            return option;
        }
    }
    return NULL;
}

/* An option that really goes out: Kea's where it is configured to send one and the vlan keeps it.
 */
static json_t *
sent_option_json(const struct own_view *view, const struct ucprov_reply_option *reply,
                 enum ucprov_client client)
{
    const struct ucprov_encoded *ours = reply->option;
    const struct kea_own_option *own = own_option(view, reply);
    json_t *exceptions = json_array();
    json_t *object = NULL;
    if (own == NULL) {
        object = ucprov_explain_json(ours->code, client, ours->data, ours->length);
    } else if (own->octets.data != NULL) {
        object = ucprov_explain_json(own->code, client, own->octets.data, own->octets.length);
    } else {
        object = json_pack("{s:i}", "code", own->code);
    }
    json_object_set_new(object, "replaces-kea", json_boolean(reply->rule == UCPROV_REPLY_PUT));
    json_object_set_new(object, "from", json_string(own == NULL ? "site" : "kea"));
    if (own != NULL) {
        json_object_set_new(object, "where", json_string(own->place));
        json_object_set_new(object, "data", json_string(own->text));
    }
    if (view->options != NULL && reply->rule != UCPROV_REPLY_PUT) {
        kea_own_options_each_exception(view->options, view->policy, view->vlan, ours->code,
                                       add_exception, exceptions);
    }
    if (json_array_size(exceptions) > 0) {
        json_object_set(object, "kea-for-some", exceptions);
    }
    json_decref(exceptions);
    return object;
}

static json_t *
options_json(const struct own_view *view, const char *vendor_class)
{
    const struct ucprov_policy_vlan *vlan = view->vlan;
    static const uint8_t everything[] = {UCPROV_OPTION_DOMAIN_NAME, UCPROV_OPTION_NTP_SERVERS,
                                         UCPROV_OPTION_VENDOR, UCPROV_OPTION_DOMAIN_SEARCH,
                                         UCPROV_OPTION_SIP_SERVERS};
    size_t length = vendor_class == NULL ? 0 : strlen(vendor_class);
    enum ucprov_client client = ucprov_policy_client(vlan, vendor_class, length);
    struct ucprov_reply_option reply[UCPROV_REPLY_OPTIONS_MAX];
    size_t count = ucprov_policy_options_for(vlan, client, everything, sizeof(everything), reply);
    json_t *options = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(options, sent_option_json(view, &reply[i], client));
    }
    return json_pack("{s:s, s:o, s:s, s:b, s:o, s:o}", "vlan", vlan->name, "pool",
                     vlan->pool == NULL ? json_null() : json_string(vlan->pool), "client",
                     ucprov_client_name(client), "observe", vlan->observe, "pilot",
                     pilot_json(vlan), "options", options);
}

struct hook_state_answer
hook_state_options_get(struct hook_state *state, const char *arguments,
                       const struct ucprov_policy *serving, struct ucprov_diagnostics *diagnostics)
{
    (void)diagnostics;
    static const char *const known[] = {"subnet", "vendor-class", NULL};
    struct hook_state_answer result = {0};
    json_t *given = arguments_of(arguments, known, &result);
    if (given == NULL) {
        return result;
    }
    const char *subnet = json_string_value(json_object_get(given, "subnet"));
    json_t *class = json_object_get(given, "vendor-class");
    uint32_t address;
    if (subnet == NULL || !address_of(subnet, &address)) {
        result = make_answer(false, NULL,
                             "\"subnet\" has to be a subnet or an address, like \"10.20.0.0/16\"");
    } else if (class != NULL && !json_is_string(class)) {
        result = make_answer(false, NULL, "\"vendor-class\" has to be a string, like \"%s\"",
                             UCPROV_CLASS_MS_UC);
    } else {
        const struct ucprov_policy_vlan *vlan = ucprov_policy_find(serving, address);
        if (vlan == NULL) {
            result = make_answer(false, NULL, "no vlan of the site file holds %s", subnet);
        } else {
            const char *name = json_string_value(class);
            const struct own_view view = {state->own_options, serving, vlan, address};
            result = make_answer(true, options_json(&view, name), "%s as %s, vlan %s%s%s", subnet,
                                 name == NULL ? "a client without option 60" : name, vlan->name,
                                 vlan->pilot.count > 0 ? ", if it is one of the pilot" : "",
                                 vlan->observe ? ": nothing is sent, it is only observed" : "");
        }
    }
    json_decref(given);
    return result;
}

/* ucprov-pool-set */

enum move_kind { MOVE_TO_POOL, MOVE_TO_BACKUP, MOVE_HOME };

struct move {
    enum move_kind kind;
    const char *pool; /* of MOVE_TO_POOL */
};

/* NULL, or what is wrong with the arguments. */
static const char *
move_of(json_t *given, struct move *move)
{
    json_t *pool = json_object_get(given, "pool");
    json_t *backup = json_object_get(given, "backup");
    json_t *reset = json_object_get(given, "reset");
    if ((pool != NULL) + (backup != NULL) + (reset != NULL) != 1) {
        return "one of \"pool\": NAME, \"backup\": true and \"reset\": true is needed";
    }
    if (pool != NULL && !json_is_string(pool)) {
        return "\"pool\" has to be the name of a pool";
    }
    if ((backup != NULL && !json_is_true(backup)) || (reset != NULL && !json_is_true(reset))) {
        return "\"backup\" and \"reset\" can only be true";
    }
    *move = (struct move){
        .kind = pool != NULL     ? MOVE_TO_POOL
                : backup != NULL ? MOVE_TO_BACKUP
                                 : MOVE_HOME,
        .pool = json_string_value(pool),
    };
    return NULL;
}

/* The pool that a vlan is moved to, NULL: the site file's. */
static const char *
destination(const struct move *move, const struct ucprov_vlan *vlan)
{
    const char *pool = NULL;
    if (move->kind == MOVE_TO_POOL) {
        pool = move->pool;
    } else if (move->kind == MOVE_TO_BACKUP && vlan->backup_pool != NULL) {
        pool = vlan->backup_pool->name;
    }
    return pool != NULL && strcmp(pool, vlan->pool->name) == 0 ? NULL : pool;
}

/* One vlan by name, or with "*" every phone vlan; those that have no backup pool stay where they
 * are when it is backups that are asked for. An answer with json NULL: it went well. */
static struct hook_state_answer
choose_pools(const struct ucprov_site *site, const char *name, const struct move *move,
             struct pool_overrides *choices)
{
    struct ucprov_suggestion near;
    if (move->kind == MOVE_TO_POOL && ucprov_site_find_pool(site, move->pool) == NULL) {
        return make_answer(false, NULL, "no pool named \"%s\" in %s%s", move->pool, site->file,
                           ucprov_suggest(&near, move->pool,
                                          UCPROV_WORDS_IN(site->pools, site->pool_count, name),
                                          ""));
    }
    bool all = strcmp(name, "*") == 0;
    const struct ucprov_vlan *only = all ? NULL : ucprov_site_find_vlan(site, name);
    if (!all && only == NULL) {
        return make_answer(
            false, NULL, "no vlan named \"%s\" in %s%s", name, site->file,
            ucprov_suggest(&near, name, UCPROV_WORDS_IN(site->vlans, site->vlan_count, name), ""));
    }
    if (!all && only->pool == NULL) {
        return make_answer(false, NULL, "vlan \"%s\" has no pool: no phone lives there", name);
    }
    if (!all && move->kind == MOVE_TO_BACKUP && only->backup_pool == NULL) {
        return make_answer(false, NULL, "vlan \"%s\" has no backup_pool in %s", name, site->file);
    }
    for (size_t i = 0; i < site->vlan_count; i++) {
        const struct ucprov_vlan *vlan = &site->vlans[i];
        if (vlan->pool == NULL || (!all && vlan != only) ||
            (move->kind == MOVE_TO_BACKUP && vlan->backup_pool == NULL)) {
            continue;
        }
        if (!pool_overrides_set(choices, vlan->name, destination(move, vlan))) {
            return make_answer(false, NULL, "out of memory");
        }
    }
    return (struct hook_state_answer){.success = true};
}

/* What changed, for people: "hq-voice: hq -> dr (42 phones asked in the last hour)". The first few
 * vlans by name, the rest by number; the array has all of them. */
#define MOVES_SHOWN 5

static char *
describe_moves(const struct ucprov_policy *before, const struct ucprov_policy *after, json_t *moved)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL) {
        return NULL;
    }
    size_t count = 0;
    for (size_t i = 0; i < ucprov_policy_vlan_count(after); i++) {
        const struct ucprov_policy_vlan *from = ucprov_policy_vlan_at(before, i);
        const struct ucprov_policy_vlan *to = ucprov_policy_vlan_at(after, i);
        if (to->pool == NULL || strcmp(from->pool, to->pool) == 0) {
            continue;
        }
        size_t phones = recent_phones_count(recent_phones_tag(to->name));
        json_array_append_new(moved, json_pack("{s:s, s:s, s:s, s:I}", "vlan", to->name, "from",
                                               from->pool, "to", to->pool, "phones-last-hour",
                                               (json_int_t)phones));
        if (count++ < MOVES_SHOWN) {
            fprintf(stream, "%s%s: %s -> %s (%zu phone%s asked in the last hour)",
                    count > 1 ? "; " : "", to->name, from->pool, to->pool, phones,
                    phones == 1 ? "" : "s");
        }
    }
    if (count > MOVES_SHOWN) {
        fprintf(stream, "; and %zu more vlans", count - MOVES_SHOWN);
    }
    if (count == 0) {
        fputs("nothing to change: it is so already", stream);
    }
    fclose(stream);
    return text;
}

/* The choices are in force; whether they also outlive a restart is said. */
static struct hook_state_answer
publish_choices(struct hook_state *state, struct pool_overrides *choices,
                struct ucprov_policy *policy, const struct ucprov_policy *serving)
{
    char error[POOL_OVERRIDES_ERROR_SIZE];
    bool kept = state->state_file != NULL && pool_overrides_save(choices, state->state_file, error);
    if (state->state_file != NULL) {
        snprintf(state->unwritable.text, sizeof(state->unwritable.text), "%s", kept ? "" : error);
    }
    pool_overrides_clear(&state->choices);
    state->choices = *choices;
    json_t *moved = json_array();
    char *text = describe_moves(serving, policy, moved);
    json_t *arguments = json_pack("{s:o, s:b}", "moved", moved, "kept-across-restarts", kept);
    struct hook_state_answer result =
        make_answer(true, arguments, "%s%s%s", text == NULL ? "done" : text,
                    kept ? "" : "; until Kea restarts: ",
                    kept                        ? ""
                    : state->state_file == NULL ? "no state-file is set"
                                                : error);
    result.policy = policy;
    free(text);
    return result;
}

static struct hook_state_answer
pool_set(struct hook_state *state, json_t *given, const struct ucprov_policy *serving,
         struct ucprov_diagnostics *diagnostics)
{
    const char *name = json_string_value(json_object_get(given, "vlan"));
    struct move move;
    if (name == NULL) {
        return make_answer(false, NULL, "\"vlan\" has to be the name of a vlan, or \"*\" for all");
    }
    const char *fault = move_of(given, &move);
    if (fault != NULL) {
        return make_answer(false, NULL, "%s", fault);
    }
    struct pool_overrides choices;
    if (!pool_overrides_copy(&choices, &state->choices)) {
        return make_answer(false, NULL, "out of memory");
    }
    struct hook_state_answer result = choose_pools(state->site, name, &move, &choices);
    struct ucprov_policy *policy = NULL;
    if (result.success) {
        policy = hook_state_build(state->site, &choices, diagnostics);
        if (policy != NULL) {
            return publish_choices(state, &choices, policy, serving);
        }
        json_t *errors = hook_state_errors_json(diagnostics);
        result = make_answer(false, NULL, "%s", json_string_value(json_array_get(errors, 0)));
        json_decref(errors);
    }
    pool_overrides_clear(&choices);
    return result;
}

struct hook_state_answer
hook_state_pool_set(struct hook_state *state, const char *arguments,
                    const struct ucprov_policy *serving, struct ucprov_diagnostics *diagnostics)
{
    static const char *const known[] = {"vlan", "pool", "backup", "reset", NULL};
    struct hook_state_answer result = {0};
    json_t *given = arguments_of(arguments, known, &result);
    if (given == NULL) {
        return result;
    }
    result = pool_set(state, given, serving, diagnostics);
    json_decref(given);
    return result;
}

/* ucprov-reload */

static char *
join_lines(json_t *errors)
{
    char *text = NULL;
    size_t size = 0;
    size_t index;
    json_t *error;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL) {
        return NULL;
    }
    json_array_foreach(errors, index, error)
    {
        fprintf(stream, "\n%s", json_string_value(error));
    }
    fclose(stream);
    return text;
}

struct hook_state_answer
hook_state_reload(struct hook_state *state, const char *arguments,
                  const struct ucprov_policy *serving, struct ucprov_diagnostics *diagnostics)
{
    (void)serving;
    static const char *const known[] = {NULL};
    struct hook_state_answer result = {0};
    json_t *given = arguments_of(arguments, known, &result);
    if (given == NULL) {
        return result;
    }
    json_decref(given);
    struct ucprov_policy *policy = hook_state_load_site(state, diagnostics);
    if (policy == NULL) {
        json_t *errors = hook_state_errors_json(diagnostics);
        char *lines = join_lines(errors);
        result = make_answer(false, json_pack("{s:o}", "errors", errors),
                             "%s is refused, and what served serves on:%s", state->site_file,
                             lines == NULL ? "" : lines);
        free(lines);
        return result;
    }
    const struct ucprov_site *site = state->site;
    result = make_answer(
        true,
        json_pack("{s:s, s:I, s:I}", "digest", site->digest, "vlans", (json_int_t)site->vlan_count,
                  "pools", (json_int_t)site->pool_count),
        "%s: %zu vlan%s, %zu pool%s", site->file, site->vlan_count,
        site->vlan_count == 1 ? "" : "s", site->pool_count, site->pool_count == 1 ? "" : "s");
    result.policy = policy;
    return result;
}
