/* SPDX-License-Identifier: MPL-2.0 */
/* ucprov-zone: the DNS records that phones look for; printed, checked, or sent to a server. */
#include <stdio.h>

#include "base/nearest.h"
#include "base/program.h"
#include "site/site.h"

#include "records.h"
#include "write_zone.h"
#include "zone_arguments.h"
#include "zone_server.h"

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
    return asks_server(arguments) ? zone_server_run(&chosen, &arguments->server)
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
    ucprov_program_begin(argc, argv);
    int status = parse_arguments(argc, argv, &arguments);
    if (status < 0) {
        status = run_zone_tool(&arguments);
    }
    return ucprov_program_end(PROGRAM, status);
}
