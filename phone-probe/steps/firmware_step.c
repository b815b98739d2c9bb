/* SPDX-License-Identifier: MPL-2.0 */
/* What is known of the phone's firmware, set against what was seen. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "steps/phone_steps.h"

static void
check_support(struct phone *phone, const char *version)
{
    enum firmware_support support = firmware_support(phone->settings->firmware);
    enum ucprov_severity status = support == FIRMWARE_SUPPORTED         ? UCPROV_PASS
                                  : support == FIRMWARE_NEVER_REGISTERS ? UCPROV_FAIL
                                                                        : UCPROV_WARN;

    check_add(phone->checks, CHECK_FIRMWARE_SUPPORT, status,
              text_format(status == UCPROV_PASS   ? "%s is supported with Lync 2013"
                          : status == UCPROV_FAIL ? "%s never registers"
                                                  : "%s is older than what Lync 2013 supports",
                          version),
              status == UCPROV_PASS ? NULL : text_format("%s", firmware_support_text(support)));
}

/* Sub-option 3 that is not the pool's name; option 120 has that. */
static void
check_web_server(struct phone *phone, const char *version)
{
    static const enum check id = CHECK_FIRMWARE_WEB_SERVER;
    const char *web_server = phone->learned.service.host;

    if (web_server[0] == '\0' || phone->learned.sip_server[0] == '\0' ||
        strcasecmp(web_server, phone->learned.sip_server) == 0) {
        return;
    }
    switch (firmware_web_server(phone->settings->firmware)) {
    case FIRMWARE_WEB_SERVER_POOL:
        check_add(phone->checks, id, UCPROV_FAIL,
                  text_format("%s wants the pool's name in option 43, not %s", version, web_server),
                  text_format("This firmware takes only the pool's own name (%s) in sub-option 3; "
                              "from 4.0.7577.4420 on any name in the certificate works. Change "
                              "web_server, or update the phone.",
                              phone->learned.sip_server));
        break;
    case FIRMWARE_WEB_SERVER_UNKNOWN:
        check_add(phone->checks, id, UCPROV_WARN,
                  text_format("whether %s takes %s in option 43 is not known", version, web_server),
                  text_format("4.0.7577.4372 wants the pool's own name (%s) there, and from .4420 "
                              "on any name in the certificate works.",
                              phone->learned.sip_server));
        break;
    case FIRMWARE_WEB_SERVER_ANY:
        break;
    }
}

static void
check_signatures(struct phone *phone, const char *version)
{
    if (!phone->learned.sees_sha2 || firmware_takes_sha256(phone->settings->firmware)) {
        return;
    }
    check_add(phone->checks, CHECK_FIRMWARE_SIGNATURE, UCPROV_WARN,
              text_format("whether %s takes certificates signed with SHA-2 is not known", version),
              text_format("SHA-256 works from firmware 4.0.7577.4444 or a little earlier. Update "
                          "the phone, or have a certificate signed with SHA-1 for as long."));
}

void
firmware_step(struct phone *phone)
{
    char version[sizeof("65535.65535.65535.65535")];

    if (phone->settings->firmware == NULL) {
        return;
    }
    const unsigned *parts = phone->settings->firmware->parts;
    snprintf(version, sizeof(version), "%u.%u.%u.%u", parts[0] % 65536, parts[1] % 65536,
             parts[2] % 65536, parts[3] % 65536);
    check_support(phone, version);
    check_web_server(phone, version);
    check_signatures(phone, version);
}
