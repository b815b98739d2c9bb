/* SPDX-License-Identifier: MPL-2.0 */
/* What option 43 means depends on option 60 (RFC 2132 8.4): access points, switches and other
 * phones have theirs, and one that is sent to everybody ends up in front of somebody who asks why
 * phones take no notice. The forms of Unify, SIP-DECT, Juniper, Huawei and H3C are those of their
 * manuals; those of others are what is known in the field. */
#include "option/other_vendor.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "option/lint_rules.h"

#define ADDRESS_LENGTH  4
#define HOST_FIRST_MAX  223 /* 224 and up are multicast, and reserved (RFC 5771, RFC 1112 4) */
#define NETBIOS_MAX     2   /* [MS-DHCPE] 2.2.2.1: the code for NetBIOS is 0, 1 or 2 */
#define SUB_OPTIONS_MAX 64
#define PXE_CONTROL     6 /* PXE 2.1, table 2-1: one octet */
#define H3C_HEADER      3 /* type (0, two octets), number of addresses */
#define TEXT_SIZE       256

/* The form of a sub-option's value. */
enum form {
    FORM_NONE, /* no such sub-option is looked for */
    FORM_ADDRESS,
    FORM_ADDRESSES,
    FORM_ADDRESS_TEXT, /* one, or several with commas */
    FORM_TEXT,
    FORM_SIEMENS,
    FORM_NETBIOS,
    FORM_OCTET,
    FORM_TRANSFER,
    FORM_H3C,
};

struct mark {
    uint8_t code;
    enum form form;
};

static const struct {
    struct other_vendor vendor;
    struct mark marks[2]; /* both have to be there */
} forms[] = {
    {{"Unify (Siemens) phones", "sub-option 1 is \"Siemens\""}, {{1, FORM_SIEMENS}}},
    {{"Cisco access points", "sub-option 241 has IPv4 addresses"}, {{241, FORM_ADDRESSES}}},
    {{"PXE boot ROMs", "sub-option 6 is one octet"}, {{PXE_CONTROL, FORM_OCTET}}},
    {{"Windows clients", "sub-option 1 switches NetBIOS"}, {{1, FORM_NETBIOS}}},
    {{"UniFi devices", "sub-option 1 is an IPv4 address"}, {{1, FORM_ADDRESS}}},
    {{"EXOS switches", "sub-option 100 is an IPv4 address"}, {{100, FORM_ADDRESS}}},
    {{"EXOS switches", "sub-option 101 is a file name"}, {{101, FORM_TEXT}}},
    {{"Juniper switches (zero touch provisioning)",
      "sub-option 1 is a file name, and 3 a way to transfer it"},
     {{1, FORM_TEXT}, {3, FORM_TRANSFER}}},
    {{"SIP-DECT base stations", "sub-option 10 is an IPv4 address"}, {{10, FORM_ADDRESS}}},
    {{"Huawei or Ruckus access points", "sub-option 3 is an IPv4 address as text"},
     {{3, FORM_ADDRESS_TEXT}}},
    {{"Ruckus access points", "sub-option 6 is an IPv4 address as text"}, {{6, FORM_ADDRESS_TEXT}}},
    {{"H3C or HP access points", "sub-option 128 has IPv4 addresses"}, {{128, FORM_H3C}}},
};

static const struct other_vendor juniper_image = {"Juniper switches (zero touch provisioning)",
                                                  "sub-option 0 is a file name"};
static const struct other_vendor aruba = {"Aruba access points", "it is an IPv4 address as text"};
static const struct other_vendor aruba_instant = {"Aruba Instant access points",
                                                  "it is a group, a server and a secret"};
static const struct other_vendor mitel = {"Mitel phones", "it begins with id:ipphone.mitel.com"};
static const struct other_vendor url = {"other SIP phones (Yealink, Polycom VVX, Snom)",
                                        "it is the URL of a provisioning server"};

bool
other_vendor_is_address(const uint8_t *value, size_t length)
{
    return length == ADDRESS_LENGTH && value[0] > 0 && value[0] <= HOST_FIRST_MAX &&
           !lint_is_text(value, length);
}

static bool
are_addresses(const uint8_t *value, size_t length)
{
    bool fine = length > 0 && length % ADDRESS_LENGTH == 0;
    for (size_t i = 0; fine && i < length; i += ADDRESS_LENGTH) {
        fine = other_vendor_is_address(value + i, ADDRESS_LENGTH);
    }
    return fine;
}

/* Text without NULs at its end, terminated. False: it is none, or too long. */
static bool
copy_text(char text[TEXT_SIZE], const uint8_t *value, size_t length)
{
    if (length >= TEXT_SIZE || !lint_is_text(value, length)) {
        return false;
    }
    memcpy(text, value, length);
    text[length] = '\0';
    return true;
}

