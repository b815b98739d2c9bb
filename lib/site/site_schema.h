/* SPDX-License-Identifier: MPL-2.0 */
/* The table of settings: all there is to know of each, in one row.
 *
 * From it come the reading of a site file, defaults, messages about ranges, the nearest known name
 * for a misspelled one, what `ucprov-checkconf --list-settings` prints, and the lists of settings
 * in ucprov.conf(5).
 */
#ifndef SITE_SCHEMA_H
#define SITE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a value is, and what holds it in the model. */
enum setting_kind {
    SETTING_BOOLEAN,  /* bool */
    SETTING_NUMBER,   /* uint16_t or uint32_t */
    SETTING_CHOICE,   /* const char *: one of a few words */
    SETTING_ENUM,     /* an enum: one of a few words, its place among them */
    SETTING_WORD,     /* const char *: letters, digits, "-", "_", "." */
    SETTING_STRING,   /* const char *: printable ASCII, as long as an option may be */
    SETTING_HOST,     /* const char *: a fully qualified name */
    SETTING_DOMAIN,   /* const char *: a domain name */
    SETTING_PATH,     /* const char *: of a URL, with its leading slash */
    SETTING_FILE,     /* const char *: an absolute name */
    SETTING_ADDRESS,  /* struct in_addr: of a host */
    SETTING_SUBNET,   /* struct ucprov_prefix */
    SETTING_HARDWARE, /* struct ucprov_hardware_pattern */
    SETTING_LISTENER, /* struct ucprov_listener */
    SETTING_POOL,     /* const struct ucprov_pool *: that has this name */
    SETTING_GROUP,    /* a structure with a table of its own. One that is no list may be written as
                       * a value alone, which all of its members take */
};

/* The words of a SETTING_CHOICE or SETTING_ENUM. */
struct setting_choices {
    const char *noun;                  /* what one of them is: "encoding" */
    const char *(*word)(size_t index); /* NULL after the last */
};

/* What a setting is when the file does not say it. */
struct setting_default {
    enum {
        DEFAULT_NONE,    /* nothing */
        DEFAULT_NUMBER,  /* `number`; of a boolean, 0 or 1; of an enum, its value */
        DEFAULT_TEXT,    /* `text`, as the file would have it; of a list, its only element */
        DEFAULT_SETTING, /* what the setting of the name `text` in the same group is */
        DEFAULT_WORDS,   /* nothing in the model; what programs do then is in `text` */
    } is;
    uint32_t number;
    const char *text;
};

struct setting_definition {
    const char *name; /* NULL ends a table */
    enum setting_kind kind;
    size_t offset; /* of the field in the record */
    size_t size;   /* of the field */
    bool required;
    bool is_list;       /* of values: the field has their count and a pointer to them */
    uint32_t count_min; /* of a list */
    uint32_t count_max; /* of a list; 0: any number */
    uint32_t min;       /* of a number */
    uint32_t max;
    const char *unit;                      /* of a number; NULL: none */
    const struct setting_choices *choices; /* SETTING_CHOICE, SETTING_ENUM */
    const struct setting_group *group;     /* SETTING_GROUP */
    struct setting_default fallback;
    const char *help; /* a clause, as it stands behind a colon */
};

/* Settings that stand together between braces. */
struct setting_group {
    const char
        *root; /* its name at the top of the file; NULL: it is one of a list in another group */
    const char *path; /* "pools.NAME", "dns.hosts[N]" */
    const char *help;
    const struct setting_definition *settings;
    bool again;  /* the settings are those of another group */
    size_t size; /* of the record, when it is one of a list in another group */
};

extern const struct setting_definition pool_settings[]; /* struct ucprov_pool */
extern const struct setting_definition vlan_settings[]; /* struct ucprov_vlan */
extern const struct setting_definition dns_settings[];  /* struct ucprov_dns */
extern const struct setting_definition ca_settings[];   /* struct ucprov_ca */
extern const struct setting_group setting_groups[]; /* at the top of the file; root NULL ends it */

/* Those of vlan_settings that may stand in "defaults" too: all but name and subnet. */
extern const struct setting_definition *const default_settings;

#endif
