/* SPDX-License-Identifier: MPL-2.0 */
/* Formats: records as the text that a DNS server, or a tool for one, reads. */
#ifndef FORMAT_H
#define FORMAT_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "records.h"

/* What is written, besides a zone: the same for all zones of a run. */
struct emission {
    const struct ucprov_site *site;
    const char *pool; /* --pool; NULL: none */
    uint32_t serial;  /* of the SOA record, in format zone */
};

/* Each function writes to a stream whose errors are looked for at its end. */
struct format {
    const char *name;    /* behind --format */
    const char *suffix;  /* of a file of one domain */
    const char *comment; /* what begins a comment; NULL: the format writes its own beginning */
    bool one_zone;       /* a text holds one zone alone, which has a serial */
    void (*begin)(FILE *out, const struct emission *emission);
    void (*zone)(FILE *out, const struct emission *emission, const struct zone *zone, bool first);
    void (*end)(FILE *out);
};

/* All formats; the name NULL ends them. */
extern const struct format formats[];

#define FORMAT_DEFAULT "bind"
#define FORMAT_JSON    6 /* the place of "json" */

/* A whole text: comments that say what it was made from, and some zones. */
void format_write(FILE *out, const struct format *format, const struct emission *emission,
                  const struct zone *zones, size_t count);

/* What a complete zone lacks: each SRV or NS record whose target lies in it without an address, for
 * which servers refuse to load it. False with errors in `diagnostics`. */
bool format_zone_check(const struct ucprov_site *site, const struct zone *zone,
                       struct ucprov_diagnostics *diagnostics);

/* For the formats' own use. */

/* Names that go with a zone: bind, zone. */
void format_master_records(FILE *out, const struct zone *zone);

/* The owner relative to its zone: "@" at the apex. `length`: without the terminator, there is
 * none. */
const char *format_relative(const struct zone *zone, const struct record *record, int *length);

/* The address as text, in `text`. */
const char *format_address(const struct record *record, char text[INET_ADDRSTRLEN]);

/* "1.2.3.4" or "0 0 5061 pool01.contoso.com.", the type before it: what stands behind a class. */
void format_value(FILE *out, const struct record *record);

void format_bind_zone(FILE *out, const struct emission *emission, const struct zone *zone,
                      bool first);
void format_zone_zone(FILE *out, const struct emission *emission, const struct zone *zone,
                      bool first);
void format_nsupdate_zone(FILE *out, const struct emission *emission, const struct zone *zone,
                          bool first);
void format_unbound_begin(FILE *out, const struct emission *emission);
void format_unbound_zone(FILE *out, const struct emission *emission, const struct zone *zone,
                         bool first);
void format_dnsmasq_zone(FILE *out, const struct emission *emission, const struct zone *zone,
                         bool first);
void format_powershell_zone(FILE *out, const struct emission *emission, const struct zone *zone,
                            bool first);
void format_json_begin(FILE *out, const struct emission *emission);
void format_json_zone(FILE *out, const struct emission *emission, const struct zone *zone,
                      bool first);
void format_json_end(FILE *out);

#endif