static bool
are_addresses_as_text(const uint8_t *value, size_t length)
{
    char text[TEXT_SIZE];
    char *rest = NULL;
    struct in_addr address;
    size_t count = 0;
    if (!copy_text(text, value, length)) {
        return false;
    }
    for (char *word = strtok_r(text, ", ", &rest); word != NULL;
         word = strtok_r(NULL, ", ", &rest)) {
        if (inet_pton(AF_INET, word, &address) != 1) {
            return false;
        }
        count++;
    }
    return count > 0;
}

static bool
begins_with(const uint8_t *value, size_t length, const char *start)
{
    return length >= strlen(start) && strncasecmp((const char *)value, start, strlen(start)) == 0;
}

static bool
is_transfer(const uint8_t *value, size_t length)
{
    static const char *const ways[] = {"http", "https", "ftp", "tftp"};
    char text[TEXT_SIZE];
    bool found = false;
    for (size_t i = 0; copy_text(text, value, length) && i < sizeof(ways) / sizeof(ways[0]); i++) {
        found = found || strcasecmp(text, ways[i]) == 0;
    }
    return found;
}

static bool
switches_netbios(const uint8_t *value, size_t length)
{
    return length == ADDRESS_LENGTH && value[0] == 0 && value[1] == 0 && value[2] == 0 &&
           value[3] <= NETBIOS_MAX;
}

static bool
is_h3c(const uint8_t *value, size_t length)
{
    return length > H3C_HEADER && value[0] == 0 && value[1] == 0 &&
           value[2] * (size_t)ADDRESS_LENGTH == length - H3C_HEADER &&
           are_addresses(value + H3C_HEADER, length - H3C_HEADER);
}

static bool
has_form(enum form form, const uint8_t *value, size_t length)
{
    switch (form) {
    case FORM_NONE:
        return true;
    case FORM_ADDRESS:
        return other_vendor_is_address(value, length);
    case FORM_ADDRESSES:
        return are_addresses(value, length);
    case FORM_ADDRESS_TEXT:
        return are_addresses_as_text(value, length);
    case FORM_TEXT:
        return lint_is_text(value, length);
    case FORM_SIEMENS:
        return begins_with(value, length, "Siemens");
    case FORM_NETBIOS:
        return switches_netbios(value, length);
    case FORM_OCTET:
        return length == 1;
    case FORM_TRANSFER:
        return is_transfer(value, length);
    case FORM_H3C:
        return is_h3c(value, length);
    }
    return false;
}

static bool
has_mark(const struct mark *mark, const struct ucprov_sub_option *subs, size_t count)
{
    if (mark->form == FORM_NONE) {
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (subs[i].code == mark->code && has_form(mark->form, subs[i].value, subs[i].length)) {
            return true;
        }
    }
    return false;
}

static const struct other_vendor *
find_by_text(const uint8_t *value, size_t length)
{
    char text[TEXT_SIZE];
    if (are_addresses_as_text(value, length)) {
        return &aruba;
    }
    if (begins_with(value, length, "id:ipphone.mitel.com")) {
        return &mitel;
    }
    if (!copy_text(text, value, length)) {
        return NULL;
    }
    if (strstr(text, "://") != NULL) {
        return &url;
    }
    const char *comma = strchr(text, ',');
    return comma != NULL && strchr(comma + 1, ',') != NULL ? &aruba_instant : NULL;
}

/* Code 0 has a length there, though RFC 2132 has it for padding. */
static bool
is_juniper_image(const uint8_t *value, size_t length)
{
    return length > 2 && value[0] == UCPROV_SUB_PAD && value[1] > 0 && value[1] <= length - 2 &&
           lint_is_text(value + 2, value[1]);
}

const struct other_vendor *
other_vendor_find(const uint8_t *value, size_t length)
{
    struct ucprov_sub_option subs[SUB_OPTIONS_MAX];
    struct ucprov_reader reader;
    size_t count = 0;
    if (lint_is_text(value, length)) {
        return find_by_text(value, length);
    }
    if (is_juniper_image(value, length)) {
        return &juniper_image;
    }
    ucprov_reader_init(&reader, value, length);
    while (count < SUB_OPTIONS_MAX && ucprov_sub_option_next(&reader, &subs[count]) &&
           subs[count].code != UCPROV_SUB_END) {
        count += reader.error == UCPROV_OK ? 1 : 0; /* one that is cut off has no form */
    }
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (has_mark(&forms[i].marks[0], subs, count) &&
            has_mark(&forms[i].marks[1], subs, count)) {
            return &forms[i].vendor;
        }
    }
    return NULL;
}
