/* SPDX-License-Identifier: MPL-2.0 */
/* Options 119 and 120: names in wire form. */
#include "option/lint_rules.h"

#include <string.h>

#include "base/error.h"
#include "base/printable.h"

#define LABEL_TYPE       0xc0 /* RFC 1035 4.1.4 */
#define ENCODING_NAMES   0    /* RFC 3361 3.1 */
#define ENCODING_ADDRESS 1    /* RFC 3361 3.2 */

/* Where the labels from an offset on, none of them followed through a pointer, come to an end. */
enum labels_end {
    LABELS_ROOT,    /* at a root label, as they should */
    LABELS_POINTER, /* at a compression pointer */
    LABELS_NO_ROOT, /* where the value ends, between two labels */
    LABELS_CUT,     /* where the value ends, within a label */
    LABELS_TYPE,    /* at a label of another type */
};

struct labels_scan {
    enum labels_end end;
    size_t offset;    /* of the last length octet */
    uint8_t claimed;  /* what it says */
    size_t remaining; /* octets behind it */
};

static struct labels_scan
scan_labels(const uint8_t *value, size_t length, size_t offset)
{
    struct labels_scan scan = {.end = LABELS_NO_ROOT, .offset = offset};
    while (offset < length) {
        scan.offset = offset;
        scan.claimed = value[offset];
        scan.remaining = length - offset - 1;
        if (scan.claimed == 0) {
            scan.end = LABELS_ROOT;
            return scan;
        }
        if ((scan.claimed & LABEL_TYPE) != 0) {
            scan.end = (scan.claimed & LABEL_TYPE) == LABEL_TYPE ? LABELS_POINTER : LABELS_TYPE;
            return scan;
        }
        if (scan.claimed > scan.remaining) {
            scan.end = LABELS_CUT;
            return scan;
        }
        offset += (size_t)scan.claimed + 1;
    }
    return scan;
}

/* The rules that the two options have alike. */
struct name_rules {
    uint8_t code;
    enum lint_rule no_root;
    enum lint_rule malformed;
    enum lint_rule compressed;
};

static const struct name_rules search_rules = {
    .code = UCPROV_OPTION_DOMAIN_SEARCH,
    .no_root = RULE_SEARCH_NO_ROOT,
    .malformed = RULE_SEARCH_MALFORMED,
    .compressed = RULE_SEARCH_COMPRESSED,
};

static const struct name_rules sip_rules = {
    .code = UCPROV_OPTION_SIP_SERVERS,
    .no_root = RULE_SIP_NO_ROOT,
    .malformed = RULE_SIP_MALFORMED,
    .compressed = RULE_SIP_COMPRESSED,
};

static void
report_unreadable(struct ucprov_findings *findings, const struct name_rules *rules, int error,
                  const struct labels_scan *scan)
{
    if (scan->end == LABELS_NO_ROOT) {
        lint_add(findings, rules->no_root,
                 "option %u ends without the root label, the octet 0 behind a name.", rules->code);
    } else if (scan->end == LABELS_CUT) {
        lint_add(findings, rules->malformed,
                 "the label at octet %zu of option %u says %u octets and has %zu.",
                 scan->offset + 1, rules->code, scan->claimed, scan->remaining);
    } else {
        lint_add(findings, rules->malformed, "option %u cannot be read at octet %zu (0x%02x): %s.",
                 rules->code, scan->offset + 1, scan->claimed, ucprov_strerror(error));
    }
}

/* Reads a name and reports what is wrong with its octets. False when no name came of them. */
static bool
read_name(struct ucprov_findings *findings, const struct name_rules *rules,
          struct ucprov_reader *reader, struct ucprov_name *name, bool *compressed)
{
    size_t offset = (size_t)(reader->position - reader->start);
    struct labels_scan scan =
        scan_labels(reader->start, (size_t)(reader->end - reader->start), offset);
    int error = ucprov_name_read(reader, name);
    if (error != UCPROV_OK) {
        report_unreadable(findings, rules, error, &scan);
        return false;
    }
    if (scan.end == LABELS_POINTER && !*compressed) {
        *compressed = true;
        lint_add(findings, rules->compressed,
                 "option %u has a compression pointer (0x%02x) at octet %zu.", rules->code,
                 scan.claimed, scan.offset + 1);
    }
    return true;
}

static const char *
quote_name(char quote[QUOTE_SIZE], const struct ucprov_name *name)
{
    char text[UCPROV_NAME_TEXT_SIZE];
    ucprov_name_to_text(name, text);
    /* Its backslashes are escapes already: they must not be doubled. */
    if (strlen(text) >= QUOTE_SIZE) {
        memcpy(text + QUOTE_SIZE - sizeof("..."), "...", sizeof("..."));
    }
    return strcpy(quote, text);
}

