/* SPDX-License-Identifier: MPL-2.0 */
/* What the site says, as the options of phones take it. */
#include <stdio.h>

#include "site/site.h"

void
ucprov_pool_cert_prov(const struct ucprov_pool *pool, const struct ucprov_vlan *vlan,
                      struct ucprov_ms_uc_options *service)
{
    *service = (struct ucprov_ms_uc_options){.port = pool->port};
    snprintf(service->scheme, sizeof(service->scheme), "%s", pool->scheme);
    snprintf(service->web_server, sizeof(service->web_server), "%s", pool->web_server);
    snprintf(service->cert_prov_path, sizeof(service->cert_prov_path), "%s", pool->cert_prov_path);
    if (vlan != NULL && vlan->voice_vlan_in_ms_uc) {
        service->voice_vlan_id = vlan->voice_vlan_id;
        service->voice_vlan_encoding = vlan->voice_vlan_encoding;
    }
}
