/* SPDX-License-Identifier: MPL-2.0 */
/* Reads, prints and compares prefixes. Text is taken in its full form only: "10.0.0.0/8", and
 * neither "10/8" nor signs nor blanks, which sscanf() would let pass. */
#include "site/prefix.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define ADDRESS_BITS 32

static uint32_t
mask(uint8_t length)
{
    return length == 0 ? 0 : UINT32_MAX << (ADDRESS_BITS - length);
}

bool
ucprov_prefix_from_text(struct ucprov_prefix *prefix, const char *text)
{
    char address[INET_ADDRSTRLEN] = "";
    unsigned length = 0;
    int used = 0;
    struct in_addr parsed;
    if (sscanf(text, "%15[0-9.]/%2u%n", address, &length, &used) != 2 || text[used] != '\0' ||
        strpbrk(text, " +-") != NULL || length > ADDRESS_BITS ||
        inet_pton(AF_INET, address, &parsed) != 1) {
        return false;
    }
    *prefix = (struct ucprov_prefix){ntohl(parsed.s_addr), (uint8_t)length};
    return true;
}

char *
ucprov_prefix_to_text(struct ucprov_prefix prefix, char text[UCPROV_PREFIX_TEXT_SIZE])
{
    snprintf(text, UCPROV_PREFIX_TEXT_SIZE, "%u.%u.%u.%u/%u", prefix.address >> 24,
             prefix.address >> 16 & 0xff, prefix.address >> 8 & 0xff, prefix.address & 0xff,
             prefix.length);
    return text;
}

struct ucprov_prefix
ucprov_prefix_clean(struct ucprov_prefix prefix)
{
    return (struct ucprov_prefix){prefix.address & mask(prefix.length), prefix.length};
}

uint32_t
ucprov_prefix_first(struct ucprov_prefix prefix)
{
    return prefix.address & mask(prefix.length);
}

uint32_t
ucprov_prefix_last(struct ucprov_prefix prefix)
{
    return prefix.address | ~mask(prefix.length);
}

int
ucprov_prefix_compare(struct ucprov_prefix a, struct ucprov_prefix b)
{
    if (a.address != b.address) {
        return a.address < b.address ? -1 : 1;
    }
    return (a.length > b.length) - (a.length < b.length);
}

bool
ucprov_address_is_unicast(uint32_t address)
{
    uint32_t first_octet = address >> 24;
    return first_octet >= 1 && first_octet <= 223;
}