static void
lint_search_name(struct ucprov_findings *findings, const struct ucprov_name *name)
{
    char quote[QUOTE_SIZE];
    char text[UCPROV_NAME_TEXT_SIZE];
    int error = ucprov_name_from_text(NULL, ucprov_name_to_text(name, text));
    if (error != UCPROV_OK) {
        lint_add(findings, RULE_SEARCH_NAME, "option 119 has the domain \"%s\": %s.",
                 quote_name(quote, name), ucprov_strerror(error));
    }
}

void
lint_domain_search(struct ucprov_findings *findings, const uint8_t *value, size_t length)
{
    char quote[QUOTE_SIZE];
    if (length == 0) {
        lint_add(findings, RULE_SEARCH_EMPTY, "option 119 is empty.");
        return;
    }
    /* A label of 32 to 63 octets has a length octet that is printable, and may end in a NUL, too.
     */
    if (lint_is_text(value, length) && scan_labels(value, length, 0).end != LABELS_ROOT) {
        lint_add(findings, RULE_SEARCH_ASCII, "option 119 is the text \"%s\".",
                 ucprov_escape(quote, sizeof(quote), value, length));
        return;
    }
    struct ucprov_reader reader;
    struct ucprov_name name;
    bool compressed = false;
    ucprov_reader_init(&reader, value, length);
    while (ucprov_reader_left(&reader) > 0) {
        size_t place = (size_t)(reader.position - reader.start) + 1;
        if (!read_name(findings, &search_rules, &reader, &name, &compressed)) {
            return;
        }
        if (ucprov_name_labels(&name) == 0) {
            lint_add(findings, RULE_SEARCH_MALFORMED,
                     "option 119 has a name without labels at octet %zu.", place);
        } else {
            lint_search_name(findings, &name);
        }
    }
}

/* What stands behind the first name. */
static void
lint_sip_rest(struct ucprov_findings *findings, struct ucprov_reader *reader)
{
    struct ucprov_name second;
    char quote[QUOTE_SIZE];
    size_t left = ucprov_reader_left(reader);
    if (left == 0) {
        return;
    }
    uint8_t first = reader->position[0];
    if (ucprov_name_read(reader, &second) == UCPROV_OK && ucprov_name_labels(&second) > 0) {
        lint_add(findings, RULE_SIP_TWO_NAMES, "option 120 has a second name, \"%s\".",
                 quote_name(quote, &second));
    } else {
        lint_add(findings, RULE_SIP_TRAILING,
                 "option 120 has %zu %s behind the root label, the first of them 0x%02x.", left,
                 left == 1 ? "octet" : "octets", first);
    }
}

static void
lint_sip_names(struct ucprov_findings *findings, const uint8_t *value, size_t length)
{
    struct ucprov_reader reader;
    struct ucprov_name name;
    char quote[QUOTE_SIZE];
    char text[UCPROV_NAME_TEXT_SIZE];
    bool compressed = false;
    ucprov_reader_init(&reader, value, length);
    ucprov_read_u8(&reader); /* the encoding */
    if (ucprov_reader_left(&reader) == 0) {
        lint_add(findings, RULE_SIP_EMPTY, "option 120 has no name behind its encoding octet.");
        return;
    }
    if (!read_name(findings, &sip_rules, &reader, &name, &compressed)) {
        return;
    }
    if (ucprov_name_labels(&name) == 0) {
        lint_add(findings, RULE_SIP_EMPTY, "option 120 has a name without labels.");
        return;
    }
    int error = ucprov_name_check_host(ucprov_name_to_text(&name, text));
    if (error != UCPROV_OK) {
        lint_add(findings, RULE_SIP_NAME, "option 120 names \"%s\": %s.", quote_name(quote, &name),
                 ucprov_strerror(error));
    }
    lint_sip_rest(findings, &reader);
}

static void
lint_sip_encoding(struct ucprov_findings *findings, const uint8_t *value, size_t length)
{
    char quote[QUOTE_SIZE];
    if (value[0] == ENCODING_ADDRESS) {
        lint_add(findings, RULE_SIP_ENCODING_IP,
                 "first octet is 0x01, RFC 3361's encoding for IPv4 addresses: the phones take a "
                 "name.");
    } else if (lint_is_text(value, length)) {
        lint_add(findings, RULE_SIP_ASCII,
                 "first octet is 0x%02x, not an RFC 3361 encoding: a bare ASCII name, \"%s\".",
                 value[0], ucprov_escape(quote, sizeof(quote), value, length));
    } else {
        bool labels = scan_labels(value, length, 0).end == LABELS_ROOT;
        lint_add(findings, RULE_SIP_ENCODING, "first octet is 0x%02x, not an RFC 3361 encoding%s.",
                 value[0], labels ? ": the labels begin at once" : "");
    }
}

void
lint_sip_servers(struct ucprov_findings *findings, const uint8_t *value, size_t length)
{
    if (length == 0) {
        lint_add(findings, RULE_SIP_EMPTY, "option 120 is empty.");
    } else if (value[0] == ENCODING_NAMES) {
        lint_sip_names(findings, value, length);
    } else {
        lint_sip_encoding(findings, value, length);
    }
}
