/* SPDX-License-Identifier: MPL-2.0 */
/* What is known of the phone's firmware, set against what was seen. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "steps/phone_steps.h"

static void
check_support(struct phone *phone, const char *version)
{
    enum firmware_support support = firmware_support(phone->firmware);
    enum check_status status = support == FIRMWARE_SUPPORTED         ? CHECK_PASS
                               : support == FIRMWARE_NEVER_REGISTERS ? CHECK_FAIL
                                                                     : CHECK_WARN;

    report_add(phone->report, "firmware.support", "firmware", status,
               report_text(status == CHECK_PASS   ? "%s is supported with Lync 2013"
                           : status == CHECK_FAIL ? "%s never registers"
                                                  : "%s is older than what Lync 2013 supports",
                           version),
               status == CHECK_PASS ? NULL : report_text("%s", firmware_support_text(support)));
}

/* Sub-option 3 that is not the pool's name; option 120 has that. */
static void
check_web_server(struct phone *phone, const char *version)
{
    static const char id[] = "firmware.web-server";
    static const char label[] = "    service";
    const char *web_server = phone->service.host;

    if (web_server[0] == '\0' || phone->sip_server[0] == '\0' ||
        strcasecmp(web_server, phone->sip_server) == 0) {
        return;
    }
    switch (firmware_web_server(phone->firmware)) {
    case FIRMWARE_WEB_SERVER_POOL:
        report_add(
            phone->report, id, label, CHECK_FAIL,
            report_text("%s wants the pool's name in option 43, not %s", version, web_server),
            report_text("This firmware takes only the pool's own name (%s) in sub-option 3; "
                        "from 4.0.7577.4420 on any name in the certificate works. Change "
                        "web_server, or update the phone.",
                        phone->sip_server));
        break;
    case FIRMWARE_WEB_SERVER_UNKNOWN:
        report_add(
            phone->report, id, label, CHECK_WARN,
            report_text("whether %s takes %s in option 43 is not known", version, web_server),
            report_text("4.0.7577.4372 wants the pool's own name (%s) there, and from .4420 "
                        "on any name in the certificate works.",
                        phone->sip_server));
        break;
    case FIRMWARE_WEB_SERVER_ANY:
        break;
    }
}

static void
check_signatures(struct phone *phone, const char *version)
{
    if (!phone->sees_sha2 || firmware_takes_sha256(phone->firmware)) {
        return;
    }
    report_add(phone->report, "firmware.signature", "    SHA-2", CHECK_WARN,
               report_text("whether %s takes certificates signed with SHA-2 is not known", version),
               report_text("SHA-256 works from firmware 4.0.7577.4444 or a little earlier. Update "
                           "the phone, or have a certificate signed with SHA-1 for as long."));
}

void
firmware_step(struct phone *phone)
{
    char version[sizeof("65535.65535.65535.65535")];

    if (phone->firmware == NULL) {
        return;
    }
    const unsigned *parts = phone->firmware->parts;
    snprintf(version, sizeof(version), "%u.%u.%u.%u", parts[0] % 65536, parts[1] % 65536,
             parts[2] % 65536, parts[3] % 65536);
    check_support(phone, version);
    check_web_server(phone, version);
    check_signatures(phone, version);
}
