/* SPDX-License-Identifier: MPL-2.0 */
/* Five version numbers that change what a phone does, each with a source, and comparisons with
 * them. Other versions get no opinion. */
#include "firmware.h"

#include <stdio.h>
#include <string.h>

#define PART_MAX 65535 /* of a Windows file version */

const struct firmware firmware_supported_minimum = {{4, 0, 7577, 4363}};

static const struct firmware last_that_never_registers = {{1, 0, 522, PART_MAX}};
static const struct firmware oldest_seen_registered = {{3, 5, 6907, 187}};
static const struct firmware wants_pool_name = {{4, 0, 7577, 4372}};
static const struct firmware takes_any_name = {{4, 0, 7577, 4420}};
static const struct firmware takes_sha256 = {{4, 0, 7577, 4444}};

bool
firmware_parse(struct firmware *firmware, const char *text)
{
    static const char digits[] = "0123456789";
    enum { PARTS = 4, DIGITS_MAX = 5 };

    for (int i = 0; i < PARTS; i++) {
        size_t length = strspn(text, digits);
        if (length == 0 || length > DIGITS_MAX) {
            return false;
        }
        firmware->parts[i] = 0;
        for (size_t j = 0; j < length; j++) {
            firmware->parts[i] = firmware->parts[i] * 10 + (unsigned)(text[j] - '0');
        }
        text += length;
        if (firmware->parts[i] > PART_MAX || *text != (i < PARTS - 1 ? '.' : '\0')) {
            return false;
        }
        text++;
    }
    return true;
}

int
firmware_compare(const struct firmware *a, const struct firmware *b)
{
    for (size_t i = 0; i < sizeof(a->parts) / sizeof(a->parts[0]); i++) {
        if (a->parts[i] != b->parts[i]) {
            return a->parts[i] < b->parts[i] ? -1 : 1;
        }
    }
    return 0;
}

enum firmware_support
firmware_support(const struct firmware *firmware)
{
    if (firmware_compare(firmware, &last_that_never_registers) <= 0) {
        return FIRMWARE_NEVER_REGISTERS;
    }
    if (firmware_compare(firmware, &oldest_seen_registered) < 0) {
        return FIRMWARE_UNKNOWN_OLD;
    }
    return firmware_compare(firmware, &firmware_supported_minimum) < 0 ? FIRMWARE_UNSUPPORTED
                                                                       : FIRMWARE_SUPPORTED;
}

const char *
firmware_support_text(enum firmware_support support)
{
    switch (support) {
    case FIRMWARE_NEVER_REGISTERS:
        return "Firmware 1.0.522 never registers: the registrar answers 401 whatever the policy. "
               "It has to be updated first; a Tanjay needs two steps, by way of a version between "
               "this one and the newest.";
    case FIRMWARE_UNKNOWN_OLD:
        return "Nothing older than 3.5.6907.187 has been seen to register with Lync 2013. Approve "
               "a newer firmware on the update server; a Tanjay needs two steps.";
    case FIRMWARE_UNSUPPORTED:
        return "It is older than 4.0.7577.4363 (CU7), the first that Lync 2013 supports. Approve a "
               "newer firmware on the update server.";
    case FIRMWARE_SUPPORTED:
        break;
    }
    return "";
}

enum firmware_web_server
firmware_web_server(const struct firmware *firmware)
{
    if (firmware_compare(firmware, &takes_any_name) >= 0) {
        return FIRMWARE_WEB_SERVER_ANY;
    }
    return firmware_compare(firmware, &wants_pool_name) == 0 ? FIRMWARE_WEB_SERVER_POOL
                                                             : FIRMWARE_WEB_SERVER_UNKNOWN;
}

bool
firmware_takes_sha256(const struct firmware *firmware)
{
    return firmware_compare(firmware, &takes_sha256) >= 0;
}
