/* SPDX-License-Identifier: MPL-2.0 */
/* Loads the site and rebuilds policies as pools are chosen. Plain C with no Kea in it, so that it
 * can be tested alone; the commands themselves are in commands.c. */
#include "service.h"

#include <stdlib.h>
#include <string.h>

#include "site/site.h"

#include "service_internal.h"

struct service *
service_new(const char *site_file, const char *state_file)
{
    struct service *service = calloc(1, sizeof *service);
    if (service == NULL) {
        return NULL;
    }
    service->site_file = strdup(site_file);
    service->state_file = state_file == NULL ? NULL : strdup(state_file);
    if (service->site_file == NULL || (state_file != NULL && service->state_file == NULL)) {
        service_free(service);
        return NULL;
    }
    return service;
}

void
service_free(struct service *service)
{
    if (service == NULL) {
        return;
    }
    json_decref(service->refusal.errors);
    choices_clear(&service->choices);
    ucprov_site_free(service->site);
    free(service->state_file);
    free(service->site_file);
    free(service);
}

void
service_inherit(struct service *service, const struct service *before)
{
    choices_clear(&service->choices);
    choices_copy(&service->choices, &before->choices);
}

static void
swap(char **a, char **b)
{
    char *kept = *a;
    *a = *b;
    *b = kept;
}

void
service_take_files(struct service *service, struct service *from)
{
    swap(&service->site_file, &from->site_file);
    swap(&service->state_file, &from->state_file);
}

void
service_load_state(struct service *service, struct ucprov_diagnostics *diagnostics)
{
    char error[CHOICES_ERROR_SIZE];
    struct choices choices;
    if (service->state_file == NULL) {
        return;
    }
    if (!choices_load(&choices, service->state_file, error)) {
        ucprov_diagnostics_warning(diagnostics, 0, NULL,
                                   "%s; the site file's pools are used, and the next "
                                   "ucprov-pool-set replaces it",
                                   error);
        return;
    }
    choices_clear(&service->choices);
    service->choices = choices;
}

static bool
fits(const struct ucprov_site *site, const struct ucprov_pool_choice *choice)
{
    const struct ucprov_vlan *vlan = ucprov_site_find_vlan(site, choice->vlan);
    return vlan != NULL && vlan->pool != NULL && ucprov_site_find_pool(site, choice->pool) != NULL;
}

struct ucprov_policy *
service_build(const struct ucprov_site *site, const struct choices *choices,
              struct ucprov_diagnostics *diagnostics)
{
    struct ucprov_pool_choice *fitting =
        reallocarray(NULL, choices->count + 1, sizeof *choices->items);
    if (fitting == NULL) {
        ucprov_diagnostics_error(diagnostics, 0, NULL, "out of memory");
        return NULL;
    }
    size_t count = 0;
    for (size_t i = 0; i < choices->count; i++) {
        if (fits(site, &choices->items[i])) {
            fitting[count++] = choices->items[i];
        } else {
            ucprov_diagnostics_warning(diagnostics, 0, NULL,
                                       "pool \"%s\" was chosen for vlan \"%s\"; the site file has "
                                       "no such pair any more, so the choice rests",
                                       choices->items[i].pool, choices->items[i].vlan);
        }
    }
    struct ucprov_policy *policy = ucprov_policy_new(site, fitting, count, diagnostics);
    free(fitting);
    return policy;
}

json_t *
service_errors_json(const struct ucprov_diagnostics *diagnostics)
{
    json_t *errors = json_array();
    for (size_t i = 0; i < diagnostics->count; i++) {
        char *text =
            diagnostics->items[i].warning ? NULL : ucprov_diagnostic_format(diagnostics, i);
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
service_note_refusal(struct service *service, const struct ucprov_diagnostics *diagnostics)
{
    json_decref(service->refusal.errors);
    service->refusal = (struct refusal){time(NULL), service_errors_json(diagnostics)};
}

static void
forget_refusal(struct service *service)
{
    json_decref(service->refusal.errors);
    service->refusal = (struct refusal){0};
}

struct ucprov_policy *
service_load_site(struct service *service, struct ucprov_diagnostics *diagnostics)
{
    struct ucprov_site *site = ucprov_site_load(service->site_file, diagnostics);
    struct ucprov_policy *policy =
        site == NULL ? NULL : service_build(site, &service->choices, diagnostics);
    if (policy == NULL) {
        ucprov_site_free(site);
        service_note_refusal(service, diagnostics);
        return NULL;
    }
    ucprov_site_free(service->site);
    service->site = site;
    service->loaded = time(NULL);
    forget_refusal(service);
    return policy;
}

const char *
service_site_file(const struct service *service)
{
    return service->site_file;
}

const struct ucprov_site *
service_site(const struct service *service)
{
    return service->site;
}
