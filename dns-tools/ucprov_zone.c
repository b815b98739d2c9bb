/* ucprov-zone: the DNS records that phones look for; printed, checked, or sent to a server. */
#include <stdio.h>

#include "base/nearest.h"
#include "site/site.h"

#include "emit.h"
#include "records.h"
#include "zone_arguments.h"

static const char *
domain_name(const void *context, size_t index)
{
    const struct zones *zones = context;
    return index < zones->count ? zones->items[index].domain : NULL;
}

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
        const char *near = ucprov_nearest(arguments->domain, domain_name, zones);
        complain("--domain: \"%s\": %s has no records for it%s%s%s", arguments->domain,
                 arguments->file,
                 near == NULL ? "; no phone vlan hands it out, and it is not in dns.sip_domains"
                              : "; did you mean \"",
                 near == NULL ? "" : near, near == NULL ? "" : "\"?");
        return false;
    }
    chosen->count = 1;
    chosen->items = zone;
    return true;
}

static int
use(const struct ucprov_site *site, const struct zones *zones,
    const struct zone_arguments *arguments)
{
    struct zones chosen;
    if (!choose_domain(&chosen, zones, arguments)) {
        return EXIT_FINDING;
    }
    if (chosen.count == 0) {
        complain("%s: no phone vlan hands out a domain, and dns.sip_domains is empty: there are "
                 "no records to make",
                 arguments->file);
        return EXIT_FINDING;
    }
    if (acts(arguments)) {
        return act_run(&chosen, &arguments->act);
    }
    return emit_zones(site, &chosen, arguments);
}

static int
run(const struct zone_arguments *arguments)
{
    struct ucprov_diagnostics diagnostics;
    ucprov_diagnostics_init(&diagnostics, arguments->file);
    struct ucprov_site *site = ucprov_site_load(arguments->file, &diagnostics);
    struct zones *zones = site == NULL ? NULL : zones_new(site, arguments->pool, &diagnostics);
    ucprov_diagnostics_print(&diagnostics, stderr);
    int status = diagnostics.unreadable ? EXIT_TROUBLE : EXIT_FINDING;
    if (zones != NULL) {
        status = use(site, zones, arguments);
    }
    zones_free(zones);
    ucprov_site_free(site);
    ucprov_diagnostics_clear(&diagnostics);
    return status;
}

int
main(int argc, char **argv)
{
    struct zone_arguments arguments = {.file = UCPROV_SITE_FILE, .format = formats};
    int status = parse_arguments(argc, argv, &arguments);
    if (status < 0) {
        status = run(&arguments);
    }
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        perror(PROGRAM ": standard output");
        return EXIT_TROUBLE;
    }
    return status;
}
