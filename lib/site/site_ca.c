/* SPDX-License-Identifier: MPL-2.0 */
/* The rules across the settings of "ca", such as two listeners on one address. Whether files exist
 * and fit together is only known to the publisher, at its start. */
#include "site/site_checks.h"

#include <arpa/inet.h>
#include <string.h>

#define LISTENERS_MAX 1024 /* of a setting: each is compared with all others */

/* Sockets that would take each other's connections: one of them listens on every address. */
static bool
overlap(const struct ucprov_listener *a, const struct ucprov_listener *b)
{
    return a->port == b->port &&
           (a->address.s_addr == b->address.s_addr || a->address.s_addr == INADDR_ANY ||
            b->address.s_addr == INADDR_ANY);
}

/* Reports a listener of one setting that overlaps one of another, or an earlier one of its own. */
static void
check_overlap(struct site_reader *reader, const config_setting_t *group, const char *name,
              const struct ucprov_listeners *listeners, const char *other_name,
              const struct ucprov_listeners *others)
{
    for (size_t i = 0; i < listeners->count; i++) {
        size_t count = listeners == others ? i : others->count;
        for (size_t j = 0; j < count; j++) {
            if (overlap(&listeners->items[i], &others->items[j])) {
                char address[INET_ADDRSTRLEN];
                inet_ntop(AF_INET, &listeners->items[i].address, address, sizeof(address));
                setting_report(reader, UCPROV_FAULT_CA_LISTENER_TAKEN, member_or_group(group, name),
                               "%s:%u is taken by \"%s\" already; one of them needs another port",
                               address, listeners->items[i].port, other_name);
                break;
            }
        }
    }
}

/* False with an error reported. */
static bool
check_count(struct site_reader *reader, const config_setting_t *group, const char *name,
            const struct ucprov_listeners *listeners)
{
    if (listeners->count > LISTENERS_MAX) {
        setting_report(reader, UCPROV_FAULT_LIST_COUNT, member_or_group(group, name),
                       "has %zu listeners; at most %d are possible", listeners->count,
                       LISTENERS_MAX);
    }
    return listeners->count <= LISTENERS_MAX;
}

static void
check_listeners(struct site_reader *reader, const config_setting_t *group,
                const struct ucprov_ca *ca)
{
    const struct {
        const char *name;
        const struct ucprov_listeners *listeners;
    } all[] = {{"http", &ca->http},
               {"https", &ca->https},
               {"legacy_https", &ca->legacy_https},
               {"admin", &ca->admin}};

    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
        if (!check_count(reader, group, all[i].name, all[i].listeners)) {
            return;
        }
        for (size_t j = 0; j <= i; j++) {
            check_overlap(reader, group, all[i].name, all[i].listeners, all[j].name,
                          all[j].listeners);
        }
    }
    if (ca->http.count == 0 && ca->https.count == 0 && ca->legacy_https.count == 0) {
        setting_report(reader, UCPROV_FAULT_CA_NO_LISTENER, group,
                       "neither \"http\" nor \"https\": it would listen nowhere");
    }
}

static void
check_tls(struct site_reader *reader, const config_setting_t *group, const struct ucprov_ca *ca)
{
    bool tls = ca->https.count > 0 || ca->legacy_https.count > 0;
    if (tls && (ca->certificate == NULL || ca->key == NULL)) {
        setting_report(reader, UCPROV_FAULT_CA_TLS,
                       member_or_group(group, ca->https.count > 0 ? "https" : "legacy_https"),
                       "TLS needs \"certificate\" and \"key\"");
    }
    if (ca->legacy_tls && ca->legacy_https.count == 0) {
        setting_report(reader, UCPROV_FAULT_CA_LEGACY_TLS, member_or_group(group, "legacy_tls"),
                       "is true, and there is no \"legacy_https\" listener; give it an address or "
                       "port of its own, like 0.0.0.0:8443");
    }
    if (!ca->legacy_tls && ca->legacy_https.count > 0) {
        setting_report(reader, UCPROV_FAULT_CA_LEGACY_TLS, member_or_group(group, "legacy_https"),
                       "offers TLS 1.0, which \"legacy_tls = true\" has to allow");
    }
}

void
check_ca(struct site_reader *reader, const config_setting_t *group, const struct ucprov_ca *ca)
{
    check_listeners(reader, group, ca);
    check_tls(reader, group, ca);
}
