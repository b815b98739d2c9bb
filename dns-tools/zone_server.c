/* SPDX-License-Identifier: MPL-2.0 */
/* Makes the client that --check and --update share. The key lives as long as that. */
#include "zone_server.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

#include "client/dns_client.h"

#include "zone_check.h"
#include "zone_update.h"

static void
warn_about_mode(const struct tsig_key *key, const char *file)
{
    if ((key->mode & S_IRWXO) != 0) {
        complain("warning: %s: everybody on this machine can read or change this key (mode %04o): "
                 "chmod 640 or 600",
                 file, key->mode);
    }
}

static int
exchange(const struct zones *zones, const struct server_arguments *arguments, struct tsig_key *key)
{
    struct ucprov_problem problem;
    struct dns_client client;
    const char *name = arguments->check != NULL ? arguments->check : arguments->update;
    bool sign = arguments->tsig_file != NULL;
    if (sign && tsig_key_load(key, arguments->tsig_file, &problem) != 0) {
        complain("%s", problem.text);
        return UCPROV_EXIT_ERROR;
    }
    if (sign) {
        warn_about_mode(key, arguments->tsig_file);
    }
    if (dns_client_resolve(&client, name, &problem) != 0) {
        complain("%s", problem.text);
        return UCPROV_EXIT_ERROR;
    }
    client.key = sign ? key : NULL;
    return arguments->check != NULL ? zone_check_run(zones, &client, arguments->json)
                                    : zone_update_run(zones, &client, arguments);
}

int
zone_server_run(const struct zones *zones, const struct server_arguments *arguments)
{
    struct tsig_key key;
    signal(SIGPIPE, SIG_IGN); /* nobody reads stdout: what was begun is done all the same */
    int status = exchange(zones, arguments, &key);
    tsig_key_clear(&key);
    return status;
}
