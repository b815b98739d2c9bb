/* SPDX-License-Identifier: MPL-2.0 */
/* Web servers, registrars, and the update service in every domain, each once, in an order that
 * makes the first pool's web server the common name. */
#include "tool/ca_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/error.h"
#include "option/name.h"
#include "site/site_domains.h"

#include "tool/ca_command.h"

struct collection {
    struct ca_names *names;
    struct ucprov_problem *problem;
};

static bool
has_name(const struct ca_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcasecmp(names->items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Domain names are ASCII, whatever the locale. */
static char *
lower_case_copy(const char *name)
{
    char *copy = strdup(name);
    for (char *c = copy; c != NULL && *c != '\0'; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    }
    return copy;
}

static bool
add_name(struct collection *collection, const char *name)
{
    struct ca_names *names = collection->names;
    if (has_name(names, name)) {
        return true;
    }
    if (names->count == CA_NAMES_MAX) {
        ucprov_problem_set(collection->problem,
                           "more than %d names for one certificate; have several site files, each "
                           "with some of the pools, and a certificate for each",
                           CA_NAMES_MAX);
        return false;
    }
    char *copy = lower_case_copy(name);
    if (copy == NULL) {
        ucprov_problem_set(collection->problem, "out of memory");
        return false;
    }
    names->items[names->count++] = copy;
    return true;
}

static bool
add_update_name(struct collection *collection, const char *domain)
{
    char name[sizeof(UCPROV_UPDATE_NAME ".") + UCPROV_NAME_TEXT_MAX];
    snprintf(name, sizeof(name), "%s.%s", UCPROV_UPDATE_NAME, domain);
    int error = ucprov_name_from_text(NULL, name);
    if (error != UCPROV_OK) {
        ucprov_problem_set(collection->problem, "\"%s\": %s; phones cannot ask for that", name,
                           ucprov_strerror(error));
        return false;
    }
    return add_name(collection, name);
}

static bool
add_pools(struct collection *collection, const struct ucprov_site *site)
{
    bool fine = true;
    for (size_t i = 0; fine && i < site->pool_count; i++) {
        fine = add_name(collection, site->pools[i].web_server) &&
               add_name(collection, site->pools[i].sip_server);
    }
    return fine;
}

static bool
add_domains(struct collection *collection, const struct ucprov_site *site)
{
    struct domains domains;
    struct ucprov_arena *arena = ucprov_arena_new();
    bool fine = arena != NULL && domains_find(&domains, site, arena);
    if (!fine) {
        ucprov_problem_set(collection->problem, "out of memory");
    }
    for (size_t i = 0; fine && i < domains.count; i++) {
        fine = add_update_name(collection, domains.items[i].name);
    }
    ucprov_arena_free(arena);
    return fine;
}

int
ca_names_collect(struct ca_names *names, const struct ucprov_site *site,
                 const struct ca_hosts *hosts, struct ucprov_problem *problem)
{
    struct collection collection = {names, problem};
    *names = (struct ca_names){0};
    bool fine = site == NULL || (add_pools(&collection, site) && add_domains(&collection, site));
    for (size_t i = 0; fine && i < hosts->count; i++) {
        fine = add_name(&collection, hosts->items[i]);
    }
    if (!fine || !add_name(&collection, UCPROV_UPDATE_NAME)) {
        return -1;
    }
    const char *first = names->items[0]; /* the first pool's web server, when there is a site */
    names->common_name = strlen(first) <= CA_COMMON_NAME_MAX ? first : UCPROV_UPDATE_NAME;
    return 0;
}

void
ca_names_clear(struct ca_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free(names->items[i]);
    }
    *names = (struct ca_names){0};
}

int
ca_site_load(struct ucprov_site **site, const char *file, bool optional)
{
    *site = NULL;
    if (file == NULL) {
        file = UCPROV_SITE_FILE;
        if (optional && access(file, F_OK) != 0) {
            return UCPROV_EXIT_OK;
        }
    }
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, file);
    *site = ucprov_site_load(file, &diagnostics);
    ucprov_diagnostics_print(&diagnostics, stderr);
    int status = *site != NULL            ? UCPROV_EXIT_OK
                 : diagnostics.unreadable ? UCPROV_EXIT_ERROR
                                          : UCPROV_EXIT_FINDING;
    ucprov_diagnostics_clear(&diagnostics);
    return status;
}
