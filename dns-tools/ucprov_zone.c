/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-zone: the DNS records that phones look for; printed, checked, or sent to a server. */
#include <signal.h>
#include <stdio.h>

#include "base/nearest.h"
#include "site/site.h"

#include "records.h"
#include "write_zone.h"
#include "zone_arguments.h"
#include "zone_check.h"
#include "zone_update.h"

/* Leaves --domain alone. False after a complaint. */
static bool
choose_domain(struct zones *chosen, const struct zones *zones,
              const struct zone_arguments *arguments)
{
    *chosen = *zones;
    if (arguments->domain == NULL) {
        return true;
    }
    const struct zone *zone = zones_find(zones, arguments->domain);
    if (zone == NULL) {
        struct ucprov_suggestion near;
        complain("--domain: \"%s\": %s has no records for it%s", arguments->domain, arguments->file,
                 ucprov_suggest(&near, arguments->domain,
                                UCPROV_WORDS_IN(zones->items, zones->count, domain),
                                "; no phone vlan hands it out, and it is not in dns.sip_domains"));
        return false;
    }
    chosen->count = 1;
    chosen->items = zone;
    return true;
}

static int
exchange(const struct zones *zones, const struct server_arguments *arguments, struct tsig_key *key)
{
    struct problem problem = {.text = ""};
    struct server server;
    const char *name = arguments->check != NULL ? arguments->check : arguments->update;
    bool sign = arguments->tsig_file != NULL;

    int status = sign ? tsig_key_load(key, arguments->tsig_file, &problem) : STATUS_FINE;
    if (status == STATUS_FINE) {
        status = server_resolve(&server, name, sign ? key : NULL, &problem);
    }
    if (status != STATUS_FINE) {
        complain("%s", problem.text);
        return status;
    }
    return arguments->check != NULL ? zone_check_run(zones, &server, arguments->json)
                                    : zone_update_run(zones, &server, arguments);
}

static int
ask_server(const struct zones *zones, const struct server_arguments *arguments)
{
    struct tsig_key key;

    signal(SIGPIPE, SIG_IGN); /* a closed connection is an error of its own, not the end of us */
    int status = exchange(zones, arguments, &key);
    tsig_key_clear(&key);
    return status;
}

static int
use_zones(const struct ucprov_site *site, const struct zones *zones,
          const struct zone_arguments *arguments)
{
    struct zones chosen;
    if (!choose_domain(&chosen, zones, arguments)) {
        return UCPROV_EXIT_FINDING;
    }
    if (chosen.count == 0) {
        complain("%s: no phone vlan hands out a domain, and dns.sip_domains is empty: there are "
                 "no records to make",
                 arguments->file);
        return UCPROV_EXIT_FINDING;
    }
    return asks_server(arguments) ? ask_server(&chosen, &arguments->server)
                                  : write_zones(site, &chosen, arguments);
}

static int
run_zone_tool(const struct zone_arguments *arguments)
{
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, arguments->file);
    struct ucprov_site *site = ucprov_site_load(arguments->file, &diagnostics);
    struct zones *zones = site == NULL ? NULL : zones_new(site, arguments->pool, &diagnostics);
    ucprov_diagnostics_print(&diagnostics, stderr);
    int status = diagnostics.unreadable ? UCPROV_EXIT_ERROR : UCPROV_EXIT_FINDING;
    if (zones != NULL) {
        status = use_zones(site, zones, arguments);
    }
    zones_free(zones);
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);
    return status;
}

int
main(int argc, char **argv)
{
    struct zone_arguments arguments = {0};
    int status = parse_arguments(argc, argv, &arguments);
    if (status < 0) {
        status = run_zone_tool(&arguments);
    }
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        perror(PROGRAM ": standard output");
        return UCPROV_EXIT_ERROR;
    }
    return status;
}
